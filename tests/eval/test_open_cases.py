"""Open cases: their form, and what is measured of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from eval.measuring import open_scoring
from eval.testset.case import Case, OpenLabel
from eval.testset.cases import QUESTIONS
from eval.testset.corpus import outside_set, seed_set
from eval.testset.open_cases import OpenRow, to_open_case
from index.__main__ import SEEDS

CORPORA = QUESTIONS.parent / "corpora"
TEXT = {"a": "开办补贴每户8000元残疾人再增加2000元房地产企业除外场地租金补贴40%"}
ROW: dict[str, Any] = {
    "id": "x-1", "kind": "digest", "question": "开店有啥补贴", "outcome": "answered", "facets": [["8000元"], ["40%"]], "need": 1,
    "relevant": ["开办补贴每户8000元", "场地租金补贴40%"],
}  # fmt: skip
CASE = to_open_case(OpenRow(**ROW), TEXT)
NEAR = replace(CASE, answerable=False, open=OpenLabel("related", relevant=("开办补贴每户8000元",)))
SAID = replace(CASE, answerable=False, open=OpenLabel("said", "despair", (("12356",),), 1))


def outcome(kind: str, *quotes: str, answer: str = "", reason: str | None = None) -> dict[str, Any]:
    return {
        "outcome": kind, "refused": kind != "answered", "reason": reason, "answer": answer or "\n".join(quotes),
        "citations": [{"quote": quote} for quote in quotes],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("case", "given", "well"),
    [
        (CASE, outcome("answered", "开办补贴每户8000元。"), True),
        (CASE, outcome("related", "开办补贴每户8000元。"), False),
        (CASE, outcome("answered", "房地产企业除外。"), False),
        (CASE, outcome("answered", "开办补贴每户8000元。", "别的事情甲乙丙丁戊己庚辛。"), False),
        (replace(CASE, must_not=("2000元",)), outcome("answered", "开办补贴每户8000元", answer="每户2000元"), False),
        (replace(CASE, open=replace(CASE.open, lead=("房地产",))), outcome("answered", "开办补贴每户8000元。"), False),
        (replace(CASE, open=replace(CASE.open, lead=("每户",))), outcome("answered", "开办补贴每户8000元。"), True),
        (NEAR, outcome("related", "开办补贴每户8000元。"), True),
        (NEAR, outcome("refused"), True),
        (NEAR, outcome("answered", "开办补贴每户8000元。"), False),
        (SAID, outcome("said", answer="请拨打12356"), True),
        (SAID, outcome("said", answer="您好"), False),
        (SAID, outcome("refused", answer="12356"), False),
    ],
)
def test_case_is_dealt_with_well_or_not(case: Case, given: dict[str, Any], well: bool) -> None:
    assert open_scoring.dealt_with_well(case, given) is well


def test_misled_and_lost_are_what_is_shown_and_what_is_not() -> None:
    assert open_scoring.misled(NEAR, outcome("answered", "开办补贴每户8000元。"))
    assert not open_scoring.misled(NEAR, outcome("related", "开办补贴每户8000元。"))
    assert open_scoring.lost(CASE, outcome("refused"))
    assert open_scoring.lost(CASE, outcome("answered", "别的事情甲乙丙丁戊己庚辛。"))
    assert not open_scoring.lost(CASE, outcome("related", "场地租金补贴40%，每年最高12000元。"))
    assert open_scoring.facet_recall(CASE, outcome("answered", "开办补贴每户8000元。")) == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"need": 3}, "3 facets are to be shown and 2 are named"),
        ({"facets": [], "need": 0}, "names facets"),
        ({"outcome": "refused"}, "nothing in the articles is to the point"),
        ({"kind": "follow_up"}, "'history'"),
        ({"unknown": 1}, "Extra inputs"),
    ],
)
def test_row_that_does_not_agree_with_itself_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        OpenRow(**{**ROW, **change})


def test_facet_that_stands_in_no_article_is_refused() -> None:
    with pytest.raises(ValueError, match="'9000元' stands in no article"):
        to_open_case(OpenRow(**{**ROW, "facets": [["9000元"]]}), TEXT)


@pytest.mark.parametrize("name", ["seed", "yunxi"])
def test_sets_of_open_cases_are_whole_and_varied(name: str) -> None:
    made = seed_set(SEEDS, QUESTIONS / "open" / "jimo_2023.jsonl") if name == "seed" else outside_set(CORPORA / "yunxi")
    assert len(made.cases) >= 180
    assert {case.open.outcome for case in made.cases if case.open} >= {"answered", "related", "refused"}
    assert len({case.kind for case in made.cases}) >= 12
    assert {case.split for case in made.cases} == {"dev", "test"}


def test_cases_on_real_policies_stand_in_them() -> None:
    corpus = Path(__file__).resolve().parents[3] / "shared" / "data" / "gov_policies"
    if not corpus.is_dir():
        pytest.skip("the real policies are not part of the project")
    assert len(outside_set(corpus, QUESTIONS / "open" / "gov_policies.jsonl").cases) >= 120
