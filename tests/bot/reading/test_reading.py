import json
from pathlib import Path

import pytest

from bot.reading.calibration import Calibration
from bot.reading.marking import Mark
from eval.calibrating.network import RULES, Read, figures, fit, rows_of
from index.documents import Span
from index.errors import CallError
from tests.support.readers import TEXT, marked_folder


def one(n: int, stated: bool, odds: float, answer: str = "15处", group: str = "") -> Read:
    start = TEXT.index(answer)
    mark = Mark(Span(0, len(TEXT)), Span(start, start + len(answer)), odds, odds, 0.0)
    return Read(f"d{n}", group or ("stated" if stated else "deleted"), stated, mark, TEXT, ("15处",) if stated else ())


def test_a_set_with_marked_answers_is_read_with_and_without_them(tmp_path: Path) -> None:
    rows = rows_of(marked_folder(tmp_path / "marked"))
    groups = {group: stated for _, group, stated, *_ in rows}
    assert {"paragraph", "stated", "deleted", RULES + "stated", RULES + "deleted"} <= groups.keys()
    assert groups["stated"]
    assert not groups["deleted"]
    for _, group, stated, _, context, answers in rows:
        if group in {"paragraph", "stated"}:
            assert any(answer in context.text for answer in answers), stated


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
    assert sorted((group, question) for _, group, _, question, *_ in rows_of(tmp_path)) == [("span", "问0"), ("unanswerable", "问2")]
    (tmp_path / "questions.jsonl").write_text('{"meta": {}}\n', "utf-8")
    with pytest.raises(CallError, match="neither"):
        rows_of(tmp_path)


def test_figures_count_spans_and_what_scores_higher() -> None:
    done = [one(n, True, 3.0) for n in range(3)] + [one(n, False, -3.0) for n in range(3)] + [one(9, False, 3.0)]
    found = figures([*done, one(1, True, 2.0, "2022年", "paragraph"), one(2, True, 2.0, group="paragraph")], Calibration())
    assert found["span EM"][0] == 0.5
    assert found["AUC stated"][0] == pytest.approx((9 + 3 * 0.5) / 12)
    assert found["AUC stated against deleted"][2] == 7


def test_the_fitted_probability_parts_what_is_stated() -> None:
    done = [one(n, n % 2 == 0, 4.0 if n % 2 == 0 else -1.0) for n in range(60)]
    calibration = fit(done)
    stated, deleted = (calibration.probability(read.mark) for read in done[:2] if read.mark)
    assert stated > 0.8
    assert deleted < 0.2
