"""Clients that never say what they want: they are cut off, and others get through meanwhile."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse

from bot.settings import ServerSettings
from bot.web.guarding.connections import InTime, Room
from tests.support.served import running


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[str, int]]]:
    """Serves an application that says how long a body is, with settings of the server; its host and port."""
    with ExitStack() as stack:

        def start(**server: object) -> tuple[str, int]:
            settings = ServerSettings(**server)  # type: ignore[arg-type]
            app = FastAPI()

            @app.post("/")
            async def length(request: Request) -> PlainTextResponse:
                return PlainTextResponse(str(len(await request.body())))

            @app.get("/")
            def here() -> str:
                return "here"

            app.add_middleware(InTime, seconds=settings.body_seconds)
            host, port = stack.enter_context(running(app, settings)).removeprefix("http://").split(":")
            return host, int(port)

        yield start


def until_closed(connection: socket.socket) -> tuple[bytes, float]:
    """What comes before a connection is closed, and the seconds that it took."""
    start, got = time.monotonic(), b""
    connection.settimeout(30)
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionError:
        pass
    return got, time.monotonic() - start


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_head_that_does_not_end_is_not_waited_for(serve: Callable[..., tuple[str, int]], sent: bytes) -> None:
    address = serve(head_seconds=1)
    with closing(socket.create_connection(address)) as slow:
        slow.sendall(sent)
        got, seconds = until_closed(slow)
    assert got.startswith(b"HTTP/1.1 408 ")
    assert seconds < 10


def test_head_that_comes_drop_by_drop_is_not_waited_for(serve: Callable[..., tuple[str, int]]) -> None:
    address = serve(head_seconds=1)
    with closing(socket.create_connection(address)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        start = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() < start + 20:
                slow.sendall(b"X-A: b\r\n")
                time.sleep(0.2)
        assert time.monotonic() - start < 15


def test_second_request_of_a_connection_has_as_long_as_the_first(serve: Callable[..., tuple[str, int]]) -> None:
    address = serve(head_seconds=1)
    with closing(socket.create_connection(address)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        while b"here" not in received:  # head and body may come one after the other
            more = slow.recv(65536)
            assert more
            received += more
        slow.sendall(b"GET / HTTP/1.1\r\n")
        got, seconds = until_closed(slow)
    assert (got.startswith(b"HTTP/1.1 408 "), seconds < 10) == (True, True)


def test_head_of_any_length_is_refused(serve: Callable[..., tuple[str, int]]) -> None:
    address, sent = serve(), 0
    with closing(socket.create_connection(address)) as long:
        long.sendall(b"GET / HTTP/1.1\r\n")
        try:
            for n in range(20_000):
                long.sendall(b"X-%d: %s\r\n" % (n, b"x" * 10_000))
                sent += 10_000
        except ConnectionError:
            pass
    assert sent < 20_000_000, "what the system buffers, of 200 MB"
    assert httpx.get(f"http://{address[0]}:{address[1]}/").json() == "here"


def test_unfinished_requests_of_one_address_do_not_keep_others_out(serve: Callable[..., tuple[str, int]]) -> None:
    address = serve(head_seconds=2, address_connections=50)
    with ExitStack() as stack:
        many = [stack.enter_context(closing(socket.create_connection(address))) for _ in range(420)]
        for each in many:
            with suppress(ConnectionError):
                each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        refused = until_closed(many[-1])[0]
        with closing(socket.create_connection(address, source_address=("127.0.0.2", 0))) as other:  # all of 127/8 is this machine
            other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            got, seconds = until_closed(other)
        time.sleep(3)
        assert httpx.get(f"http://{address[0]}:{address[1]}/").json() == "here", "there is room again once they were cut off"
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert (b"here" in got, seconds < 2) == (True, True)


def test_body_that_does_not_come_is_not_waited_for(serve: Callable[..., tuple[str, int]]) -> None:
    address = serve(body_seconds=1)
    with closing(socket.create_connection(address)) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc")
        _, seconds = until_closed(slow)
    assert seconds < 15
    assert httpx.post(f"http://{address[0]}:{address[1]}/", content=b"x" * 3_000_000).text == "3000000"


def test_proxies_are_not_counted_by_their_address() -> None:
    room = Room(5, 2, "10.0.0.0/8 2001:db8::1")
    assert [room.enter("192.0.2.1") for _ in range(3)] == [True, True, False]
    room.leave("192.0.2.1")
    assert room.enter("192.0.2.1")
    assert [room.enter("10.1.2.3") for _ in range(4)] == [True, True, True, False], "five in all"
