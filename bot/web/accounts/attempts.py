"""How often somebody may try a password: of one address, from one known device, and in all.

Whoever has logged in from a device before is not kept out by what others try: not from the same office, and not from all the world.
"""

import logging
import math
import threading

from bot.web.guarding.addresses import RateLimit

log = logging.getLogger(__name__)

FAILURES, LOCKED = 5, 15 * 60  # wrong passwords from one address or one known device, and the seconds over which they count
EVERYWHERE = 50  # the same of all strangers together: more than a few people can mistype
_ALL = "all"


class Attempts:
    """Counts wrong passwords; safe to use from several threads."""

    def __init__(self, each: int = FAILURES, everywhere: int = EVERYWHERE, seconds: int = LOCKED) -> None:
        self._each, self._all = RateLimit(each, seconds), RateLimit(everywhere, seconds)
        self._lock = threading.Lock()

    def wait(self, source: str, device: str) -> int:
        """Seconds until somebody may try, 0 if now; `device` is the known device that it comes from, "" for a stranger's."""
        with self._lock:
            waits = (self._each.wait(f"device {device}"),) if device else (self._each.wait(source), self._all.wait(_ALL))
        return math.ceil(max(waits))

    def fail(self, source: str, device: str, name: str) -> None:
        """Count a wrong password, and log it; `name` is whose it was to be, if there is such an account."""
        whose = f"for {name!r}" if name else "for a name without an account"
        log.warning("a login failed %s, from %s%s", whose, source or "an unknown address", ", a known device" if device else "")
        with self._lock:
            if device:
                self._each.add(f"device {device}")
                return
            self._each.add(source)
            self._all.add(_ALL)
            locked = self._all.wait(_ALL)
        if locked:
            log.error("more than %d logins failed: for %d seconds, only devices that are known may log in", EVERYWHERE, locked)

    def succeed(self, source: str, device: str) -> None:
        """Forget what was counted against an address or a device. What all strangers tried stays."""
        with self._lock:
            self._each.clear(f"device {device}" if device else source)
