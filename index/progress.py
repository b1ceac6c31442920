"""Progress with the time that is left, on standard error or for whoever listens, for what takes longer than a second."""

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

Listener = Callable[[str, int, int], object]  # what is done, how many steps of it, and of how many

LISTENER: ContextVar[Listener | None] = ContextVar("LISTENER", default=None)  # of this thread's work, besides the bar


def steps(items: Sequence[T], what: str, shown: bool) -> Iterator[T]:
    """The items, one by one; with `shown` a bar says how far it is once a second has gone by, and the listener is told."""
    from tqdm import tqdm

    listener = LISTENER.get() if shown else None
    # disable=None: no bar where nobody watches, as in a log file
    for n, item in enumerate(tqdm(items, desc=what, delay=1, disable=None if shown else True, leave=False)):
        if listener:
            listener(what, n, len(items))
        yield item
