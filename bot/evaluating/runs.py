"""The runs of the evaluation as they lie on the disk: what a page lists of them. Nothing here runs or measures anything."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import REPORT_PAGE

_NAME = re.compile(r"[\w.()-]{1,120}")  # of a run's folder, as a page may ask for it


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: cases done and of how many, and how many seconds the rest will take, None while that is not known."""

    done: int
    of: int
    left: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its folder's name, what was run, when it began, and where it is finished how many cases it has, which share
    went well, and which misled; `worse` says that something got worse for sure since the run before it."""

    name: str
    set: str
    mode: str
    started: str
    finished: bool
    cases: int = 0
    well: float | None = None
    misled: float | None = None
    worse: bool = False


def list_runs(root: Path) -> list[Run]:
    """The runs below a folder, newest first; a folder that holds none is left out."""
    found = [_read(folder) for folder in sorted(root.glob("*"), reverse=True)]
    return [run for run in found if run]


def report_of(root: Path, name: str) -> Path | None:
    """The page of a run's report, None where there is none."""
    page = root / name / REPORT_PAGE
    return page if _NAME.fullmatch(name) and set(name) != {"."} and page.is_file() else None


def progress_of(root: Path, pid: int) -> Progress | None:
    """How far the run is that a process works on, None before it has begun with its cases."""
    for folder in root.glob("*"):
        told = _json(folder / "progress.json")
        if told.get("pid") == pid:
            asked, seconds = int(told["asked"]), float(told["seconds"])
            left = seconds / asked * (told["of"] - told["done"]) if asked else None
            return Progress(int(told["done"]), int(told["of"]), left)
    return None


def _read(folder: Path) -> Run | None:
    inputs = _json(folder / "run.json")
    if not inputs:
        return None
    named = folder.name, str(inputs.get("set", "")), str(inputs.get("mode", "")), str(inputs.get("started", ""))
    report = _json(folder / "report.json")
    if not report:
        return Run(*named, finished=False)
    measures = report.get("measures", {})
    well = next((measures[key]["value"] for key in ("open_well", "right") if measures.get(key, {}).get("n")), None)
    refused = measures.get("refusal_recall", {}).get("value")
    misled = measures.get("misled", {}).get("value")
    against = report.get("against") or {}
    return Run(
        *named,
        worse=bool(against.get("worse") or against.get("crashed")),
        finished=True,
        cases=int(report.get("n", 0)),
        well=well,
        misled=misled if misled is not None else None if refused is None else 1 - refused,
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}
