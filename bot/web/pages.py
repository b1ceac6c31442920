"""The public pages as they are served: a mount for each language, the page's own files, and what a browser may load for them."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from markupsafe import escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import LOGOS, Settings
from bot.web.chat import Links, build_pages
from bot.web.guarding.addresses import RateLimit
from bot.web.guarding.admission import Admission
from bot.web.guarding.readers import Noting
from bot.web.handlers import FEEDBACK, WITHIN, Handlers
from bot.web.mounting import mount_blocks
from bot.web.questions import add_questions
from bot.web.render import fill, html_lang, page_word
from bot.web.running.reception import Reception
from bot.web.suggestions import Suggestions
from bot.web.words import language_asked_for
from index.language import LANGUAGES, Language

_STATIC = Path(__file__).parent / "static"
_NAMES = ("", "articles", "about")
_COOKIE, _YEAR = "liangce-language", 365 * 24 * 60 * 60
# What Gradio says of itself in its page: pictures and titles of its own for other sites, and a manifest that is not served.
_GRADIOS_OWN = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*|<link rel="manifest"[^>]*>\s*')


def mount_pages(
    app: FastAPI, reception: Reception, settings: Settings, suggestions: Suggestions, admission: Admission, links: Links
) -> FastAPI:
    """`app` with the public pages in Chinese at / and in English at /en/, and all that they load."""
    _add_files(app, settings)
    limit = RateLimit(FEEDBACK, WITHIN)

    @app.get("/en")
    def english(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{settings.server.root_path}/en/" + (f"?{request.url.query}" if request.url.query else ""))

    languages: dict[str, Language] = {"/en": "en", "/": "zh"}  # the longer first: the first mount that fits is taken
    for place, language in languages.items():
        handlers = Handlers(reception, settings, suggestions, limit, language, reception.switch.off, admission)
        pages = build_pages(handlers, settings, language, links)
        if language == "zh":
            add_questions(pages, reception, settings, suggestions, admission)
        app = mount_blocks(app, pages, place, settings.server)
    app.add_middleware(Noting, readers=admission.readers)
    app.add_middleware(Dressed, settings=settings)
    return app


class Dressed:
    """An ASGI application whose pages name themselves: their language, icon, styles and script, in place of Gradio's own."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        root = settings.server.root_path
        self._head = (
            f'<link rel="icon" href="{root}/page/logo"><link rel="stylesheet" href="{root}/page/page.css">'
            f'<link rel="stylesheet" href="{root}/page/theme.css"><script src="{root}/page/page.js"></script>'
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        found = re.fullmatch(r"/(en/)?(\w*)", path)
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not found or found[2] not in _NAMES:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        language: Language = "en" if found[1] else "zh"
        if (other := self._elsewhere(request, language, found[2])) is not None:
            await other(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        packed = "gzip" in request.headers.get("accept-encoding", "")
        embedded = bool(request.query_params.get("embed"))
        sending = Changed(send, lambda html: self._dress(html, language), packed, policy(self._hosts(embedded)))
        await self._app({**scope, "headers": plain}, receive, sending)

    def _hosts(self, embedded: bool) -> str:
        return self._settings.server.embed_hosts if embedded else ""

    def _elsewhere(self, request: Request, language: Language, name: str) -> Response | None:
        """To the page in the language that is chosen by the address, or was chosen before, or is the browser's."""
        given = dict(request.query_params)
        chosen = given.pop("lang", "")
        spoken = request.headers.get("accept-language", "")
        wanted = language_asked_for(chosen or ("" if language == "en" else request.cookies.get(_COOKIE, "") or spoken), language)
        if wanted == language and not chosen:
            return None
        place = f"{self._settings.server.root_path}{'/en/' if wanted == 'en' else '/'}{name}"
        response = RedirectResponse(f"{place}?{urlencode(given)}" if given else place, 302, {"Vary": "Accept-Language, Cookie"})
        if chosen:
            response.set_cookie(_COOKIE, wanted, max_age=_YEAR, samesite="lax")
        return response

    def _dress(self, html: str, language: Language) -> str:
        html = _GRADIOS_OWN.sub("", html).replace('lang="en"', f'lang="{html_lang(language)}"', 1)
        html = html.replace("</head>", f"{self._head}<title>{escape(self._settings.page.title_in(language))}</title></head>", 1)
        return html.replace("</body>", f"<noscript>{page_word('noscript', language)}</noscript></body>", 1)


class Changed:
    """Sends a page of HTML changed, and anything else as it is."""

    def __init__(self, send: Send, change: Callable[[str], str], packed: bool, policy: str) -> None:
        self._send, self._change, self._packed, self._policy = send, change, packed, policy
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._change(self._body.decode()).encode()
        headers = MutableHeaders(raw=list(start["headers"]))
        if self._packed:
            body = gzip.compress(body, 5)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        headers["Content-Security-Policy"] = self._policy
        if headers.get("Cache-Control") != "no-store":  # which private pages bring with them
            headers["Cache-Control"] = "no-cache"
        headers["Vary"] = "Accept-Language, Cookie, Accept-Encoding"
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def policy(embed_hosts: str = "") -> str:
    """What a browser may load: everything from this host; and which other hosts may show the page in a frame.

    Gradio needs inline scripts and styles, and compiles its templates in the browser.
    """
    hosts = "".join(f" {host}" for host in embed_hosts.split())
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            f"frame-ancestors 'self'{hosts}",
            "object-src 'none'",
            "base-uri 'self'",
        )
    )


def missing_page(settings: Settings) -> HTMLResponse:
    """What is shown at an address where nothing is, in both languages."""
    words: Callable[[Language, str], str] = lambda language, key: page_word(key, language)  # noqa: E731
    text = fill("missing", "zh", title=settings.page.title, root=settings.server.root_path, word=words)
    return HTMLResponse(text, 404)


def _add_files(app: FastAPI, settings: Settings) -> None:
    """The page's own files, the colours that the settings give, and the logo."""
    theme = f":root {{ --accent: {settings.page.colour}; }}\n:root[data-theme='dark'] {{ --accent: {settings.page.colour_dark}; }}\n"
    theme += "".join(
        f":root:lang({html_lang(language)}) {{ --next-questions: {json.dumps(page_word('next_questions', language), ensure_ascii=False)}; }}\n"
        for language in LANGUAGES
    )  # Gradio has no heading for what may be asked next

    @app.get("/page/theme.css")
    def colours() -> Response:
        return Response(theme, media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.get("/page/logo")
    def logo() -> FileResponse:
        picture = settings.page.logo or _STATIC / "logo.svg"
        # A picture is shown and never run, also where somebody opens an .svg by itself.
        policy_of_picture = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return FileResponse(picture, media_type=LOGOS[picture.suffix.lower()], headers=policy_of_picture)

    app.mount("/page", StaticFiles(directory=_STATIC), name="page")
