"""How a question that somebody asks on the page comes to be worked on: not too many of one address, in turn, and only while it is read."""

from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing, contextmanager
from typing import TypeVar

from bot.settings import ServerSettings
from bot.web.guarding.addresses import BurstLimit
from bot.web.guarding.readers import Readers
from bot.web.guarding.turns import BusyError, Turns, steps

T = TypeVar("T")
_REQUESTS = 20  # requests that a browser may send for each question: it loads the page, asks, keeps its state, opens articles


class TooOftenError(Exception):
    """One address asked more than it may; `wait` are the seconds after which it may again."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Admission:
    """Lets questions in. One for the page and the doors for programs, so that they share the turns."""

    def __init__(self, settings: ServerSettings) -> None:
        self.turns = Turns(settings.concurrency, settings.queue, settings.address_waiting)
        self.limit = BurstLimit(settings.address_burst, settings.address_per_minute)
        self._requests = BurstLimit(settings.address_burst * _REQUESTS, settings.address_per_minute * _REQUESTS)
        self.readers = Readers()
        self._most_held = settings.concurrency + settings.address_waiting
        self._held = Counter[str]()  # questions of each source that were let in and are not done

    def count(self, source: str, *, asks: bool) -> int:
        """Count a request to the public pages, which may ask a question: 0, or the seconds until it is taken."""
        return (self.limit.wait(source) if asks else 0) or self._requests.add(source)

    async def let_in(self, work: Generator[T, None, None], source: str, session: str | None) -> AsyncGenerator[T, None]:
        """What some work yields once its turn comes; it ends where nobody reads the stream of the session any more.

        Raises `TooOftenError` where the source asked too much, and `BusyError` where too many wait.
        """
        if wait := self.limit.add(source):
            raise TooOftenError(wait)
        self.turns.check(source)
        with self._holding(source):
            if session and not await self.readers.wait_for(session):
                return
            async with self.turns.turn(source), aclosing(steps(work)) as states:
                if session and not self.readers.is_read(session):
                    return
                async for state in states:
                    yield state
                    if session and not self.readers.is_read(session):
                        return

    @contextmanager
    def _holding(self, source: str) -> Iterator[None]:
        """Count a question for as long as the block lasts, also while nobody reads its stream yet."""
        if self._held[source] >= self._most_held:
            raise BusyError
        self._held[source] += 1
        try:
            yield
        finally:
            self._held[source] -= 1
            if not self._held[source]:
                del self._held[source]
