"""The web server around the page: what a browser may load, what may be sent here, and a sign of life."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.answering.assistant import Answering
from bot.answering.live import LiveAssistant
from bot.evaluating.nightly import Nightly
from bot.evaluating.page import PATH as EVALUATE
from bot.evaluating.page import mount_evaluate
from bot.evaluating.program import Program
from bot.maintain.maintenance import Maintenance
from bot.maintain.page import PATH as MAINTAIN
from bot.maintain.page import mount_maintain
from bot.settings import REPORT_PAGE, Settings
from bot.web.access import check_rate, check_size
from bot.web.accounts.entrance import LOGIN, Entrance
from bot.web.accounts.login import add_login
from bot.web.accounts.users import Role
from bot.web.api.doors import add_doors, is_door
from bot.web.api.search import Search
from bot.web.chat import Links
from bot.web.guarding.admission import Admission
from bot.web.guarding.connections import InTime, server_config
from bot.web.guarding.forwarded import Forwarded
from bot.web.guarding.headers import say_what_browsers_may
from bot.web.guarding.uploads import uploads_of_process
from bot.web.pages import missing_page, mount_pages, policy
from bot.web.running.health import add_health
from bot.web.running.logs import secrets_of, set_up
from bot.web.running.metrics import add_metrics, serve_metrics
from bot.web.running.reception import Reception
from bot.web.running.requests import Numbered
from bot.web.running.retention import Retention
from bot.web.running.traces import open_spans
from bot.web.suggestions import Suggestions
from bot.web.words import refusal
from index.database import open_database
from index.errors import CallError
from index.stored.versions import require_live

_REPORT, _HEALTH = "/report", "/health"
_SIGNS = (_HEALTH, "/live", "/ready")  # of life: whoever watches the server may look as often as they like
_LOGIN_PATHS = (LOGIN, "/logout")
_UPLOAD = "/gradio_api/upload"
_SHUTDOWN = 5  # seconds for answers under way


def make_app(
    assistant: Answering,
    settings: Settings,
    maintenance: Maintenance | None = None,
    suggestions: Suggestions | None = None,
    search: Search | None = None,
    evaluation: Program | None = None,
) -> FastAPI:
    """The web application: the page, the doors for other programs, /health for whoever watches it, and what is behind a password where
    one is set. Programs can search where `search` is given.

    Behind a reverse proxy it answers under `settings.server.root_path`, whether or not the proxy takes that from the address.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    uploads = uploads_of_process()
    entrance = Entrance(settings, open_database(settings))
    gates = _gates(entrance, maintenance)
    suggestions = suggestions or suggestions_for(assistant, settings)
    reception = Reception(assistant, open_database(settings), open_spans(settings.running.traces))
    app.state.metrics = reception.metrics

    admission = Admission(settings.server)
    reception.turns = admission.turns
    # Nothing here is for pages of other sites; without this, Gradio would let them all read it, with their visitors' cookies.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Guard, gates=gates, entrance=entrance, settings=settings, admission=admission)

    @app.get(_HEALTH)
    def health() -> dict[str, str | bool]:
        return {"status": "ok", "index": assistant.version, "suggestions": suggestions.version == assistant.version}

    add_login(app, entrance, settings)
    add_health(app, assistant, settings)
    add_metrics(app, reception.metrics, settings.running)
    if _REPORT in gates:
        _serve_report(app, settings.runs)
    if maintenance and MAINTAIN in gates:
        mount_maintain(app, maintenance, settings, lambda request: getattr(request.state, "who", None))
    if EVALUATE in gates:
        mount_evaluate(app, evaluation or Program(settings), settings, lambda request: getattr(request.state, "who", None))
    uploads.keep_clean(app)
    add_doors(app, reception, settings, admission.turns, search)
    links = Links(evaluate=EVALUATE in gates, report=_REPORT in gates, maintain=MAINTAIN in gates)
    app = mount_pages(app, reception, settings, suggestions, admission, links)
    if settings.server.root_path:
        app.add_middleware(Prefixed, prefix=settings.server.root_path)
    app.add_middleware(InTime, seconds=settings.server.body_seconds)
    app.add_middleware(Forwarded, settings=settings)
    app.add_middleware(Numbered, notes_access=settings.logs.log_access)  # added last, so it comes first
    return app


def suggestions_for(assistant: Answering, settings: Settings) -> Suggestions:
    """The questions that the page suggests, not yet checked."""
    return Suggestions(assistant, settings.page.examples, lambda: require_live(settings.index))


class Guard:
    """An ASGI application that takes only what may be sent to it, and says of each answer what a browser may do with it."""

    def __init__(self, app: ASGIApp, gates: dict[str, Role], entrance: Entrance, settings: Settings, admission: Admission) -> None:
        self._app, self._gates, self._entrance, self._settings, self._admission = app, gates, entrance, settings, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        asked, missing = _path(request), False
        place = next((path for path in self._gates if asked == path or asked.startswith(f"{path}/")), None)

        async def guarded(message: Message) -> None:
            nonlocal missing
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Content-Security-Policy", policy())
                say_what_browsers_may(headers, request, self._settings, is_private=place is not None or asked in _LOGIN_PATHS)
                missing = message["status"] == 404 and "text/html" in request.headers.get("accept", "")
            if not missing:
                await send(message)
            elif not message.get("more_body") and message["type"] == "http.response.body":
                await missing_page(self._settings)(scope, receive, send)

        try:
            if place:
                request.state.user = self._entrance.admit(request, self._role(place, asked))
                request.state.who = request.state.user.name
            else:
                _check(request, self._admission, self._settings)
        except HTTPException as refused:
            await PlainTextResponse(refused.detail, refused.status_code, refused.headers)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)

    def _role(self, place: str, asked: str) -> Role:
        """Whom a place takes what is asked from: at the maintainers' page, who only looks sends no files."""
        return Role.EDIT if place == MAINTAIN and asked.endswith(_UPLOAD) else self._gates[place]


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


def _gates(entrance: Entrance, maintenance: Maintenance | None) -> dict[str, Role]:
    """The paths that are not for everybody, each with the least role; one that nobody could be let in to is not served at all."""
    places = {_REPORT: Role.EVALUATE, EVALUATE: Role.EVALUATE} | ({MAINTAIN: Role.VIEW} if maintenance else {})
    return {path: role for path, role in places.items() if entrance.is_open(role)}


def _check(request: Request, admission: Admission, settings: Settings) -> None:
    """Raise `HTTPException` if a request to what is for everybody is not taken."""
    path = _path(request)
    if is_door(path):
        return
    # Gradio takes files at the public page too, even though no component of it asks for any.
    if path.rstrip("/").endswith("/upload"):
        raise HTTPException(403, refusal("door.upload", request))
    check_size(request)
    if path not in (*_SIGNS, settings.running.metrics_path):
        check_rate(request, admission)


def _serve_report(app: FastAPI, runs: Path) -> None:
    """Serve the newest of the evaluation's reports."""

    @app.get(_REPORT, response_class=HTMLResponse)
    def report(request: Request) -> HTMLResponse:
        newest = max(runs.glob(f"*/{REPORT_PAGE}"), default=None)
        if newest is None:
            raise HTTPException(404, refusal("door.report-missing", request))
        return HTMLResponse(newest.read_text("utf-8"))


def _start_beside(app: FastAPI, settings: Settings) -> list[Callable[[], None]]:
    """What runs beside the page where the settings ask for it: the port of figures, and forgetting; gives what ends each."""
    running, ends = settings.running, list[Callable[[], None]]()
    if running.metrics_port:
        try:
            ends.append(serve_metrics(app.state.metrics, settings.server.host, running.metrics_port))
        except OSError as error:
            raise CallError("address-taken", host=settings.server.host, port=running.metrics_port, error=error) from error
    if running.keep_feedback_days:
        retention = Retention(open_database(settings), running.keep_feedback_days)
        retention.start()
        ends.append(retention.close)
    return ends


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at an address, at :: for IPv4 too; raises `CallError` where it cannot be had."""
    try:
        if ":" in host:
            return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6())
        return socket.create_server((host, port))
    except OSError as error:
        raise CallError("address-taken", host=host, port=port, error=error) from error


def run(assistant: LiveAssistant, settings: Settings, maintenance: Maintenance | None = None, search: Search | None = None) -> None:
    """Serve the page until it is told to stop, from whatever version of the index is live; raises `CallError` when the address cannot be had."""
    import uvicorn

    listening, host = listen(settings.server.host, settings.server.port), settings.server.host
    print(
        f"open http://{f'[{host}]' if ':' in host else host}:{settings.server.port}{settings.server.root_path} in a browser; Ctrl-C stops",
        flush=True,
    )
    set_up(settings.logs.log, list(secrets_of(settings)))
    assistant.start()
    suggestions, evaluation = suggestions_for(assistant, settings), Program(settings)
    suggestions.start()
    app = make_app(assistant, settings, maintenance, suggestions, search, evaluation)
    ends = _start_beside(app, settings)
    nightly = Nightly(evaluation, settings.server.nightly, settings.server.nightly_set)
    nightly.start()
    try:
        config = server_config(
            app, settings.server, log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=_SHUTDOWN
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()
        for end in ends:
            end()
        suggestions.close()
        nightly.close()
        evaluation.stop()
        if search:
            search.close()
        assistant.close()
