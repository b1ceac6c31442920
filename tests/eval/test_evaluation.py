"""Runs: resumed, crashed, compared, reported; and planted faults that the comparison has to find."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.app import make_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, ServerSettings, Settings
from eval.__main__ import app
from eval.calibrating.thresholds import Threshold, describe_threshold, write_setting
from eval.evaluation import EvaluationRequest, evaluate, open_bench
from eval.measuring.catalogue import MEASURES
from eval.measuring.compare import compare
from eval.measuring.summary import summarise
from eval.reporting.page import _marked, render_page
from eval.reporting.tables import render_table
from eval.running.bench import LEGS, Bench
from eval.running.folder import RunFolder, read_report
from eval.running.run import run
from eval.testset.case import Case
from index.build import BuildOptions, build
from index.encoding.encoder import SentenceEncoder
from index.errors import CallError
from index.language import LANGUAGES
from index.plan import BuildRequest
from index.search import Index
from index.settings import read_settings
from tests.support.browsing import log_in
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source
from tests.support.runs import INPUTS, everything, reported

CASES = [
    Case("g1", "口袋公园新建多少处", True, "fact", "plain", needs=(("新建口袋公园15处",),), articles=frozenset({"garden"}), must=("15处",)),
    Case("h1", "夜间装卸怎么预约", True, "how", "plain", needs=(("预约制度",),), articles=frozenset({"harbour"})),
    Case("x1", "<script>alert(1)</script>火箭发射", False, "out_of_scope", "colloquial", note="<b>"),
]


@pytest.fixture
def bench(small_index: Index, encoder: BigramEncoder) -> Bench:
    return Bench(small_index, encoder, Settings(), LEGS)


def drop_times(made: dict[str, Any]) -> str:
    return re.sub(r'"(made|latency\w*)": (\[[^\]]*\]|\{[^}]*\}|"[^"]*")', "", json.dumps(made))


def test_same_run_has_the_same_report(bench: Bench, tmp_path: Path) -> None:
    once, twice = reported(bench, tmp_path / "1", CASES), reported(bench, tmp_path / "2", CASES)
    assert drop_times(once) == drop_times(twice)
    assert once["measures"]["document_hit@1"]["value"] == 1
    assert set(once["legs"]) == set(LEGS)


def test_interrupted_run_is_gone_on_with(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(cases: Sequence[Case]) -> Iterable[Case]:
        yield cases[0]
        raise KeyboardInterrupt

    folder = RunFolder.open(tmp_path, None, INPUTS)
    with pytest.raises(KeyboardInterrupt):
        run(CASES, bench, folder, interrupted)
    with (folder.path / "results.jsonl").open("a") as file:
        file.write('{"id": "h1", "err')  # what a kill in the middle of a line leaves
    again = RunFolder.open(tmp_path, None, INPUTS)
    assert again.path == folder.path
    asked: list[str] = []

    def noted(cases: Sequence[Case]) -> Iterable[Case]:
        asked.extend(case.id for case in cases)
        return cases

    results = run(CASES, bench, again, noted)
    assert asked == ["h1", "x1"]
    again.finish(summarise(INPUTS, CASES, results), "page")
    assert RunFolder.open(tmp_path, None, INPUTS).path != folder.path, "a finished run is not gone on with"
    assert RunFolder.open(tmp_path, folder.path, INPUTS).path == folder.path, "its folder may be named again"


def test_folder_of_another_run_is_not_written_to(tmp_path: Path) -> None:
    RunFolder.open(tmp_path, tmp_path / "run", INPUTS)
    with pytest.raises(CallError, match="a run of other mode: name another folder"):
        RunFolder.open(tmp_path, tmp_path / "run", {**INPUTS, "mode": "llm"})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("precious")
    with pytest.raises(CallError, match="something that is no run"):
        RunFolder.open(tmp_path, tmp_path / "mine", INPUTS)


def test_crash_of_one_case_is_recorded_counted_apart_and_tried_again(bench: Bench, tmp_path: Path) -> None:
    class Moody(BigramEncoder):
        well = False

        def encode_queries(self, texts: Sequence[str]) -> Any:
            if not self.well and any("装卸" in text for text in texts):
                raise RuntimeError("out of paper")
            return super().encode_queries(texts)

    encoder = Moody()
    made = reported(replace(bench, encoder=encoder), tmp_path, CASES)
    assert made["crashed"] == ["h1"]
    assert made["measures"]["right"]["n"] == 2
    assert next(case for case in made["cases"] if case["id"] == "h1")["why"] == [("crashed", "RuntimeError: out of paper")]
    comparison = compare(reported(bench, tmp_path / "well", CASES), made)
    assert comparison.newly_crashed == ("h1",)
    assert comparison.is_worse
    encoder.well = True
    assert reported(replace(bench, encoder=encoder), tmp_path, CASES)["crashed"] == []


def test_question_is_asked_of_its_own_document(bench: Bench, tmp_path: Path) -> None:
    stranger = Case("s1", "夜间装卸怎么预约", True, "how", needs=(("15处",),), articles=frozenset({"garden"}))
    results = run([stranger], replace(bench, own_document=True), RunFolder.open(tmp_path, None, INPUTS), everything)
    assert {reading["article"] for reading in results["s1"].readings} == {"garden"}
    assert results["s1"].rankings["fused"]["articles"] == ["garden"]


def test_page_of_a_report_escapes_everything_and_loads_nothing(bench: Bench, tmp_path: Path) -> None:
    results = run(CASES, bench, RunFolder.open(tmp_path, None, INPUTS), everything)
    made = summarise(INPUTS, CASES, results)
    made["cases"][2]["why"] = [("not_refused", "")]
    shown = render_page(made, CASES, results, compare(made, made), "before")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;火箭发射" in shown
    assert "文章没有说，却作了回答" in shown
    for language in LANGUAGES:
        meanings = {str(escape(measure.meaning(language))) for measure in MEASURES}
        assert {meaning: shown.count(f">{meaning}<") for meaning in meanings} == dict.fromkeys(meanings, 1), "each stands there once"
    assert not re.search(r'(src|href)="(?!#)', re.sub(r"xlink:href", "", shown)), "nothing is loaded from anywhere"
    assert shown.count("<svg") == 8, "four plots, each in both languages"
    assert not re.search("#01030|#010203", shown), "the colours are those of the page, also in the dark"
    assert "风险-覆盖曲线" in shown, "text of a plot stays text"
    assert "measure | value" in render_table(made)


def test_quote_is_marked_in_its_passage() -> None:
    passage = {"passage": "前。甲乙。后。", "quote": "甲乙。"}
    assert _marked("前。甲乙。后。", [passage]) == [("前。", False), ("甲乙。", True), ("后。", False)]
    assert _marked("前。", [passage])[-1] == ("\n≠ 甲乙。", True)


def test_runs_that_share_no_case_are_not_compared(bench: Bench, tmp_path: Path) -> None:
    made = reported(bench, tmp_path, CASES)
    other = {**made, "cases": [{**case, "digest": "changed"} for case in made["cases"]]}
    with pytest.raises(CallError, match="share no case"):
        compare(made, other)
    with pytest.raises(CallError, match="expected the folder of a finished run"):
        read_report(tmp_path)


def test_threshold_is_written_beside_other_settings_with_where_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text("# ours\npassages = 6\nleast_probability = 0.4 # old\n")
    path = write_setting(tmp_path, 0.81, "python -m eval calibrate: " + describe_threshold(Threshold(0.81, 100, 50, 2, 0.09), 0.1))
    text = path.read_text("utf-8")
    assert "# ours" in text
    assert "# python -m eval calibrate: 100 cases; 50 answered, 2 of them wrong" in text
    settings = read_settings(Settings, data=tmp_path)
    assert (settings.answering.passages, settings.answering.least_probability) == (6, 0.81)
    monkeypatch.setenv("LIANGCE_LEAST_PROBABILITY", "0.2")
    assert read_settings(Settings, data=tmp_path).answering.least_probability == 0.2, "the environment counts more"


@pytest.mark.parametrize(
    ("text", "message"),
    [("pasages = 6", "'pasages', which is no setting"), ("passages = ", "cannot read"), ("passages = 0", "LIANGCE_PASSAGES in")],
)
def test_wrong_settings_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(CallError, match=message):
        read_settings(Settings, data=tmp_path)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (["run", "--corpus", "nowhere"], "expected a folder with corpus.jsonl"),
        (["run", "--corpus", "x", "--index", "y"], "either --corpus or --index"),
        (["run", "--mode", "llm"], "set LIANGCE_LLM_URL"),
        (["run", "--questions", "nowhere.jsonl"], "cannot read"),
        (["compare", "nowhere", "nowhere"], "expected the folder of a finished run"),
        (["add", "{}"], "the case is not added: id: Field required"),
    ],
)
def test_wrong_call_ends_with_two_and_what_to_do(tmp_path: Path, call: list[str], message: str) -> None:
    done = CliRunner().invoke(app, [*call, *(["--data", str(tmp_path)] if call[0] == "run" else [])])
    assert (done.exit_code, message in done.output) == (2, True), done.output


def test_report_is_shown_to_whoever_knows_the_password(small_index: Index, encoder: BigramEncoder, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, server=ServerSettings(report_password=SecretStr("open sesame")))
    client = TestClient(make_app(make_assistant(small_index, encoder, settings, SentenceReader), settings))
    assert client.get("/report").status_code == 401
    log_in(client, "李", "open says me")
    assert client.get("/report").status_code == 401
    log_in(client, "李", "open sesame")
    assert client.get("/report").status_code == 404
    for name in ("20260101-000000-small", "20260102-000000-small"):
        (settings.runs / name).mkdir(parents=True)
        (settings.runs / name / "report.html").write_text(name)
    shown = client.get("/report")
    assert (shown.status_code, shown.text) == (200, "20260102-000000-small")
    closed = Settings(data=tmp_path)
    other = TestClient(make_app(make_assistant(small_index, encoder, closed, SentenceReader), closed))
    assert "20260102" not in other.get("/report").text


def test_questions_are_asked_of_a_draft_version(tmp_path: Path, encoder: BigramEncoder) -> None:
    settings = Settings(data=tmp_path, answering=AnsweringSettings(reader="sentences"))
    for text, draft in (("# 街道\n\n街道三天答复。", False), ("# 街道\n\n街道当天答复。", True)):
        build(BuildRequest([source("a", text)]), settings.index, encoder, settings.passage.split, BuildOptions(draft=draft))
    row = {"id": "q", "kind": "fact", "question": "几天答复", "answerable": True, "gold": ["街道当天答复"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(row), "utf-8")
    request = EvaluationRequest(tmp_path / "q.jsonl", index=settings.index)
    with pytest.raises(CallError, match="stands in no article"), open_bench(request, settings, encoder):
        pytest.fail("the live version does not say so")
    with open_bench(replace(request, version="v000002"), settings, encoder) as (cases, bench):
        assert [case.id for case in cases] == ["q"]
        assert [passage.text.endswith("街道当天答复。") for passage in bench.passages("a")] == [True]
    with pytest.raises(CallError, match="--index"), open_bench(replace(request, index=None, version="v000002"), settings, encoder):
        pytest.fail("a version is one of an index")


@pytest.mark.model
def test_outside_set_is_indexed_once_and_reported(bundled_encoder: SentenceEncoder, tmp_path: Path) -> None:
    corpus = tmp_path / "small"
    corpus.mkdir()
    texts = {"garden": GARDEN, "harbour": HARBOUR}
    rows = [{"id": name, "title": "", "text": text} for name, text in texts.items()]
    questions = [
        {"id": "1", "question": "口袋公园有多少处", "answers": ["15处"], "gold_doc_ids": ["garden"]},
        {"id": "2", "question": "口袋公园花了多少钱", "answers": [], "gold_doc_ids": ["garden"], "answerable": False},
    ]
    for name, held in (("corpus", rows), ("questions", questions)):
        (corpus / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in held), "utf-8")
    settings = read_settings(Settings, data=tmp_path / "data")
    first = evaluate(EvaluationRequest(corpus=corpus), settings, lambda: bundled_encoder, everything)
    assert first.report["measures"]["document_hit@1"] == {"value": 1, "low": None, "high": None, "n": 1}
    assert (first.folder / "report.html").is_file()
    second = evaluate(EvaluationRequest(corpus=corpus, ablate=True), settings, lambda: bundled_encoder, everything)
    assert second.folder != first.folder
    own = evaluate(EvaluationRequest(corpus=corpus, own_document=True), settings, lambda: bundled_encoder, everything)
    assert own.comparison is None, "no run before it was made that way"
    assert [path.name for path in (tmp_path / "data" / "eval" / "indexes").glob("*/v*")] == ["v000001"], "one index, built once"
    assert "与上次" in (second.folder / "report.html").read_text("utf-8")
    with pytest.raises(CallError, match="leaves no case"):
        evaluate(
            EvaluationRequest(corpus=corpus, split="dev" if first.cases[0].split == first.cases[1].split == "test" else "none"),
            settings,
            bundled_encoder,
            everything,
        )


@pytest.mark.model
def test_calibrate_writes_a_threshold_or_says_that_none_keeps_to_the_wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANGCE_READER", "sentences")  # the quick one
    call = ["calibrate", "--limit", "8", "--data", str(tmp_path), "--wrong-rate"]
    done = CliRunner().invoke(app, [*call, "0.99"])
    assert done.exit_code == 0, done.output
    assert "<- chosen" in done.output
    chosen = read_settings(Settings, data=tmp_path).answering.least_probability
    assert f"least_probability = {chosen}" in done.output
    again = CliRunner().invoke(app, [*call, "0.01"])
    assert (again.exit_code, "The settings are as they were" in again.output) == (1, True)
    assert read_settings(Settings, data=tmp_path).answering.least_probability == chosen
    strict = CliRunner().invoke(app, [*call[:-1], "--wrongly-refused", "0.05", "--dry-run"])
    assert strict.exit_code == 0, strict.output
    assert "answerable ones refused" in strict.output
    assert read_settings(Settings, data=tmp_path).answering.least_probability == chosen
