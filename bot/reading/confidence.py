"""What is known of a sentence's bearing on a question -> how sure the reader is of it, and how it ranks: fitted linear models.

All that moves a probability stands here, as a feature with a weight; `python -m eval fit` fits them (`eval/calibrating/fitting.py`), and
the card of the weights keeps them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.reading.reader import Reading

_BOUND = 30.0  # of log odds: beyond it a probability is 0 or 1


class Condition(StrEnum):
    """What makes an answer less sure, whatever the network says: features that are 1 where they hold."""

    OTHER_FIGURE = "other_figure"  # the sentence has no figure of the kind that is asked for
    ELSEWHERE = "elsewhere"  # the passage speaks of another year or place than the question names
    FOREIGN = "foreign"  # the question is in English and the passage in Chinese
    FOLLOW_UP = "follow_up"  # the question was completed by rule from those before it


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one sentence before a judgement; logits are the network's, for the window that the sentence was read in."""

    stated: float = 0.0  # logit that the fact is stated
    relevant: float = 0.0  # logit that the passage helps with the question
    margin: float = 0.0  # of the sentence's own span above "not stated", in logits
    behind: float = 0.0  # of that span below the best one of its window, at most 0
    first: float = 0.0  # `stated` of the passage that search and words put first
    first_relevant: float = 0.0  # `relevant` of that passage
    topic: float = 0.0  # log odds that the sentence is on the question's topic, by its vector and words
    words: float = 0.0  # share of the question's weight in words that the sentence and the one before it hold
    heads: float = 0.0  # share of that weight that the passage's title and headings hold
    cosine: float = 0.0  # of question and sentence
    passage: float = 0.0  # the search's score of the passage
    gap: float = 0.0  # how far that is below the best passage's, at most 0


# Log odds that a condition takes away where nothing was fitted: as much as leaves little of what is likely.
_UNMET: Mapping[str, float] = {Condition.OTHER_FIGURE: -4.0, Condition.ELSEWHERE: -4.0, Condition.FOREIGN: -0.8, Condition.FOLLOW_UP: -0.5}
# Chosen by sentence_hit@1 of `python -m eval run --corpus` on covid_policy; half or double of either moves the right sentence's hit@1
# by less than two points.
_ORDER: Mapping[str, float] = {"cosine": 1.0, "words": 0.15, "passage": 1.0}

NAMES = (*Features.__slots__, *Condition)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weighted sum of features; what has no weight does not count."""

    weights: Mapping[str, float] = field(default_factory=dict)
    constant: float = 0.0

    def value(self, features: Features) -> float:
        """The sum, with no condition holding."""
        return self.constant + sum(weight * float(getattr(features, name, 0.0)) for name, weight in self.weights.items())

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> "LinearModel":
        """The model as a card has it."""
        return cls(dict(card["weights"]), float(card["constant"]))


@dataclass(frozen=True, slots=True)
class Confidence:
    """The four models: log odds that the sentence states what is asked (`stated`), and that its clause helps with an open question
    (`helps`); and by what sentences are ranked for either (`order_stated`, `order_helps`), whose constants do not matter.

    The defaults are for sentences that are only compared with the question, without a network.
    """

    stated: LinearModel = field(default_factory=lambda: LinearModel({"topic": 1.0, **_UNMET}))
    helps: LinearModel = field(default_factory=lambda: LinearModel({"topic": 1.0, **_UNMET}))
    order_stated: LinearModel = field(default_factory=lambda: LinearModel({**_ORDER, Condition.OTHER_FIGURE: -0.15}))
    order_helps: LinearModel = field(default_factory=lambda: LinearModel(_ORDER))

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> "Confidence":
        """What the card of weights says; the defaults where it says nothing."""
        return cls(**{name: LinearModel.of_card(card["confidence"][name]) for name in cls.__slots__}) if "confidence" in card else cls()

    def judge(self, reading: Reading, features: Features) -> Reading:
        """The reading with its probabilities and scores."""
        return replace(
            reading,
            features=features,
            probability=probability(self.stated.value(features)),
            score=self.order_stated.value(features),
            helps=probability(self.helps.value(features)),
            help_score=self.order_helps.value(features),
        )

    def under(self, reading: Reading, condition: Condition) -> Reading:
        """The reading where a condition holds: its log odds and scores move by the condition's weights."""
        return replace(
            reading,
            conditions=(*reading.conditions, condition.value),
            probability=_moved(reading.probability, self.stated.weights.get(condition, 0.0)),
            score=reading.score + self.order_stated.weights.get(condition, 0.0),
            helps=_moved(reading.helps, self.helps.weights.get(condition, 0.0)),
            help_score=reading.help_score + self.order_helps.weights.get(condition, 0.0),
        )


def probability(log_odds: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + math.exp(-max(-_BOUND, min(_BOUND, log_odds))))


def log_odds(probability: float) -> float:
    """The log odds of a probability."""
    kept = min(max(probability, math.exp(-_BOUND)), 1 - 1e-12)
    return math.log(kept / (1 - kept))


def _moved(before: float, by: float) -> float:
    return probability(log_odds(before) + by) if by else before
