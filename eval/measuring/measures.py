"""A measure: what it takes of each case, and how that adds up over the cases of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.measuring.ranking import Values
from eval.measuring.scoring import Row
from eval.measuring.statistics import Statistic, mean
from eval.running.results import CaseResult
from eval.testset.case import Case

Column = Callable[[Case, CaseResult], Row | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its key, its name for a reader, the group it is shown in, what a reader is told it means, and how it is worked out.

    `row` gives what `statistic` needs of one case, None where the case does not count; a measure without one is a mean over the
    rankings of all cases (see `eval/measuring/ranking.py`). `unit` is "share" or "ms".
    """

    key: str
    name: str
    group: str
    meaning: str
    row: Column | None
    statistic: Statistic = mean
    higher_is_better: bool = True
    unit: str = "share"

    def rows(self, cases: Sequence[Case], results: Mapping[str, CaseResult], rankings: Values) -> dict[str, Row]:
        """What the measure takes of each case that counts, by the case's id; a crashed case does not count."""
        rows: dict[str, Row] = {}
        for case in cases:
            if results[case.id].error:
                continue
            if self.row is not None:
                row = self.row(case, results[case.id])
            else:
                value = rankings.get(case.id, {}).get(self.key)
                row = None if value is None else (value,)
            if row is not None:
                rows[case.id] = row
        return rows
