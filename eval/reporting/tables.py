"""A run's report and a comparison as short tables in Markdown, for the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.measuring.catalogue import BY_KEY, MEASURES
from eval.measuring.changes import InputChange
from eval.measuring.compare import RunComparison
from eval.measuring.measures import Measure


def render_table(report: Mapping[str, Any]) -> str:
    """The measures with their intervals, a line each, as Markdown."""
    lines = ["measure | value | 95 % interval | n", "--- | --- | --- | ---"]
    for measure in MEASURES:
        found = report["measures"][measure.key]
        if found["value"] is not None:
            bounds = f"{format_value(found['low'], measure)} - {format_value(found['high'], measure)}"
            lines.append(f"{measure.key} | {format_value(found['value'], measure)} | {bounds} | {found['n']}")
    if len(report["legs"]) > 1:
        keys = list(next(iter(report["legs"].values())))
        lines += ["", " | ".join(["leg", *keys]), " | ".join(["---"] * (len(keys) + 1))]
        lines += [
            " | ".join([leg, *(format_value(found[key]["value"], BY_KEY[key]) for key in keys)]) for leg, found in report["legs"].items()
        ]
    if report["groups"]["kind"]:
        lines += ["", "kind | n | right | 95 % interval", "--- | --- | --- | ---"]
        for kind, found in report["groups"]["kind"].items():
            right = found["right"]
            shown = [format_value(right[name], BY_KEY["right"]) for name in ("value", "low", "high")]
            lines.append(f"{kind} | {found['n']} | {shown[0]} | {shown[1]} - {shown[2]}")
    if used := report.get("wording"):
        lines += ["", f"the language model was asked {used['asked']} times, {used['tokens_in']} tokens in, {used['tokens_out']} out"]
        lines += [f"of {used['estimated']} answers these are our own estimate"] if used.get("estimated") else []
        for name in ("faults", "failures"):
            lines += [f"{name}: {', '.join(f'{what} {n}' for what, n in sorted(used[name].items()))}"] if used[name] else []
    if judged := report.get("judge"):
        lines.append(describe_judge(judged))
    if report["crashed"]:
        lines += ["", f"crashed, and counted in no measure: {len(report['crashed'])} ({', '.join(report['crashed'][:10])})"]
    return "\n".join(lines)


def render_differences(comparison: RunComparison) -> str:
    """What changed between two runs, a line a measure, as Markdown."""
    lines = ["measure | before | after | change | 95 % interval | verdict", "--- | --- | --- | --- | --- | ---"]
    for difference in comparison.differences:
        shown = [
            format_value(value, difference.measure)
            for value in (difference.before, difference.after, difference.change, difference.low, difference.high)
        ]
        lines.append(f"{difference.measure.key} | {shown[0]} | {shown[1]} | {shown[2]} | {shown[3]} - {shown[4]} | {difference.verdict}")
    lines.append(f"\n{comparison.shared} cases in both runs, {comparison.apart} in one of them only or changed")
    for name, ids in (("better", comparison.better), ("worse", comparison.worse), ("newly crashed", comparison.newly_crashed)):
        lines.append(f"{name}: {len(ids)}" + (f" ({', '.join(ids[:30])}{', …' if len(ids) > 30 else ''})" if ids else ""))
    return "\n".join(lines)


def render_changes(changes: Sequence[InputChange]) -> str:
    """What differs between two runs besides their results, a line each."""
    if not changes:
        return "settings, weights, prompts, code and articles are the same\n"
    return "\n".join([*(f"changed: {one.what}: {one.before or '–'} -> {one.after or '–'}" for one in changes), ""])


def describe_judge(found: Mapping[str, Any]) -> str:
    """A judge's findings in a line."""
    share = f"{found['supported'] / found['judged']:.3f} of {found['judged']}" if found["judged"] else "none"
    agreed = "no verdict on them" if found["agreement"] is None else f"{found['agreement']:.0%} of {found['labels_judged']}"
    beyond = "" if found["kappa"] is None else f", Cohen's kappa {found['kappa']:.2f}"
    silent = found["sentences"] - found["judged"] + found["labels"] - found["labels_judged"]
    return (
        f"judge {found['model']} (prompt {found['prompt']}): sentences supported {share}; agreement with hand labels {agreed}{beyond}"
        + (f"; {silent} without a verdict" if silent else "")
    )


def format_value(value: float | None, measure: Measure) -> str:
    """A value as it is written: three places of a share, whole milliseconds, a dash for nothing."""
    if value is None or value != value:
        return "–"
    return f"{value:.0f} ms" if measure.unit == "ms" else f"{value:.3f}"
