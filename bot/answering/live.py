"""The assistant over the live version of the index: it moves to a new version while questions are being answered."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.answering.chain import Assistant, outcome_of
from bot.answering.outcomes import Outcome

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at which version is live; a look reads one small file


@dataclass(frozen=True, slots=True)
class Opened:
    """An assistant over one opened version, and what lets go of that version."""

    assistant: Assistant
    close: Callable[[], None]


@dataclass(slots=True, eq=False)
class _Used:
    """An opened version with how many questions are being answered from it; it is closed once it is old and unused."""

    opened: Opened
    questions: int = 0
    old: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class LiveAssistant:
    """Answers as an `Assistant` does, each question wholly from the version that was live when it came.

    `live` gives the name of the live version, `open_version` opens that one. A new version is opened beside the old one, which
    goes on answering until the new one is ready and is closed when its last question is done. A version that cannot be opened
    is logged, and the old one goes on.
    """

    def __init__(self, live: Callable[[], str], open_version: Callable[[], Opened], at_end: Callable[[], None] = lambda: None) -> None:
        """`at_end` lets go of what all versions share."""
        self._live, self._open, self._at_end = live, open_version, at_end
        self._current = _Used(open_version())
        self._swap = threading.Lock()  # held for no longer than it takes to exchange the current version
        self._told = ""  # the failure that was logged last: it is tried again at every look, but told once
        self._end = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def version(self) -> str:
        """The version that the next question is answered from."""
        return self._current.opened.assistant.version

    def ask(self, question: str, before: Sequence[str] = (), *, worded: bool = True) -> Outcome:
        """See `Assistant`."""
        return outcome_of(self.stream(question, before, worded=worded))

    def stream(self, question: str, before: Sequence[str] = (), *, worded: bool = True) -> Iterator[dict[str, Any]]:
        """See `Assistant`."""
        with self._in_use() as assistant:
            yield from assistant.stream(question, before, worded=worded)

    def look(self) -> bool:
        """Move to the live version if it is another one; whether it did. For one thread at a time."""
        try:
            if self._live() == self.version:
                self._told = ""
                return False
            following = _Used(self._open())
        except Exception as error:  # whatever is wrong with the new version, the old one goes on answering
            if (told := repr(error)) != self._told:
                self._told = told
                log.exception("the live version of the index cannot be opened; version %s goes on answering", self.version)
            return False
        with self._swap:
            before, self._current = self._current, following
        log.info("answering from version %s of the index", self.version)
        self._retire(before)
        return True

    def start(self, every: float = _EVERY) -> None:
        """Look for a new version every so many seconds, in a thread of its own, until `close`."""

        def watch() -> None:
            while not self._end.wait(every):
                self.look()

        self._watcher = threading.Thread(target=watch, name="index-versions", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Look no more, and let go of the version once its last question is done."""
        self._end.set()
        if self._watcher:
            self._watcher.join()
        self._retire(self._current)
        self._at_end()

    @contextmanager
    def _in_use(self) -> Iterator[Assistant]:
        with self._swap:  # so that the version is not closed between being taken and being counted
            used = self._current
            with used.lock:
                used.questions += 1
        try:
            yield used.opened.assistant
        finally:
            with used.lock:
                used.questions -= 1
                last = used.old and used.questions == 0
            if last:
                _close(used.opened)

    @staticmethod
    def _retire(used: _Used) -> None:
        with used.lock:
            unused = not used.old and used.questions == 0
            used.old = True
        if unused:
            _close(used.opened)


def _close(opened: Opened) -> None:
    try:
        opened.close()
    except Exception:  # the answer has been given; only its files stay open
        log.exception("version %s of the index could not be closed", opened.assistant.version)
