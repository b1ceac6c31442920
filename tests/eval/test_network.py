"""The reader's network by itself: which texts it is asked of, what is measured of it, and its fitted probability."""

import json
from pathlib import Path

import pytest

from bot.reading.marking import Mark
from eval.calibrating.network import NetworkReading, measure_readings
from eval.calibrating.questions import RULES, NetworkQuestion, make_context, read_questions
from index.documents import Span
from index.errors import CallError
from tests.support.readers import TEXT, marked_folder


def make_reading(n: int, stated: bool, odds: float, answer: str = "15处", group: str = "") -> NetworkReading:
    start = TEXT.index(answer)
    mark = Mark(Span(0, len(TEXT)), Span(start, start + len(answer)), odds, odds, 0.0)
    group = group or ("stated" if stated else "deleted")
    return NetworkReading(
        NetworkQuestion(f"d{n}", group, stated, "", make_context("", TEXT), ("15处",) if stated else ()),
        mark,
    )


def test_a_set_with_marked_answers_is_read_with_and_without_them(tmp_path: Path) -> None:
    questions = read_questions(marked_folder(tmp_path / "marked"))
    groups = {question.group: question.stated for question in questions}
    assert {"paragraph", "stated", "deleted", RULES + "stated", RULES + "deleted"} <= groups.keys()
    assert groups["stated"]
    assert not groups["deleted"]
    for question in questions:
        if question.group in {"paragraph", "stated"}:
            assert any(answer in question.context.text for answer in question.answers)


def test_a_judged_set_leaves_out_what_people_are_at_odds_about(tmp_path: Path) -> None:
    judged = [("span", 0), ("span", 2), ("unanswerable", 3), ("unanswerable", 1), ("yesno", 0)]
    rows = [
        {
            "id": f"q{n}", "question": f"问{n}", "answers": [], "gold_doc_ids": ["d"], "answerable": True,
            "meta": {"kind": kind, "n_annotators_no_answer": against, "n_annotators": 3},
        }
        for n, (kind, against) in enumerate(judged)
    ]  # fmt: skip
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"id": "d", "title": "", "text": TEXT}) + "\n", "utf-8")
    kept = [(question.group, question.question) for question in read_questions(tmp_path)]
    assert sorted(kept) == [("span", "问0"), ("unanswerable", "问2")]
    (tmp_path / "questions.jsonl").write_text('{"meta": {}}\n', "utf-8")
    with pytest.raises(CallError, match="neither"):
        read_questions(tmp_path)


def test_figures_count_spans_and_what_scores_higher() -> None:
    readings = (
        [make_reading(n, True, 3.0) for n in range(3)] + [make_reading(n, False, -3.0) for n in range(3)] + [make_reading(9, False, 3.0)]
    )
    found = measure_readings([*readings, make_reading(1, True, 2.0, "2022年", "paragraph"), make_reading(2, True, 2.0, group="paragraph")])
    assert found["span EM"].value == 0.5
    assert found["AUC stated"].value == pytest.approx((9 + 3 * 0.5) / 12)
    assert found["AUC stated against deleted"].n == 7
