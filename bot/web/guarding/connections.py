"""Connections: how many there may be, and how long a client may take to say what it wants.

uvicorn waits for the end of a request's head for ever, and for its body as well. What is done here holds without a reverse proxy; behind
one, its own limits come first, and its connections are counted together only.
"""

import asyncio
import ipaddress
import time
from collections import Counter
from typing import Any, ClassVar

import anyio
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.settings import ServerSettings
from bot.web.guarding.addresses import source_of

_HEAD_BYTES = 32_768  # of a request's head: the addresses and cookies of browsers are far shorter
_IDLE = 10  # seconds that a connection stays open between two requests
_BYTES_A_SECOND = 10_000  # at which a body must come, once its first seconds are over
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def server_config(app: ASGIApp, settings: ServerSettings, **more: Any) -> uvicorn.Config:
    """How `app` is served: with limits for connections; `more` are further settings of uvicorn."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=bounded_protocol(settings),
        ws="none",
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=_IDLE,
        proxy_headers=False,  # whom it believes is a setting of ours: see `bot.web.guarding.forwarded`
        server_header=False,
        **more,
    )


class Room:
    """How many connections are open, in all and of each address."""

    def __init__(self, most: int, each: int, proxies: str) -> None:
        self._most, self._each, self._open = most, each, Counter[str]()
        self._proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies.replace(",", " ").split()]

    def enter(self, source: str) -> bool:
        """Count one more connection of an address, if there is room for it."""
        if self._open.total() >= self._most or (self._open[source] >= self._each and not self._is_proxy(source)):
            return False
        self._open[source] += 1
        return True

    def leave(self, source: str) -> None:
        """Count one less."""
        self._open[source] -= 1
        if not self._open[source]:
            del self._open[source]

    def _is_proxy(self, source: str) -> bool:
        return any(_is_in(source, network) for network in self._proxies)


class Bounded(H11Protocol):
    """A connection that is refused where there is no room, and closed where the head of a request takes too long."""

    room: ClassVar[Room]
    head_seconds: ClassVar[float]
    _source: str | None = None  # None where it was refused
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        peer = transport.get_extra_info("peername")
        source = source_of(str(peer[0])) if isinstance(peer, tuple) else ""
        if not self.room.enter(source):
            transport.write(_BUSY)
            transport.close()
            return
        self._source = source
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._source is None:
            return
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._stop_waiting()

    def eof_received(self) -> None:
        """See `asyncio.Protocol`."""
        if self._source is not None:
            super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._stop_waiting()
        if self._source is not None:
            self.room.leave(self._source)
            super().connection_lost(exc)

    def _wait(self) -> None:
        """Give the client so many seconds for the head of its next request."""
        if self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self._close)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.write(_LATE)
            self.transport.close()


def bounded_protocol(settings: ServerSettings) -> type[Bounded]:
    """A class of connections with the bounds of the settings, which counts by itself."""
    room = Room(settings.connections, settings.address_connections, settings.trusted_proxies)
    return type("BoundedHere", (Bounded,), {"room": room, "head_seconds": settings.head_seconds})


class InTime:
    """An ASGI application that takes a request's body only where it comes in time; else the client has gone, as far as it knows."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        until, whole = time.monotonic() + self._seconds, False

        async def receive_in_time() -> Message:
            nonlocal until, whole
            if whole:
                return await receive()
            message: Message = {"type": "http.disconnect"}
            with anyio.move_on_after(max(until - time.monotonic(), 0.001)):
                message = await receive()
            until += len(message.get("body", b"")) / _BYTES_A_SECOND
            whole = not message.get("more_body")
            return message

        await self._app(scope, receive_in_time, send)


def _is_in(source: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    """Whether an address, or a network /64 that stands for one, is in a network of proxies."""
    address = ipaddress.ip_network(source) if source else None
    return bool(address and address.version == network.version and address.overlaps(network))
