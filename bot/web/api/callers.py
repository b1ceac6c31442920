"""Who asks: the key in a request, what it may be used for, and how often."""

import logging
import math
import sqlite3
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.settings import Settings
from bot.web.access import check_site
from bot.web.api.keys import Key, KeyStore, Scope
from bot.web.api.problems import ProblemError
from bot.web.guarding.addresses import RateLimit, address_of

log = logging.getLogger(__name__)

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request: the key, None for somebody without one."""

    key: Key | None = None
    address: str = ""

    @property
    def source(self) -> str:
        """By what it is told from others who ask: its key, else its address."""
        return f"key {self.key.id}" if self.key else self.address

    def may(self, scope: Scope) -> bool:
        """Whether that is allowed; without a key all is, where no key is needed."""
        return self.key is None or scope in self.key.scopes

    def require(self, scope: Scope) -> None:
        """Raise `ProblemError` unless that is allowed."""
        if not self.may(scope):
            raise ProblemError("api-key-scope", scope=scope.value, name=self.key.name if self.key else "")


class Callers:
    """Lets callers in, and counts what they send; safe to use from several threads."""

    def __init__(self, settings: Settings, keys: KeyStore) -> None:
        self._keys, self._open = keys, settings.doors.api == "open"
        self._addresses = RateLimit(settings.doors.api_per_minute, _MINUTE)
        self._storage = MemoryStorage()
        self._limiter, self._lock = MovingWindowRateLimiter(self._storage), threading.Lock()
        self._logged = ""

    def enter(self, request: Request, door: str, scope: Scope | None = None) -> Caller:
        """Who sends a request to a door; raises `ProblemError` unless it is let in, by its key or because everybody is.

        `scope` is what the key must be good for; None where any will do.
        """
        given = _bearer(request)
        if not given and self._open:
            check_origin(request)
            self.count_address(request)
            return Caller(address=address_of(request))
        key = self._keys.find(given, datetime.now(UTC).date()) if given else None
        if key is None:
            self.count_address(request)
            raise ProblemError(self._why(given))
        caller = Caller(key)
        if scope:
            caller.require(scope)
        self._count(key)
        self._note_use(key, door)
        return caller

    def count_address(self, request: Request) -> None:
        """Count a request that has no key against its address; raises `ProblemError` where it is one too many."""
        address = address_of(request)
        if not self._addresses.add(address):
            wait = max(math.ceil(self._addresses.wait(address)), 1)
            raise ProblemError("api-too-often", wait=wait).after(wait)

    def count_reading(self, request: Request) -> None:
        """Count a request for what is public, against its key or else its address; raises `ProblemError` where it is one too many."""
        given = _bearer(request)
        key = self._keys.find(given, datetime.now(UTC).date()) if given else None
        if key:
            self._count(key)
        else:
            self.count_address(request)

    def _why(self, given: str) -> str:
        if given:
            return "api-key-unknown"
        return "api-key-missing" if self._keys.all() else "api-key-none-made"

    def _count(self, key: Key) -> None:
        item, name = RateLimitItemPerMinute(key.per_minute), str(key.id)
        with self._lock:
            if self._limiter.hit(item, name):
                return
            wait = max(math.ceil(self._limiter.get_window_stats(item, name).reset_time - time.time()), 1)
        raise ProblemError("api-too-often", wait=wait).after(wait)

    def _note_use(self, key: Key, door: str) -> None:
        try:
            self._keys.note_use(key, door)
            self._logged = ""
        except sqlite3.Error as error:  # whoever asks has an answer all the same; the maintainers find it in the log
            if (failure := str(error)) != self._logged:
                self._logged = failure
                log.error("the use of keys cannot be written: %s; is the disk full?", failure)


def check_origin(request: Request) -> None:
    """Raise `ProblemError` if a page of another site made a browser send this; with a key it cannot, since only programs have one."""
    from fastapi import HTTPException

    try:
        check_site(request)
    except HTTPException as error:
        raise ProblemError("api-other-site") from error


def _bearer(request: Request) -> str:
    scheme, key = get_authorization_scheme_param(request.headers.get("authorization", ""))
    return key.strip() if scheme.lower() == "bearer" else ""
