"""The reader's confidence, fitted: how sentences rank, and how sure it is of the one that ranks first.

The order is fitted on differences between what answers a case and what does not (a pairwise logistic regression, as in RankNet, Burges
2005), the probability on the first of each case by that order (Platt 1999). Both are fitted on the `dev` halves of several sets, each
set and each case in it of equal weight, and measured on each set by a fit that did not see it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.reading.confidence import NAMES, Condition, Confidence, LinearModel
from eval.calibrating.candidates import Candidate, CandidateList
from eval.measuring.statistics import area_under_curve

Array = NDArray[np.float64]
# What each weight can only be, whatever a few hundred cases say: more of a judgement, of likeness or of rank makes an answer surer, and a
# condition makes it less sure. `first` and `first_relevant` may go either way beside the sentence's own.
_AT_LEAST_ZERO = frozenset({"stated", "relevant", "margin", "behind", "topic", "words", "heads", "cosine", "passage", "gap"})
_AT_MOST_ZERO = frozenset(Condition)
# What a case counts for the probability that is answerable and whose first sentence is not the right one: neither of the rates that are
# balanced, how often an answerable case is answered and how often another is, depends on it.
_WRONG = 0.25
_PRIOR = 1.0  # the strength of the regularisation, of standardised features, in cases


@dataclass(frozen=True, slots=True)
class Fit:
    """The models for one kind of question, closed or open."""

    order: LinearModel
    probability: LinearModel


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a fit does on a set that it did not see: of `n` cases the share of answerable ones whose first sentence is right, and the AUC
    of the probability that it is."""

    name: str
    kind: str
    n: int
    first_right: float
    auc: float


def fit(sets: Mapping[str, Sequence[CandidateList]]) -> Confidence:
    """The confidence that fits the dev halves of the sets."""
    closed, opened = _fit(sets, closed=True), _fit(sets, closed=False)
    return Confidence(closed.probability, opened.probability, closed.order, opened.order)


def leave_one_out(sets: Mapping[str, Sequence[CandidateList]]) -> list[HeldOut]:
    """For each set and kind of question how a fit on the other sets does on all of it."""
    found = []
    for name, lists in sets.items():
        others = {other: lists for other, lists in sets.items() if other != name}
        for closed in (True, False):
            found.append(_measure(name, [own for own in lists if own.closed is closed], _fit(others, closed=closed), closed=closed))
    return found


def _label(closed: bool) -> Callable[[Candidate], bool]:
    return (lambda candidate: candidate.states) if closed else (lambda candidate: candidate.helps)


def _fit(sets: Mapping[str, Sequence[CandidateList]], *, closed: bool) -> Fit:
    chosen = {
        name: [own for own in lists if own.split == "dev" and own.closed is closed and own.candidates] for name, lists in sets.items()
    }
    label = _label(closed)
    order = _fit_order(chosen, label)
    rows, labels, weights = [], [], []
    for lists in chosen.values():
        for own in lists:
            first = _first(own, order)
            rows.append(_row(first))
            labels.append(label(first))
            weights.append((_WRONG if own.answerable and not label(first) else 1.0) / len(lists))
    return Fit(order, _logistic(np.array(rows), np.array(labels), np.array(weights), len(rows), intercept=True))


def _fit_order(sets: Mapping[str, Sequence[CandidateList]], label: Callable[[Candidate], bool]) -> LinearModel:
    rows: list[Array] = []
    weights: list[float] = []
    cases = 0
    for lists in sets.values():
        for own in lists:
            right = [_row(candidate) for candidate in own.candidates if label(candidate)]
            wrong = [_row(candidate) for candidate in own.candidates if not label(candidate)]
            pairs = [good - bad for good in right for bad in wrong]
            rows += pairs
            cases += bool(pairs)
            weights += [1 / (len(pairs) * len(lists))] * len(pairs) if pairs else []
    differences = np.array(rows)
    both = np.concatenate([differences, -differences])
    labels = np.array([True] * len(rows) + [False] * len(rows))
    return _logistic(both, labels, np.array(weights * 2), cases, intercept=False)


def _logistic(rows: Array, labels: NDArray[np.bool_], weights: Array, cases: int, *, intercept: bool) -> LinearModel:
    """A logistic regression on standardised features with signs that are known, its weights for the features as they are; the rows
    together weigh as much as so many cases."""
    from scipy.optimize import minimize

    spread = rows.std(axis=0)
    spread[spread == 0] = np.inf  # a feature that never varies says nothing
    scaled, share = rows / spread, weights * cases / weights.sum()
    sign = np.where(labels, 1.0, -1.0)

    def cost(w: Array) -> tuple[float, Array]:
        odds = sign * (scaled @ w[:-1] + w[-1])
        pull = -share * sign / (1 + np.exp(np.clip(odds, -50, 50)))
        value = float((share * np.logaddexp(0, -odds)).sum() + _PRIOR / 2 * (w[:-1] ** 2).sum())
        return value, np.append(scaled.T @ pull + _PRIOR * w[:-1], pull.sum() if intercept else 0.0)

    bounds = [(0.0 if name in _AT_LEAST_ZERO else None, 0.0 if name in _AT_MOST_ZERO else None) for name in NAMES]
    found = minimize(cost, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    kept = {name: round(float(value), 5) for name, value in zip(NAMES, found[:-1] / spread, strict=True) if abs(value) > _NOTHING}
    return LinearModel(kept, round(float(found[-1]), 5) if intercept else 0.0)


_NOTHING = 1e-4  # of a standardised weight: less does not count


def _measure(name: str, lists: Sequence[CandidateList], fitted: Fit, *, closed: bool) -> HeldOut:
    label = _label(closed)
    firsts = [(own, _first(own, fitted.order)) for own in lists if own.candidates]
    right = [label(first) for own, first in firsts if own.answerable]
    scores = np.array([(_value(fitted.probability, first), label(first)) for _, first in firsts], float)
    auc = area_under_curve(scores) if len(scores) else float("nan")
    return HeldOut(name, "closed" if closed else "open", len(firsts), float(np.mean(right)) if right else float("nan"), auc)


def _first(own: CandidateList, order: LinearModel) -> Candidate:
    return max(own.candidates, key=lambda candidate: _value(order, candidate))


def _row(candidate: Candidate) -> Array:
    return np.array([candidate.features.get(name, 0.0) for name in NAMES])


def _value(model: LinearModel, candidate: Candidate) -> float:
    return model.constant + sum(weight * candidate.features.get(name, 0.0) for name, weight in model.weights.items())
