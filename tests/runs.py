"""Runs for tests: what they are of, and how they come to a report."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.cases import Case
from eval.run import LEGS, Bench, run
from eval.runs import RunFolder
from eval.summary import summarise

INPUTS: dict[str, Any] = {
    "set": "small", "mode": "extract", "cases": "", "index": "", "code": "", "legs": sorted(LEGS), "own_document": False, "settings": {},
}  # fmt: skip


def everything(cases: Sequence[Case]) -> Iterable[Case]:
    return cases


def reported(bench: Bench, folder: Path, cases: Sequence[Case]) -> dict[str, Any]:
    results = run(cases, bench, RunFolder.open(folder, folder / "run", INPUTS), everything)
    return summarise(INPUTS, cases, results)
