"""The login: a form, what becomes of it, and the way out."""

import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.settings import Settings
from bot.web.access import check_site
from bot.web.accounts.entrance import DEVICE, LOGIN, SESSION, TOKEN, Entrance, check_token
from bot.web.guarding.addresses import address_of
from bot.web.render import fill, page_word
from bot.web.words import language_asked_for

_HALF_A_YEAR = 180 * 24 * 60 * 60
_Text = Annotated[str, Form(max_length=1000)]


def add_login(app: FastAPI, entrance: Entrance, settings: Settings) -> None:
    """Put the login into `app`."""
    root = settings.server.root_path

    def page(request: Request, status: int = 200, trouble: str = "", **values: Any) -> HTMLResponse:
        """The form, or for somebody who is logged in the way out."""
        chosen = request.query_params.get("lang", "") or request.cookies.get("liangce-language", "")
        language = language_asked_for(chosen or request.headers.get("accept-language", ""), "zh")
        token = request.cookies.get(TOKEN, "") or secrets.token_urlsafe(24)
        next_path = local_path(request.query_params.get("next", ""))
        shown = {"title": settings.page.title, "root": root, "user": entrance.user_of(request), "token": token, "next": next_path}
        text = fill("login", language, **(shown | {"trouble": page_word(trouble, language, **values) if trouble else ""}))
        response = HTMLResponse(text, status, {"Cache-Control": "no-store"})
        put(request, response, TOKEN, token, script=True)
        return response

    def put(request: Request, response: Response, name: str, value: str, *, age: int | None = None, script: bool = False) -> None:
        set_cookie(request, response, root, name, value, age=age, script=script)

    @app.get(LOGIN)
    def form(request: Request) -> Response:
        return page(request)

    @app.post(LOGIN)
    def log_in(request: Request, name: _Text = "", password: _Text = "", token: _Text = "", next: _Text = "") -> Response:  # noqa: A002
        check_site(request)
        try:
            check_token(request, token)
        except HTTPException:  # such as where cookies are not kept
            return page(request, 403, "login_again")
        device = request.cookies.get(DEVICE, "")
        user, session, wait = entrance.log_in(name, password, address_of(request), device)
        if user is None and wait:
            response: Response = page(request, 429, "login_wait", minutes=max(round(wait / 60), 1))
            response.headers["Retry-After"] = str(wait)
            return response
        if user is None:
            return page(request, 401, "login_wrong")
        response = RedirectResponse(root + (local_path(next) or LOGIN), 303, {"Cache-Control": "no-store"})
        put(request, response, SESSION, session)
        if not entrance.sessions.knows_device(device, user.name):
            put(request, response, DEVICE, entrance.sessions.remember_device(user.name), age=_HALF_A_YEAR)
        return response

    @app.post("/logout")
    def log_out(request: Request, token: _Text = "") -> Response:
        check_site(request)
        check_token(request, token)
        entrance.sessions.end(request.cookies.get(SESSION, ""))
        response = RedirectResponse(f"{root}{LOGIN}", 303)
        response.delete_cookie(SESSION, path=root or "/")
        return response


def set_cookie(
    request: Request, response: Response, root: str, name: str, value: str, *, age: int | None = None, script: bool = False
) -> None:
    """Have the browser keep something for this site alone: until it is closed, or for `age` seconds; `script` is whether scripts read it.

    Only a token is read by scripts, and it is not sent along where another page leads here. A session is, so that links work.
    """
    response.set_cookie(
        name, value, max_age=age, path=root or "/", secure=request.url.scheme == "https", httponly=not script,
        samesite="strict" if script else "lax",
    )  # fmt: skip


def local_path(given: str) -> str:
    """A path of this server that somebody is to be led to; "" for anything else, such as the address of another host."""
    parts = urlsplit(given)
    plain = given.startswith("/") and not given.startswith("//") and "\\" not in given and given.isprintable()
    return given if plain and not parts.scheme and not parts.netloc else ""
