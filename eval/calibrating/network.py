"""What the reader's network does by itself: mark the answer in a text that holds it, and tell one that does not state it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.reading.marking import Mark, Marker, trimmed
from eval.calibrating.questions import RULES, NetworkQuestion
from eval.measuring.spans import exact_match, span_f1
from eval.measuring.statistics import Rows, Statistic, area_under_curve, interval, mean

_NO_MARK = -50.0  # the logit of a text in which nothing was marked: below all others


@dataclass(frozen=True, slots=True)
class NetworkReading:
    """A question as the network read its text: the strongest mark in it, None where it marked nothing."""

    question: NetworkQuestion
    mark: Mark | None

    @property
    def answer(self) -> str:
        """The span that is marked, empty where none is."""
        if self.mark is None:
            return ""
        text = self.question.context.text
        span = trimmed(self.mark.span, text)
        return text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of `n` readings with its 95 % interval, which is the value itself where the readings give none."""

    value: float
    low: float
    high: float
    n: int


def read_texts(marker: Marker, questions: Sequence[NetworkQuestion]) -> list[NetworkReading]:
    """The questions as they were read, in their order."""
    marked = marker.mark([question.question for question in questions], [question.context for question in questions])
    return [
        NetworkReading(question, max(marks, key=lambda mark: mark.stated + mark.margin / 2, default=None))
        for question, marks in zip(questions, marked, strict=True)
    ]


def measure_readings(readings: Sequence[NetworkReading]) -> dict[str, Estimate]:
    """Each figure by its name: span EM and F1, and the AUC of the logit "stated", by rule too."""
    found: dict[str, tuple[Rows, Statistic]] = {}
    marked = [reading for reading in readings if reading.question.answers and reading.question.group in {"paragraph", "span"}]
    if marked:
        answers = [(reading.answer, reading.question.answers) for reading in marked]
        spans = np.array([(exact_match(answer, right), span_f1(answer, right)) for answer, right in answers])
        found |= {"span EM": (spans[:, :1], mean), "span F1": (spans[:, 1:], mean)}
    stated = [reading.question.stated for reading in readings]
    logits = [reading.mark.stated if reading.mark else _NO_MARK for reading in readings]
    found |= _separations([reading.question.group for reading in readings], np.column_stack([logits, stated]).astype(float))
    return {name: estimate(rows, statistic) for name, (rows, statistic) in found.items() if len(rows)}


def _separations(groups: Sequence[str], scores: Rows) -> dict[str, tuple[Rows, Statistic]]:
    """How well the score tells what is stated from what is not, over all texts and from each group of them; columns: score, and 1
    where the text states the answer."""
    names = np.array(groups)
    plain, by_rule = np.array([_is_plain(group) for group in groups]), np.array([group.startswith(RULES) for group in groups])
    stated = scores[:, 1] == 1
    not_stated = sorted({group for group, states in zip(groups, stated, strict=True) if not states})
    found: dict[str, tuple[Rows, Statistic]] = {"AUC stated": (scores[plain], area_under_curve)}
    if plain.any():
        for group in not_stated:
            if not group.startswith(RULES):
                found[f"AUC stated against {group}"] = (scores[plain & (stated | (names == group))], area_under_curve)
    for group in not_stated:
        if group.startswith(RULES):
            found[f"AUC {group}"] = (scores[by_rule & (stated | (names == group))], area_under_curve)
    return found


def _is_plain(group: str) -> bool:
    """Whether a group's texts are windows of a document, neither whole nor made by a rule."""
    return group != "paragraph" and not group.startswith(RULES)


def estimate(rows: Rows, statistic: Statistic) -> Estimate:
    """The value of a statistic with its interval."""
    value = statistic(rows)
    low, high = interval(rows, statistic) or (value, value)
    return Estimate(value, low, high, len(rows))
