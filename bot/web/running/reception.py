"""Where questions of the public come in, whichever door they take: nothing is answered while the assistant is off, and what the articles
did not answer is kept for the maintainers."""

import logging
from collections.abc import Iterator, Sequence

from bot.answering.assistant import Answering, conclusion
from bot.answering.events import Concluded, Event
from bot.answering.outcomes import Outcome, Refused
from bot.question.admission import Reason, whole
from bot.question.safety import mask
from bot.web.guarding.turns import Turns
from bot.web.running.metrics import Metrics
from bot.web.running.switch import Switch
from bot.web.running.traces import OpenSpan, end_span, no_span
from bot.web.running.unanswered import is_wanting, note_unanswered
from index.database import Database
from index.errors import RecordsError

log = logging.getLogger(__name__)


class Reception:
    """An assistant as the public meets it; it answers as the one that it stands before."""

    def __init__(self, assistant: Answering, database: Database, span: OpenSpan = no_span) -> None:
        """`span` opens the trace of a question."""
        self._span = span
        self._assistant, self._database, self.switch = assistant, database, Switch(database)
        self.turns: Turns | None = None  # that questions wait for
        self.metrics = Metrics(lambda: assistant.version, lambda: self.turns.waiting if self.turns else 0)
        self._logged = ""

    @property
    def version(self) -> str:
        """See `Answering`."""
        return self._assistant.version

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Outcome:
        """See `Answering`."""
        *_, last = self.stream(question, before, may_write=may_write)
        return conclusion(last)

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        """See `Answering`."""
        outcome: Outcome | None = None
        self.metrics.begin()
        span = self._span()  # not the current one of the thread: the next step may run in another
        try:
            for event in self._stream(whole(question), [whole(text) for text in before], may_write=may_write):
                outcome = event.outcome if isinstance(event, Concluded) else outcome
                yield event
        except Exception:
            self.metrics.fail()
            raise
        finally:
            self.metrics.end(outcome)
            end_span(span, outcome)

    def _stream(self, question: str, before: Sequence[str], *, may_write: bool) -> Iterator[Event]:
        if text := self.switch.off():
            yield Concluded(Refused(mask(question), Reason.SWITCHED_OFF, text, version=self.version, timings_ms={"total": 0.0}))
            return
        for event in self._assistant.stream(question, before, may_write=may_write):
            if isinstance(event, Concluded) and is_wanting(event.outcome):
                self._note(event.outcome)
            yield event

    def _note(self, outcome: Outcome) -> None:
        try:
            note_unanswered(self._database, outcome)
            self._logged = ""
        except RecordsError as error:  # whoever asks has an answer all the same
            if error.code != self._logged:
                log.error("unanswered questions are not kept: %s", error)
            self._logged = error.code
