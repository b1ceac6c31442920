"""The report's plots as SVG. Their text stays text, so that whoever opens the report sees it in a font of their own system."""

import io
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

_FONTS = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "sans-serif"]
_BLUE, _ORANGE, _GREY = "#0b5c8a", "#c2571a", "#8a949e"


def draw(report: Mapping[str, Any]) -> dict[str, str]:
    """The plots of a report by their name; one that there are no cases for is left out."""
    curves = report["curves"]
    drawn = {
        "risk_coverage": _plot(_risk, curves["risk_coverage"]) if curves["risk_coverage"] else "",
        "reliability": _plot(_reliability, curves["reliability"]) if curves["reliability"] else "",
        "latency": _plot(_latency, curves["latency"]) if curves["latency"] else "",
        "legs": _plot(_legs, report["legs"]) if any(leg["document_hit@1"]["n"] for leg in report["legs"].values()) else "",
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _plot(paint: Any, given: Any) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Fonts of the machine that draws are not what is shown: that it lacks some is of no concern.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.CRITICAL)
    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "liangce", "font.family": _FONTS, "axes.unicode_minus": False, "font.size": 11}
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        paint(axes, given)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    return svg[svg.index("<svg") :]


def _risk(axes: Any, points: Sequence[Sequence[float]]) -> None:
    axes.step([x for x, _ in points], [y for _, y in points], where="post", color=_BLUE)
    axes.set(xlabel="覆盖率：回答的问题占比", ylabel="风险：回答中出错的占比", xlim=(0, 1), ylim=(0, 1), title="风险-覆盖曲线")


def _reliability(axes: Any, points: Sequence[Sequence[float]]) -> None:
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], color=_BLUE, marker="o")
    for probability, share, n in points:
        axes.annotate(str(n), (probability, share), textcoords="offset points", xytext=(0, 7), ha="center", fontsize=9, color=_GREY)
    axes.set(xlabel="系统给出的概率", ylabel="实际说到的占比", xlim=(0, 1.02), ylim=(0, 1.08), title="可靠性图（数字为用例数）")


def _latency(axes: Any, times: Sequence[float]) -> None:
    usual = times[: max(int(0.99 * len(times)), 1)]  # one slow answer, as the first one is, would squeeze all others into a line
    axes.hist(usual, bins=30, color=_BLUE)
    for share, color in ((0.5, _ORANGE), (0.95, _GREY)):
        at = times[min(int(share * len(times)), len(times) - 1)]
        axes.axvline(at, color=color, label=f"p{share:.0%}".rstrip("%") + f" = {at:.0f} ms")
    axes.legend(frameon=False)
    axes.set(xlabel="用时（毫秒）", ylabel="用例数", title="回答用时（最慢的1%未画出）")


def _legs(axes: Any, legs: Mapping[str, Any]) -> None:
    keys = [
        ("document_hit@1", "文章 hit@1"),
        ("document_hit@5", "文章 hit@5"),
        ("passage_hit@1", "段落 hit@1"),
        ("passage_hit@5", "段落 hit@5"),
    ]
    width = 0.8 / len(legs)
    colors = [_BLUE, _ORANGE, _GREY, "#5b8c5a", "#7a5c99", "#b08d2e"]
    for place, (leg, found) in enumerate(legs.items()):
        values = [found[key]["value"] or 0 for key, _ in keys]
        at = [n + place * width - 0.4 + width / 2 for n in range(len(keys))]
        axes.bar(at, values, width, label=leg, color=colors[place % len(colors)])
    axes.set_xticks(range(len(keys)), [name for _, name in keys])
    axes.set(ylim=(0, 1.02), title="各检索方式的命中率")
    axes.figure.legend(frameon=False, fontsize=9, ncols=2, loc="outside lower center")
