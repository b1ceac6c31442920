"""The outcomes of a question: an answer in cited sentences, or why there is none."""

from dataclasses import dataclass, field

from bot.answering import messages
from bot.checking.citations import Citation, Sentence, marked_text
from bot.llm.drafts import ModelUse
from bot.question.admission import Reason


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer in sentences of the articles, each with its citations."""

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    span: str | None = None
    unanswered: tuple[str, ...] = ()  # of a question that asks for several things, those that the articles do not state
    understood: str = ""  # the question as it was read, where it leaned on those before it
    mode: str = "extract"
    wording: ModelUse | None = None  # how a language model took part, where one was asked
    version: str = ""  # of the index that was answered from
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The answer with the numbers of its citations."""
        return marked_text(self.sentences)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no answer, what to say, and where there is one the nearest sentence that the articles do hold."""

    question: str
    reason: Reason
    message: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    understood: str = ""  # the question as it was read, where it leaned on those before it
    mode: str = "extract"
    wording: ModelUse | None = None  # how a language model took part, where one was asked
    version: str = ""  # of the index that was answered from
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message, with the nearest sentence and its number where there is one."""
        if not self.sentences:
            return self.message
        return f"{self.message}\n{messages.nearest(self.question)}{marked_text(self.sentences)}"


Outcome = Answered | Refused
