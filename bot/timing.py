"""How long the stages of one question took, gathered from wherever in the path they run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# The chain runs its steps in threads of LangChain's, which copy the context: the dictionary itself is shared.
_current: ContextVar[dict[str, float] | None] = ContextVar("timings", default=None)


class Stopwatch:
    """Times one question. Its steps may be taken from different threads, as a web server does, so it keeps a context of its own."""

    def __init__(self) -> None:
        self._timings: dict[str, float] = {}
        self._context = copy_context()
        self._context.run(_current.set, self._timings)
        self._start = time.perf_counter()

    def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns; the stages inside it count to this question."""
        return self._context.run(work, *args, **kwargs)

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
