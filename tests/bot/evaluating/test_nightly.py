"""A run every night."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.evaluating.nightly import Nightly, seconds_until
from bot.evaluating.program import Chosen, Program
from bot.settings import ServerSettings, Settings
from index.errors import CallError


@pytest.mark.parametrize(
    ("at", "now", "hours"), [("03:30", "2026-01-01T01:30", 2), ("03:30", "2026-01-01T03:30", 24), ("00:00", "2026-01-31T23:00", 1)]
)
def test_next_time_of_day_is_today_or_tomorrow(at: str, now: str, hours: float) -> None:
    assert seconds_until(at, datetime.fromisoformat(now)) == timedelta(hours=hours).total_seconds()


@pytest.mark.parametrize("at", ["24:00", "3:30", "night"])
def test_what_is_no_time_of_day_is_refused(at: str) -> None:
    with pytest.raises(ValidationError, match="nightly"):
        ServerSettings(nightly=at)


def test_set_is_run_at_its_time_and_a_failure_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program, begun, twice = Program(Settings(data=tmp_path)), list[Chosen](), threading.Event()

    def start(chosen: Chosen) -> None:
        begun.append(chosen)
        if len(begun) == 2:
            twice.set()
        raise CallError("evaluation-under-way")

    monkeypatch.setattr(program, "start", start)
    nightly = Nightly(program, "03:30", "ours", now=lambda: datetime.fromisoformat("2026-01-01T03:29:59.950"))
    nightly.start()
    assert twice.wait(10)
    nightly.close()
    assert begun[0] == Chosen("ours", live=True, mode="extract", limit=None)
    assert "could not begin" in caplog.text
