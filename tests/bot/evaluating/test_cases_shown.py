"""What the cases of a set cover, and how they are exported."""

import io
import json
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from bot.evaluating import render
from bot.evaluating.cases import coverage, read_rows
from bot.evaluating.exchange import as_workbook
from bot.evaluating.page import Handlers, mount_evaluate
from bot.evaluating.program import Program
from bot.settings import Settings

ROWS = [
    {"id": "1", "kind": "fact", "measure": "招聘<b>", "question": "=1+1", "gold": ["一", "二"], "answerable": True},
    {"id": "2", "kind": "fact", "measure": "招聘<b>", "question": "多少"},
    {"id": "3", "kind": "list", "measure": "", "question": "哪些"},
    {"id": "4", "kind": "list", "measure": "贷款", "question": "哪些", "facets": [["甲", "乙"], ["丙"]]},
    {"id": "5", "meta": {"kind": "yesno"}, "question": "能吗"},
]


def test_gaps_of_a_set_stand_out() -> None:
    found = coverage(ROWS)
    assert (found.kinds, found.measures) == (("fact", "list", "yesno"), ("招聘<b>", "贷款", ""))
    assert found.counts["招聘<b>", "fact"] == 2
    assert found.gaps == 2, "two measures, of two kinds each, and two places are taken; the third kind asks of no measure"
    by_wording = coverage([{**row, "wording": "plain"} for row in ROWS], "wording")
    assert (by_wording.measures, by_wording.gaps) == (("plain",), 0)
    shown = render.covered(found, "a b", "/evaluate")
    assert shown.count('class="gap">0<') == 2
    assert "<b>" not in shown
    assert 'href="/evaluate/cases/a%20b.xlsx"' in shown
    assert "事实" in shown


def test_workbook_holds_every_field_and_no_formula() -> None:
    head, first, *_, fourth, fifth = load_workbook(io.BytesIO(as_workbook(ROWS)))["cases"].iter_rows(values_only=True)
    assert head == ("id", "kind", "measure", "question", "gold", "answerable", "facets", "meta")
    assert first[3:6] == ("'=1+1", "一\n二", True)
    assert fourth[6] == "甲 | 乙\n丙"
    assert json.loads(str(fifth[7])) == {"kind": "yesno"}


def test_cases_of_a_set_are_exported_by_its_name_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    program = Program(settings)
    client = TestClient(mount_evaluate(FastAPI(), program, settings, lambda _: "李"))
    sent = client.get("/evaluate/cases/jimo_2023.jsonl")
    rows = [json.loads(line) for line in sent.text.splitlines()]
    assert rows == read_rows(Path(program.find_set("jimo_2023")["questions"]))
    sheet = client.get("/evaluate/cases/jimo_2023.xlsx")
    assert load_workbook(io.BytesIO(sheet.content))["cases"].max_row in (None, len(rows) + 1)
    assert "attachment" in sheet.headers["content-disposition"]
    assert client.get("/evaluate/cases/nowhere.jsonl").status_code == 404
    assert client.get("/evaluate/cases/jimo_2023.exe").status_code == 422
    assert "还没有题" in Handlers(program, settings).covered("jimo_2023")
    assert "没有名为" in Handlers(program, settings).covered("../x")
