"""A Chroma server of one's own on a free port of this machine, for as long as a block lasts."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """The address of a server that keeps its data in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [str(program), "run", "--path", str(folder / "chroma"), "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log
        )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "chroma run ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("chroma run does not answer")


def both_stores(request: pytest.FixtureRequest) -> str:
    """The setting `chroma_url` for vectors on disk and for those on a Chroma server."""
    url: str = "" if request.param == "disk" else request.getfixturevalue("chroma_address")
    return url
