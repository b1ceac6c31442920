"""The outcomes of a question: an answer in cited sentences, or why there is none."""

from dataclasses import dataclass, field

from bot.answering import messages
from bot.checking.citations import Citation, Sentence, marked_text
from bot.llm.drafts import ModelUse
from bot.question.admission import Reason
from bot.question.wants import Act, Shape


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer in sentences of the articles, each with its citations."""

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    span: str | None = None
    unanswered: tuple[str, ...] = ()  # of a question that asks for several things, those that the articles do not state
    shape: Shape = Shape.FACT
    understood: str = ""  # the question as it was read, where it leaned on those before it
    mode: str = "extract"
    wording: ModelUse | None = None  # how a language model took part, where one was asked
    version: str = ""  # of the index that was answered from
    timings_ms: dict[str, float] = field(default_factory=dict)
    difference: str = ""  # that two articles state different figures, which is said before all else
    timed_out: bool = False  # whether not all that was found could be read in time
    more: int = 0  # how many further clauses help, beyond those that are shown
    lead: str = ""  # what is said first, of the assistant's own: yes or no, or what the question took for granted and is otherwise

    @property
    def said_first(self) -> str:
        """What is said before the sentences, of the assistant's own."""
        return "\n".join(filter(None, (self.difference, self.lead)))

    @property
    def text(self) -> str:
        """The answer with the numbers of its citations, behind what is said first."""
        return "\n".join(filter(None, (self.said_first, marked_text(self.sentences))))


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """An outcome that states no answer: why, what to say, and where there are any the sentences that come nearest."""

    question: str
    reason: Reason | Act
    message: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    understood: str = ""  # the question as it was read, where it leaned on those before it
    mode: str = "extract"
    wording: ModelUse | None = None  # how a language model took part, where one was asked
    version: str = ""  # of the index that was answered from
    timings_ms: dict[str, float] = field(default_factory=dict)
    timed_out: bool = False  # whether not all that was found could be read in time

    @property
    def text(self) -> str:
        """The message, with the nearest sentences and their numbers where there are any."""
        if not self.sentences:
            return self.message
        return f"{self.message}\n{messages.nearest(self.question)}\n{marked_text(self.sentences)}"


@dataclass(frozen=True, slots=True)
class Related(NotAnswered):
    """The articles speak of the matter, and do not state what is asked, or not surely."""


@dataclass(frozen=True, slots=True)
class Refused(NotAnswered):
    """The articles do not speak of the matter, or the question cannot be asked of them."""


@dataclass(frozen=True, slots=True)
class Said(NotAnswered):
    """It was said to the assistant, and is answered by a text of its own; `reason` is the act."""


Outcome = Answered | Related | Refused | Said


def note_of(outcome: Outcome) -> str:
    """What is said of an outcome before it: that time was up, or that a language model did not word it; "" where there is nothing."""
    late = messages.timed_out(outcome.question) if outcome.timed_out else ""
    failed = messages.stands_in(outcome.wording.failure, outcome.question) if outcome.wording else ""
    return " ".join(filter(None, (late, failed)))


NAMES: dict[type[Outcome], str] = {Answered: "answered", Related: "related", Refused: "refused", Said: "said"}
