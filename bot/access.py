"""Who may see what is not for everybody: a password, compared in constant time and locked after repeated failures."""

import base64
import binascii
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FAILURES, LOCKED = 5, 15 * 60.0  # wrong passwords from one address, and the seconds for which it is then not listened to
_MOST = 10_000  # addresses that are remembered; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Denied:
    """Why somebody is not let in; `wait` are the seconds until the address is listened to again, 0 where it may try now."""

    wait: float = 0.0


class Gate:
    """Lets in who knows the password. It is safe to use from several threads."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._password, self._clock = password.encode(), clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, authorization: str, address: str) -> str | Denied:
        """The name that a Basic authorization header gives, where its password is right.

        A wrong password counts against the address; a missing one does not, since a browser asks without first. A locked address
        is not let in with the right one either, so that guessing cannot go on unnoticed.
        """
        given = _credentials(authorization)
        with self._lock:
            if (wait := self._wait(address)) > 0:
                return Denied(wait)
            if given is None:
                return Denied()
            name, password = given
            if secrets.compare_digest(password.encode(), self._password):
                self._failures.pop(address, None)
                return name or "?"
            self._failures.setdefault(address, []).append(self._clock())
            self._failures.move_to_end(address)
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)
            return Denied(max(self._wait(address), 0.0))

    def _wait(self, address: str) -> float:
        recent = [when for when in self._failures.get(address, []) if self._clock() - when < LOCKED]
        if address in self._failures:
            self._failures[address] = recent
        return recent[-FAILURES] + LOCKED - self._clock() if len(recent) >= FAILURES else 0.0


def _credentials(authorization: str) -> tuple[str, str] | None:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name.strip()[:40], password) if colon else None
