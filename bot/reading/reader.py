"""Question and passages -> what each sentence says to the question, and how probable it is that it answers at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.checking.evidence import Judge
from index.documents import Hit, Passage, Span
from index.stored.lexicon import Lexicon

if TYPE_CHECKING:
    from bot.reading.confidence import Confidence, Features


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in one sentence of a passage.

    `sentence` and `span` are places in the article; `span` is the shortest stretch that answers, or None where the reader marks
    none. `probability` is that the passage states what was asked, and `helps` that it helps with an open question; `score` and
    `help_score` only rank readings of one question, for the one and the other. `related` is the probability that the sentence is on
    the topic of the question at all. `features` are what the reader judged by, `conditions` what made it less sure afterwards.
    """

    passage: Passage
    sentence: Span
    span: Span | None
    probability: float
    score: float
    related: float = 0.0
    helps: float = 0.0
    help_score: float = 0.0
    features: "Features | None" = None
    conditions: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        """The sentence's words."""
        return self.passage.quote(self.sentence)


class Reader(Protocol):
    """What the question path needs of a reader.

    `least_probability` that a clause states what is asked, `least_helpful` that one answers an open question that wants all of something,
    and `least_advising` that one helps whoever asks what there is or how it is done: below them a question is not answered, unless the
    settings say otherwise. `judge` tells whether quotes support a sentence, None where the reader cannot.
    """

    least_probability: float
    least_helpful: float
    least_advising: float

    @property
    def confidence(self) -> "Confidence":
        """What it is sure by."""

    @property
    def judge(self) -> Judge | None:
        """Itself or another, or nothing."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """The readings of the hits' sentences, best first; none where there is no hit. The same input gives the same output."""


ReaderFor = Callable[[Lexicon, int], Reader]  # the lexicon of an index and how many sentences it holds -> a reader of it
