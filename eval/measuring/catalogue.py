"""The measures of a report, in the order in which it shows them; what they are called and mean stands in the catalogues."""

from collections.abc import Iterable

from eval.measuring import scoring, statistics
from eval.measuring.measures import Measure
from eval.measuring.open_measures import OPEN_MEASURES

_OF_RANKINGS = ("hit@1", "hit@5", "recall@10", "MRR@10", "nDCG@10")


def _ranking_measures() -> Iterable[Measure]:
    """What is right comes from the labels, so that nothing is gained by not indexing it."""
    return (Measure(f"{unit}_{short}", "search", None, defined_as=short) for unit in ("document", "passage") for short in _OF_RANKINGS)


MEASURES: tuple[Measure, ...] = (
    Measure("right", "overall", scoring.right),
    *OPEN_MEASURES,
    *_ranking_measures(),
    Measure("sentence_hit@1", "search", scoring.read_first),
    Measure("sentence_hit@3", "search", scoring.read_among_three),
    Measure("required_strings", "answer", scoring.required_strings),
    Measure("exact_match", "answer", scoring.answer_exact),
    Measure("span_f1", "answer", scoring.answer_f1),
    Measure("rouge_l", "answer", scoring.answer_rouge),
    Measure("cited_sentences", "citation", scoring.cited_sentences, statistics.ratio),
    Measure("quotes_stand", "citation", scoring.quotes_stand, statistics.ratio),
    Measure("gold_cited", "citation", scoring.gold_cited),
    Measure("citation_precision", "citation", scoring.citation_precision, statistics.ratio),
    Measure("supported_sentences", "wording", scoring.supported_sentences, statistics.ratio),
    Measure("dropped_sentences", "wording", scoring.dropped_sentences, statistics.ratio, higher_is_better=False),
    Measure("unsupported_figures", "wording", scoring.unsupported_figures, statistics.ratio, higher_is_better=False),
    Measure("extract_stood_in", "wording", scoring.extract_stood_in, higher_is_better=False),
    Measure("refusal_precision", "refusal", scoring.refusal_precision),
    Measure("refusal_recall", "refusal", scoring.refusal_recall),
    Measure("refusal_f1", "refusal", scoring.refusal, statistics.f1),
    Measure("near_miss_refused", "refusal", scoring.near_miss_refused),
    Measure("out_of_scope_refused", "refusal", scoring.out_of_scope_refused),
    Measure("wrongly_refused", "refusal", scoring.wrongly_refused, higher_is_better=False),
    Measure("auc", "refusal", scoring.separation, statistics.area_under_curve),
    Measure("auc_near_miss", "refusal", scoring.separation_near_miss, statistics.area_under_curve),
    Measure("auc_out_of_scope", "refusal", scoring.separation_out_of_scope, statistics.area_under_curve),
    Measure("near_miss_refusable", "refusal", scoring.refusable_near_miss, statistics.refused_at_strictest),
    Measure("out_of_scope_refusable", "refusal", scoring.refusable_out_of_scope, statistics.refused_at_strictest),
    Measure("risk_coverage", "refusal", scoring.risk, statistics.area_under_risk, higher_is_better=False),
    Measure("calibration_error", "refusal", scoring.stated, statistics.calibration_error, higher_is_better=False),
    Measure("first_sentence_p50", "speed", scoring.first_sentence, statistics.percentile(0.5), higher_is_better=False, unit="ms"),
    Measure("latency_p50", "speed", scoring.duration, statistics.percentile(0.5), higher_is_better=False, unit="ms"),
    Measure("latency_p95", "speed", scoring.duration, statistics.percentile(0.95), higher_is_better=False, unit="ms"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
