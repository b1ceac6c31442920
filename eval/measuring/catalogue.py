"""The measures of a report, in the order and with the words in which it shows them."""

from collections.abc import Iterable

from eval.measuring import scoring, statistics
from eval.measuring.measures import Measure
from eval.measuring.open_measures import OPEN_MEASURES

# What a reader is told of the measures of rankings. What is right comes from the labels, so that nothing is gained by not indexing it.
_OF_RANKINGS = {
    "hit@1": "The share of the answerable cases where the first {unit} that the search found is a right one",
    "hit@5": "The share of the answerable cases where one of the first five {unit}s that the search found is a right one",
    "recall@10": "The share of the right {unit}s that is among the first ten that the search found, averaged over the answerable cases",
    "MRR@10": "One over the rank of the first right {unit}, 0 below rank ten, averaged over the answerable cases (Voorhees 1999)",
    "nDCG@10": (
        "How high the right {unit}s stand among the first ten, 1 where they stand first, averaged over the answerable cases"
        " (Järvelin and Kekäläinen 2002, binary gains)"
    ),
}
_NOT_INDEXED = {
    "document": "A document that was never indexed counts as not found.",
    "passage": "A statement that stands in no passage counts as not found.",
}
_STRICTEST = (
    "that are refused by the strictest threshold that refuses at most 5 % of the answerable cases of the same run."
    " It says what the confidence can tell apart, wherever the threshold in force is."
)


def _ranking_measures() -> Iterable[Measure]:
    for unit, name in (("document", "文章"), ("passage", "段落")):
        for short, meaning in _OF_RANKINGS.items():
            yield Measure(f"{unit}_{short}", f"{name} {short}", "检索", f"{meaning.format(unit=unit)}. {_NOT_INDEXED[unit]}", None)


MEASURES: tuple[Measure, ...] = (
    Measure(
        "right",
        "处理正确",
        "总体",
        "The share of all cases dealt with rightly: an unanswerable one refused, a greeting greeted, an answerable one answered with"
        " every required string and no forbidden one; where a label names no string, with a sentence that states each need.",
        scoring.right,
    ),
    *OPEN_MEASURES,
    *_ranking_measures(),
    Measure(
        "sentence_hit@1",
        "答案句 hit@1",
        "检索",
        "How often the first sentence that was read states what was asked, over answerable cases whose answer stands in its document.",
        scoring.read_first,
    ),
    Measure(
        "sentence_hit@3",
        "答案句 hit@3",
        "检索",
        "How often one of the first three sentences that were read states what was asked, over answerable cases whose answer stands in"
        " its document.",
        scoring.read_among_three,
    ),
    Measure(
        "required_strings",
        "必含内容",
        "回答",
        "The share of the required strings that the answer holds, over answerable cases that name some; a refusal holds none.",
        scoring.required_strings,
    ),
    Measure(
        "exact_match",
        "精确匹配 EM",
        "回答",
        "How often the answer's span is a right answer word for word, over cases whose answers are spans of their document (CMRC 2018);"
        " a refusal matches nothing.",
        scoring.answer_exact,
    ),
    Measure(
        "span_f1",
        "答案 F1",
        "回答",
        "F1 of the answer's span by the longest common substring, over cases whose answers are spans of their document (CMRC 2018).",
        scoring.answer_f1,
    ),
    Measure(
        "rouge_l",
        "ROUGE-L",
        "回答",
        "ROUGE-L by characters of the whole answer to the nearest right answer, or to the gold quotations (Lin 2004).",
        scoring.answer_rouge,
    ),
    Measure(
        "cited_sentences",
        "有引用的句子",
        "引用",
        "The share of the answers' sentences that carry a citation.",
        scoring.cited_sentences,
        statistics.ratio,
    ),
    Measure(
        "quotes_stand",
        "引文与原文一致",
        "引用",
        "The share of all citations, also those of refusals, whose quote stands word for word at its offsets in the article.",
        scoring.quotes_stand,
        statistics.ratio,
    ),
    Measure(
        "gold_cited",
        "引用召回率",
        "引用",
        "The share of the needs that a citation of the answer states, over answerable cases (citation recall, Gao et al. 2023).",
        scoring.gold_cited,
    ),
    Measure(
        "citation_precision",
        "引用精确率",
        "引用",
        "The share of the citations of answers that state one of the needs, over answerable cases (citation precision, Gao et al. 2023).",
        scoring.citation_precision,
        statistics.ratio,
    ),
    Measure(
        "supported_sentences",
        "模型的句子：有所引原文支持",
        "措辞",
        "The share of the language model's sentences that what they cite says, by the checks: faithfulness.",
        scoring.supported_sentences,
        statistics.ratio,
    ),
    Measure(
        "dropped_sentences",
        "模型的句子：未通过核对",
        "措辞",
        "The share of the language model's sentences that did not pass the checks and were not shown.",
        scoring.dropped_sentences,
        statistics.ratio,
        higher_is_better=False,
    ),
    Measure(
        "unsupported_figures",
        "模型的句子：数字无据",
        "措辞",
        "The share of the language model's sentences with a figure or a date that does not stand in what they cite.",
        scoring.unsupported_figures,
        statistics.ratio,
        higher_is_better=False,
    ),
    Measure(
        "extract_stood_in",
        "由摘录代替",
        "措辞",
        "The share of the questions put to the language model at which an extract stood in, since it failed or its words did.",
        scoring.extract_stood_in,
        higher_is_better=False,
    ),
    Measure("refusal_precision", "拒答精确率", "拒答", "The share of the refused cases that are unanswerable.", scoring.refusal_precision),
    Measure("refusal_recall", "拒答召回率", "拒答", "The share of the unanswerable cases that are refused.", scoring.refusal_recall),
    Measure(
        "refusal_f1",
        "拒答 F1",
        "拒答",
        "F1 of refusing: unanswerable cases are the positive ones; greetings do not count.",
        scoring.refusal,
        statistics.f1,
    ),
    Measure(
        "near_miss_refused",
        "近似未载：已拒答",
        "拒答",
        "The share of the near misses that are refused: the topic is in the articles, the fact is not.",
        scoring.near_miss_refused,
    ),
    Measure(
        "out_of_scope_refused",
        "范围之外：已拒答",
        "拒答",
        "The share of the questions on other topics that are refused.",
        scoring.out_of_scope_refused,
    ),
    Measure(
        "wrongly_refused",
        "误拒",
        "拒答",
        "The share of the answerable cases that are refused.",
        scoring.wrongly_refused,
        higher_is_better=False,
    ),
    Measure(
        "auc",
        "可答与不可答 AUC",
        "拒答",
        "The chance that an answerable case has a higher confidence than an unanswerable one (area under the ROC curve).",
        scoring.separation,
        statistics.area_under_curve,
    ),
    Measure(
        "auc_near_miss",
        "AUC，只对近似未载",
        "拒答",
        "The chance that an answerable case has a higher confidence than a near miss (area under the ROC curve).",
        scoring.separation_near_miss,
        statistics.area_under_curve,
    ),
    Measure(
        "auc_out_of_scope",
        "AUC，只对范围之外",
        "拒答",
        "The chance that an answerable case has a higher confidence than a question on another topic (area under the ROC curve).",
        scoring.separation_out_of_scope,
        statistics.area_under_curve,
    ),
    Measure(
        "near_miss_refusable",
        "近似未载：误拒 5% 时可拒",
        "拒答",
        f"The share of the near misses {_STRICTEST}",
        scoring.refusable_near_miss,
        statistics.refused_at_strictest,
    ),
    Measure(
        "out_of_scope_refusable",
        "范围之外与注入：误拒 5% 时可拒",
        "拒答",
        f"The share of the questions on other topics and of the injections {_STRICTEST}",
        scoring.refusable_out_of_scope,
        statistics.refused_at_strictest,
    ),
    Measure(
        "risk_coverage",
        "风险-覆盖曲线下面积",
        "拒答",
        "The mean share of wrong answers when the surest cases are answered first, over all shares answered. What would be said is"
        " wrong where none of its sentences states a need; greetings, and cases whose answer stands nowhere word for word, do not count.",
        scoring.risk,
        statistics.area_under_risk,
        higher_is_better=False,
    ),
    Measure(
        "calibration_error",
        "校准误差 ECE",
        "拒答",
        "The expected calibration error of the confidence, as the probability that the best sentence states what was asked.",
        scoring.stated,
        statistics.calibration_error,
        higher_is_better=False,
    ),
    Measure(
        "first_sentence_p50",
        "模型首句用时 p50",
        "速度",
        "Milliseconds from asking the language model to its first sentence that could be shown; half of the cases take less.",
        scoring.first_sentence,
        statistics.percentile(0.5),
        higher_is_better=False,
        unit="ms",
    ),
    Measure(
        "latency_p50",
        "用时 p50",
        "速度",
        "Milliseconds from question to outcome, greetings and other questions that are not looked up left out; half of the cases take less.",
        scoring.duration,
        statistics.percentile(0.5),
        higher_is_better=False,
        unit="ms",
    ),
    Measure(
        "latency_p95",
        "用时 p95",
        "速度",
        "Milliseconds from question to outcome, greetings and other questions that are not looked up left out; 95 % of the cases take less.",
        scoring.duration,
        statistics.percentile(0.95),
        higher_is_better=False,
        unit="ms",
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
