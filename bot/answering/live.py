"""What answers from the live version of the index: it moves to a new version while questions are being answered."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableGenerator

from bot.answering.assistant import Assistant
from bot.answering.chain import Chain
from bot.answering.events import Event, Question
from bot.answering.outcomes import Outcome
from bot.answering.retriever import PassageRetriever

log = logging.getLogger(__name__)

T = TypeVar("T")
_EVERY = 1.0  # seconds between two looks at which version is live; a look reads one small file


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """Something that works on one opened version, that version's name, and what lets go of it."""

    value: T
    version: str
    close: Callable[[], None]


@dataclass(slots=True, eq=False)
class _InUse(Generic[T]):
    """An opened version with how many questions are being answered from it; it is closed once it is old and unused."""

    opened: Opened[T]
    questions: int = 0
    old: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Live(Generic[T]):
    """Keeps the live version open, and each version for as long as a question is answered from it.

    `live` gives the name of the live version, `open_version` opens that one. A new version is opened beside the old one, which
    goes on answering until the new one is ready and is closed when its last question is done. A version that cannot be opened
    is logged, and the old one goes on.
    """

    def __init__(self, live: Callable[[], str], open_version: Callable[[], Opened[T]], at_end: Callable[[], None] = lambda: None) -> None:
        """`at_end` lets go of what all versions share."""
        self._live, self._open, self._at_end = live, open_version, at_end
        self._current = _InUse(open_version())
        self._swap = threading.Lock()  # held for no longer than it takes to exchange the current version
        self._looking = threading.Lock()
        self._looked = time.monotonic()
        self._logged = ""  # the failure that was logged last: it is tried again at every look, but logged once
        self._end = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def version(self) -> str:
        """The version that the next question is answered from."""
        return self._current.opened.version

    def look(self) -> bool:
        """Move to the live version if it is another one; whether it did. While one thread looks, others go on with what is open."""
        if not self._looking.acquire(blocking=False):
            return False
        try:
            return self._look()
        finally:
            self._looked = time.monotonic()
            self._looking.release()

    def look_now_and_then(self, every: float = _EVERY) -> None:
        """Look, unless that was done within so many seconds: for programs that start no thread for it."""
        if time.monotonic() - self._looked >= every:
            self.look()

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
    def in_use(self) -> Iterator[T]:
        """What works on the live version, which stays open for as long as the block lasts."""
        with self._swap:  # so that the version is not closed between being taken and being counted
            used = self._current
            with used.lock:
                used.questions += 1
        try:
            yield used.opened.value
        finally:
            with used.lock:
                used.questions -= 1
                last = used.old and used.questions == 0
            if last:
                _close(used.opened)

    def _look(self) -> bool:
        try:
            if self._live() == self.version:
                self._logged = ""
                return False
            following = _InUse(self._open())
        except Exception as error:  # whatever is wrong with the new version, the old one goes on answering
            if (failure := repr(error)) != self._logged:
                self._logged = failure
                log.exception("the live version of the index cannot be opened; version %s goes on answering", self.version)
            return False
        with self._swap:
            before, self._current = self._current, following
        log.info("answering from version %s of the index", self.version)
        self._retire(before)
        return True

    @staticmethod
    def _retire(used: _InUse[T]) -> None:
        with used.lock:
            unused = not used.old and used.questions == 0
            used.old = True
        if unused:
            _close(used.opened)


def _close(opened: Opened[T]) -> None:
    try:
        opened.close()
    except Exception:  # the answer has been given; only its files stay open
        log.exception("version %s of the index could not be closed", opened.version)


class LiveAssistant(Live[Assistant]):
    """Answers as an `Assistant` does, each question wholly from the version that was live when it came."""

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Outcome:
        """See `Assistant`."""
        with self.in_use() as assistant:
            return assistant.ask(question, before, may_write=may_write)

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        """See `Assistant`."""
        with self.in_use() as assistant:
            yield from assistant.stream(question, before, may_write=may_write)

    def chain(self) -> Chain:
        """The question path over whatever version is live when a question comes, as a Runnable for other programs."""

        def transform(questions: Iterator[Any]) -> Iterator[Event]:
            for question in questions:
                self.look_now_and_then()
                with self.in_use() as assistant:
                    yield from assistant.chain.stream(Question.of(question))

        return RunnableGenerator(transform, name="answer")


class LiveRetriever(BaseRetriever):
    """The search over whatever version is live when a question comes."""

    live: Any  # a Live[PassageRetriever]; pydantic would look into a declared class

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        live: Live[PassageRetriever] = self.live
        live.look_now_and_then()
        with live.in_use() as retriever:
            return retriever.invoke(query)

    def close(self) -> None:
        """Let go of the version that is open."""
        self.live.close()
