"""Two runs compared blind: an evaluator sees two answers without knowing whose they are, and says which is better. Nothing here knows Gradio."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.evaluating.runs import report_of
from index.errors import CallError

LABELS = "blind.jsonl"  # in the data folder: what evaluators said is kept, whatever becomes of the runs

Better = Literal["before", "after", "neither"]


class Label(BaseModel):
    """What an evaluator said of one case of two runs."""

    model_config = ConfigDict(frozen=True)

    time: str
    who: str
    before: str
    after: str
    case: str
    better: Better


@dataclass(frozen=True, slots=True)
class Pair:
    """The two answers to one case as an evaluator sees them; `swapped` says that the later run's stands left."""

    case: str
    question: str
    left: str
    right: str
    swapped: bool

    def better(self, side: str) -> Better:
        """Which run's answer stands on a side, "left" or "right"; neither for anything else."""
        if side not in ("left", "right"):
            return "neither"
        return "after" if (side == "left") == self.swapped else "before"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often which run was found better, how probable as uneven a count is by chance, and the share of the later run with its interval."""

    before: int
    after: int
    neither: int
    chance: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two evaluators agree beyond chance, over the cases that both have judged, and those on which they differ."""

    first: str
    second: str
    shared: int
    kappa: float | None
    differ: tuple[str, ...]


def pairs(root: Path, before: str, after: str, who: str) -> list[Pair]:
    """The cases that two finished runs answer differently, in an order and on sides that are drawn for each evaluator, always the same.

    Raises `CallError` where one of the runs is not there.
    """
    if not report_of(root, before) or not report_of(root, after):
        raise CallError("evaluation-run-missing")
    old, new = (_outcomes(root / name) for name in (before, after))
    drawn = []
    for case in sorted(old.keys() & new.keys()):
        answers = [str(outcome.get("answer", "")) for outcome in (old[case], new[case])]
        if answers[0] != answers[1]:
            digest = hashlib.sha256("\0".join((before, after, case, who)).encode()).digest()
            swapped = bool(digest[0] % 2)
            left, right = reversed(answers) if swapped else answers
            drawn.append((digest, Pair(case, str(new[case].get("question", "")), left, right, swapped)))
    return [pair for _, pair in sorted(drawn, key=lambda one: one[0])]


def keep(data: Path, label: Label) -> None:
    """Add what an evaluator said."""
    with (data / LABELS).open("a", encoding="utf-8") as file:
        file.write(label.model_dump_json() + "\n")


def labels(data: Path, before: str, after: str) -> list[Label]:
    """What was said of two runs, in either order of them; of what one evaluator said of a case twice, the last."""
    found: dict[tuple[str, str], Label] = {}
    turned: dict[Better, Better] = {"before": "after", "after": "before", "neither": "neither"}
    for label in _kept(data / LABELS):
        if (label.before, label.after) == (after, before):
            label = label.model_copy(update={"before": before, "after": after, "better": turned[label.better]})
        if (label.before, label.after) == (before, after):
            found[label.who, label.case] = label
    return list(found.values())


def _kept(path: Path) -> list[Label]:
    """All labels, oldest first; a line that was cut short, as by a full disk, is left out."""
    lines = path.read_text("utf-8").splitlines(keepends=True) if path.is_file() else []
    return [Label.model_validate_json(line) for line in lines if line.endswith("\n")]


def tally(given: Sequence[Label]) -> Tally:
    """The counts, with the sign test over those that decided (two-sided, exact) and the exact interval of Clopper and Pearson."""
    from scipy.stats import binomtest

    before, after, neither = (sum(label.better == better for label in given) for better in ("before", "after", "neither"))
    if not before + after:
        return Tally(before, after, neither, None, None, None)
    test = binomtest(after, before + after)
    bounds = test.proportion_ci(0.95, method="exact")
    return Tally(before, after, neither, float(test.pvalue), float(bounds.low), float(bounds.high))


def agreements(given: Sequence[Label]) -> list[Agreement]:
    """Cohen's kappa of each two evaluators; None where it says nothing, since both said the same of every case."""
    from sklearn.metrics import cohen_kappa_score

    by: dict[str, dict[str, str]] = {}
    for label in given:
        by.setdefault(label.who, {})[label.case] = label.better
    names = sorted(by)
    found = []
    for n, first in enumerate(names):
        for second in names[n + 1 :]:
            shared = sorted(by[first].keys() & by[second].keys())
            said = [[by[who][case] for case in shared] for who in (first, second)]
            told = len(set(said[0]) | set(said[1])) > 1
            differ = tuple(case for case in shared if by[first][case] != by[second][case])
            if shared:
                found.append(Agreement(first, second, len(shared), float(cohen_kappa_score(*said)) if told else None, differ))
    return found


def _outcomes(folder: Path) -> dict[str, dict[str, Any]]:
    """What became of each case of a run, crashed ones left out."""
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return {str(row["id"]): row["outcome"] for row in rows if not row.get("error")}
