"""The whole page in a server of its own, for the tests in a browser, the load test and the pictures in the README."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from bot.answering.assistant import Answering
from bot.answering.live import LiveAssistant
from bot.app import choose_reader, live_assistant, version_opener
from bot.maintain.maintenance import Maintenance
from bot.server import make_app, suggestions_for
from bot.settings import ServerSettings, Settings
from bot.web.guarding.connections import server_config
from index.encoding.encoder import SentenceEncoder

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(settings: Settings, encoder: SentenceEncoder, assistant: Answering | None = None, port: int = 0) -> Iterator[str]:
    """The address of the page over what `settings` have indexed, its suggestions checked; `assistant` answers in place of the real one."""
    reader_for = choose_reader(encoder, settings)
    live = None if assistant else live_assistant(encoder, settings, reader_for)
    opener = version_opener(encoder, settings, reader_for)
    answering: Answering = assistant or live  # type: ignore[assignment]
    if isinstance(live, LiveAssistant):
        live.start(0.2)
    suggestions = suggestions_for(answering, settings)
    suggestions.check()
    suggestions.start(0.2)
    app = make_app(answering, settings, Maintenance(settings, encoder, opener), suggestions)
    try:
        with running(app, settings.server, port) as address:
            yield f"{address}{settings.server.root_path}/"
    finally:
        suggestions.close()
        if live:
            live.close()


@contextmanager
def running(app: Any, settings: ServerSettings | None = None, port: int = 0) -> Iterator[str]:
    """The address of a web application that is served for as long as the block lasts, without a / at its end."""
    with socket.create_server(("127.0.0.1", port)) as free:
        port = free.getsockname()[1]
    here = (settings or ServerSettings()).model_copy(update={"host": "127.0.0.1", "port": port})
    server = uvicorn.Server(server_config(app, here, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)
