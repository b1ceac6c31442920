"""The runs that the evaluators' page lists, and the program that it starts."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from bot.evaluating import render
from bot.evaluating.program import Chosen, Program
from bot.evaluating.runs import Progress, Run, list_runs, progress_of, report_of
from bot.settings import Settings
from index.errors import CallError


def write(folder: Path, **held: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    for name, told in held.items():
        (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")


def test_runs_are_listed_newest_first_with_what_they_found(tmp_path: Path) -> None:
    measures = {"right": {"value": 0.8, "n": 10}, "refusal_recall": {"value": 0.9, "n": 4}}
    write(
        tmp_path / "1-a",
        run={"set": "a", "mode": "extract", "started": "2026-01-01T00:00:00+00:00"},
        report={"n": 10, "measures": measures},
    )
    write(tmp_path / "2-b", run={"set": "<b>", "mode": "search"})
    (tmp_path / "3-no-run").mkdir()
    (tmp_path / "4-damaged").mkdir()
    (tmp_path / "4-damaged" / "run.json").write_text("{", "utf-8")
    second, first = list_runs(tmp_path)
    assert (second.name, second.finished, second.well) == ("2-b", False, None)
    assert (first.name, first.finished, first.cases, first.well) == ("1-a", True, 10, 0.8)
    assert first.misled == pytest.approx(0.1)
    shown = render.runs([second, first], "/x/evaluate")
    assert 'href="/x/evaluate/reports/1-a"' in shown
    assert "reports/2-b" not in shown, "it has no report yet"
    assert "80%" in shown
    assert "<b>" not in shown
    assert "变差" not in shown
    write(
        tmp_path / "4-worse",
        run={"set": "w"},
        report={"n": 1, "measures": measures, "against": {"run": "1-a", "worse": ["right"], "crashed": []}},
    )
    assert "变差" in render.runs(list_runs(tmp_path)[:1], "")
    open_ones = {"open_well": {"value": 0.5, "n": 8}, "misled": {"value": 0.25, "n": 4}, **measures}
    write(tmp_path / "5-open", run={"set": "o"}, report={"n": 12, "measures": open_ones})
    assert (list_runs(tmp_path)[0].well, list_runs(tmp_path)[0].misled) == (0.5, 0.25)


@pytest.mark.parametrize("name", ["", "..", ".", "../1-a", "1-a/../1-a", "1-b"])
def test_only_reports_of_runs_are_opened(tmp_path: Path, name: str) -> None:
    write(tmp_path / "runs" / "1-a")
    for folder in (tmp_path, tmp_path / "runs", tmp_path / "runs" / "1-a"):
        (folder / "report.html").write_text("page", "utf-8")
    assert report_of(tmp_path / "runs", name) is None
    assert report_of(tmp_path / "runs", "1-a") == tmp_path / "runs" / "1-a" / "report.html"


def test_progress_is_that_of_the_process_and_says_how_long_it_takes_yet(tmp_path: Path) -> None:
    write(tmp_path / "1", progress={"pid": 7, "done": 5, "of": 20, "asked": 4, "seconds": 8.0})
    write(tmp_path / "2", progress={"pid": 8, "done": 0, "of": 3, "asked": 0, "seconds": 0.0})
    assert progress_of(tmp_path, 7) == Progress(5, 20, 30.0)
    assert progress_of(tmp_path, 8) == Progress(0, 3, None)
    assert progress_of(tmp_path, 9) is None
    assert "大约还要0分30秒" in render.state(Progress(5, 20, 30.0), running=True, failure="")
    assert "<b>" not in render.state(None, running=False, failure="<b>")
    assert render.choice(Run("1-a", "a", "extract", "", finished=True, cases=3, well=0.5)) == ("1-a · a · 3 · 50%", "1-a")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("LIANGCE_READER", "sentences")
    return Program(Settings(data=tmp_path))


def test_sets_are_those_of_the_project_and_the_folders_of_the_data(program: Program, tmp_path: Path) -> None:
    own = tmp_path / "eval" / "corpora" / "ours"
    own.mkdir(parents=True)
    (own / "questions.jsonl").write_text("{}\n{}\n\n", "utf-8")
    found = {one["name"]: one for one in program.sets()}
    assert found["ours"]["cases"] == 2
    assert found["jimo_2023"]["corpus"] == ""
    assert Path(found["yunxi"]["corpus"], "articles").is_dir()


def test_run_is_nice_alone_stopped_and_its_failure_is_told(program: Program, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"there is no set '\.\./etc'"):
        program.start(Chosen("../etc", live=False, mode="extract", limit=None))
    program.start(Chosen("jimo_2023", live=False, mode="extract", limit=2))
    assert program.is_running
    assert program._running is not None
    assert os.getpriority(os.PRIO_PROCESS, program._running.pid) >= 15
    with pytest.raises(CallError, match="a run is under way"):
        program.start(Chosen("jimo_2023", live=False, mode="extract", limit=2))
    program.stop()
    assert (program.is_running, program.failure, program.progress) == (False, "", None)
    program.start(Chosen("jimo_2023", live=True, mode="extract", limit=2))
    deadline = time.monotonic() + 60
    while program.is_running and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "没有" in program.failure, "no article is in use in a fresh folder"
    with pytest.raises(CallError, match="no such finished run"):
        program.compare("1", "2")
