"""The question path as a page or a program uses it: ask a question, or watch what becomes of it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.answering.chain import Chain
from bot.answering.events import Concluded, Event, Question
from bot.answering.outcomes import Outcome


class Answering(Protocol):
    """What a page or a program needs of an assistant, whether over one version of the index or over the live one."""

    @property
    def version(self) -> str:
        """The version that the next question is answered from."""

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Outcome:
        """See `Assistant`."""

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        """See `Assistant`."""


class Assistant:
    """Answers questions by a chain over one version of the index; it is safe to use from several threads."""

    def __init__(self, chain: Chain, version: str) -> None:
        self.chain, self.version = chain, version

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Outcome:
        """The outcome for one question; a question that cannot be asked of the articles is refused with the reason.

        `before` are the questions before it in the same conversation, oldest first; `may_write` is whether a language model may be asked.
        """
        return conclusion(self.chain.invoke(Question.of(question, before, may_write=may_write)))

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        """The events of a question as they happen; the last one is `Concluded`."""
        yield from self.chain.stream(Question.of(question, before, may_write=may_write))


def conclusion(event: Event) -> Outcome:
    """The outcome that a chain ended in."""
    assert isinstance(event, Concluded), "a chain ends in its outcome"
    return event.outcome
