"""A run's folder: what was run, the results as they come, and the report. An interrupted run is gone on with."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.settings import REPORT_PAGE
from eval.running.results import CaseResult
from index.errors import CallError
from index.stored.manifest import replace_file

RUN, RESULTS, REPORT, PROGRESS = "run.json", "results.jsonl", "report.json", "progress.json"


class RunFolder:
    """One run on disk."""

    def __init__(self, folder: Path, inputs: dict[str, Any]) -> None:
        self.path, self.inputs = folder, inputs

    @classmethod
    def open(cls, root: Path, out: Path | None, inputs: dict[str, Any]) -> "RunFolder":
        """The folder for a run of these inputs: `out`, or the unfinished one of the same inputs below `root`, or a new one there.

        Raises `CallError` when `out` holds something else than a run of the same inputs.
        """
        if out is None:
            unfinished = [folder for folder in _runs(root, finished=False) if _inputs(folder) == inputs]
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            folder = unfinished[-1] if unfinished else root / f"{stamp}-{inputs['set']}"
        else:
            folder = out
            if out.exists() and (not out.is_dir() or any(out.iterdir())):
                held = _inputs(out) if (out / RUN).is_file() else {}
                differing = [name for name in inputs if held.get(name) != inputs[name]]
                if differing and held:
                    raise CallError("run-folder-other", folder=out, inputs=differing)
                if differing:
                    raise CallError("run-folder-strange", folder=out)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / RUN).exists():
            replace_file(folder / RUN, json.dumps({**inputs, "started": _now()}, ensure_ascii=False, indent=1))
        return cls(folder, inputs)

    def results(self) -> dict[str, CaseResult]:
        """The results so far by case; a line that an interruption cut short is dropped."""
        path = self.path / RESULTS
        whole = [line for line in path.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")] if path.is_file() else []
        if path.is_file():
            replace_file(path, "".join(whole))
        return {result.id: result for result in (CaseResult(**json.loads(line)) for line in whole)}

    def recorder(self) -> TextIO:
        """The results file, open for adding to."""
        return (self.path / RESULTS).open("a", encoding="utf-8")

    def note_progress(self, done: int, of: int, asked: int, seconds: float) -> None:
        """How far the run is, for whoever looks at it from outside: cases done and of how many, and how long the last of them took."""
        told = {"pid": os.getpid(), "done": done, "of": of, "asked": asked, "seconds": round(seconds, 1)}
        replace_file(self.path / PROGRESS, json.dumps(told))

    def finish(self, report: dict[str, Any], page: str) -> None:
        """Write the report; with it the run counts as finished."""
        replace_file(self.path / REPORT_PAGE, page)
        replace_file(self.path / REPORT, json.dumps(report, ensure_ascii=False, indent=1))


def read_report(path: Path) -> dict[str, Any]:
    """The report of a run's folder or of a report.json; raises `CallError` when there is none."""
    file = path / REPORT if path.is_dir() else path
    try:
        report = json.loads(file.read_text("utf-8"))
        _ = report["cases"], report["measures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CallError("report-unreadable", path=file, error=error, report=REPORT) from error
    return dict(report)


def last_finished(root: Path, than: RunFolder) -> Path | None:
    """The newest finished run below `root` of the same set in the same way as another run, None where there is none."""
    alike = ("set", "mode", "own_document")
    wanted = [than.inputs[name] for name in alike]
    found = [
        folder for folder in _runs(root, finished=True) if folder != than.path and [_inputs(folder).get(name) for name in alike] == wanted
    ]
    return found[-1] if found else None


def _runs(root: Path, *, finished: bool) -> Sequence[Path]:
    """Folders of runs, oldest first: their names begin with the time."""
    return sorted(folder for folder in root.glob("*") if (folder / RUN).is_file() and (folder / REPORT).is_file() is finished)


def _inputs(folder: Path) -> dict[str, Any]:
    try:
        held = json.loads((folder / RUN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in held.items() if name != "started"} if isinstance(held, dict) else {}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
