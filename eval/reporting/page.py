"""A run's report as a page that opens offline."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from eval.measuring import statistics
from eval.measuring.catalogue import MEASURES
from eval.measuring.compare import RunComparison
from eval.measuring.summary import BY_GROUP
from eval.reporting.plots import draw
from eval.reporting.tables import format_value
from eval.running.results import CaseResult
from eval.testset.case import Case

LABELS = {
    "fact": "事实", "list": "列举", "how": "怎么办、是什么", "comparison": "比较", "follow_up": "追问", "false_premise": "错误前提",
    "near_miss": "近似未载", "out_of_scope": "范围之外", "greeting": "问候", "injection": "指令注入", "other_place": "别的地方",
    "other_year": "别的年份", "plain": "平实", "colloquial": "口语", "keywords": "关键词", "story": "讲述经历", "misspelt": "错别字",
    "traditional": "繁体", "english": "英文", "question": "提问", "span": "片段", "yesno": "是非",
    "digest": "有哪些政策", "definition": "是什么", "decision": "能不能", "procedure": "怎么办理", "summary": "概括", "several": "一次问几件事",
    "said": "对助手说的话",
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


def render_page(
    report: Mapping[str, Any],
    cases: Sequence[Case],
    results: Mapping[str, CaseResult],
    comparison: RunComparison | None = None,
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
        changes={difference.measure.key: difference for difference in comparison.differences} if comparison else {},
        verdicts=_VERDICTS,
        plots=draw(report),
        labels=LABELS,
        failures=[_failure(case, results[case.id], why[case.id]) for case in cases if why[case.id]],
        number=format_value,
        signed=lambda value, measure: ("+" if value > 0 else "") + format_value(value, measure),
        rounds=statistics.ROUNDS,
    )


def _light(comparison: RunComparison | None) -> str:
    if comparison is None:
        return ""
    if comparison.is_worse:
        return "worse"
    return "better" if any(difference.verdict == "better" for difference in comparison.differences) else "same"


def _failure(case: Case, result: CaseResult, why: Sequence[Sequence[str]]) -> dict[str, Any]:
    citations = result.outcome.get("citations", [])
    reasons = [_WHY[code].format(text if len(text) <= _SHOWN else text[:_SHOWN] + "…") for code, text in why]
    return {
        "case": case,
        "why": "；".join(reasons),
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
