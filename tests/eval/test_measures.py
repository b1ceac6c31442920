"""Measures against examples worked out by hand, and against another library where there is one."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from rouge_score.rouge_scorer import RougeScorer
from scipy.stats import bootstrap
from sklearn.metrics import ndcg_score, roc_auc_score

from eval.calibrating.thresholds import choose_threshold, find_strictest, list_thresholds
from eval.measuring import scoring, statistics
from eval.measuring.catalogue import BY_KEY, MEASURES
from eval.measuring.measures import Measure
from eval.measuring.ranking import measure_rankings, ranking_values
from eval.measuring.spans import exact_match, rouge_l, span_f1
from eval.running.results import CaseResult
from eval.testset.case import Case
from eval.testset.matching import bare, holds, states
from index.errors import LiangceError

QUOTE = "共办理130余件，时限为20个工作日。"
CASE = Case("c", "办了多少件", True, "fact", needs=(("共办理130余件",),), articles=frozenset({"a"}), must=("130余",), must_not=("650",))
NEAR_MISS = Case("m", "由谁办理", False, "near_miss")


def make_result(
    *quotes: str, refused: bool = False, reason: str | None = None, confidence: float = 0.9, case_id: str = "c", article: str = "a"
) -> CaseResult:
    quoted = [{"article": article, "quote": quote, "probability": confidence} for quote in quotes]
    outcome = {
        "answer": "文章没有说。" if refused else "\n".join(f"{quote}[{n}]" for n, quote in enumerate(quotes, 1)),
        "span": None,
        "refused": refused,
        "reason": reason,
        "confidence": confidence,
        "citations": [{"article": article, "quote": quote} for quote in quotes],
        "timings_ms": {"total": 12.0},
    }
    return CaseResult(
        case_id,
        outcome=outcome,
        cites=[[n] for n in range(1, len(quotes) + 1)],
        standing=[True] * len(quotes),
        readings=quoted,
        would_say=quoted,
    )


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_each_measure_tells_its_reader_what_it_means(measure: Measure) -> None:
    meaning = measure.meaning("en")
    assert re.fullmatch(r"[A-Z0-9][^{}]{20,}\.", meaning), "a text of its own, in whole sentences"
    assert re.fullmatch(r"[^{}]{10,}。", measure.meaning("zh"))
    assert {other.defined_as or other.key for other in MEASURES if other.meaning("en") == meaning} == {measure.defined_as or measure.key}
    assert not re.search(r"(?i)\bthe same (?!run\b)", meaning), "it is shown alone, so it may not lean on another one"


@pytest.mark.parametrize(
    ("text", "wanted", "stands"),
    [
        ("共办理１３０余件", "130余件", True),
        ("增速達10.65%。", "增速达10.65%", True),
        ("57.70亿元", "5770亿元", False),
        ("“非禁即入”", "非禁即入", True),
        ("任何话", "。", False),
    ],
)
def test_text_is_compared_apart_from_how_it_is_set(text: str, wanted: str, stands: bool) -> None:
    assert holds(text, wanted) is stands


def test_sentence_states_a_longer_answer_that_it_is_part_of() -> None:
    assert states("街道在10个工作日内答复。", ["居民可以提出申请。街道在10个工作日内答复。"])
    assert not states("街道。", ["居民可以向街道提出申请"]), "a word is no part of an answer"


@pytest.mark.parametrize(
    ("answer", "right", "exact", "f1"),
    [
        ("4分钟", ["4分钟"], 1, 1),
        ("4分钟。", ["五分钟", "4 分钟"], 1, 1),
        ("上海市浦东", ["浦东新区"], 0, 4 / 9),  # two of five and of four tokens
        ("由Nexon开发", ["Nexon"], 0, 2 / 5),  # a word of other letters is one token: one of four and of one
        ("甲乙丙丁", ["丁丙乙甲"], 0, 2 / 8),  # scattered tokens do not add up
        ("", ["甲"], 0, 0),
    ],
)
def test_span_measures_of_cmrc_2018(answer: str, right: list[str], exact: float, f1: float) -> None:
    assert exact_match(answer, right) == exact
    assert span_f1(answer, right) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("共办理各类许可3000余件", "该制度实施以来，共审批许可3000余件"),
        ("一样的话", "一样的话"),
        ("甲乙", "丙丁"),
        ("打破行政职级", "赋予审批权，打破职级"),
    ],
)
def test_rouge_l_agrees_with_the_library_of_its_authors(answer: str, right: str) -> None:
    class Characters:
        def tokenize(self, text: str) -> list[str]:
            return list(bare(text))

    theirs = RougeScorer(["rougeL"], tokenizer=Characters()).score(right, answer)["rougeL"].fmeasure
    assert rouge_l(answer, [right]) == pytest.approx(theirs)


def test_ranking_measures_of_a_ranking_worked_by_hand() -> None:
    found = measure_rankings({"q": ["b", "missing"], "none": ["a"]}, {"q": ["a", "b", "c"], "none": []})
    ideal = 1 + 1 / math.log2(3)
    assert found["q"] == pytest.approx({"hit@1": 0, "hit@5": 1, "recall@10": 0.5, "MRR@10": 0.5, "nDCG@10": (1 / math.log2(3)) / ideal})
    assert set(found["none"].values()) == {0.0}, "a question that finds nothing counts as one that finds nothing right"


def test_ndcg_agrees_with_another_library() -> None:
    names = [f"p{n}" for n in range(10)]
    right = [names[3], names[7]]
    theirs = ndcg_score([[name in right for name in names]], [list(range(10, 0, -1))], k=10)
    assert measure_rankings({"q": right}, {"q": names})["q"]["nDCG@10"] == pytest.approx(theirs)


def test_denominator_of_ranking_comes_from_labels_and_not_from_the_index() -> None:
    ranked = {"fused": {"articles": ["x"], "passages": ["x#0000"]}}
    never_indexed = CaseResult("c", rankings=ranked, relevant=[], uncovered=1)
    unlocated = replace(CASE, id="u", located=False)
    values = ranking_values([CASE, unlocated, NEAR_MISS], {"c": never_indexed, "u": replace(never_indexed, id="u")}, "fused")
    assert values["c"]["document_hit@5"] == values["c"]["passage_recall@10"] == 0
    assert set(values) == {"c", "u"}
    assert "passage_hit@1" not in values["u"]


@pytest.mark.parametrize(
    ("case", "given", "expected"),
    [
        (CASE, make_result(QUOTE), 1),
        (CASE, make_result("时限为20个工作日。"), 0),
        (CASE, make_result(QUOTE, "另发650个。"), 0),
        (CASE, make_result(refused=True), 0),
        (NEAR_MISS, make_result(refused=True), 1),
        (NEAR_MISS, make_result(QUOTE), 0),
        (replace(CASE, must=(), must_not=()), make_result(QUOTE), 1),
        (replace(CASE, must=(), must_not=()), make_result("时限为20个工作日。"), 0),
        (replace(NEAR_MISS, kind="greeting"), make_result(refused=True, reason="greeting"), 1),
        (replace(NEAR_MISS, kind="greeting"), make_result(refused=True, reason="not_found"), 0),
    ],
)
def test_right_is_what_the_label_says(case: Case, given: CaseResult, expected: float) -> None:
    assert scoring.right(case, given) == (expected,)


def test_citations_are_measured_against_the_needs() -> None:
    both = replace(CASE, needs=(("共办理130余件",), ("共发放650个",)))
    given = make_result(QUOTE, "与此无关的一句话。")
    assert scoring.gold_cited(both, given) == (0.5,)
    assert scoring.citation_precision(both, given) == (1, 2)
    assert scoring.gold_cited(both, make_result(refused=True)) == (0,)
    assert scoring.citation_precision(both, make_result(refused=True)) is None
    assert scoring.gold_cited(both, make_result(QUOTE, article="another")) == (0,), "the right words in another article are no evidence"
    assert scoring.cited_sentences(CASE, replace(given, cites=[[1], []])) == (1, 2)
    assert scoring.quotes_stand(CASE, replace(given, standing=[True, False])) == (1, 2)


def test_refusal_is_worked_out_from_its_table() -> None:
    # Of four unanswerable cases three are refused, and two of six answerable ones; a greeting does not count.
    cases = [replace(NEAR_MISS, id=f"m{n}") for n in range(4)] + [replace(CASE, id=f"c{n}") for n in range(6)]
    cases.append(Case("hello", "你好", False, "greeting"))
    refused = {"m0", "m1", "m2", "c0", "c1", "hello"}
    results = {case.id: make_result(QUOTE, refused=case.id in refused, case_id=case.id) for case in cases}
    expected = {
        "refusal_precision": 3 / 5,
        "refusal_recall": 3 / 4,
        "refusal_f1": 2 / 3,
        "wrongly_refused": 2 / 6,
        "near_miss_refused": 3 / 4,
    }
    for key, value in expected.items():
        measure = BY_KEY[key]
        rows = statistics.as_array(measure.rows(cases, results, {}).values())
        assert statistics.value(rows, measure.statistic) == pytest.approx(value), key


def test_crashed_case_counts_in_no_measure() -> None:
    results = {"c": CaseResult("c", error="Traceback …"), "m": make_result(refused=True, case_id="m")}
    for measure in BY_KEY.values():
        assert "c" not in measure.rows([CASE, NEAR_MISS], results, {})


def test_area_under_curve_agrees_with_another_library() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 80)
    score = np.round(truth * 0.3 + random.random(80), 1)  # rounded, so that there are ties
    assert statistics.area_under_curve(np.column_stack([score, truth])) == pytest.approx(roc_auc_score(truth, score))
    assert math.isnan(statistics.area_under_curve(np.array([[0.5, 1.0]])))


def test_risk_and_coverage_worked_by_hand() -> None:
    rows = np.array([[0.9, 0.0], [0.8, 1.0], [0.8, 0.0], [0.1, 1.0]])  # the two of .8 are answered together
    coverage, risk = statistics.risk_coverage(rows)
    assert coverage.tolist() == [0.25, 0.75, 1.0]
    assert risk == pytest.approx([0, 1 / 3, 0.5])
    assert statistics.area_under_risk(rows) == pytest.approx(0.5 / 3 + 0.25 * 0.5)


def test_the_strictest_threshold_worked_by_hand() -> None:
    answerable = [(n / 20, 1.0) for n in range(1, 21)]
    rows = np.array([*answerable, (0.05, 0.0), (0.06, 0.0), (0.099, 0.0), (0.1, 0.0)])
    assert statistics.strictest(rows) == 0.1  # one of twenty lies below
    assert statistics.strictest(rows, 0.0) == 0.05
    assert statistics.refused_at_strictest(rows) == 0.75
    assert np.isnan(statistics.refused_at_strictest(rows[:20]))
    assert np.isnan(statistics.refused_at_strictest(rows[20:]))
    assert find_strictest(rows, 0.05)[0] == pytest.approx(0.1, abs=2e-6)
    with pytest.raises(LiangceError, match="no answerable case"):
        find_strictest(rows[20:], 0.05)


def test_calibration_error_worked_by_hand() -> None:
    rows = np.array([[0.95, 1.0], [0.95, 0.0], [0.15, 0.0], [1.0, 1.0]])  # 1.0 belongs to the last stretch
    assert statistics.reliability(rows) == [(0.15, 0.0, 1), (pytest.approx(2.9 / 3), pytest.approx(2 / 3), 3)]
    assert statistics.calibration_error(rows) == pytest.approx((0.15 + 3 * 0.3) / 4)


def test_interval_agrees_with_another_library() -> None:
    column = np.random.default_rng(2).normal(size=60)
    theirs = bootstrap((column,), np.mean, n_resamples=5000, method="percentile", rng=np.random.default_rng(3)).confidence_interval
    assert statistics.interval(column[:, None], statistics.mean) == pytest.approx((theirs.low, theirs.high), abs=0.03)
    assert statistics.interval(column[:1, None], statistics.mean) is None


def test_interval_is_the_same_each_time() -> None:
    rows = np.random.default_rng(4).random((30, 2))
    assert statistics.interval(rows, statistics.ratio) == statistics.interval(rows, statistics.ratio)


def test_paired_interval_is_narrow_where_the_same_cases_change() -> None:
    before = np.random.default_rng(5).integers(0, 2, (50, 1)).astype(float)
    low, high = statistics.paired_interval(before, before, statistics.mean) or (1, 1)
    assert (low, high) == (0, 0)
    better = np.ones((50, 1))
    assert (statistics.paired_interval(before, better, statistics.mean) or (0, 0))[0] > 0


def test_threshold_keeps_wrong_answers_as_rare_as_wished() -> None:
    random = np.random.default_rng(6)
    confidence = random.random(4000)
    wrong = (random.random(4000) > confidence).astype(float)  # a calibrated confidence
    chosen = choose_threshold(list_thresholds(np.column_stack([confidence, wrong])), 0.2)
    assert chosen is not None
    assert chosen.wrong / chosen.answered <= 0.2
    assert 0.55 < chosen.least_probability < 0.75  # answers above .6 are wrong one time in five
    assert choose_threshold(list_thresholds(np.column_stack([confidence, np.ones(4000)])), 0.2) is None
