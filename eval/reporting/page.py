"""A run's report as one page that opens offline: verdict, tables, plots, cases, definitions."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.measuring import statistics
from eval.measuring.catalogue import BY_KEY, MEASURES
from eval.measuring.changes import InputChange
from eval.measuring.compare import RunComparison
from eval.measuring.measures import Measure
from eval.measuring.summary import BY_GROUP
from eval.reporting.plots import draw
from eval.reporting.tables import format_value
from eval.reporting.verdict import verdict
from eval.reporting.words import TAGS, both, in_both, label
from eval.running.results import CaseResult
from eval.testset.case import Case
from index.language import LANGUAGES, Language, render

_HERE = Path(__file__).parent
_SHOWN = 30  # characters of what is lacking, in a failure's heading


def fill(template: str, script: str, **values: object) -> str:
    """A page of the evaluation that loads nothing from anywhere. All text of questions and articles is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shared: dict[str, object] = {
        "style": "report.css",
        "script": script,
        "both": both,
        "label": lambda name: in_both(lambda language: label(name, language)),
        "name_of": lambda key: in_both(BY_KEY[key].name),
        "measures": BY_KEY,
        "number": format_value,
        "interval": _interval,
        "signed": lambda value, measure: ("+" if value > 0 else "") + format_value(value, measure),
    }
    return environment.get_template(f"{template}.html.jinja").render(shared | values)


def render_page(
    report: Mapping[str, Any],
    cases: Sequence[Case],
    results: Mapping[str, CaseResult],
    comparison: RunComparison | None = None,
    against: str = "",
    changed: Sequence[InputChange] = (),
) -> str:
    """The report as an HTML page; `changed` is what differs between the run and the one that it is compared with."""
    counted = [measure for measure in MEASURES if report["measures"][measure.key]["value"] is not None]
    why = {case["id"]: case["why"] for case in report["cases"]}
    entries = [_entry(case, results[case.id], why[case.id], comparison) for case in cases]
    plots = {language: draw(report, language) for language in LANGUAGES}
    return fill(
        "report",
        "report.js",
        report=report,
        verdict=_sentences(report, comparison),
        groups=[(name, list(measures)) for name, measures in groupby(sorted(counted, key=_place), key=lambda measure: measure.group)],
        by_group=BY_GROUP,
        shown_of=_measured,
        comparison=comparison,
        light=_light(comparison),
        against=against,
        changed=changed,
        changes={difference.measure.key: difference for difference in comparison.differences} if comparison else {},
        plots=[{TAGS[language]: drawn[name] for language, drawn in plots.items()} for name in plots["zh"]],
        filters=_filters(entries),
        entries=entries,
        defined=list({measure.defined_as or measure.key: measure for measure in reversed(MEASURES)}.values())[::-1],
        rounds=statistics.ROUNDS,
    )


def _interval(found: Mapping[str, Any], measure: Measure) -> str:
    """The bounds of an estimate, "" where there are none."""
    return "" if found["low"] is None else f"{format_value(found['low'], measure)}–{format_value(found['high'], measure)}"


def _sentences(report: Mapping[str, Any], comparison: RunComparison | None) -> list[Markup]:
    told = {language: verdict(report, comparison, language) for language in LANGUAGES}

    def sentence(n: int) -> Markup:
        return in_both(lambda language: told[language][n])

    return [sentence(n) for n in range(len(told["zh"]))]


def _place(measure: Measure) -> int:
    """Groups in the order in which they first come; a group that comes twice stands together."""
    return [other.group for other in MEASURES].index(measure.group)


def _measured(groups: Mapping[str, Any]) -> set[str]:
    """The measures that at least one group has cases for."""
    return {key for found in groups.values() for key in BY_GROUP if found[key]["n"]}


def _light(comparison: RunComparison | None) -> str:
    if comparison is None:
        return ""
    if comparison.is_worse:
        return "worse"
    return "better" if any(difference.verdict == "better" for difference in comparison.differences) else "same"


def _filters(entries: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, str, bool]]]:
    """The values that cases can be filtered by, as (value, name in both languages, whether it is chosen); failures are shown first."""
    kinds = dict.fromkeys(entry["case"].kind for entry in entries)
    outcomes = dict.fromkeys(entry["outcome"] for entry in entries)
    changes = dict.fromkeys(entry["change"] for entry in entries if entry["change"])
    results = [result for result in ("wrong", "right", "crashed") if any(entry["result"] == result for entry in entries)]
    filters: dict[str, Iterable[str]] = {"result": results, "kind": kinds, "outcome": outcomes, "change": changes}
    return {
        name: [(value, " · ".join(dict.fromkeys(label(value, language) for language in LANGUAGES)), value == "wrong") for value in values]
        for name, values in filters.items()
        if values
    }


def _entry(case: Case, result: CaseResult, why: Sequence[Sequence[str]], comparison: RunComparison | None) -> dict[str, Any]:
    citations = result.outcome.get("citations", [])
    changes = {"better": comparison.better, "worse": comparison.worse} if comparison else {}
    return {
        "case": case,
        "result": "crashed" if result.error else "wrong" if why else "right",
        "outcome": result.outcome.get("outcome", "crashed"),
        "change": next((name for name, ids in changes.items() if case.id in ids), ""),
        "why": in_both(lambda language: _reasons(why, language)) if why else "",
        "answer": result.outcome.get("answer", ""),
        "confidence": result.outcome.get("confidence"),
        "passages": [_marked(passage, list(cited)) for passage, cited in groupby(citations, key=lambda citation: str(citation["passage"]))],
        "error": result.error,
    }


def _reasons(why: Sequence[Sequence[str]], language: Language) -> str:
    shown = [(code, text if len(text) <= _SHOWN else text[:_SHOWN] + "…") for code, text in why]
    return ("；" if language == "zh" else "; ").join(render(f"why.{code}", language, text=text) for code, text in shown)


def _marked(passage: str, citations: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """A passage in stretches, each with whether it is quoted; a quote that does not stand in it is shown marked at its end."""
    found = sorted((passage.find(citation["quote"]), str(citation["quote"])) for citation in citations)
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, quote in found:
        if start >= at:
            parts += [(passage[at:start], False), (quote, True)]
            at = start + len(quote)
    parts.append((passage[at:], False))
    return parts + [(f"\n≠ {quote}", True) for start, quote in found if start < 0]
