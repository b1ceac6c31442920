"""Who may send what, and how often: a password for what is not for everybody, and limits for each address.

FastAPI's own reader of Basic authorization (`HTTPBasic`) takes no name and no password that is not ASCII, so it is not used.
"""

import base64
import binascii
import math
import secrets
import threading

from fastapi import HTTPException, Request
from fastapi.security import HTTPBasicCredentials
from fastapi.security.utils import get_authorization_scheme_param

from bot.web.guarding.addresses import RateLimit, address_of
from bot.web.guarding.admission import Admission
from bot.web.words import refusal
from index.language import LANGUAGES, render

FAILURES, LOCKED = 5, 15 * 60  # wrong passwords from one address, and the seconds for which it is then not listened to
_LARGEST = 1_000_000  # bytes that a browser may send to the public page at once: a question with its conversation
_UNCHANGING = ("assets", "static", "page")  # folders of files that are sent as they are
_LONGEST_NAME = 40  # characters of a maintainer's name that are kept


class Gate:
    """Lets in who knows the password. It is safe to use from several threads."""

    def __init__(self, password: str) -> None:
        self._password, self._failures, self._lock = password.encode(), RateLimit(FAILURES, LOCKED), threading.Lock()

    def enter(self, authorization: str, address: str) -> str:
        """The name in a Basic authorization header whose password is right; raises `HTTPException` 401, or 429 while the address is locked.

        A wrong password counts against the address; a missing one does not, since a browser asks without first. A locked address
        is not let in with the right one either, so that guessing cannot go on unnoticed.
        """
        given = _credentials(authorization)
        with self._lock:
            self._check_lock(address)
            if given and secrets.compare_digest(given.password.encode(), self._password):
                self._failures.clear(address)
                return given.username or "?"
            if given:
                self._failures.add(address)
                self._check_lock(address)
        headers = {"WWW-Authenticate": 'Basic realm="liangce", charset="UTF-8"'}
        raise HTTPException(401, " ".join(render("door.password", language) for language in LANGUAGES), headers)

    def _check_lock(self, address: str) -> None:
        if wait := math.ceil(self._failures.wait(address)):
            detail = " ".join(render("door.password-wait", language, seconds=wait) for language in LANGUAGES)
            raise HTTPException(429, detail, {"Retry-After": str(wait)})


def check_site(request: Request) -> None:
    """Raise `HTTPException` 403 if a page of another site made the browser send this.

    A browser sends the password with every request, also with one that another site made it send.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, refusal("door.other-site", request))


def check_rate(request: Request, admission: Admission) -> None:
    """Raise `HTTPException` 429 if the address of a request to the public pages has sent too many; what never changes counts for nothing."""
    path = request.url.path
    if any(f"/{folder}/" in path for folder in _UNCHANGING):
        return
    if wait := admission.count(address_of(request), asks=request.method == "POST" and "/gradio_api/call/" in path):
        raise HTTPException(429, refusal("door.too-often", request), {"Retry-After": str(wait)})


def check_size(request: Request) -> None:
    """Raise `HTTPException` 413 if a browser sends more than a conversation can be, or does not say how much it sends."""
    length = request.headers.get("content-length", "")
    if request.method == "POST" and not (length.isdigit() and int(length) <= _LARGEST):
        raise HTTPException(413, refusal("door.too-large", request))


def _credentials(authorization: str) -> HTTPBasicCredentials | None:
    scheme, encoded = get_authorization_scheme_param(authorization)
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return HTTPBasicCredentials(username=name.strip()[:_LONGEST_NAME], password=password) if colon else None
