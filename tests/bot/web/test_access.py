"""Who is let in, who is locked out, and how often an address may send."""

import base64
import time

import pytest
from fastapi import HTTPException

from bot.web.access import FAILURES, LOCKED, Gate
from bot.web.guarding import addresses
from bot.web.guarding.addresses import RateLimit
from tests.support.browsing import basic

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


def denied(gate: Gate, header: str, address: str) -> tuple[int, int]:
    """The status of a refusal, and the seconds until the address is listened to again, 0 where it may try now."""
    with pytest.raises(HTTPException) as refused:
        gate.enter(header, address)
    headers = refused.value.headers or {}
    assert ("WWW-Authenticate" in headers) == (refused.value.status_code == 401)
    return refused.value.status_code, int(headers.get("Retry-After", 0))


def test_gate_lets_in_who_knows_the_password() -> None:
    gate = Gate(PASSWORD)
    assert gate.enter(basic("王工", PASSWORD), "a") == "王工"
    assert gate.enter(basic("", PASSWORD), "a") == "?"
    assert gate.enter(basic("名" * 50, PASSWORD), "a") == "名" * 40
    assert Gate("口令口令口令口令").enter(basic("x", "口令口令口令口令"), "a") == "x"
    assert denied(gate, basic("x", PASSWORD + "1"), "a") == (401, 0)
    for header in ("", "Bearer x", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe").decode(), basic("x", "")):
        assert denied(gate, header, "b") == (401, 0)


def test_gate_is_locked_after_repeated_failures_and_opens_again(clock: Clock) -> None:
    gate = Gate(PASSWORD)
    for _ in range(50):
        assert denied(gate, "", "a") == (401, 0), "asking without a password, as browsers do first, counts for nothing"
    for n in range(FAILURES):
        clock.now = Clock.now + 10.0 * n
        last = denied(gate, basic("x", "wrong"), "a")
    assert last == (429, LOCKED - 10 * (FAILURES - 1))
    assert denied(gate, basic("x", PASSWORD), "a") == last, "the right one does not help now"
    assert denied(gate, "", "a") == last
    assert gate.enter(basic("x", PASSWORD), "another address") == "x"
    clock.now = Clock.now + LOCKED
    assert gate.enter(basic("x", PASSWORD), "a") == "x"
    for _ in range(FAILURES - 1):
        assert denied(gate, basic("x", "wrong"), "a") == (401, 0), "counting begins anew"
    assert denied(gate, basic("x", "wrong"), "a") == (429, LOCKED)


def test_limit_holds_for_each_address_and_moves_on_with_time(clock: Clock) -> None:
    limit = RateLimit(2, 60)
    assert [limit.add("a"), limit.add("a"), limit.add("a"), limit.add("b")] == [True, True, False, True]
    assert (limit.wait("a"), limit.wait("b"), limit.wait("c")) == (60.0, 0.0, 0.0)
    clock.now = Clock.now + 30
    assert (limit.add("a"), limit.wait("a")) == (False, 30.0)
    clock.now = Clock.now + 61
    assert limit.add("a")
    limit.clear("a")
    assert [limit.add("a"), limit.add("a"), limit.add("a")] == [True, True, False]


def test_flood_from_many_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_MOST_REQUESTS", 10)
    limit = RateLimit(1, 60)
    assert all(limit.add(f"address {n}") for n in range(10))
    assert [limit.add("address 9"), limit.add("address 9")] == [True, False], "all were forgotten together"
