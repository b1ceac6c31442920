"""How much a sentence helps with a question, whether or not it states a fact: what open answers and related passages are chosen by."""

import math
from typing import Protocol

from bot.reading.reader import Reading

# The log odds of being on the topic come from a slope of 123 to the cosine (bot/reading/sentence_reader.py): divided by it they are on the
# cosine's scale, as the passage's score is. What the reader put first by what is stated counts a third.
_SLOPE, _READER = 123.0, 0.3
_LEAST = 1e-6


class Relevance(Protocol):
    """What a digest and what is related are ranked by."""

    def score(self, reading: Reading, passage_score: float) -> float:
        """Higher is better; comparable among the sentences of one question. `passage_score` is the search's of its passage."""


class SearchRelevance:
    """Relevance by the search and the sentence's likeness to the question, until a network is trained for it.

    The weights were chosen on the open cases of the seed and of the made-up district, both halves; they are not held out.
    """

    def score(self, reading: Reading, passage_score: float) -> float:
        """See `Relevance`."""
        related = min(max(reading.related, _LEAST), 1 - _LEAST)
        return math.log(related / (1 - related)) / _SLOPE + passage_score + _READER * reading.score
