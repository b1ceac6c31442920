"""Turns: how many questions are worked on at once, how many may wait, and work in threads as an asynchronous stream.

Those who wait take turns by whom they come from, so that somebody who sends a hundred questions does not keep anybody else waiting for
more than one of them.
"""

import inspect
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")
_LOOK = 0.02  # seconds between two looks at a step that is not done


class BusyError(Exception):
    """As many questions wait as may, or as many of one address."""


class Turns:
    """Lets so many work at once, and so many wait, of one source at most `each`; for one event loop."""

    def __init__(self, at_once: int, waiting: int, each: int) -> None:
        self._at_once, self._waiting, self._each = at_once, waiting, each
        self._working = 0
        self._lines: dict[str, deque[anyio.Event]] = {}  # the sources that wait, in the order in which their turns come

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._lines.values()))

    def check(self, source: str) -> None:
        """Raise `BusyError` where one more of a source would have to wait and may not."""
        if self._is_free():
            return
        if self.waiting >= self._waiting or len(self._lines.get(source, ())) >= self._each:
            raise BusyError

    @asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """A turn, which is waited for; raises `BusyError` where too many wait."""
        await self._take(source)
        try:
            yield
        finally:
            self._hand_on()

    def _is_free(self) -> bool:
        return self._working < self._at_once and not self._lines

    async def _take(self, source: str) -> None:
        if self._is_free():
            self._working += 1
            return
        self.check(source)
        called = anyio.Event()
        self._lines.setdefault(source, deque()).append(called)
        try:
            await called.wait()
        except BaseException:
            if called.is_set():  # the turn came in the same moment in which whoever waited went
                self._hand_on()
            else:
                self._leave(source, called)
            raise

    def _leave(self, source: str, called: anyio.Event) -> None:
        self._lines[source].remove(called)
        if not self._lines[source]:
            del self._lines[source]

    def _hand_on(self) -> None:
        """Give a turn to the next source; it goes to the end of the line with what else it has waiting."""
        if not self._lines:
            self._working -= 1
            return
        source = next(iter(self._lines))
        line = self._lines.pop(source)
        line.popleft().set()
        if line:
            self._lines[source] = line


async def steps(events: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """What a generator yields, each step taken in a thread. However this ends, the generator is closed, and so its work stops."""
    try:
        while (event := await anyio.to_thread.run_sync(next, events, _END)) is not _END:
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(_close, events)


def _close(events: Generator[Any, None, None]) -> None:
    """Close a generator once the step is done that it is in: whoever cancels the task does not stop the thread."""
    while inspect.getgeneratorstate(events) == inspect.GEN_RUNNING:
        time.sleep(_LOOK)
    events.close()


_END: Any = object()
