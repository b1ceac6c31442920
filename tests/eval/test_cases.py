"""The test set: what is checked on loading, how it is extended, and what it holds today."""

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.settings import EXAMPLES
from bot.web.feedback import Feedback, add_feedback
from eval.__main__ import app
from eval.testset.case import Case, CaseKind, CaseWording
from eval.testset.cases import QUESTIONS, CaseRow, read_cases, read_outside
from eval.testset.corpus import seed_set
from eval.testset.drafts import drafts_from, next_id
from index.__main__ import SEEDS
from index.database import Database
from index.documents import Article, Metadata
from index.errors import CallError

ARTICLE = Article(Metadata("a"), "街道在10个工作日内答复。预约热线由港务局公布。")
ROW = {"id": "x-1", "kind": "fact", "question": "几天答复", "answerable": True, "gold": ["10个工作日内答复"], "must": ["10个"]}
TOP = Path(__file__).resolve().parents[2]


def write_rows(folder: Path, *rows: object) -> Path:
    path = folder / "q.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_each_wrong_line_of_a_file_is_told_by_its_number(tmp_path: Path) -> None:
    asked = {"id": "a", "kind": "fact", "question": "举办招聘会多少场次", "answerable": True, "gold": ["共举办求职招聘直通车招聘会37场次"]}
    file = write_rows(
        tmp_path,
        asked,
        {**asked, "id": "b"},
        {**asked, "id": "c", "question": "几次", "gold": ["没有这句"]},
        [],
        asked | {"id": "d", "question": "无"},
    )
    done = CliRunner().invoke(app, ["check", str(file)])
    found = json.loads(done.stdout)
    assert list(found) == ["2", "3", "4"]
    assert "is asked already, by 'a'" in found["2"]
    assert "stands in no article" in found["3"]
    assert json.loads(CliRunner().invoke(app, ["case-form"]).stdout)["case"]["properties"].keys() == CaseRow.model_fields.keys()


@pytest.fixture(scope="module")
def own() -> tuple[Case, ...]:
    return seed_set(SEEDS).cases


def test_row_becomes_a_case(tmp_path: Path) -> None:
    (case,) = read_cases([write_rows(tmp_path, ROW)], [ARTICLE])
    assert (case.needs, case.articles, case.must, case.wording) == ((("10个工作日内答复",),), {"a"}, ("10个",), "plain")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gold": ["十天内答复"], "must": []}, "stands in no article"),
        ({"gold": []}, "an answerable question has a gold quotation"),
        ({"answerable": False, "gold": [], "must": ["10个"]}, "no string that an answer must hold"),
        ({"must": ["650"]}, "stands in no gold quotation"),
        ({"must_not": ["工作日"]}, "stands in a gold quotation"),
        ({"kind": "riddle"}, "kind: Input should be"),
        ({"kind": "follow_up"}, "needs the questions before it"),
        ({"answer": "10"}, "answer: Extra inputs are not permitted"),
        ({"question": ""}, "question: String should have at least 1 character"),
        ({"id": "x 1"}, "id: String should match"),
    ],
)
def test_wrong_row_is_named_with_what_is_wrong(tmp_path: Path, change: dict[str, object], message: str) -> None:
    good = {**ROW, "id": "x-0", "question": "谁公布热线", "gold": ["热线由港务局公布"], "must": []}
    with pytest.raises(CallError, match=rf"line 2: .*{message}"):
        read_cases([write_rows(tmp_path, good, {**ROW, **change})], [ARTICLE])


@pytest.mark.parametrize(
    ("change", "message"), [({"question": "别的问题"}, "id 'x-1' is taken"), ({"id": "x-2", "question": "几天答复？"}, "asked already")]
)
def test_duplicate_is_an_error(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(CallError, match=message):
        read_cases([write_rows(tmp_path, ROW, {**ROW, **change})], [ARTICLE])


def test_outside_rows_are_told_apart_by_their_labels(tmp_path: Path) -> None:
    text = "甲区设立热线，由港务局公布。" * 3
    path = write_rows(
        tmp_path,
        {"id": "1", "question": "谁公布", "answers": ["港务局"], "gold_doc_ids": ["a"]},
        {"id": "2", "question": "何时公布", "answerable": False, "gold_doc_ids": ["a"]},
        {"id": "3", "question": "乙区呢", "answerable": False},
        {"id": "4", "question": "自愿吗", "answers": ["YES"], "gold_doc_ids": ["a"], "meta": {"near_duplicate_doc_ids": ["b"]}},
    )
    spans, near, outside, unlocated = read_outside(path, {"a": text})
    assert (spans.spans, spans.located, spans.needs) == (True, True, (("港务局",),))
    assert (near.kind, outside.kind) == (CaseKind.NEAR_MISS, CaseKind.OUT_OF_SCOPE)
    assert (unlocated.located, unlocated.articles) == (False, {"a", "b"})


def test_set_is_as_large_and_as_varied_as_it_has_to_be(own: tuple[Case, ...]) -> None:
    kinds, wordings = Counter(case.kind for case in own), Counter(case.wording for case in own)
    assert len(own) >= 160
    assert kinds["near_miss"] >= 40
    assert set(kinds) <= set(CaseKind)
    assert len(kinds) >= 12
    assert set(wordings) == set(CaseWording)
    measures = Counter(case.measure for case in own if case.measure)
    assert len(measures) >= 25
    assert min(measures.values()) >= 3
    assert all(case.note for case in own)


def test_split_is_fixed_and_about_even(own: tuple[Case, ...]) -> None:
    splits = Counter(case.split for case in own)
    assert 0.4 < splits["dev"] / len(own) < 0.6
    assert [Case(name, "", True, "fact").split for name in ("jm-001", "jm-002", "jm-003")] == ["test", "test", "dev"]


def test_no_question_stands_in_the_assistant(own: tuple[Case, ...]) -> None:
    texts = [
        file.read_text("utf-8")
        for name in ("index", "bot", "prompts")
        for file in (TOP / name).rglob("*.*")
        if file.suffix in (".py", ".md", ".txt")
    ]
    assert not [
        case.id for case in own if len(case.question) > 4 and case.kind != "greeting" and any(case.question in text for text in texts)
    ]
    assert not {case.question for case in own} & {question for group in EXAMPLES.values() for question in group}


def test_add_takes_a_checked_row_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    row = {"id": "n-1", "kind": "fact", "question": "养老站有几处", "answerable": True, "gold": ["建成14处养老服务站"], "must": ["14处"]}
    for given, code, message in (
        (row, 0, "added to"),
        (row, 2, "id 'n-1' is taken"),
        ({**row, "id": "n-2", "question": "几处站", "gold": ["建成15处"], "must": []}, 2, "stands in no article"),
        ({**row, "id": ""}, 2, "id: String should match"),
    ):
        done = CliRunner().invoke(app, ["add", json.dumps(given, ensure_ascii=False), "--questions", str(path)])
        assert (done.exit_code, message in done.output) == (code, True), done.output
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["n-1"]


def test_add_asks_for_each_field_and_again_where_one_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    first = ["n-1", "fact", "colloquial", "养老服务", "养老站有几处", "", "yes", "建成15处养老服务站", "14处", "", ""]
    again = ["", "", "", "", "", "", "", "建成14处养老服务站", "", "", "数字"]
    done = CliRunner().invoke(app, ["add", "--questions", str(path)], input="\n".join([*first, *again]) + "\n")
    assert done.exit_code == 0, done.output
    assert "Once more" in done.output
    row = CaseRow.model_validate_json(path.read_text("utf-8"))
    assert (row.gold, row.must, row.wording, row.note) == (["建成14处养老服务站"], ["14处"], "colloquial", "数字")


def make_feedback(question: str, **given: object) -> Feedback:
    return Feedback.model_validate(
        {"time": "2026-05-01T08:00:00+00:00", "question": question, "answer": "答。[1]", "refused": False, "verdict": "down", **given}
    )


def test_refused_and_thumbed_down_questions_become_drafts_and_then_cases(tmp_path: Path) -> None:
    for feedback in (
        make_feedback("夜里能办社保吗", comment="答非所问"),
        make_feedback("谢谢", verdict="up"),
        make_feedback("补贴几时到账", refused=True, verdict="up"),
        make_feedback("夜里能办社保吗？"),
    ):
        add_feedback(Database(tmp_path), feedback)
    done = CliRunner().invoke(app, ["from-feedback", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    drafts = tmp_path / "eval" / "drafts.jsonl"
    rows = [json.loads(line) for line in drafts.read_text("utf-8").splitlines()]
    assert [row["question"] for row in rows] == ["夜里能办社保吗？", "补贴几时到账"]
    assert [row["answerable"] for row in rows] == [None, None], "a label is a person's to give"
    path = tmp_path / "own.jsonl"
    typed = [*["", "near_miss", "", "", "", "", "no", "", "", "", ""]] * 2
    done = CliRunner().invoke(app, ["add", "--drafts", str(drafts), "--questions", str(path)], input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert [CaseRow.model_validate_json(line).id for line in path.read_text("utf-8").splitlines()] == ["case-001", "case-002"]


def test_known_questions_make_no_drafts() -> None:
    assert drafts_from([make_feedback("几天答复？")], ["几天答复"]) == []
    assert next_id(["jm-009", "jm-256"]) == "jm-257"


def test_questions_come_with_the_package() -> None:
    assert QUESTIONS.is_dir()
