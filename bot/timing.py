"""How long the stages of one question took, gathered from wherever in the path they run."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A stage deep in the path, such as the search, need not be told which question it works for.
_current: ContextVar[dict[str, float] | None] = ContextVar("timings", default=None)

_timed: ContextVar["Stopwatch | None"] = ContextVar("timed", default=None)


class Stopwatch:
    """Times one question, whose steps may be taken in different threads, as a web server does; `seconds` are what it has."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._timings: dict[str, float] = {}
        self._start = time.perf_counter()
        self._end = self._start + seconds
        self.cut_short = False  # whether something was left out because the time was up

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the stages inside the block count to this question. Nothing may be yielded inside it: the next step may run elsewhere."""
        before, timed = _current.set(self._timings), _timed.set(self)
        try:
            yield
        finally:
            _current.reset(before)
            _timed.reset(timed)

    def is_up(self) -> bool:
        """Whether the time is up; then something is left out."""
        self.cut_short |= time.perf_counter() > self._end
        return self.cut_short

    def note(self, name: str, amount: float) -> None:
        """Add milliseconds of a stage that was timed elsewhere, or another count."""
        self._timings[name] = self._timings.get(name, 0) + amount

    def timings(self) -> dict[str, float]:
        """Milliseconds by stage, and in "total" those since the start."""
        return {**self._timings, "total": _milliseconds(self._start)}


def count(name: str, amount: float) -> None:
    """Add to a count of the question that is being timed, if one is, such as tokens that it cost."""
    timings = _current.get()
    if timings is not None:
        timings[name] = timings.get(name, 0) + amount


def is_time_up() -> bool:
    """Whether the time of the question is up that is being timed, if one is; asked before work that can be left out."""
    watch = _timed.get()
    return watch is not None and watch.is_up()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Count the block's time to the stage `name` of the question that is being timed, if one is."""
    start = time.perf_counter()
    try:
        yield
    finally:
        timings = _current.get()
        if timings is not None:
            timings[name] = timings.get(name, 0.0) + _milliseconds(start)


def _milliseconds(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)
