"""The way in to what is not for everybody: who sent a request, and whether they may be there."""

import logging
import secrets
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request

from bot.settings import Settings
from bot.web.access import check_site
from bot.web.accounts.attempts import Attempts
from bot.web.accounts.sessions import Sessions
from bot.web.accounts.users import Accounts, Passwords, Role, User
from bot.web.words import refusal
from index.database import Database

log = logging.getLogger(__name__)

LOGIN = "/login"
SESSION, DEVICE, TOKEN = "liangce-session", "liangce-device", "liangce-token"  # cookies
TOKEN_HEADER = "x-liangce-token"  # noqa: S105 # what a page of ours sends with whatever changes something
_LONGEST_NAME = 40


class Entrance:
    """Knows who is logged in; one for all places that are not for everybody."""

    def __init__(self, settings: Settings, database: Database) -> None:
        server, passwords = settings.server, Passwords()
        self.accounts, self.attempts = Accounts(database, passwords), Attempts()
        self.sessions = Sessions(database, self.accounts, server.session_hours, passwords)
        self._header, self._root = server.user_header, server.root_path
        given = {Role.PUBLISH: server.maintainer_password, Role.EVALUATE: server.report_password}
        self._shared = {role: password.get_secret_value() for role, password in given.items() if password}

    def is_open(self, role: Role) -> bool:
        """Whether anybody could be let in who has a role."""
        return bool(self._header or self._shared.get(Role.PUBLISH if role is Role.VIEW else role) or self.accounts.all())

    def user_of(self, request: Request) -> User | None:
        """Who sent a request: whom a trusted proxy names, or whose session it is."""
        named = request.scope.get("state", {}).get("proxy_user", "")
        if named:
            return self.accounts.find(named)
        return self.sessions.user_of(request.cookies.get(SESSION, ""), self._shared)

    def admit(self, request: Request, role: Role) -> User:
        """Who sent a request to a place for a role; raises `HTTPException` where they may not be there.

        A browser without a session is shown the way to the login. What changes something must come from a page of ours.
        """
        user = self.user_of(request)
        if user is None:
            if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
                path = request.url.path.removeprefix(self._root)
                raise HTTPException(303, "", {"Location": f"{self._root}{LOGIN}?{urlencode({'next': path})}"})
            raise HTTPException(401, refusal("door.login", request))
        if not user.may(role):
            raise HTTPException(403, refusal("door.role", request))
        if request.method not in ("GET", "HEAD"):
            check_site(request)
            check_token(request, request.headers.get(TOKEN_HEADER, ""))
        return user

    def log_in(self, name: str, password: str, source: str, device: str) -> tuple[User | None, str, int]:
        """Who that is, what their browser holds from now on, and the seconds after which they may try again where they may not now.

        `device` is what the browser holds from an earlier login.
        """
        name = name.strip()[:_LONGEST_NAME]
        known = device if self.sessions.knows_device(device, name) else ""
        if wait := self.attempts.wait(source, known):
            return None, "", wait
        shared = "" if self.accounts.all() else password
        user = self._by_shared(name, password) if shared else self.accounts.check(name, password)
        if user is None:
            self.attempts.fail(source, known, name if self.accounts.find(name) else "")
            return None, "", self.attempts.wait(source, known)
        self.attempts.succeed(source, known)
        log.info("%s logged in from %s", user.name, source)
        return user, self.sessions.begin(user, shared), 0

    def _by_shared(self, name: str, password: str) -> User | None:
        """Somebody who knows a password that the settings hold for all; as long as there are no accounts, that is enough."""
        right = {
            role for role, shared in self._shared.items() if secrets.compare_digest(password.encode("utf-8", "replace"), shared.encode())
        }
        if right:
            log.warning("one password for all let in %r: make accounts with python -m bot user add NAME, and it counts no more", name)
        return User(name or "?", frozenset(right), shared=True) if right else None


def check_token(request: Request, given: str) -> None:
    """Raise `HTTPException` 403 unless what was sent holds the token that a page of ours has from its cookie."""
    wanted = request.cookies.get(TOKEN, "")
    if not wanted or not secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace")):
        raise HTTPException(403, refusal("door.other-site", request))


def user_of(request: Any) -> User | None:
    """Who is logged in that sent a request to a place behind the login, None for strangers; for requests of FastAPI's and of Gradio's."""
    user = getattr(request.state, "user", None)
    return user if isinstance(user, User) else None
