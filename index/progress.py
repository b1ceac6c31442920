"""Progress with the time that is left, on standard error, for what takes longer than a second."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def steps(items: Sequence[T], what: str, shown: bool) -> Iterator[T]:
    """The items, one by one; with `shown` a bar says how far it is once a second has gone by."""
    from tqdm import tqdm

    # disable=None: no bar where nobody watches, as in a log file
    yield from tqdm(items, desc=what, delay=1, disable=None if shown else True, leave=False)
