"""Results of a run -> the report for machines: every measure with its interval, by kind of question, and every case."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from eval.measuring import statistics
from eval.measuring.catalogue import BY_KEY, MEASURES
from eval.measuring.measures import Measure
from eval.measuring.ranking import Values, ranking_values
from eval.measuring.schema import FORMAT
from eval.measuring.scoring import Row, forbidden, missing, refused
from eval.measuring.statistics import Rows, as_array
from eval.running.bench import FUSED
from eval.running.results import CaseResult
from eval.testset.case import Case

BY_GROUP = (
    "open_well",
    "right",
    "misled",
    "lost",
    "sentence_hit@1",
    "gold_cited",
    "citation_precision",
    "wrongly_refused",
    "refusal_recall",
)
_BY_LEG = ("document_hit@1", "document_hit@5", "document_MRR@10", "passage_hit@1", "passage_hit@5", "passage_nDCG@10")
_GROUPINGS: dict[str, Callable[[Case, CaseResult], str]] = {
    "shape": lambda _, result: str(result.outcome.get("shape") or result.outcome.get("outcome", "")),  # of an answer, else the outcome
    "kind": lambda case, _: case.kind,
    "wording": lambda case, _: case.wording,
    "split": lambda case, _: case.split,
}
_POINTS = 200  # of a curve: as many as a plot shows


def summarise(inputs: Mapping[str, Any], cases: Sequence[Case], results: Mapping[str, CaseResult]) -> dict[str, Any]:
    """The report of a run as a plain dictionary; the same results give the same one, but for `made` and the times."""
    legs = {leg: ranking_values(cases, results, leg) for leg in inputs["legs"]}
    fused = legs.get(FUSED, {})
    rows = {measure.key: measure.rows(cases, results, fused) for measure in MEASURES}
    crashed = [case.id for case in cases if results[case.id].error]
    return {
        "format": FORMAT,
        **inputs,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "n": len(cases),
        "answerable": sum(case.answerable for case in cases),
        "crashed": crashed,
        # Answers worded by people need not stand anywhere word for word: where they do not, no sentence can be checked.
        "not_located": sum(case.answerable and not case.located for case in cases),
        "measures": {measure.key: estimate(measure, rows[measure.key].values()) for measure in MEASURES},
        "legs": _legs(cases, results, legs),
        "groups": {name: _grouped(group_of, cases, results, rows) for name, group_of in _GROUPINGS.items()},
        "wording": _wording(results),
        "against": None,  # what got worse since the run that it is compared with
        "judge": None,  # what a second model says of the wording, where one is asked
        "curves": _curves(rows),
        "cases": [_case(case, results[case.id], rows) for case in cases],
    }


def estimate(measure: Measure, rows: Any) -> dict[str, Any]:
    """A measure's value with its interval, and how many cases it rests on; None where nothing can be said."""
    counting = as_array(rows)
    bounds = statistics.interval(counting, measure.statistic)
    return {
        "value": _number(statistics.value(counting, measure.statistic)),
        "low": _number(bounds[0]) if bounds else None,
        "high": _number(bounds[1]) if bounds else None,
        "n": len(counting),
    }


def _wording(results: Mapping[str, CaseResult]) -> dict[str, Any]:
    """What the language model was asked and used over all cases, and why its words were not shown; nothing where it was not asked."""
    wordings = [result.outcome["wording"] for result in results.values() if result.outcome.get("wording")]
    if not wordings:
        return {}
    return {
        "asked": len(wordings),
        "tokens_in": sum(wording["tokens_in"] for wording in wordings),
        "tokens_out": sum(wording["tokens_out"] for wording in wordings),
        "estimated": sum(bool(wording.get("estimated")) for wording in wordings),  # runs before 2026-11 do not say
        "faults": dict(sum((Counter(dict(wording["faults"])) for wording in wordings), Counter())),
        "failures": dict(Counter(wording["failure"] for wording in wordings if wording["failure"])),
    }


def _legs(cases: Sequence[Case], results: Mapping[str, CaseResult], legs: Mapping[str, Values]) -> dict[str, Any]:
    measures = [BY_KEY[key] for key in _BY_LEG]
    return {
        leg: {measure.key: estimate(measure, measure.rows(cases, results, ranked).values()) for measure in measures}
        for leg, ranked in legs.items()
    }


def _grouped(
    group_of: Callable[[Case, CaseResult], str],
    cases: Sequence[Case],
    results: Mapping[str, CaseResult],
    rows: Mapping[str, Mapping[str, Row]],
) -> dict[str, Any]:
    """The main measures of the cases that share a shape, a kind, a wording or a split; nothing where all of them share one."""
    groups: dict[str, list[str]] = {}
    for case in cases:
        if group := group_of(case, results[case.id]):
            groups.setdefault(group, []).append(case.id)
    if len(groups) < 2:
        return {}
    return {
        group: {
            "n": len(ids),
            **{key: estimate(BY_KEY[key], [rows[key][case_id] for case_id in ids if case_id in rows[key]]) for key in BY_GROUP},
        }
        for group, ids in groups.items()
    }


def _curves(rows: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
    risk, stated = as_array(rows["risk_coverage"].values()), as_array(rows["calibration_error"].values())
    coverage, wrong = statistics.risk_coverage(risk)
    return {
        "risk_coverage": _thinned([[round(float(x), 4), round(float(y), 4)] for x, y in zip(coverage, wrong, strict=True)]),
        "reliability": [[round(probability, 4), round(share, 4), n] for probability, share, n in statistics.reliability(stated)],
        "latency": sorted(round(row[0], 1) for row in rows["latency_p50"].values()),
    }


def _thinned(points: list[Any]) -> list[Any]:
    step = math.ceil(len(points) / _POINTS) or 1
    return points[::step] if not points or points[-1] in points[::step] else [*points[::step], points[-1]]


def _case(case: Case, result: CaseResult, rows: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
    """One case for the report and for comparing: what it was, what came of it, why it failed, and its rows."""
    return {
        "id": case.id,
        "digest": case.digest(),
        "kind": case.kind,
        "wording": case.wording,
        "split": case.split,
        "question": case.question,
        "why": why_failed(case, result, rows["right"].get(case.id)),
        "rows": {key: [round(number, 6) for number in found[case.id]] for key, found in rows.items() if case.id in found},
    }


def why_failed(case: Case, result: CaseResult, right: Row | None) -> list[tuple[str, str]]:
    """Why a case was not dealt with rightly, as (code, what exactly); empty where it was."""
    if result.error:
        return [("crashed", result.error.strip().splitlines()[-1])]
    if right is not None and right[0] == 1:
        return []
    if not case.answerable:
        return [("not_refused", "")] if not refused(result) else [("not_greeted", "")]
    if refused(result):
        return [("refused", str(result.outcome["reason"]))]
    return [("lacks", text) for text in missing(case, result)] + [("holds", text) for text in forbidden(case, result)]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def align_rows(before: Mapping[str, Row], after: Mapping[str, Row], ids: Sequence[str]) -> tuple[Rows, Rows]:
    """The rows of two runs in the order of `ids`, a row of nan where a case does not count."""
    width = max([len(row) for row in (*before.values(), *after.values())], default=1)
    nothing = (float("nan"),) * width
    return as_array([before.get(case_id, nothing) for case_id in ids]), as_array([after.get(case_id, nothing) for case_id in ids])
