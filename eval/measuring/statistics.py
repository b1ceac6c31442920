"""Statistics over cases, and how sure they are: 95 % bootstrap intervals, paired for two runs."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]  # (n_cases, width): what a statistic needs to know of each case; a row of nan: the case does not count
Statistic = Callable[[Rows], float]

ROUNDS, SEED, LEVEL = 1000, 20231, 0.95


def as_array(rows: Iterable[Sequence[float]]) -> Rows:
    """Rows as an array (n, width), (0, 2) of none."""
    given = [tuple(row) for row in rows]
    return np.array(given, np.float64) if given else np.empty((0, 2))


def mean(rows: Rows) -> float:
    """The mean of the first column, nan of none."""
    return float(rows[:, 0].mean()) if len(rows) else float("nan")


def ratio(rows: Rows) -> float:
    """The sum of the first column over that of the second, nan where that is zero: precision from (right, claimed)."""
    claimed = rows[:, 1].sum()
    return float(rows[:, 0].sum() / claimed) if claimed else float("nan")


def f1(rows: Rows) -> float:
    """F1 from the columns claimed and true (0 or 1): twice the hits over claims and truths; nan where nothing is true."""
    total = rows[:, :2].sum()
    return float(2 * (rows[:, 0] * rows[:, 1]).sum() / total) if rows[:, 1].any() else float("nan")


def area_under_curve(rows: Rows) -> float:
    """The chance that a positive case scores above a negative one, ties counting half; nan where either is missing.

    The area under the ROC curve by the ranks' sum (Hanley and McNeil 1982); columns: score, and 1 for a positive case.
    """
    from scipy.stats import rankdata

    positive = rows[:, 1] == 1
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    return float((rankdata(rows[:, 0])[positive].sum() - n * (n + 1) / 2) / (n * m))


WRONGLY_REFUSED = 0.05


def strictest(rows: Rows, wrongly_refused: float = WRONGLY_REFUSED) -> float:
    """The highest threshold below which at most that share of the answerable cases lies; nan where there are none.

    Columns: confidence, and 1 for an answerable case. A case is refused where its confidence is below the threshold.
    """
    answerable = np.sort(rows[rows[:, 1] == 1, 0])
    return float(answerable[int(wrongly_refused * len(answerable) + 1e-9)]) if len(answerable) else float("nan")


def refused_at_strictest(rows: Rows) -> float:
    """The share of the unanswerable cases below the threshold that refuses at most 5 % of the answerable ones; nan where either is missing."""
    unanswerable = rows[rows[:, 1] == 0, 0]
    least = strictest(rows)
    return float("nan") if not len(unanswerable) or np.isnan(least) else float((unanswerable < least).mean())


def risk_coverage(rows: Rows) -> tuple[Rows, Rows]:
    """Coverages and risks where the surest cases are answered first: the share answered, and the share of those that is wrong.

    The risk-coverage curve of selective classification (El-Yaniv and Wiener 2010); columns: confidence, and 1 for wrong. Cases of
    equal confidence are answered together.
    """
    confidence, wrong = rows[:, 0], rows[:, 1]
    order = np.argsort(-confidence, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True)) if len(rows) else np.array([], int)
    answered = ends + 1
    return answered / max(len(rows), 1), np.cumsum(wrong[order])[ends] / answered


def area_under_risk(rows: Rows) -> float:
    """The mean risk over all coverages (AURC, Geifman et al. 2019): 0 where nothing is wrong; lower is better. Columns as above."""
    if not len(rows):
        return float("nan")
    coverage, risk = risk_coverage(rows)
    return float((risk * np.diff(coverage, prepend=0.0)).sum())


def reliability(rows: Rows, bins: int = 10) -> list[tuple[float, float, int]]:
    """For each of ten equal stretches of probability that is not empty: mean probability, share that came true, number of cases.

    The reliability diagram (DeGroot and Fienberg 1983); columns: probability, and 1 for what came true.
    """
    probability, true = rows[:, 0], rows[:, 1]
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return [
        (float(probability[place == n].mean()), float(true[place == n].mean()), int((place == n).sum()))
        for n in range(bins)
        if (place == n).any()
    ]


def calibration_error(rows: Rows) -> float:
    """The mean distance between probability and what came true over the ten stretches, weighed by their cases.

    The expected calibration error (Naeini et al. 2015; Guo et al. 2017); 0 is best. Columns as above.
    """
    if not len(rows):
        return float("nan")
    return sum(abs(probability - share) * n for probability, share, n in reliability(rows)) / len(rows)


def percentile(share: float) -> Statistic:
    """The statistic that is the value below which `share` of the first column lies."""

    def statistic(rows: Rows) -> float:
        return float(np.quantile(rows[:, 0], share)) if len(rows) else float("nan")

    return statistic


def value(rows: Rows, statistic: Statistic) -> float:
    """The statistic of the cases that count."""
    return statistic(rows[~np.isnan(rows).any(axis=1)])


def interval(rows: Rows, statistic: Statistic) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval over cases (Efron and Tibshirani 1993), None of fewer than two cases."""
    counting = rows[~np.isnan(rows).any(axis=1)]
    return _bounds(_resampled(len(counting), lambda drawn: statistic(counting[drawn])))


def paired_interval(before: Rows, after: Rows, statistic: Statistic) -> tuple[float, float] | None:
    """The 95 % interval of after minus before, drawing the same cases of both, whose rows stand in the same order."""
    return _bounds(_resampled(len(before), lambda drawn: value(after[drawn], statistic) - value(before[drawn], statistic)))


def _resampled(size: int, statistic: Callable[[NDArray[np.int64]], float]) -> list[float]:
    """The statistic of as many cases, drawn with replacement, again and again; a draw that has no value, as without any positive case, is left out."""
    if size < 2:
        return []
    random = np.random.default_rng(SEED)
    values = (statistic(random.integers(size, size=size)) for _ in range(ROUNDS))
    return [value for value in values if not np.isnan(value)]


def _bounds(values: Sequence[float]) -> tuple[float, float] | None:
    if not values:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
