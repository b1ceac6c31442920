"""A reader without a model of its own: it compares the question with each sentence, by sense and by words."""

import math
import re
from collections.abc import Sequence

from bot.checking.evidence import Judge
from bot.reading.confidence import Confidence, Features, log_odds
from bot.reading.reader import Reading
from index.documents import Hit
from index.stored.lexicon import Lexicon, coverage
from index.text.terms import terms

# The probability: a logistic regression over questions on the articles' topics and on others', covid_policy and msga_qa asked
# of each other's articles. The even point grows with the number of sentences, since the best of many is nearer by chance alone.
COSINE_SLOPE = 123.0


_SHARE_SLOPE = 10.9


_EVEN, _EVEN_GROWTH = 0.832, 0.009  # .869 for the 58 sentences of the seed, .911 for the 6,600 of covid_policy


_TYPICAL_BACKGROUND = 0.825  # of Chinese questions to Chinese articles


class SentenceReader:
    """A reader without a model of its own: it compares the question with each sentence, by sense and by words.

    Its probability tells a question on the articles' topics from one on other topics. It cannot tell whether a passage on the
    right topic states the fact that was asked for.
    """

    least_probability = 0.5  # below it a refusal is the likelier outcome
    least_helpful = least_advising = 0.95  # what is only on the topic answers an open question seldom
    confidence = Confidence()
    judge: Judge | None = None  # sentences that are compared one by one show no near miss

    def __init__(self, lexicon: Lexicon, sentences: int) -> None:
        """`sentences` is how many the index holds."""
        self._lexicon = lexicon
        self._even = _EVEN + _EVEN_GROWTH * math.log(max(sentences, 1))

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """See `Reader`."""
        weights = self._lexicon.weights(question)
        chinese = bool(re.search(r"[㐀-鿿]", question))
        readings = []
        best = max((hit.score for hit in hits), default=0.0)
        for hit in hits:
            before: set[str] = set()
            heads = coverage(weights, set(terms("\n".join((hit.passage.title, *hit.passage.path)))))
            for sentence, cosine in zip(hit.passage.sentences, hit.sentence_scores, strict=True):
                own = set(terms(hit.passage.quote(sentence)))
                # Across languages every cosine is lower by the same amount, which the background shows.
                closeness = cosine if chinese else cosine - hit.background + _TYPICAL_BACKGROUND
                related = self._probability(closeness, coverage(weights, own))
                # The sentence before often names what this one speaks of.
                features = Features(
                    topic=log_odds(related), words=coverage(weights, own | before), heads=heads, cosine=cosine, passage=hit.score,
                    gap=hit.score - best,
                )  # fmt: skip
                readings.append(self.confidence.judge(Reading(hit.passage, sentence, None, 0.0, 0.0, related), features))
                before = own
        return sorted(readings, key=lambda reading: (-reading.score, reading.passage.id, reading.sentence.start))

    def _probability(self, closeness: float, share: float) -> float:
        return 1 / (1 + math.exp(-(COSINE_SLOPE * (closeness - self._even) + _SHARE_SLOPE * share)))
