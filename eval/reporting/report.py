"""A run's report as a page that opens offline, and as a short table."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from eval.measuring import statistics
from eval.measuring.catalogue import BY_KEY, MEASURES
from eval.measuring.compare import Comparison
from eval.measuring.judge import told
from eval.measuring.measures import Measure
from eval.measuring.summary import BY_GROUP
from eval.reporting.plots import draw
from eval.running.runs import CaseResult
from eval.testset.cases import Case

LABELS = {
    "fact": "事实", "list": "列举", "how": "怎么办、是什么", "comparison": "比较", "follow_up": "追问", "false_premise": "错误前提",
    "near_miss": "近似未载", "out_of_scope": "范围之外", "greeting": "问候", "injection": "指令注入", "other_place": "别的地方",
    "other_year": "别的年份", "plain": "平实", "colloquial": "口语", "keywords": "关键词", "story": "讲述经历", "misspelt": "错别字",
    "traditional": "繁体", "english": "英文", "question": "提问", "span": "片段", "yesno": "是非",
}  # fmt: skip
_WHY = {
    "crashed": "运行出错：{}",
    "not_refused": "文章没有说，却作了回答",
    "not_greeted": "没有认出问候",
    "refused": "文章说了，却拒答（{}）",
    "lacks": "缺少「{}」",
    "holds": "含有错误的「{}」",
}
_VERDICTS = {
    "better": "变好", "worse": "变差", "same": "不变", "perhaps better": "略高，可能是偶然", "perhaps worse": "略低，可能是偶然", "shown": "",
}  # fmt: skip
_SHOWN = 30  # characters of what is lacking, in a failure's heading


def page(
    report: Mapping[str, Any],
    cases: Sequence[Case],
    results: Mapping[str, CaseResult],
    comparison: Comparison | None = None,
    against: str = "",
) -> str:
    """The report as one HTML page that loads nothing from anywhere. All text of questions and articles is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    counted = [measure for measure in MEASURES if report["measures"][measure.key]["value"] is not None]
    why = {case["id"]: case["why"] for case in report["cases"]}
    return environment.get_template("report.html.jinja").render(
        report=report,
        groups=[(name, list(measures)) for name, measures in groupby(counted, key=lambda measure: measure.group)],
        measures={measure.key: measure for measure in MEASURES},
        by_group=BY_GROUP,
        comparison=comparison,
        light=_light(comparison),
        against=against,
        changes={one.measure.key: one for one in comparison.differences} if comparison else {},
        verdicts=_VERDICTS,
        plots=draw(report),
        labels=LABELS,
        failures=[_failure(case, results[case.id], why[case.id]) for case in cases if why[case.id]],
        number=number,
        signed=lambda value, measure: ("+" if value > 0 else "") + number(value, measure),
        rounds=statistics.ROUNDS,
    )


def table(report: Mapping[str, Any]) -> str:
    """The measures with their intervals, a line each, as Markdown."""
    lines = ["measure | value | 95 % interval | n", "--- | --- | --- | ---"]
    for measure in MEASURES:
        found = report["measures"][measure.key]
        if found["value"] is not None:
            bounds = f"{number(found['low'], measure)} - {number(found['high'], measure)}"
            lines.append(f"{measure.key} | {number(found['value'], measure)} | {bounds} | {found['n']}")
    if len(report["legs"]) > 1:
        keys = list(next(iter(report["legs"].values())))
        lines += ["", " | ".join(["leg", *keys]), " | ".join(["---"] * (len(keys) + 1))]
        lines += [" | ".join([leg, *(number(found[key]["value"], BY_KEY[key]) for key in keys)]) for leg, found in report["legs"].items()]
    if report["groups"]["kind"]:
        lines += ["", "kind | n | right | 95 % interval", "--- | --- | --- | ---"]
        for kind, found in report["groups"]["kind"].items():
            right = found["right"]
            shown = [number(right[name], BY_KEY["right"]) for name in ("value", "low", "high")]
            lines.append(f"{kind} | {found['n']} | {shown[0]} | {shown[1]} - {shown[2]}")
    if used := report.get("wording"):
        lines += ["", f"the language model was asked {used['asked']} times, {used['tokens_in']} tokens in, {used['tokens_out']} out"]
        for name in ("faults", "failures"):
            lines += [f"{name}: {', '.join(f'{what} {n}' for what, n in sorted(used[name].items()))}"] if used[name] else []
    if judged := report.get("judge"):
        lines.append(told(judged))
    if report["crashed"]:
        lines += ["", f"crashed, and counted in no measure: {len(report['crashed'])} ({', '.join(report['crashed'][:10])})"]
    return "\n".join(lines)


def differences(comparison: Comparison) -> str:
    """What changed between two runs, a line a measure, as Markdown."""
    lines = ["measure | before | after | change | 95 % interval | verdict", "--- | --- | --- | --- | --- | ---"]
    for one in comparison.differences:
        shown = [number(value, one.measure) for value in (one.before, one.after, one.change, one.low, one.high)]
        lines.append(f"{one.measure.key} | {shown[0]} | {shown[1]} | {shown[2]} | {shown[3]} - {shown[4]} | {one.verdict}")
    lines.append(f"\n{comparison.shared} cases in both runs, {comparison.apart} in one of them only or changed")
    for name, ids in (("better", comparison.better), ("worse", comparison.worse), ("newly crashed", comparison.newly_crashed)):
        lines.append(f"{name}: {len(ids)}" + (f" ({', '.join(ids[:30])}{', …' if len(ids) > 30 else ''})" if ids else ""))
    return "\n".join(lines)


def number(value: float | None, measure: Measure) -> str:
    """A value as it is written: three places of a share, whole milliseconds, a dash for nothing."""
    if value is None or value != value:
        return "–"
    return f"{value:.0f} ms" if measure.unit == "ms" else f"{value:.3f}"


def _light(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    if comparison.is_worse:
        return "worse"
    return "better" if any(one.verdict == "better" for one in comparison.differences) else "same"


def _failure(case: Case, result: CaseResult, why: Sequence[Sequence[str]]) -> dict[str, Any]:
    citations = result.outcome.get("citations", [])
    said = [_WHY[code].format(text if len(text) <= _SHOWN else text[:_SHOWN] + "…") for code, text in why]
    return {
        "case": case,
        "why": "；".join(said),
        "answer": result.outcome.get("answer", ""),
        "confidence": result.outcome.get("confidence"),
        "passages": [_marked(passage, list(cited)) for passage, cited in groupby(citations, key=lambda citation: str(citation["passage"]))],
        "error": result.error,
    }


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
    return parts + [(f"\n引文不在段落中：{quote}", True) for start, quote in found if start < 0]
