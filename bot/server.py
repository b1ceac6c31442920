"""The web server around the page: what a browser may load, what may be sent here, and a sign of life."""

import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from bot.answer import Answering
from bot.live import LiveAssistant
from bot.reports import newest_report
from bot.settings import Settings
from bot.ui import mount
from index.errors import CallError

# Everything comes from this host. Gradio's page needs inline scripts and styles, and compiles its templates in the browser.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
    )
)
_SHUTDOWN = 5  # seconds for answers under way


def make_app(assistant: Answering, settings: Settings) -> FastAPI:
    """The web application: the page, and /health for whoever watches it."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        # Gradio takes files here even though no component of the page asks for any.
        if request.url.path.rstrip("/").endswith("/upload"):
            return Response("no uploads here", status_code=403)
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok", "index": assistant.version}

    if settings.report_password:
        _serve_report(app, settings.data, settings.report_password.get_secret_value())
    return mount(app, assistant, settings)


def _serve_report(app: FastAPI, data: Path, password: str) -> None:
    """The newest evaluation report at /report, for whoever gives the password; the user name does not matter."""

    @app.get("/report", response_class=HTMLResponse)
    def report(given: Annotated[HTTPBasicCredentials, Depends(HTTPBasic(realm="evaluation report"))]) -> HTMLResponse:
        if not secrets.compare_digest(given.password.encode(), password.encode()):
            raise HTTPException(401, "wrong password", {"WWW-Authenticate": 'Basic realm="evaluation report"'})
        newest = newest_report(data)
        if newest is None:
            raise HTTPException(404, "there is no report yet: python -m eval run makes one")
        return HTMLResponse(newest.read_text("utf-8"))


def run(assistant: LiveAssistant, settings: Settings) -> None:
    """Serve the page until it is told to stop, from whatever version of the index is live; raises `CallError` when the address cannot be had."""
    import uvicorn

    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as error:
        raise CallError(f"cannot serve on {settings.host}:{settings.port}: {error}; choose another with --host and --port") from error
    print(f"open http://{settings.host}:{settings.port} in a browser; Ctrl-C stops", flush=True)
    assistant.start()
    try:
        uvicorn.run(
            make_app(assistant, settings), host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=_SHUTDOWN
        )
    finally:
        assistant.close()
