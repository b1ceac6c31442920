"""Two runs as one page: what differs between them, what got better and worse, and the answers side by side with their words marked."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from eval.measuring.changes import changed_inputs
from eval.measuring.compare import RunComparison, compare
from eval.reporting.page import fill
from eval.reporting.verdict import since
from eval.reporting.words import in_both, label
from eval.running.folder import RunFolder, read_report
from index.language import LANGUAGES

_WORD = re.compile(r"[A-Za-z]+|\d[\d.,%％]*|.", re.DOTALL)  # a Chinese text has no spaces between words: its characters are compared

Answers = Mapping[str, Mapping[str, Any]]  # the outcome of each case


def render_comparison(before: Path, after: Path) -> str:
    """The page of two runs' folders; raises `CallError` where one is not finished, or they share no case."""
    reports = read_report(before), read_report(after)
    comparison = compare(*reports)
    entries = compare_answers(comparison, _answers(before), _answers(after), reports[1]["cases"])
    return fill(
        "side_by_side",
        "report.js",
        names=[_folder(path).name for path in (before, after)],
        reports=reports,
        comparison=comparison,
        told=in_both(lambda language: since(comparison, language)),
        changed=changed_inputs(*reports),
        entries=entries,
        filters={"change": [(change, _both(change), False) for change in dict.fromkeys(entry["change"] for entry in entries)]},
    )


def compare_answers(comparison: RunComparison, old: Answers, new: Answers, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cases of both runs, those that got worse first, then those that got better, then those that are told in other words."""
    entries = []
    for case in cases:
        name = case["id"]
        if name not in old or name not in new:
            continue
        was, now = str(old[name].get("answer", "")), str(new[name].get("answer", ""))
        change = "worse" if name in comparison.worse else "better" if name in comparison.better else "same" if was == now else "reworded"
        outcomes = [outcome.get("outcome", "crashed") for outcome in (old[name], new[name])]
        entries.append({"case": case, "change": change, "outcomes": outcomes, "texts": mark_words(was, now)})
    order = ("worse", "better", "reworded", "same")
    return sorted(entries, key=lambda entry: order.index(entry["change"]))


def mark_words(was: str, now: str) -> tuple[Markup, Markup]:
    """Two texts, the words that only the first has marked as deleted and those that only the second has as inserted."""
    old, new = (_WORD.findall(text) for text in (was, now))
    left, right = Markup(), Markup()
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, put = "".join(old[a:b]), "".join(new[c:d])
        same = what == "equal"
        left += escape(gone) if same or not gone else Markup("<del>{}</del>").format(gone)
        right += escape(put) if same or not put else Markup("<ins>{}</ins>").format(put)
    return left, right


def _answers(path: Path) -> Answers:
    """What became of each case of a run, from its folder."""
    return {name: result.outcome for name, result in RunFolder(_folder(path), {}).results().items()}


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _both(name: str) -> str:
    return " · ".join(dict.fromkeys(label(name, language) for language in LANGUAGES))
