"""How long the stages of one question took, gathered from wherever in the path they run."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The chain runs its steps in threads of LangChain's, which copy the context: the dictionary itself is shared.
_current: ContextVar[dict[str, float] | None] = ContextVar("timings", default=None)


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Milliseconds by stage, filled while the block runs; "total" is there when it has ended."""
    timings: dict[str, float] = {}
    token = _current.set(timings)
    start = time.perf_counter()
    try:
        yield timings
    finally:
        timings["total"] = _milliseconds(start)
        _current.reset(token)


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
