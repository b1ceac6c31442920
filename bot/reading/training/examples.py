"""What the network is trained on: a question or a claim with one passage, and what each head should say of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.reading.training.near_misses import Pair


@dataclass(frozen=True, slots=True)
class Example:
    """`text` is a question, or a claim where `supported` is set; `head` stands above the passage. `rule` made it.

    Each label is the probability that its head should give, None where the example says nothing to that head: `stated`, that the
    passage states the fact that is asked; `relevant`, that it helps with the question; `supported`, that it supports the claim.
    The answer is `passage[start:end]`; a `start` of -1 where none is marked.
    """

    text: str
    head: str
    passage: str
    rule: str
    stated: float | None = None
    relevant: float | None = None
    supported: float | None = None
    start: int = -1
    end: int = -1

    @property
    def learns_span(self) -> bool:
        """Whether it tells where the answer is: marked, or surely nowhere."""
        return self.stated is not None and (self.start >= 0 or self.stated < 0.5)

    @property
    def characters(self) -> int:
        """Of all that is read."""
        return len(self.text) + len(self.head) + len(self.passage)


def of_pair(pair: Pair) -> Example:
    """A pair of question and window; a near miss on its topic says nothing of whether it helps, another topic does not help."""
    relevant = 1.0 if pair.is_stated else 0.0 if pair.rule == "other_title" else None
    return Example(pair.question, pair.title, pair.passage, pair.rule, float(pair.is_stated), relevant, start=pair.start, end=pair.end)


def held_out(name: str, share: float) -> bool:
    """Whether what bears this name is kept from training: that share of all names, the same in every run."""
    return int(sha256(name.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share


def counted(examples: Sequence[Example]) -> dict[str, int]:
    """How many examples each rule made."""
    return dict(sorted(Counter(example.rule for example in examples).items()))
