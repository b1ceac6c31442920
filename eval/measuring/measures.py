"""A measure: what it takes of each case, and how that adds up over the cases of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.measuring.ranking import Values
from eval.measuring.scoring import Row
from eval.measuring.statistics import Statistic, mean
from eval.running.results import CaseResult
from eval.testset.case import Case
from index.language import Language, look_up

Column = Callable[[Case, CaseResult], Row | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its key, the group it is shown in, and how it is worked out; what a reader is told of it stands in the catalogues.

    `row` gives what `statistic` needs of one case, None where the case does not count; a measure without one is a mean over the
    rankings of all cases (see `eval/measuring/ranking.py`). `unit` is "share" or "ms".
    """

    key: str
    group: str
    row: Column | None
    statistic: Statistic = mean
    higher_is_better: bool = True
    unit: str = "share"
    defined_as: str = ""  # of what is defined together with others

    def name(self, language: Language) -> str:
        """What it is called."""
        return look_up(f"measure.{self.key}", language)

    def meaning(self, language: Language) -> str:
        """What it means, in whole sentences."""
        return look_up(f"means.{self.defined_as or self.key}", language)

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
