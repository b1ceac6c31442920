"""Answers as streams: work that stops when whoever asked has gone."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

import anyio
from fastapi import Request
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Send

T = TypeVar("T")


class AbandonedError(Exception):
    """Whoever asked has gone."""


async def last(events: AsyncGenerator[T, None]) -> T:
    """What a stream yields last."""
    latest: T | None = None
    async with aclosing(events):
        async for event in events:
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
