"""Labelled cases -> the probability below which the assistant refuses, such that wrong answers are as rare as was wished."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.measuring.statistics import Rows, strictest
from index.errors import LiangceError
from index.settings import FILE
from index.stored.manifest import replace_file

CONFIDENCE = 0.95  # that the share of wrong answers is not higher than is said


@dataclass(frozen=True, slots=True)
class Threshold:
    """A least probability and what it did on the labelled cases: how many of `n` it answers, how many of those are wrong.

    `at_most` is the upper limit of the share of wrong answers, at 95 % confidence.
    """

    least_probability: float
    n: int
    answered: int
    wrong: int
    at_most: float


def list_thresholds(rows: Rows) -> list[Threshold]:
    """Every threshold that makes a difference, the most generous first; columns: confidence, and 1 for what would be wrong.

    `at_most` is the upper limit of Clopper and Pearson (1934), shared out over the thresholds that are tried, as the selection
    with guaranteed risk of Geifman and El-Yaniv (2017) does, so that it holds for the one that is chosen in the end.
    """
    from scipy.stats import beta

    thresholds = []
    # A ladder of thresholds rather than every case's own: sharing the error over few of them costs little.
    ladder = sorted({float(quantile) for quantile in np.quantile(rows[:, 0], np.linspace(0, 1, 21))}) if len(rows) else []
    for least in ladder:
        least = max(math.floor(least * 1e6 - 0.5) / 1e6, 0.0)  # probabilities are recorded with six digits: below the case's own
        wrong = rows[rows[:, 0] >= least, 1]
        answered, bad = len(wrong), int(wrong.sum())
        error = (1 - CONFIDENCE) / len(ladder)
        at_most = 1.0 if bad == answered else float(beta.ppf(1 - error, bad + 1, answered - bad))
        thresholds.append(Threshold(least, len(rows), answered, bad, at_most))
    return thresholds


def choose_threshold(thresholds: Sequence[Threshold], wrong_rate: float) -> Threshold | None:
    """The most generous threshold whose upper limit of wrong answers is at most `wrong_rate`; None where there is none."""
    return next((threshold for threshold in thresholds if threshold.at_most <= wrong_rate), None)


def describe_threshold(chosen: Threshold, wrong_rate: float) -> str:
    """Where a threshold of `choose_threshold` came from, in a line."""
    return (
        f"{chosen.n} cases; {chosen.answered} answered, {chosen.wrong} of them wrong; "
        f"at most {chosen.at_most:.3f} wrong with {CONFIDENCE:.0%} sureness, {wrong_rate} wished"
    )


def find_strictest(rows: Rows, wrongly_refused: float) -> tuple[float, str]:
    """The highest threshold that refuses at most that share of the answerable cases, and where it came from; columns: confidence, and 1
    for an answerable case. Raises `LiangceError` where there is no answerable case."""
    least = strictest(rows, wrongly_refused)
    if math.isnan(least):
        raise LiangceError("threshold-no-case")
    least = max(math.floor(least * 1e6 - 0.5) / 1e6, 0.0)
    refused = rows[:, 0] < least
    answerable = rows[:, 1] == 1
    return least, (
        f"{len(rows)} cases; {int(refused[answerable].sum())} of {int(answerable.sum())} answerable ones refused, "
        f"{int(refused[~answerable].sum())} of {int((~answerable).sum())} others; at most {wrongly_refused} of the former wished"
    )


def write_setting(data: Path, least_probability: float, reason: str) -> Path:
    """Put the threshold into the settings file of a data folder, with where it came from; other lines of it stay. Returns the file."""
    import tomlkit

    path = data / FILE
    document = tomlkit.parse(path.read_text("utf-8")) if path.is_file() else tomlkit.document()
    value = tomlkit.item(least_probability)
    value.comment(reason)
    document["least_probability"] = value
    data.mkdir(parents=True, exist_ok=True)
    replace_file(path, tomlkit.dumps(document))
    return path
