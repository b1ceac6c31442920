"""Guessing passwords: from many addresses, in a victim's name, from the office of those who know theirs."""

import logging
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.answering.live import LiveAssistant
from bot.maintain.maintenance import Maintenance
from bot.server import make_app
from bot.settings import ServerSettings, Settings
from bot.web.accounts.attempts import EVERYWHERE, FAILURES, LOCKED, Attempts
from bot.web.accounts.users import Accounts, Role
from index.database import open_database
from tests.support.browsing import log_in
from tests.support.fakes import BigramEncoder

PASSWORD = "open sesame 1"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that `limits` counts by."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
def app(assistant: LiveAssistant, settings: Settings, encoder: BigramEncoder) -> Any:
    Accounts(open_database(settings)).add("王工", PASSWORD, [Role.PUBLISH])
    own = settings.model_copy(update={"server": ServerSettings(trusted_proxies="10.0.0.1")})
    return make_app(assistant, own, Maintenance(own, encoder))


def at(app: Any, address: str) -> TestClient:
    """A client at an address, straight."""
    return TestClient(app, client=(address, 1))


def guess(client: TestClient, name: str = "王工", **more: Any) -> int:
    status: int = log_in(client, name, "guessed 123", **more).status_code
    return status


def test_address_is_locked_after_some_failures_and_opens_again(clock: Clock) -> None:
    attempts = Attempts()
    for n in range(FAILURES):
        assert attempts.wait("a", "") == 0
        clock.now = Clock.now + 10.0 * n
        attempts.fail("a", "", "")
    assert attempts.wait("a", "") == LOCKED - 10 * (FAILURES - 1)
    assert attempts.wait("b", "") == 0
    clock.now = Clock.now + LOCKED + 1
    assert attempts.wait("a", "") == 0


def test_strangers_together_are_locked_out_and_known_devices_are_not(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    attempts = Attempts()
    with caplog.at_level(logging.WARNING):
        for n in range(EVERYWHERE):
            attempts.fail(f"address {n}", "", "")
    assert attempts.wait("a new address", "") == LOCKED
    assert attempts.wait("a new address", "known") == 0
    assert sum("a login failed" in record.getMessage() for record in caplog.records) == EVERYWHERE
    assert "only devices that are known" in caplog.text


def test_addresses_that_the_client_makes_up_do_not_help_it(app: Any) -> None:
    behind, straight = at(app, "10.0.0.1"), at(app, "192.0.2.66")
    for guesser in (behind, straight):
        # What a proxy appends to is the address that it saw.
        told = [{"X-Forwarded-For": f"198.51.100.{n}" + (", 192.0.2.66" if guesser is behind else "")} for n in range(FAILURES + 1)]
        statuses = [guess(guesser, headers=headers) for headers in told]
        assert set(statuses) <= {401, 429}
        assert statuses[-1] == 429
    victim = TestClient(app, client=("198.51.100.0", 1))
    assert log_in(victim, "王工", PASSWORD).status_code == 303, "it is not locked by what was said in its name"


def test_network_of_ipv6_is_one_address(app: Any) -> None:
    statuses = [guess(at(app, f"2001:db8:1:2::{n:x}")) for n in range(FAILURES + 1)]
    assert statuses == [401] * (FAILURES - 1) + [429] * 2
    assert guess(at(app, "2001:db8:1:3::1")) == 401


def test_wrong_passwords_of_the_office_do_not_lock_out_who_logged_in_before(app: Any) -> None:
    known, other = at(app, "192.0.2.1"), at(app, "192.0.2.1")
    assert log_in(known, "王工", PASSWORD).status_code == 303
    for _ in range(FAILURES + 1):
        locked = guess(other)
    assert locked == 429
    known.cookies.delete("liangce-session")
    assert log_in(known, "王工", PASSWORD).status_code == 303
    assert log_in(other, "王工", PASSWORD).status_code == 429, "whoever guesses is not told when it is right"
    stolen = at(app, "192.0.2.9")
    stolen.cookies.update(known.cookies)
    assert [guess(stolen) for _ in range(FAILURES + 1)][-1] == 429, "a known device may not guess for ever either"
    assert guess(stolen, "another name") == 401, "and is known for its own name only"


def test_every_failure_is_logged_without_the_password(app: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        guess(at(app, "192.0.2.66"))
        guess(at(app, "192.0.2.67"), "secret typed as a name")
    told = [record.getMessage() for record in caplog.records if "login" in record.getMessage()]
    assert told == [
        "a login failed for '王工', from 192.0.2.66",
        "a login failed for a name without an account, from 192.0.2.67",
    ]
