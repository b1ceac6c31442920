"""The vector of a message -> what it wants: two logistic regressions on the embedding model's vectors.

Their weights lie in `bot/question/weights/` beside a card; `python -m bot.question.training` makes them from the examples in
`bot/question/examples/`, none of which is about the seed article.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.question.wants import Act, Shape, Want

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "weights"
WEIGHTS, CARD = "wants.npz", "card.json"


class Classifier(Protocol):
    """What the question path needs to know what a message wants."""

    def classify(self, vector: NDArray[np.float32]) -> Want:
        """What a message of that vector (dimension,) wants."""


class AlwaysFact:
    """Takes everything for a question that asks for a fact: for embedding models that no classifier was trained on."""

    def classify(self, vector: NDArray[np.float32]) -> Want:
        """See `Classifier`."""
        return Want()


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """Probabilities by softmax of `vector @ weights + bias`; weights have shape (dimension, n_labels)."""

    acts: Sequence[Act]
    act_weights: NDArray[np.float32]
    act_bias: NDArray[np.float32]
    shapes: Sequence[Shape]
    shape_weights: NDArray[np.float32]
    shape_bias: NDArray[np.float32]

    def classify(self, vector: NDArray[np.float32]) -> Want:
        """See `Classifier`."""
        act = _softmax(vector @ self.act_weights + self.act_bias)
        shape = _softmax(vector @ self.shape_weights + self.shape_bias)
        a, s = int(act.argmax()), int(shape.argmax())
        of = {name: float(probability) for name, probability in zip(self.acts, act, strict=True)}
        danger = of.get(Act.EMERGENCY, 0.0) + of.get(Act.DESPAIR, 0.0)
        return Want(self.acts[a], self.shapes[s], float(act[a]), float(shape[s]), of.get(Act.ASK, 1.0), danger)


def load_classifier(fingerprint: str, folder: Path = FOLDER) -> Classifier:
    """The classifier in a folder, or `AlwaysFact`, and a line in the log, where it was trained for an encoder of another fingerprint."""
    card: dict[str, Any] = json.loads((folder / CARD).read_text("utf-8"))
    if card["encoder"] != fingerprint:
        log.info(
            "the classifier of questions was trained for the encoder %s, not %s: every message is taken for a question after a fact; train one "
            "with python -m bot.question.training",
            card["encoder"],
            fingerprint,
        )
        return AlwaysFact()
    with np.load(folder / WEIGHTS) as stored:
        return LinearClassifier(
            [Act(name) for name in card["acts"]],
            stored["act_weights"],
            stored["act_bias"],
            [Shape(name) for name in card["shapes"]],
            stored["shape_weights"],
            stored["shape_bias"],
        )


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    grown = np.exp(logits - logits.max())
    probabilities: NDArray[np.float32] = grown / grown.sum()
    return probabilities
