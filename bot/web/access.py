"""Who may do what is not for everybody, and how often everybody may: a password, compared in constant time and locked after repeated
failures, and a bound on how much comes from one address."""

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


class Recent:
    """When something last came from each address, within `seconds`. Not for several threads at once."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds, self._clock = seconds, clock
        self._times: OrderedDict[str, list[float]] = OrderedDict()

    def add(self, address: str) -> None:
        """It came once more, now."""
        self._times.setdefault(address, []).append(self._clock())
        self._times.move_to_end(address)
        while len(self._times) > _MOST:
            self._times.popitem(last=False)

    def wait(self, address: str, most: int) -> float:
        """Seconds until it has come less than `most` times; 0 or less where that is so now."""
        recent = [when for when in self._times.get(address, []) if self._clock() - when < self._seconds]
        if address in self._times:
            self._times[address] = recent
        return recent[-most] + self._seconds - self._clock() if len(recent) >= most else 0.0

    def forget(self, address: str) -> None:
        """As if it had never come from there."""
        self._times.pop(address, None)


class Bound:
    """Lets at most `most` requests of one address through in `seconds`. It is safe to use from several threads."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._recent, self._lock = most, Recent(seconds, clock), threading.Lock()

    def wait(self, address: str) -> float:
        """0 where a request may pass, which is then counted; else the seconds until one may."""
        with self._lock:
            if (wait := self._recent.wait(address, self._most)) > 0:
                return wait
            self._recent.add(address)
            return 0.0


class Gate:
    """Lets in who knows the password. It is safe to use from several threads."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._password, self._failures = password.encode(), Recent(LOCKED, clock)
        self._lock = threading.Lock()

    def enter(self, authorization: str, address: str) -> str | Denied:
        """The name that a Basic authorization header gives, where its password is right.

        A wrong password counts against the address; a missing one does not, since a browser asks without first. A locked address
        is not let in with the right one either, so that guessing cannot go on unnoticed.
        """
        given = _credentials(authorization)
        with self._lock:
            if (wait := self._failures.wait(address, FAILURES)) > 0:
                return Denied(wait)
            if given is None:
                return Denied()
            name, password = given
            if secrets.compare_digest(password.encode(), self._password):
                self._failures.forget(address)
                return name or "?"
            self._failures.add(address)
            return Denied(max(self._failures.wait(address, FAILURES), 0.0))


def _credentials(authorization: str) -> tuple[str, str] | None:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name.strip()[:40], password) if colon else None
