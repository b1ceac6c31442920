"""How the logits of the network become a probability, and how readings are ranked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.reading.marking import Mark


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become a probability: log odds = stated * `stated` + margin of the passage's best span * `margin` + `even`.

    Of several passages, a reading counts half what its own says and half what the one says that the search and the words put first
    (`first`): the likeliest of many is often so by accident. What is off the topic, and a sentence whose span is behind the
    passage's best one, loses `related` times the log odds of being on it and `behind` times the distance. Last, `scale` and
    `shift` make of what was fitted on single texts, half of which state the answer, what holds for questions asked of an index.
    """

    stated: float = 1.0
    margin: float = 0.0
    even: float = 0.0
    first: float = 0.5
    related: float = 0.2
    behind: float = 0.2
    scale: float = 1.0
    shift: float = 0.0

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> "Calibration":
        """What the card of weights says; what it does not say is as above."""
        return cls(**{name: value for name, value in card.get("calibration", {}).items() if name != "cases"})

    def log_odds(self, mark: Mark) -> float:
        """The log odds that the text that this mark was made in states the answer, by itself."""
        return self.stated * mark.stated + self.margin * (mark.margin - mark.behind) + self.even

    def probability(self, mark: Mark, first: Mark | None = None, related: float = 1.0) -> float:
        """The probability that the answer is stated, and stated in this sentence, among passages of which `first` was put first;
        `related` is the probability that the sentence is on the question's topic."""
        own = self.log_odds(mark)
        both = own + self.first * (self.log_odds(first) - own) if first else own
        kept = min(max(related, 1e-4), 1 - 1e-4)
        odds = both + self.stated * (self.related * min(0.0, math.log(kept / (1 - kept))) + self.behind * mark.behind)
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.scale * odds + self.shift))))


# What is left of the probability where a question is in English and the passage Chinese: the network learned from Chinese questions, and
# takes a near miss in English for an answer more readily.
FOREIGN = 0.45


@dataclass(frozen=True, slots=True)
class Ranking:
    """What each feature counts in the order of readings; all but the first two are what `SentenceReader` ranks by."""

    stated: float = 0.01  # a log odd
    margin: float = 0.01  # a logit of the sentence's own span
    cosine: float = 1.0
    words: float = 0.15
    passage: float = 1.5
