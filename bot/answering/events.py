"""What becomes of a question, step by step: the events that the chain streams.

Each event holds the one that it came from, so that the last one tells the whole way. LangChain adds up what a stream yields to
what `invoke` returns: of events, the later one counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.answering.compose import Part, in_order
from bot.answering.outcomes import Outcome
from bot.answering.retriever import PassageDocument
from bot.llm.drafts import Draft
from bot.question.turns import Turn
from bot.question.wants import Shape
from bot.reading.reader import Reading
from bot.timing import Stopwatch


@dataclass(frozen=True)
class Event:
    """Something that happened to a question."""

    def __add__(self, later: "Event") -> "Event":
        return later


@dataclass(frozen=True)
class Question(Event):
    """A question as it was asked, after those before it in the same conversation, oldest first.

    `may_write` is whether a language model may be asked for it.
    """

    text: str
    before: tuple[str, ...] = ()
    may_write: bool = True

    @classmethod
    def of(cls, given: "str | Question", before: Sequence[str] = (), *, may_write: bool = True) -> Self:
        """A question that was given as its text, or is one already."""
        return given if isinstance(given, cls) else cls(str(given), tuple(before), may_write)


@dataclass(frozen=True)
class Understood(Event):
    """The question as it can be understood by itself, which may be completed from the questions before it.

    `asked` are the things that it asks. Of a turn that asks on about what was shown, all is the earlier question's.
    """

    question: Question
    text: str
    shape: Shape = Shape.FACT
    asked: tuple[str, ...] = ()
    turn: Turn | None = None
    watch: Stopwatch = field(default_factory=Stopwatch, compare=False, repr=False)

    @property
    def is_completed(self) -> bool:
        """Whether it leans on the questions before it, and so may not be what was meant."""
        return self.text != (self.question.before[self.turn.base] if self.turn else self.question.text)


@dataclass(frozen=True)
class Retrieved(Event):
    """The passages that search found, best first."""

    understood: Understood
    documents: tuple[PassageDocument, ...]


@dataclass(frozen=True)
class Read(Event):
    """What was read in the passages for each thing that the question asks."""

    retrieved: Retrieved
    parts: tuple[Part, ...]

    @property
    def readings(self) -> list[Reading]:
        """The readings of all parts, best first."""
        return in_order(self.parts)


@dataclass(frozen=True)
class Decided(Event):
    """The outcome in sentences of the articles: what is shown, or stands in where a language model has no usable words."""

    read: Read
    outcome: Outcome


@dataclass(frozen=True)
class Drafted(Event):
    """The sentences of a language model that have passed the checks so far."""

    draft: Draft


@dataclass(frozen=True)
class Concluded(Event):
    """The outcome: always the last event."""

    outcome: Outcome
