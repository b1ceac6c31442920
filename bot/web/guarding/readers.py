"""Who still reads an answer: a question whose stream nobody has open is not worked on."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

_FIRST = 10.0  # seconds within which a client opens the stream of what it asked
_AGAIN = 2.0  # seconds within which it opens it again, for what it asked while an earlier stream was closing
_LOOK = 0.1  # seconds between two looks
_CALL = re.compile(r"/gradio_api/call/[^/]+/(\w+)$")


class Readers:
    """The streams of answers that are open, each by the name of its session; for one event loop."""

    def __init__(self) -> None:
        self._open = Counter[str]()
        self._closed: dict[str, float] = {}  # when those were closed that were open a moment ago

    @contextmanager
    def reading(self, session: str) -> Iterator[None]:
        """Note that a stream is open for as long as the block lasts."""
        self._open[session] += 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]
                now = time.monotonic()
                self._closed = {name: at for name, at in self._closed.items() if now - at < _AGAIN} | {session: now}

    def is_read(self, session: str) -> bool:
        """Whether the stream of a session is open, or was a moment ago."""
        return session in self._open or time.monotonic() - self._closed.get(session, -_AGAIN) < _AGAIN

    async def wait_for(self, session: str) -> bool:
        """Whether the stream of a session is open, or is opened within seconds."""
        until = time.monotonic() + _FIRST
        while not self.is_read(session):
            if time.monotonic() >= until:
                return False
            await anyio.sleep(_LOOK)
        return True


class Noting:
    """An ASGI application that notes which streams of Gradio's are open."""

    def __init__(self, app: ASGIApp, readers: Readers) -> None:
        self._app, self._readers = app, readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = _session(scope) if scope["type"] == "http" and scope["method"] == "GET" else ""
        if not session:
            await self._app(scope, receive, send)
            return
        with self._readers.reading(session):
            await self._app(scope, receive, send)


def _session(scope: Scope) -> str:
    """The session whose stream is asked for, "" where none is; a question that names no session is one by itself."""
    path: str = scope["path"]
    if path.endswith("/gradio_api/queue/data"):
        return QueryParams(scope["query_string"]).get("session_hash", "")
    called = _CALL.search(path)
    return called[1] if called else ""
