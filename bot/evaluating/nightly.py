"""A run every night, in the background of the page's server."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta

from bot.evaluating.program import Chosen, Program
from index.errors import LiangceError

log = logging.getLogger(__name__)


class Nightly:
    """Starts a run of one set at a time of day, of the server's clock, until it is closed."""

    def __init__(self, program: Program, at: str, name: str, now: Callable[[], datetime] = datetime.now) -> None:
        """`at` is "HH:MM", "" for never."""
        self._program, self._at, self._name, self._now = program, at, name, now
        self._end = threading.Event()

    def start(self) -> None:
        """Wait for the time, in a thread of its own."""
        if self._at:
            threading.Thread(target=self._watch, name="nightly evaluation", daemon=True).start()

    def close(self) -> None:
        """Start no more."""
        self._end.set()

    def run(self) -> None:
        """Begin the run; a failure to begin is for the log, and the next night tries again."""
        try:
            self._program.start(Chosen(self._name, live=True, mode="extract", limit=None))
        except LiangceError as error:
            log.error("the nightly evaluation could not begin: %s", error)

    def _watch(self) -> None:
        while not self._end.wait(seconds_until(self._at, self._now())):
            self.run()


def seconds_until(at: str, now: datetime) -> float:
    """Seconds from now to the next time that a clock shows HH:MM."""
    wanted = datetime.combine(now.date(), time.fromisoformat(at))
    return ((wanted if wanted > now else wanted + timedelta(days=1)) - now).total_seconds()
