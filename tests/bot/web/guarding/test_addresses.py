"""How often an address may send."""

import time

import pytest

from bot.web.guarding import addresses
from bot.web.guarding.addresses import RateLimit


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
