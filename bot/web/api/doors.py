"""The doors of the server for other programs: REST at /api/v1, OpenAI's protocol at /v1 and MCP at /mcp."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings
from bot.web.api import problems
from bot.web.api.asking import Desk
from bot.web.api.callers import Callers
from bot.web.api.chat import door as chat
from bot.web.api.keys import KeyStore
from bot.web.api.problems import ProblemError
from bot.web.api.rest import make_rest
from bot.web.api.search import Search
from bot.web.api.tools import caller, make_tools
from bot.web.guarding.turns import Turns
from bot.web.running.reception import Reception

PATHS = ("/api/v1", "/v1", "/mcp")
_LARGEST = 1_000_000  # bytes of one request: a long conversation
# What a browser may load: nothing for what is read by programs; the page of the OpenAPI document has a script within it.
_POLICY = "default-src 'none'; frame-ancestors 'none'"
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'"
)


def add_doors(app: FastAPI, reception: Reception, settings: Settings, turns: Turns, search: Search | None = None) -> None:
    """Put the doors into `app`, unless the settings say that there are none; questions wait for `turns`."""
    if settings.doors.api == "off":
        return
    desk, callers = Desk(reception, settings, turns, reception.switch.off), Callers(settings, KeyStore(settings.data))
    app.mount("/api/v1", Door(make_rest(desk, search, callers, settings), problems.answer))
    app.mount("/v1", Door(chat.make_chat(desk, callers, settings), chat.answer))
    _add_tools(app, make_tools(desk, search, settings), callers)


def _add_tools(app: FastAPI, tools: MCPServer[Any], callers: Callers) -> None:
    """Put the tools at /mcp. Each request stands for itself, so that any of several workers can take it."""
    # Which hosts may be asked for is no matter here: what keeps pages of other sites out is the key, and without keys where they come from.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = tools.streamable_http_app(
        streamable_http_path="/mcp", stateless_http=True, json_response=True, transport_security=security, max_request_body_size=_LARGEST
    )

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            who = await anyio.to_thread.run_sync(callers.enter, request, "mcp")
        except ProblemError as error:
            await problems.answer(error, request)(scope, receive, send)
            return
        caller.set(who)
        await inner(scope, receive, send)

    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
        async with before(of) as state, inner.router.lifespan_context(inner):
            yield state

    app.router.lifespan_context = lifespan
    app.router.routes.append(Route("/mcp", Door(enter, problems.answer), name="mcp"))


def is_door(path: str) -> bool:
    """Whether a path leads to one of the doors, which check by themselves what they take."""
    return any(path == door or path.startswith(f"{door}/") for door in PATHS)


class Door:
    """An ASGI application that takes no request over a size, and whose responses no browser keeps or frames."""

    def __init__(self, app: ASGIApp, answer: Callable[[ProblemError, Request], JSONResponse]) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = _DOCS_POLICY if scope["path"].endswith("/docs") else _POLICY
                message["headers"] = [*message.get("headers", []), (b"content-security-policy", policy.encode())]
                if not any(name.lower() == b"cache-control" for name, _ in message["headers"]):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        if scope["type"] != "http":  # there are no web sockets here
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        length = request.headers.get("content-length", "")
        if request.method == "POST" and not (length.isdigit() and int(length) <= _LARGEST):
            too_large = self._answer(ProblemError("api-too-large", most=_LARGEST), request)
            await too_large(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)
