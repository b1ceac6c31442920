"""The REST door, /api/v1: ask, search, articles and feedback, with the OpenAPI document and a page for it that loads nothing from outside."""

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from bot.answering.contract import to_json
from bot.settings import Settings
from bot.web.api import forms, problems
from bot.web.api.articles import list_articles, whole_article
from bot.web.api.asking import Asked, Desk
from bot.web.api.callers import Caller, Callers
from bot.web.api.keys import Scope
from bot.web.api.problems import STATUS, ProblemError
from bot.web.api.search import MOST, Search, find_passages
from bot.web.api.streaming import told
from bot.web.api.turns import AbandonedError, EventStream
from bot.web.feedback import Feedback, add_feedback
from index.database import open_database
from index.errors import RecordsError
from index.language import look_up

log = logging.getLogger(__name__)

_SUMMARY = """Questions on policy, answered only from the articles that are held here, with the exact sentence behind each statement.

A key goes into the header `Authorization: Bearer …`; whoever runs this server makes one with `python -m bot key add NAME`. What goes wrong
comes as `application/problem+json` (RFC 9457), in Chinese or English as `Accept-Language` says."""
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": forms.Problem, "content": {problems.TYPE: {}}, "description": "Problem"} for status in sorted({*STATUS.values()})
}
_BEARER = HTTPBearer(auto_error=False, description="A key of this server.")
_GONE = 499  # what nginx notes for a request whose client has gone
Version = Annotated[str, Query(max_length=20, description="A version that is kept; the live one where it is left out.")]


def make_rest(desk: Desk, search: Search | None, callers: Callers, settings: Settings) -> FastAPI:
    """The application behind /api/v1; without a search, it has none."""
    app = FastAPIOffline(
        "/docs", None, title=settings.page.title, version="1", description=_SUMMARY, openapi_url="/openapi.json", responses=_PROBLEMS
    )  # fmt: skip
    _add_asking(app, desk, callers)
    if search:
        _add_search(app, search, desk, callers)
    _add_articles(app, callers, settings)
    _add_feedback(app, callers, settings)
    add_handlers(app, problems.answer)

    @app.get("/problems/{name}", include_in_schema=False)
    def problem(name: str) -> dict[str, Any]:
        if (code := f"api-{name}") not in STATUS:
            raise ProblemError("api-no-such-path")
        return {"code": name, "status": STATUS[code], "detail": look_up(code, "en")}

    return app


def add_handlers(app: FastAPI, answer: Callable[[ProblemError, Request], JSONResponse]) -> None:
    """Have whatever goes wrong in an application told in one form."""
    app.add_exception_handler(ProblemError, lambda request, error: answer(error, request))
    app.add_exception_handler(RequestValidationError, lambda request, error: answer(problems.form_error(error), request))
    app.add_exception_handler(HTTPException, lambda request, error: answer(problems.from_http(error), request))
    app.add_exception_handler(AbandonedError, lambda _request, _error: Response(status_code=_GONE))
    app.add_exception_handler(Exception, lambda request, error: answer(problems.failed(error), request))


def entering(callers: Callers, door: str, scope: Scope) -> Any:
    """What lets a caller in at a door, as a dependency of FastAPI."""

    def enter(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)] = None) -> Caller:
        return callers.enter(request, door, scope)

    return Depends(enter)


def _add_asking(app: FastAPI, desk: Desk, callers: Callers) -> None:
    streamed = {
        "text/event-stream": {"schema": {"type": "string"}, "example": 'event: found\ndata: {"passages": 8}\n\nevent: done\ndata: {…}\n'}
    }

    @app.post(
        "/ask",
        response_model=forms.Answer,
        responses={
            200: {
                "content": streamed,
                "description": "The answer; with `Accept: text/event-stream`, what becomes of the question as it happens",
            }
        },
    )
    async def ask(given: forms.Ask, request: Request, caller: Annotated[Caller, entering(callers, "ask", Scope.ASK)]) -> Response:
        """Ask a question. That it cannot be asked, or is not answered, is an answer too: see `outcome` and `reason`."""
        asked = Asked(given.question, given.history, may_write=not given.extract, source=caller.source)
        if "text/event-stream" in request.headers.get("accept", ""):
            desk.check(asked)
            return EventStream(told(desk, asked, given.id, request))
        return JSONResponse(to_json(await desk.outcome(asked, request), given.id))


def _add_search(app: FastAPI, search: Search, desk: Desk, callers: Callers) -> None:
    @app.get("/search", response_model=forms.Passages, dependencies=[entering(callers, "search", Scope.SEARCH)])
    def search_passages(
        q: Annotated[str, Query(max_length=500, description="What is looked for.")], limit: Annotated[int, Query(ge=1, le=MOST)] = 8
    ) -> JSONResponse:
        """Find the passages that come nearest to some words, whether they answer them or not."""
        desk.check_on()
        return JSONResponse(find_passages(search, q, limit))


def _add_articles(app: FastAPI, callers: Callers, settings: Settings) -> None:
    def count(request: Request) -> None:
        callers.count_reading(request)

    @app.get("/articles", response_model=forms.Articles, dependencies=[Depends(count)])
    def articles(
        version: Version = "", start: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> JSONResponse:
        """List the articles. They are public, and need no key."""
        return JSONResponse(list_articles(settings.index, version, start, limit))

    @app.get("/articles/{article:path}", response_model=forms.WholeArticle, dependencies=[Depends(count)])
    def article(article: str, request: Request, version: Version = "") -> Response:
        """An article with the text that the `start` and `end` of citations count in. It is public, and needs no key.

        Its `ETag` stays the same as long as what is told of it does: `If-None-Match` brings 304 then, and nothing else.
        """
        whole = JSONResponse(whole_article(settings.index, article, version))
        headers = {"ETag": f'"{hashlib.sha256(bytes(whole.body)).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        whole.headers.update(headers)
        return whole


def _add_feedback(app: FastAPI, callers: Callers, settings: Settings) -> None:
    @app.post("/feedback", status_code=204, dependencies=[entering(callers, "feedback", Scope.FEEDBACK)])
    def feedback(given: forms.GivenFeedback) -> None:
        """Tell what somebody thought of an answer."""
        when = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            add_feedback(open_database(settings), Feedback(time=when, **given.model_dump()))
        except RecordsError as error:
            log.error("feedback was not kept: %s", error)
            raise ProblemError("api-store-full") from error
