"""What keeps a dead endpoint from being asked: after some failures in a row it is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable

_FAILURES = 3  # in a row


class Breaker:
    """Safe to use from several threads."""

    def __init__(self, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._failures, self._until = 0, 0.0

    def lets_through(self) -> bool:
        """Whether the endpoint may be asked now; after the pause one question is let through, and others when it has gone well."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._pause
            return True

    def report(self, *, answered: bool) -> None:
        """What came of asking: whether the endpoint answered, whatever it said."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= _FAILURES:
                self._until = self._clock() + self._pause
