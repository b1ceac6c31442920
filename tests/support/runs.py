"""Runs for tests: what they are of, and how they come to a report."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.measuring.summary import summarise
from eval.running.bench import LEGS, Bench
from eval.running.folder import RunFolder
from eval.running.run import run
from eval.testset.case import Case

INPUTS: dict[str, Any] = {
    "set": "small", "mode": "extract", "cases": "", "index": "", "code": "", "legs": sorted(LEGS), "own_document": False, "settings": {},
}  # fmt: skip


def everything(cases: Sequence[Case]) -> Iterable[Case]:
    return cases


def reported(bench: Bench, folder: Path, cases: Sequence[Case]) -> dict[str, Any]:
    results = run(cases, bench, RunFolder.open(folder, folder / "run", INPUTS), everything)
    return summarise(INPUTS, cases, results)
