"""How much a sentence helps with a question, whether or not it states a fact: what open answers and related passages are chosen by."""

import math
from typing import Protocol

from bot.reading.reader import Reading
from bot.reading.sentence_reader import COSINE_SLOPE

_READER = 0.3  # what the reader's own order, which is by what is stated, counts
_LEAST = 1e-6


class Relevance(Protocol):
    """What a digest and what is related are ranked by."""

    def score(self, reading: Reading, passage_score: float) -> float:
        """Higher is better; comparable among the sentences of one question. `passage_score` is the search's of its passage."""


class SearchRelevance:
    """Relevance by the search and the sentence's likeness to the question, until a network is trained for it.

    The log odds of being on the topic, divided by their slope to the cosine, are on the cosine's scale, as the passage's score is.

    The weights were chosen on the open cases of the seed and of the made-up district, both halves; they are not held out.
    """

    def score(self, reading: Reading, passage_score: float) -> float:
        """See `Relevance`."""
        related = min(max(reading.related, _LEAST), 1 - _LEAST)
        return math.log(related / (1 - related)) / COSINE_SLOPE + passage_score + _READER * reading.score
