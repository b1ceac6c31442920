"""Turns: how many questions of programs are worked on at once, how many may wait, and work in threads as an asynchronous stream."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from fastapi import Request
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Send

from bot.web.api.problems import ProblemError

T = TypeVar("T")
_AGAIN = 5  # seconds after which it is worth while to ask again


class Turns:
    """Lets so many work at once, in the order in which they came."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._limiter, self._waiting = anyio.CapacityLimiter(at_once), waiting

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return self._limiter.statistics().tasks_waiting

    def check(self) -> None:
        """Raise `ProblemError` where already as many wait as may."""
        if self.waiting >= self._waiting:
            raise ProblemError("api-busy").after(_AGAIN)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn, which is waited for."""
        whose = object()
        await self._limiter.acquire_on_behalf_of(whose)
        try:
            yield
        finally:
            self._limiter.release_on_behalf_of(whose)


async def steps(events: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """What a generator yields, each step taken in a thread. However this ends, the generator is closed, and so its work stops."""
    try:
        while (event := await anyio.to_thread.run_sync(next, events, _END)) is not _END:
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(events.close)


_END: Any = object()


class AbandonedError(Exception):
    """Whoever asked has gone."""


async def last(events: Generator[T, None, None]) -> T:
    """What a generator yields last."""
    latest: T | None = None
    async with aclosing(steps(events)) as taken:
        async for event in taken:
            latest = event
    assert latest is not None, "a stream ends in its outcome"
    return latest


async def unless_gone(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """What some work comes to; where whoever sent the request goes before, the work is stopped, and `AbandonedError` raised.

    `request.is_disconnected` does not see that behind a middleware of Starlette's, so a task waits for it.
    """
    done: list[T] = []
    failure: Exception | None = None
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(watch)
        try:
            done.append(await work())
        except Exception as error:  # raised as it is behind the group, which would wrap it
            failure = error
        group.cancel_scope.cancel()
    if failure:
        raise failure
    if not done:
        raise AbandonedError
    return done[0]


class EventStream(StreamingResponse):
    """Server-sent events; when the client goes, what makes them ends."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        # Nginx and the like hand on each event as it comes.
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def stream_response(self, send: Send) -> None:
        """See `StreamingResponse`."""
        async with aclosing(self.body_iterator):  # type: ignore[type-var] # an asynchronous generator
            await super().stream_response(send)


def comment(text: str) -> bytes:
    """An event that clients pass over: it says that the connection is alive."""
    return format_sse_event(comment=text)
