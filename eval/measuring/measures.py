"""What is measured of a run: each measure says of one case what it needs to know, and how that adds up over cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measuring import scoring, statistics
from eval.measuring.ranking import UNITS, Values, ranking_values
from eval.measuring.scoring import Row
from eval.measuring.statistics import Rows, Statistic
from eval.running.runs import CaseResult
from eval.testset.cases import Case

Column = Callable[[Case, CaseResult], Row | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its key, its name for a reader, the group it is shown in, and how it is worked out.

    `row` gives what `statistic` needs of one case, None where the case does not count; a measure without one is a mean over the
    rankings of all cases (see `eval/measuring/ranking.py`). `unit` is "share" or "ms".
    """

    key: str
    name: str
    group: str
    row: Column | None
    statistic: Statistic = statistics.mean
    higher_is_better: bool = True
    unit: str = "share"

    @property
    def meaning(self) -> str:
        """What it says, from the docstring of its row."""
        return " ".join(((self.row or ranking_values).__doc__ or "").split())


def _ranking_measures() -> Iterable[Measure]:
    for unit, said in zip(UNITS, ("文章", "段落"), strict=True):
        for name in ("hit@1", "hit@5", "recall@10", "MRR@10", "nDCG@10"):
            yield Measure(f"{unit}_{name}", f"{said} {name}", "检索", None)


MEASURES: tuple[Measure, ...] = (
    Measure("right", "处理正确", "总体", scoring.right),
    *_ranking_measures(),
    Measure("sentence_hit@1", "答案句 hit@1", "检索", scoring.read_first),
    Measure("sentence_hit@3", "答案句 hit@3", "检索", scoring.read_among_three),
    Measure("required_strings", "必含内容", "回答", scoring.required_strings),
    Measure("exact_match", "精确匹配 EM", "回答", scoring.answer_exact),
    Measure("span_f1", "答案 F1", "回答", scoring.answer_f1),
    Measure("rouge_l", "ROUGE-L", "回答", scoring.answer_rouge),
    Measure("cited_sentences", "有引用的句子", "引用", scoring.cited_sentences, statistics.ratio),
    Measure("quotes_stand", "引文与原文一致", "引用", scoring.quotes_stand, statistics.ratio),
    Measure("gold_cited", "引用召回率", "引用", scoring.gold_cited),
    Measure("citation_precision", "引用精确率", "引用", scoring.citation_precision, statistics.ratio),
    Measure("supported_sentences", "模型的句子：有所引原文支持", "措辞", scoring.supported_sentences, statistics.ratio),
    Measure("dropped_sentences", "模型的句子：未通过核对", "措辞", scoring.dropped_sentences, statistics.ratio, higher_is_better=False),
    Measure("unsupported_figures", "模型的句子：数字无据", "措辞", scoring.unsupported_figures, statistics.ratio, higher_is_better=False),
    Measure("extract_stood_in", "由摘录代替", "措辞", scoring.extract_stood_in, higher_is_better=False),
    Measure("refusal_precision", "拒答精确率", "拒答", scoring.refusal_precision),
    Measure("refusal_recall", "拒答召回率", "拒答", scoring.refusal_recall),
    Measure("refusal_f1", "拒答 F1", "拒答", scoring.refusal, statistics.f1),
    Measure("near_miss_refused", "近似未载：已拒答", "拒答", scoring.near_miss_refused),
    Measure("out_of_scope_refused", "范围之外：已拒答", "拒答", scoring.out_of_scope_refused),
    Measure("wrongly_refused", "误拒", "拒答", scoring.wrongly_refused, higher_is_better=False),
    Measure("auc", "可答与不可答 AUC", "拒答", scoring.separation, statistics.area_under_curve),
    Measure("auc_near_miss", "AUC，只对近似未载", "拒答", scoring.separation_near_miss, statistics.area_under_curve),
    Measure("auc_out_of_scope", "AUC，只对范围之外", "拒答", scoring.separation_out_of_scope, statistics.area_under_curve),
    Measure("near_miss_refusable", "近似未载：误拒 5% 时可拒", "拒答", scoring.refusable_near_miss, statistics.refused_at_strictest),
    Measure(
        "out_of_scope_refusable", "范围之外与注入：误拒 5% 时可拒", "拒答", scoring.refusable_out_of_scope, statistics.refused_at_strictest
    ),
    Measure("risk_coverage", "风险-覆盖曲线下面积", "拒答", scoring.risk, statistics.area_under_risk, higher_is_better=False),
    Measure("calibration_error", "校准误差 ECE", "拒答", scoring.stated, statistics.calibration_error, higher_is_better=False),
    Measure(
        "first_sentence_p50",
        "模型首句用时 p50",
        "速度",
        scoring.first_sentence,
        statistics.percentile(0.5),
        higher_is_better=False,
        unit="ms",
    ),
    Measure("latency_p50", "用时 p50", "速度", scoring.duration, statistics.percentile(0.5), higher_is_better=False, unit="ms"),
    Measure("latency_p95", "用时 p95", "速度", scoring.duration, statistics.percentile(0.95), higher_is_better=False, unit="ms"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}


def rows_of(measure: Measure, cases: Sequence[Case], results: Mapping[str, CaseResult], ranked: Values) -> dict[str, Row]:
    """What a measure needs to know of each case that counts; a crashed one counts for none."""
    rows: dict[str, Row] = {}
    for case in cases:
        if results[case.id].error:
            continue
        if measure.row is not None:
            row = measure.row(case, results[case.id])
        else:
            place = ranked.get(case.id, {}).get(measure.key)
            row = None if place is None else (place,)
        if row is not None:
            rows[case.id] = row
    return rows


def as_array(rows: Iterable[Sequence[float]]) -> Rows:
    """Rows as an array (n, width), (0, 2) of none."""
    given = [tuple(row) for row in rows]
    return np.array(given, np.float64) if given else np.empty((0, 2))
