"""The page that everybody sees: its HTML, its files, the articles that it opens, and the feedback that it sends."""

import json
import logging
import math
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, Field

from bot.settings import LOGOS, Settings
from bot.web.access import RateLimit, address_of, check_site
from bot.web.articles import GoneError, open_article
from bot.web.feedback import FILE, Feedback, add_feedback
from bot.web.suggestions import Suggestions
from bot.web.words import language_asked_for, page_words, refusal
from index.language import LANGUAGES, Language

log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_FEEDBACK, _WITHIN = 30, 10 * 60  # feedback that one address may send within so many seconds
_KEPT = 100_000_000  # bytes of feedback: more is not taken until the maintainers have looked at it


class FeedbackRequest(BaseModel):
    """What a browser sends of an answer: a thumb, with a reason where it is down, or a refused question to look after."""

    question: Annotated[str, Field(min_length=1, max_length=5000)]
    answer: Annotated[str, Field(max_length=20_000)]
    refused: bool
    verdict: Literal["up", "down", "handed over"]
    reason: Literal["", "wrong", "incomplete", "not found", "unclear"] = ""
    comment: Annotated[str, Field(max_length=1000)] = ""
    version: Annotated[str, Field(max_length=20)] = ""


def add_page(app: FastAPI, settings: Settings, suggestions: Suggestions, *, report: bool, maintain: bool) -> None:
    """Put the page and all that it loads into `app`; `report` and `maintain` say whether it links to those."""
    template = Environment(loader=FileSystemLoader(_STATIC), autoescape=True).get_template("page.html.jinja")
    words = page_words()

    @app.get("/", response_class=HTMLResponse)
    def page(accept_language: Annotated[str, Header()] = "", embed: str = "", lang: str = "") -> HTMLResponse:
        language = language_asked_for(lang or accept_language, "zh")
        shown = _shown(settings, suggestions, language, bool(embed)) | {"words": words}
        text = template.render(
            shown, words={key: forms[LANGUAGES.index(language)] for key, forms in words.items()}, greeting=settings.page.greeting,
            logo=bool(settings.page.logo), root_path=settings.server.root_path, report=report, maintain=maintain, config=_in_script(shown),
            modules=sorted(path.name for path in _STATIC.glob("*.js") if path.name not in ("early.js", "main.js")),
        )  # fmt: skip
        headers = {
            "Content-Security-Policy": policy(settings.server.embed_hosts if embed else ""),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language",
        }
        return HTMLResponse(text, headers=headers)

    @app.get("/examples")
    def examples() -> dict[str, Any]:
        return _examples(suggestions)

    @app.get("/article")
    def article(article: Annotated[str, Query(max_length=500)], v: Annotated[str, Query(max_length=20)] = "") -> JSONResponse:
        try:
            return JSONResponse(open_article(settings.index, article, v, date.today()))
        except GoneError as gone:
            return JSONResponse({"gone": gone.what, "live_has_it": gone.live}, 404)

    limit = RateLimit(_FEEDBACK, _WITHIN)

    @app.post("/feedback", status_code=204)
    def feedback(given: FeedbackRequest, request: Request) -> None:
        check_site(request)
        if not limit.add(address_of(request)):
            wait = max(math.ceil(limit.wait(address_of(request))), 1)
            raise HTTPException(429, refusal("door.feedback-often", request), {"Retry-After": str(wait)})
        if (settings.data / FILE).exists() and (settings.data / FILE).stat().st_size > _KEPT:
            log.error(
                "%s is over %d MB, so no feedback is taken: move it away once it has been looked at", settings.data / FILE, _KEPT // 10**6
            )
            raise HTTPException(507, refusal("door.feedback-full", request))
        when = datetime.now(UTC).isoformat(timespec="seconds")
        add_feedback(settings.data, Feedback(time=when, **given.model_dump()))

    _add_files(app, settings)


def policy(embed_hosts: str = "") -> str:
    """What a browser may load for the page: everything from this host, no script or style within it; and which other hosts may frame it."""
    hosts = "".join(f" {host}" for host in embed_hosts.split())
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            f"frame-ancestors 'self'{hosts}",
        )
    )


def _add_files(app: FastAPI, settings: Settings) -> None:
    """The page's own files, the colours that the settings give, and the logo."""
    theme = (
        f":root {{ --accent: {settings.page.colour}; }}\n:root[data-theme='dark'] {{ --accent: {settings.page.colour_dark}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme='light']) {{ --accent: {settings.page.colour_dark}; }} }}\n"
    )

    @app.get("/page/theme.css")
    def colours() -> Response:
        return Response(theme, media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.get("/page/logo")
    def logo() -> FileResponse:
        if settings.page.logo is None:
            raise HTTPException(404)
        # A picture is shown and never run, also where somebody opens an .svg by itself.
        return FileResponse(
            settings.page.logo,
            media_type=LOGOS[settings.page.logo.suffix.lower()],
            headers={"Content-Security-Policy": "default-src 'none'; sandbox"},
        )

    app.mount("/page", StaticFiles(directory=_STATIC), name="page")


def _shown(settings: Settings, suggestions: Suggestions, language: Language, embed: bool) -> dict[str, Any]:
    return {"lang": language, "title": settings.page.title, "hotline": settings.page.hotline, "embed": embed, **_examples(suggestions)}


def _examples(suggestions: Suggestions) -> dict[str, Any]:
    return {"examples": suggestions.examples(), "checked": bool(suggestions.version)}


def _in_script(value: object) -> Any:
    """`value` as JSON that can stand in a script element: no character in it can end that."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False)
    return Markup(re.sub("[<>&]", lambda mark: f"\\u{ord(mark[0]):04x}", text))  # noqa: S704
