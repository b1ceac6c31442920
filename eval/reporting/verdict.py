"""A report in three plain sentences: how much is dealt with well, how often it misleads, what changed since the last run."""

from collections.abc import Mapping
from typing import Any

from eval.measuring.compare import RunComparison
from index.language import Language, render


def verdict(report: Mapping[str, Any], comparison: RunComparison | None, language: Language) -> list[str]:
    """The three sentences in a language."""
    return [_well(report, language), _misleads(report, language), since(comparison, language)]


def _well(report: Mapping[str, Any], language: Language) -> str:
    measures = report["measures"]
    found = measures["open_well"] if measures["open_well"]["n"] else measures["right"]
    if not found["n"]:
        return render("finding.nothing", language)
    return render("finding.well", language, n=round(10 * found["value"]), share=f"{found['value']:.0%}", cases=found["n"])


def _misleads(report: Mapping[str, Any], language: Language) -> str:
    """From questions whose answer the articles do not hold: how many are answered all the same."""
    measures = report["measures"]
    open_ones = [measures[key] for key in ("misled", "misled_outside") if measures[key]["n"]]
    cases = sum(found["n"] for found in open_ones)
    misled = sum(found["value"] * found["n"] for found in open_ones)
    if not cases and (refused := measures["refusal_recall"])["n"]:
        cases, misled = refused["n"], (1 - refused["value"]) * refused["n"]
    if not cases:
        return render("finding.misleads-unknown", language)
    if not misled:
        return render("finding.misleads-none", language, cases=cases)
    return render("finding.misleads", language, n=round(100 * misled / cases), cases=cases)


def since(comparison: RunComparison | None, language: Language) -> str:
    """What got better and worse for sure since an earlier run."""
    if comparison is None:
        return render("finding.first", language)
    changed: dict[str, list[str]] = {"better": [], "worse": []}
    for difference in comparison.differences:
        if difference.verdict in changed:
            changed[difference.verdict].append(difference.measure.name(language))
    comma = "、" if language == "zh" else ", "
    told = {what: comma.join(names) for what, names in changed.items()}
    crashed = len(comparison.newly_crashed)
    if crashed:
        return render("finding.crashed", language, n=crashed)
    if told["worse"] and told["better"]:
        return render("finding.mixed", language, worse=told["worse"], better=told["better"])
    if told["worse"]:
        return render("finding.worse", language, worse=told["worse"])
    if told["better"]:
        return render("finding.better", language, better=told["better"])
    return render("finding.same", language, better=len(comparison.better), worse=len(comparison.worse))
