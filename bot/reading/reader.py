"""Question and passages -> what each sentence says to the question, and how probable it is that it answers at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.checking.evidence import Judge
from index.documents import Hit, Passage, Span
from index.stored.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in one sentence of a passage.

    `sentence` and `span` are places in the article; `span` is the shortest stretch that answers, or None where the reader marks
    none. `probability` is that the passage states what was asked; `score` only ranks readings of one question. `related` is the
    probability that the sentence is on the topic of the question at all, whether or not it states the fact.
    """

    passage: Passage
    sentence: Span
    span: Span | None
    probability: float
    score: float
    related: float = 0.0

    @property
    def quote(self) -> str:
        """The sentence's words."""
        return self.passage.quote(self.sentence)


class Reader(Protocol):
    """What the question path needs of a reader.

    Its `least_probability` is where a question is refused unless the settings say otherwise; `judge` tells whether quotes support a
    sentence, None where the reader cannot.
    """

    least_probability: float

    @property
    def judge(self) -> Judge | None:
        """Itself or another, or nothing."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """The readings of the hits' sentences, best first; none where there is no hit. The same input gives the same output."""


ReaderFor = Callable[[Lexicon, int], Reader]  # the lexicon of an index and how many sentences it holds -> a reader of it
