"""Cases that evaluators write: the checks of the evaluator's own program, who changed what, and files in and out."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.evaluating import article
from bot.evaluating.exchange import MOST, as_workbook, read_file
from bot.evaluating.program import Program
from bot.evaluating.writing import FIELDS, Writing, form_of
from bot.evaluating.writing_page import WritingHandlers
from bot.evaluating.written import WrittenCases
from bot.settings import Settings
from bot.web.accounts.users import Role, User
from bot.web.feedback import Feedback, add_feedback
from bot.web.running import drafts
from index.build import BuildOptions, build
from index.database import open_database
from index.errors import CallError
from index.plan import BuildRequest
from index.text.split import SplitSettings
from tests.support.fakes import BigramEncoder, source

TEXT = "# 街道办事\n\n街道在10个工作日内答复。预约热线由港务局公布。\n\n每户补贴<b>8642</b>元。\n"
FORM = {"question": "几天答复", "kind": "fact", "wording": "plain", "answerable": True, "gold": "街道在10个工作日内答复。", "must": "10个"}
WHO = SimpleNamespace(state=SimpleNamespace(user=User("李评", frozenset({Role.EVALUATE}))))


@pytest.fixture
def settings(tmp_path: Path, encoder: BigramEncoder) -> Settings:
    settings = Settings(data=tmp_path)
    build(BuildRequest([source("street", TEXT)]), settings.index, encoder, SplitSettings(), BuildOptions())
    return settings


@pytest.fixture
def writing(settings: Settings) -> Writing:
    return Writing(Program(settings), settings)


def test_case_is_checked_as_the_program_checks_it_and_kept_with_who_wrote_it(writing: Writing, settings: Settings) -> None:
    for change, told in (
        ({"gold": "十天内答复", "must": ""}, "不在任何文章里"),
        ({"answerable": False}, "不能回答的没有"),
        ({"kind": None}, "kind"),
        ({"must": "650"}, "650"),
    ):
        with pytest.raises(CallError) as refused:
            writing.save({**FORM, **change}, "", 0, "李评")
        assert told in refused.value.in_language("zh"), change
    assert not writing.cases.changes(), "nothing is kept that is not well"
    assert writing.save(FORM, "", 0, "李评") == "w-001"
    with pytest.raises(CallError, match="几天答复"):
        writing.save(FORM, "", 0, "李评")
    (kept,) = writing.cases.rows()
    assert writing.save({**form_of(kept), "question": "多久答复"}, "w-001", 1, "王评") == "w-001"
    with pytest.raises(CallError, match="王评"):
        writing.save({**form_of(kept), "question": "要多久"}, "w-001", 1, "李评")
    assert [(one.who, one.what, one.name, one.row["question"]) for one in writing.cases.changes()] == [
        ("李评", "write", "w-001", "几天答复"),
        ("王评", "edit", "w-001", "多久答复"),
    ]
    (own,) = [one for one in Program(settings).sets() if one["standing"]]
    assert (own["cases"], json.loads(Path(own["questions"]).read_text("utf-8"))["question"]) == (1, "多久答复")


def test_retired_case_leaves_the_set_and_its_id_is_not_given_again(writing: Writing, settings: Settings) -> None:
    writing.save(FORM, "", 0, "李评")
    writing.cases.retire("w-001", "李评")
    assert writing.cases.rows() == []
    assert not [one for one in Program(settings).sets() if one["standing"]]
    with pytest.raises(CallError, match="w-001"):
        writing.cases.retire("w-001", "李评")
    assert writing.save({**FORM, "question": "谁公布", "gold": "预约热线由港务局公布。", "must": ""}, "", 0, "李评") == "w-002"
    writing.save(FORM, "w-001", writing.cases.latest()["w-001"].id, "李评")
    assert {row["id"] for row in writing.cases.rows()} == {"w-001", "w-002"}


def test_case_whose_article_changed_is_named_and_keeps_nobody_from_writing(
    writing: Writing, settings: Settings, encoder: BigramEncoder
) -> None:
    writing.save(FORM, "", 0, "李评")
    assert writing.not_well() == {}
    build(BuildRequest([source("street", "# 街道\n\n街道当天答复。")]), settings.index, encoder, SplitSettings(), BuildOptions())
    assert list(writing.not_well()) == ["w-001"]
    assert "w-001" in WritingHandlers(writing, settings).opened()[0]
    assert writing.save({**FORM, "question": "当天吗", "gold": "街道当天答复。", "must": "当天"}, "", 0, "李评") == "w-002"


def test_questions_to_begin_from_are_told_once_and_not_when_they_are_written(writing: Writing, settings: Settings) -> None:
    drafts.add_draft(settings.data, drafts.draft_of("几天答复", "asked 3 times"))
    for verdict, question in (("down", "热线谁公布"), ("up", "好"), ("handed over", "几天答复")):
        entry = {"time": "2026-11-20T09:00:00+00:00", "question": question, "answer": "答", "refused": False, "verdict": verdict}
        add_feedback(open_database(settings), Feedback.model_validate(entry))
    assert {draft["question"]: draft["note"][:13] for draft in writing.begun()} == {
        "几天答复": "asked 3 times",
        "热线谁公布": "feedback of 2",
    }
    _, _, *values = WritingHandlers(writing, settings).begin("几天答复")
    assert dict(zip(FIELDS, values, strict=True)) == form_of({"question": "几天答复", "note": "asked 3 times"}) | {"measure": ""}
    writing.save(FORM, "", 0, "李评")
    assert [draft["question"] for draft in writing.begun()] == ["热线谁公布"]


def test_sentence_that_is_clicked_joins_the_gold_and_leaves_it_again(writing: Writing, settings: Settings) -> None:
    page = WritingHandlers(writing, settings)
    shown = page.look("street", "")
    assert "<b>" not in shown
    text, spans = article.sentences(settings.index, "street")
    quotes = [text[span.start : span.end] for span in spans]
    n = quotes.index("预约热线由港务局公布。")
    gold, shown = page.pick("street", "", SimpleNamespace(_data={"n": n}))  # type: ignore[arg-type]
    assert gold == quotes[n]
    assert shown.count('aria-pressed="true"') == 1
    assert f'aria-pressed="true" data-n="{n}"' in shown
    gold, shown = page.pick("street", gold, SimpleNamespace(_data={"n": n}))  # type: ignore[arg-type]
    assert (gold, shown.count('aria-pressed="true"')) == ("", 0)
    assert page.pick("street", "x", SimpleNamespace(_data={"n": 999}))[0] == "x"  # type: ignore[arg-type]
    assert page.look("nowhere", "") == '<div class="text"><p></p></div>'


def test_buttons_say_what_is_missing_and_who_may_press_them(writing: Writing, settings: Settings) -> None:
    page = WritingHandlers(writing, settings)
    values = [FORM.get(name) for name in FIELDS]
    stranger = SimpleNamespace(state=SimpleNamespace(user=User("生人", frozenset({Role.VIEW}))))
    request: Any = WHO
    assert "没有这项权限" in page.save(stranger, (None, "", 0), *values)[0]  # type: ignore[arg-type]
    assert "请先选一道题" in page.retire(request, (None, "", 0))[0]
    assert "请先选文件" in page.take_in(request, None)[0]
    told, state, *_ = page.save(request, (None, "", 0), *values)
    assert "w-001保存好了" in told
    assert state == (None, "", 0)
    _, chosen, question, *_ = page.choose("w-001")
    assert (chosen[1:], question) == (("w-001", 1), "几天答复")
    assert "已停用" in page.retire(request, chosen)[0]


@pytest.mark.parametrize("kind", ["jsonl", "xlsx"])
def test_cases_go_out_as_a_file_and_come_back_the_same(writing: Writing, settings: Settings, tmp_path: Path, kind: str) -> None:
    rows = [
        {"id": "a-1", "kind": "fact", "question": "=几天", "answerable": True, "gold": ["街道在10个工作日内答复。", "预约热线由港务局公布。"]},
        {"id": "a-2", "kind": "digest", "question": "怎么办", "outcome": "answered", "need": 1, "facets": [["10个", "工作日"], ["港务局"]],
         "relevant": ["街道在10个工作日内答复"]},
    ]  # fmt: skip
    file = tmp_path / f"cases.{kind}"
    file.write_bytes(as_workbook(rows) if kind == "xlsx" else "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert writing.take_in(file, "李评") == 2
    assert writing.cases.rows() == rows
    assert [one.what for one in WrittenCases(settings).changes()] == ["write", "write"]
    with pytest.raises(CallError, match="a-2"):
        writing.save(FORM, "a-2", 2, "李评")
    wrong = [{**rows[0], "question": "又改"}, {"kind": "fact", "question": "无"}]
    file.write_bytes(as_workbook(wrong) if kind == "xlsx" else "".join(json.dumps(row) + "\n" for row in wrong).encode())
    with pytest.raises(CallError, match=r"case 2 of the file: .*answerable"):
        writing.take_in(file, "李评")
    assert writing.cases.rows() == rows, "all of a file or nothing"


def test_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", b"{no"), ("a.jsonl", b"[1]"), ("a.xlsx", b"PK"), ("a.jsonl", b"\xff\xfe")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CallError, match=r"a\.(jsonl|xlsx).* cannot be read"):
            read_file(tmp_path / name, [{"properties": {}}])
    book = Workbook()
    for _ in range(MOST + 2):
        book.active.append(["question"])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    (tmp_path / "a.xlsx").write_bytes(file.getvalue())
    with pytest.raises(CallError, match="more than"):
        read_file(tmp_path / "a.xlsx", [{"properties": {}}])
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0].max_row == MOST + 2
