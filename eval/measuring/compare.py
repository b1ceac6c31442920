"""Two runs of the same cases -> what got better and what got worse, as far as the cases can tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.measuring import statistics
from eval.measuring.catalogue import MEASURES
from eval.measuring.measures import Measure
from eval.measuring.summary import align_rows
from index.errors import CallError


@dataclass(frozen=True, slots=True)
class MeasureDifference:
    """A measure in two runs over the cases that they share; `low` and `high` bound the change, None where nothing can be said."""

    measure: Measure
    before: float
    after: float
    low: float | None
    high: float | None

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """better or worse where the whole interval is; lower or higher where it holds zero too; same where nothing changed.

        Times are measured on a machine that does other things besides: they get no verdict.
        """
        if self.measure.unit == "ms" or self.low is None or self.high is None:
            return "shown"
        if self.low > 0 or self.high < 0:
            return "better" if (self.low > 0) == self.measure.higher_is_better else "worse"
        if not self.change:
            return "same"
        return "perhaps better" if (self.change > 0) == self.measure.higher_is_better else "perhaps worse"


@dataclass(frozen=True, slots=True)
class RunComparison:
    """What changed from one run to another: the measures, the cases that changed sides, and how many cases only one of them has."""

    differences: tuple[MeasureDifference, ...]
    shared: int
    apart: int
    better: tuple[str, ...]
    worse: tuple[str, ...]
    newly_crashed: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether any measure got worse for sure, or a case crashed that did not."""
        return bool(self.newly_crashed) or any(difference.verdict == "worse" for difference in self.differences)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> RunComparison:
    """What changed between two reports, over the cases whose question and labels agree; raises `CallError` when there are none."""
    old, new = ({case["id"]: case for case in report["cases"]} for report in (before, after))
    ids = [case_id for case_id in new if case_id in old and old[case_id]["digest"] == new[case_id]["digest"]]
    if not ids:
        raise CallError("runs-unlike", before=before["set"], after=after["set"])
    crashed = [set(report["crashed"]) for report in (before, after)]
    whole = [case_id for case_id in ids if case_id not in crashed[0] | crashed[1]]
    was, now = ({case_id: _is_well(cases[case_id]) for case_id in whole} for cases in (old, new))
    return RunComparison(
        differences=tuple(found for measure in MEASURES if (found := _difference(measure, old, new, whole))),
        shared=len(ids),
        apart=len(old) + len(new) - 2 * len(ids),
        better=tuple(case_id for case_id in whole if now[case_id] and not was[case_id]),
        worse=tuple(case_id for case_id in whole if was[case_id] and not now[case_id]),
        newly_crashed=tuple(case_id for case_id in ids if case_id in crashed[1] - crashed[0]),
    )


def _is_well(case: Mapping[str, Any]) -> bool:
    """Whether a case was dealt with well: an open one by its own measure."""
    return bool(case["rows"].get("open_well", case["rows"].get("right")) == [1.0])


def _difference(measure: Measure, old: Mapping[str, Any], new: Mapping[str, Any], ids: Sequence[str]) -> MeasureDifference | None:
    """None where neither run has the measure, or the two worked it out in different ways."""
    was, now = (
        {case_id: cases[case_id]["rows"][measure.key] for case_id in ids if measure.key in cases[case_id]["rows"]} for cases in (old, new)
    )
    if len({len(row) for row in (*was.values(), *now.values())}) != 1:
        return None
    before, after = align_rows(was, now, ids)
    bounds = statistics.paired_interval(before, after, measure.statistic)
    values = statistics.value(before, measure.statistic), statistics.value(after, measure.statistic)
    return MeasureDifference(measure, *values, *(bounds or (None, None)))
