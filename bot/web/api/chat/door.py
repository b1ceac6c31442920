"""The door of OpenAI's protocol, /v1: for clients that talk to language models, such as the `openai` package or Open WebUI."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import format_sse_event

from bot.answering.events import Concluded
from bot.checking.citations import Citation
from bot.settings import Settings
from bot.web.api.articles import article_address, site_of
from bot.web.api.asking import Asked, Desk
from bot.web.api.callers import Caller, Callers
from bot.web.api.chat.completions import AddressOf, Heading, completion, pieces
from bot.web.api.chat.forms import MODEL, ChatRequest, error_object
from bot.web.api.keys import Scope
from bot.web.api.problems import ProblemError, ProblemResponse, failed, in_language
from bot.web.api.rest import add_handlers, entering
from bot.web.api.turns import EventStream, comment

_OWNER = "liangce"


def answer(error: ProblemError, request: Request) -> JSONResponse:
    """A problem as the response, in the form that clients of OpenAI's protocol show."""
    return ProblemResponse(error_object(error, in_language(error, request)), error.status, error.headers)


def make_chat(desk: Desk, callers: Callers, settings: Settings) -> FastAPI:
    """The application behind /v1."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    started = int(time.time())
    model = {"id": MODEL, "object": "model", "created": started, "owned_by": _OWNER}

    @app.get("/models", dependencies=[entering(callers, "models", Scope.ASK)])
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @app.get("/models/{name}", dependencies=[entering(callers, "models", Scope.ASK)])
    def one_model(name: str) -> dict[str, Any]:
        if name != MODEL:
            raise ProblemError("api-model-unknown", model=name, known=MODEL)
        return model

    @app.post("/chat/completions")
    async def chat(given: ChatRequest, request: Request, caller: Annotated[Caller, entering(callers, "chat", Scope.ASK)]) -> Response:
        asked, heading = replace(given.asked(), source=caller.source), Heading(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()))
        site = site_of(request, settings)
        if given.stream:
            desk.check(asked)
            return EventStream(_streamed(desk, asked, heading, given, request, site))
        outcome = await desk.outcome(asked, request)
        return JSONResponse(completion(outcome, heading, _addresses(site, outcome.version)))

    add_handlers(app, answer)
    return app


async def _streamed(desk: Desk, asked: Asked, heading: Heading, given: ChatRequest, request: Request, site: str) -> AsyncIterator[bytes]:
    yield _event(heading.piece({"role": "assistant", "content": ""}))
    try:
        async with aclosing(desk.stream(asked)) as events:
            async for event in events:
                if not isinstance(event, Concluded):
                    yield comment("working")
                    continue
                outcome = event.outcome
                for piece in pieces(outcome, heading, _addresses(site, outcome.version), with_usage=given.wants_usage):
                    yield _event(piece)
        yield format_sse_event(data_str="[DONE]")
    except Exception as error:  # whatever went wrong, whoever asked is told, and the maintainers find it in the log
        problem = error if isinstance(error, ProblemError) else failed(error)
        yield _event(error_object(problem, in_language(problem, request)))


def _event(value: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(value, ensure_ascii=False))


def _addresses(site: str, version: str) -> AddressOf:
    def address_of(citation: Citation) -> str:
        return article_address(site, citation, version)

    return address_of
