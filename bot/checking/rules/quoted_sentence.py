"""A sentence beside the quotes that it rests on: what each rule looks at."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.checking.content import content, overlap
from bot.checking.evidence import Quote
from bot.checking.quotes import text_of, topics_of
from index.text.terms import fold

# The share of a sentence's words that stand in what it cites: on the table of cases, paraphrases that say the same keep .6 and more,
# while sentences on another matter have .5 at most.
LEAST_SHARED = 0.6


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """The sentence as `text` and what its quotes say as `source`, both folded; `topics` names what they speak of, and `shown` is all
    that the model was shown."""

    text: str
    source: str
    topics: str
    quotes: tuple[Quote, ...]
    shown: str

    @classmethod
    def of(cls, text: str, quotes: Sequence[Quote], shown: str) -> "QuotedSentence":
        """The sentence beside its quotes."""
        return cls(fold(text), text_of(quotes), topics_of(quotes), tuple(quotes), shown)

    @property
    def around(self) -> str:
        """What the quotes say and what names their topics."""
        return f"{self.source} {self.topics}"


def nearest_clauses(clause: str, source: Sequence[str], least: float = 0.5, within: float = 0.1) -> list[str]:
    """The source's clauses that say most of a clause, and those hardly behind them."""
    if not content(clause):
        return []
    scored = [(overlap(clause, other), other) for other in source]
    top = max((score for score, _ in scored), default=0.0)
    return [other for score, other in scored if score >= least and score >= top - within]
