"""Question and passages -> what each sentence says to the question, and how probable it is that it answers at all."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.documents import Hit, Passage, Span
from index.lexicon import Lexicon, coverage, terms

# The order of sentences: the cosine, the share of the question's words in the sentence and the one before it, which often names
# what it speaks of, and the passage's own score. Chosen by sentence_hit@1 of `python -m eval run --corpus` on covid_policy; half or double of either
# moves the right sentence's hit@1 by less than two points.
_SHARED_WORDS = 0.15
_PASSAGE = 1.0

# The probability: a logistic regression over questions on the articles' topics and on others', covid_policy and msga_qa asked
# of each other's articles. The even point grows with the number of sentences, since the best of many is nearer by chance alone.
_COSINE_SLOPE = 123.0
_SHARE_SLOPE = 10.9
_EVEN, _EVEN_GROWTH = 0.832, 0.009  # .869 for the 58 sentences of the seed, .911 for the 6,600 of covid_policy
_TYPICAL_BACKGROUND = 0.825  # of Chinese questions to Chinese articles


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

    Its `least_probability` is where a question is refused unless the settings say otherwise.
    """

    least_probability: float

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """The readings of the hits' sentences, best first; none where there is no hit. The same input gives the same output."""


ReaderFor = Callable[[Lexicon, int], Reader]  # the lexicon of an index and how many sentences it holds -> a reader of it


class SentenceReader:
    """A reader without a model of its own: it compares the question with each sentence, by sense and by words.

    Its probability tells a question on the articles' topics from one on other topics. It cannot tell whether a passage on the
    right topic states the fact that was asked for.
    """

    least_probability = 0.5  # below it a refusal is the likelier outcome

    def __init__(self, lexicon: Lexicon, sentences: int) -> None:
        """`sentences` is how many the index holds."""
        self._lexicon = lexicon
        self._even = _EVEN + _EVEN_GROWTH * math.log(max(sentences, 1))

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """See `Reader`."""
        weights = self._lexicon.weights(question)
        chinese = bool(re.search(r"[㐀-鿿]", question))
        readings = []
        for hit in hits:
            before: set[str] = set()
            for sentence, cosine in zip(hit.passage.sentences, hit.sentence_scores, strict=True):
                own = set(terms(hit.passage.quote(sentence)))
                # Across languages every cosine is lower by the same amount, which the background shows.
                closeness = cosine if chinese else cosine - hit.background + _TYPICAL_BACKGROUND
                score = cosine + _SHARED_WORDS * coverage(weights, own | before) + _PASSAGE * hit.score
                related = self._probability(closeness, coverage(weights, own))
                readings.append(Reading(hit.passage, sentence, None, related, score, related))
                before = own
        return sorted(readings, key=lambda reading: (-reading.score, reading.passage.id, reading.sentence.start))

    def _probability(self, closeness: float, share: float) -> float:
        return 1 / (1 + math.exp(-(_COSINE_SLOPE * (closeness - self._even) + _SHARE_SLOPE * share)))
