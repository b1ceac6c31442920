"""What a report says in plain sentences, its form for programs, and two runs side by side."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.settings import AnsweringSettings, Settings
from eval.__main__ import app
from eval.measuring.catalogue import MEASURES
from eval.measuring.changes import InputChange, changed_inputs
from eval.measuring.compare import compare
from eval.measuring.schema import Report
from eval.measuring.summary import summarise
from eval.reporting.page import render_page
from eval.reporting.side_by_side import mark_words, render_comparison
from eval.reporting.verdict import verdict
from eval.running.bench import LEGS, Bench
from eval.running.folder import RunFolder
from eval.running.run import run
from eval.testset.case import Case
from index.search import Index
from tests.support.fakes import BigramEncoder
from tests.support.runs import INPUTS, everything, reported

CASES = [
    Case("g1", "口袋公园新建多少处", True, "fact", "plain", needs=(("新建口袋公园15处",),), articles=frozenset({"garden"}), must=("15处",)),
    Case("h1", "夜间装卸怎么预约", True, "how", "plain", needs=(("预约制度",),), articles=frozenset({"harbour"})),
    Case("x1", "<script>alert(1)</script>火箭发射", False, "out_of_scope", "colloquial", note="<b>"),
]


@pytest.fixture
def bench(small_index: Index, encoder: BigramEncoder) -> Bench:
    return Bench(small_index, encoder, Settings(answering=AnsweringSettings(least_probability=0)), LEGS)


def measured(**values: tuple[float, int]) -> dict[str, Any]:
    nothing = {"value": None, "low": None, "high": None, "n": 0}
    found = {key: {"value": value, "low": None, "high": None, "n": n} for key, (value, n) in values.items()}
    return {"measures": {measure.key: found.get(measure.key, nothing) for measure in MEASURES}}


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (measured(right=(0.71, 200)), "十个问题里大约有7个处理得好（200个用例中的71%）", "about 7 are dealt with well (71% of 200 cases)"),
        (measured(right=(0.9, 10), open_well=(0.42, 50)), "大约有4个处理得好", "about 4 are dealt with well"),
        (measured(misled=(0.5, 10), misled_outside=(0.0, 30)), "一百个里大约有12个", "about 12 are shown as answered"),
        (measured(refusal_recall=(0.9, 20)), "一百个里大约有10个", "about 10 are shown as answered"),
        (measured(refusal_recall=(1.0, 20)), "没有一个被当成有答案", "None of the 20 questions"),
        (measured(right=(1.0, 5)), "看不出会不会误导人", "cannot tell how often"),
    ],
)
def test_verdict_is_said_in_whole_numbers_in_both_languages(found: dict[str, Any], zh: str, en: str) -> None:
    for language, wanted in (("zh", zh), ("en", en)):
        told = verdict(found, None, language)  # type: ignore[arg-type]
        assert len(told) == 3
        assert wanted in " ".join(told)


def test_verdict_names_what_got_worse_for_sure(bench: Bench, tmp_path: Path) -> None:
    cases = [replace(CASES[0], id=f"g{n}") for n in range(20)]
    well = reported(bench, tmp_path, cases)
    ill = json.loads(json.dumps(well))
    for case in ill["cases"]:
        case["rows"]["right"] = [0.0]
    assert verdict(ill, compare(well, ill), "zh")[2].startswith("与上次相比变差了：处理正确")
    assert verdict(well, compare(ill, well), "en")[2].startswith("Since the last run these got better: Dealt with rightly")
    assert "没有可靠的变化" in verdict(well, compare(well, well), "zh")[2]


def test_report_has_the_form_that_is_stated(bench: Bench, tmp_path: Path) -> None:
    made = reported(bench, tmp_path, [*CASES, Case("e1", "？", False, "out_of_scope")])
    assert Report.model_validate_json(json.dumps(made)).n == 4
    assert {shape: found["n"] for shape, found in made["groups"]["shape"].items()} == {"fact": 3, "refused": 1}
    stated = json.loads(CliRunner().invoke(app, ["schema"]).output)
    assert set(stated["required"]) <= set(made) <= set(stated["properties"])


def test_what_was_changed_between_two_runs_is_named() -> None:
    before = {
        "settings": {"reader": "trained", "passages": 4},
        "weights": "aa",
        "prompts": "p",
        "code": "c",
        "articles": {"x": "1", "y": "1"},
    }
    after = {
        "settings": {"reader": "trained", "passages": 6, "model": "m"},
        "weights": "bb",
        "prompts": "p",
        "code": "c",
        "articles": {"y": "2", "z": "1"},
    }
    assert changed_inputs(before, after) == [
        InputChange("passages", "4", "6"),
        InputChange("model", "", "m"),
        InputChange("weights", "aa", "bb"),
        InputChange("article x", "1", ""),
        InputChange("article y", "1", "2"),
        InputChange("article z", "", "1"),
    ]
    assert changed_inputs(before, before) == []
    assert changed_inputs({"settings": {}}, {"settings": {}, "weights": "bb"}) == [], "an older run noted no weights"


def test_words_that_differ_are_marked_and_escaped() -> None:
    was, now = mark_words("每户补贴15元<b>", "每户补贴20元<b>")
    assert (str(was), str(now)) == ("每户补贴<del>15</del>元&lt;b&gt;", "每户补贴<ins>20</ins>元&lt;b&gt;")


def test_two_runs_stand_side_by_side(bench: Bench, tmp_path: Path) -> None:
    folders = [RunFolder.open(tmp_path, tmp_path / name, {**INPUTS, "settings": {"passages": n}}) for n, name in enumerate(("old", "new"))]
    for folder in folders:
        results = run(CASES, bench, folder, everything)
        folder.finish(summarise(folder.inputs, CASES, results), "page")
    lines = (folders[1].path / "results.jsonl").read_text("utf-8").replace("15处", "99处")
    (folders[1].path / "results.jsonl").write_text(lines, "utf-8")
    report = json.loads((folders[1].path / "report.json").read_text("utf-8"))
    report["cases"][0]["rows"]["right"] = [0.0]
    (folders[1].path / "report.json").write_text(json.dumps(report), "utf-8")
    shown = render_comparison(tmp_path / "old", tmp_path / "new")
    assert shown.index("口袋公园新建多少处") < shown.index("夜间装卸怎么预约"), "what got worse stands first"
    assert "<del>15</del>" in shown
    assert "<ins>99</ins>" in shown
    assert "<td>passages</td><td>0</td><td>1</td>" in shown
    assert "<script>alert" not in shown
    page = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "old"), str(tmp_path / "new"), "--page", str(page), "--fail-if-worse"])
    assert "changed: passages: 0 -> 1" in done.output
    assert page.read_text("utf-8") == shown


def test_report_shows_failures_first_and_thirty_cases_at_a_time(bench: Bench, tmp_path: Path) -> None:
    results = run(CASES, bench, RunFolder.open(tmp_path, None, INPUTS), everything)
    shown = render_page(summarise(INPUTS, CASES, results), CASES, results)
    assert shown.count('class="case"') == len(CASES), "those that are right can be found too"
    assert "const PAGE = 30" in shown
    assert (
        shown.index('class="verdict"')
        < shown.index("<table")
        < shown.index("<svg")
        < shown.index('class="case"')
        < shown.index('id="means-right"')
    )
