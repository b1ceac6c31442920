"""The web server around the page: what a browser may load, what may be sent here, and a sign of life."""

import socket
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.answering.assistant import Answering
from bot.answering.live import LiveAssistant
from bot.maintain.maintenance import Maintenance
from bot.maintain.page import PATH as MAINTAIN
from bot.maintain.page import mount_maintain
from bot.settings import REPORT_PAGE, Settings
from bot.web.access import Gate, address_of, check_site, check_size
from bot.web.api.doors import add_doors, is_door
from bot.web.api.search import Search
from bot.web.chat import Links
from bot.web.pages import missing_page, mount_pages, policy
from bot.web.running.logs import secrets_of, set_up
from bot.web.running.reception import Reception
from bot.web.running.requests import Numbered
from bot.web.suggestions import Suggestions
from bot.web.words import refusal
from index.database import open_database
from index.errors import CallError
from index.stored.versions import require_live

_REPORT = "/report"
_SHUTDOWN = 5  # seconds for answers under way


def make_app(
    assistant: Answering,
    settings: Settings,
    maintenance: Maintenance | None = None,
    suggestions: Suggestions | None = None,
    search: Search | None = None,
) -> FastAPI:
    """The web application: the page, the doors for other programs, /health for whoever watches it, and what is behind a password where
    one is set. Programs can search where `search` is given.

    Behind a reverse proxy it answers under `settings.server.root_path`, whether or not the proxy takes that from the address.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gates = _gates(settings, maintenance)
    suggestions = suggestions or suggestions_for(assistant, settings)
    reception = Reception(assistant, open_database(settings))

    app.add_middleware(Guard, gates=gates, settings=settings)

    @app.get("/health")
    def health() -> dict[str, str | bool]:
        return {"status": "ok", "index": assistant.version, "suggestions": suggestions.version == assistant.version}

    if _REPORT in gates:
        _serve_report(app, settings.runs)
    if maintenance and MAINTAIN in gates:
        mount_maintain(app, maintenance, settings, lambda request: getattr(request.state, "who", None))
    add_doors(app, reception, settings, search)
    app = mount_pages(app, reception, settings, suggestions, Links(report=_REPORT in gates, maintain=MAINTAIN in gates))
    if settings.server.root_path:
        app.add_middleware(Prefixed, prefix=settings.server.root_path)
    app.add_middleware(Numbered, notes_access=settings.logs.log_access)  # added last, so it comes first
    return app


def suggestions_for(assistant: Answering, settings: Settings) -> Suggestions:
    """The questions that the page suggests, not yet checked."""
    return Suggestions(assistant, settings.page.examples, lambda: require_live(settings.index))


class Guard:
    """An ASGI application that takes only what may be sent to it, and says of each answer what a browser may do with it."""

    def __init__(self, app: ASGIApp, gates: dict[str, Gate], settings: Settings) -> None:
        self._app, self._gates, self._settings = app, gates, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        asked, missing = _path(request), False

        async def guarded(message: Message) -> None:
            nonlocal missing
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Content-Security-Policy", policy())
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                missing = message["status"] == 404 and "text/html" in request.headers.get("accept", "")
            if not missing:
                await send(message)
            elif not message.get("more_body") and message["type"] == "http.response.body":
                await missing_page(self._settings)(scope, receive, send)

        place = next((path for path in self._gates if asked == path or asked.startswith(f"{path}/")), None)
        try:
            _check(request, self._gates[place] if place else None)
        except HTTPException as refused:
            await PlainTextResponse(refused.detail, refused.status_code, refused.headers)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


class Prefixed:
    """An ASGI application that is served under a prefix, whether or not a reverse proxy takes the prefix from the address."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            whole = path if path.startswith(f"{self._prefix}/") else self._prefix + ("/" if path == self._prefix else path)
            scope = {**scope, "path": whole, "root_path": self._prefix}  # a path holds its root path, says ASGI
        await self._app(scope, receive, send)


def _path(request: Request) -> str:
    """The path that is asked for, without a prefix, as the routes see it."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", ""))


def _gates(settings: Settings, maintenance: Maintenance | None) -> dict[str, Gate]:
    """The paths that are behind a password, each with its gate; a path whose password is not set is not served at all."""
    passwords = {_REPORT: settings.server.report_password, MAINTAIN: settings.server.maintainer_password if maintenance else None}
    return {path: Gate(password.get_secret_value()) for path, password in passwords.items() if password}


def _check(request: Request, gate: Gate | None) -> None:
    """Raise `HTTPException` if the request is not taken. The name of whoever passes a gate is noted in the request."""
    if gate:
        if request.method not in ("GET", "HEAD"):
            check_site(request)
        request.state.who = gate.enter(request.headers.get("authorization", ""), address_of(request))
        return
    if is_door(_path(request)):
        return
    # Gradio takes files at the public page too, even though no component of it asks for any.
    if _path(request).rstrip("/").endswith("/upload"):
        raise HTTPException(403, refusal("door.upload", request))
    check_size(request)


def _serve_report(app: FastAPI, runs: Path) -> None:
    """Serve the newest of the evaluation's reports."""

    @app.get(_REPORT, response_class=HTMLResponse)
    def report(request: Request) -> HTMLResponse:
        newest = max(runs.glob(f"*/{REPORT_PAGE}"), default=None)
        if newest is None:
            raise HTTPException(404, refusal("door.report-missing", request))
        return HTMLResponse(newest.read_text("utf-8"))


def run(assistant: LiveAssistant, settings: Settings, maintenance: Maintenance | None = None, search: Search | None = None) -> None:
    """Serve the page until it is told to stop, from whatever version of the index is live; raises `CallError` when the address cannot be had."""
    import uvicorn

    try:
        with socket.create_server((settings.server.host, settings.server.port)):
            pass
    except OSError as error:
        raise CallError("address-taken", host=settings.server.host, port=settings.server.port, error=error) from error
    print(f"open http://{settings.server.host}:{settings.server.port}{settings.server.root_path} in a browser; Ctrl-C stops", flush=True)
    set_up(settings.logs.log, list(secrets_of(settings)))
    assistant.start()
    suggestions = suggestions_for(assistant, settings)
    suggestions.start()
    try:
        uvicorn.run(
            make_app(assistant, settings, maintenance, suggestions, search),
            host=settings.server.host,
            port=settings.server.port,
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_SHUTDOWN,
        )
    finally:
        suggestions.close()
        if search:
            search.close()
        assistant.close()
