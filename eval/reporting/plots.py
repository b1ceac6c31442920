"""The report's plots as SVG. Their text stays text, so that whoever opens the report sees it in a font of their own system."""

import io
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.language import Language, look_up

Say = Callable[[str], str]  # a text of the plots

_FONTS = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "sans-serif"]
# Colours that stand for those of the page, so that a plot is read in the dark too: each is replaced in the SVG.
_INK = "#010203"
_COLOURS = ("#010301", "#010302", "#010303", "#010304", "#010305", "#010306")
_BLUE, _ORANGE, _GREY, *_ = _COLOURS


def draw(report: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The plots of a report by their name, in a language; one that there are no cases for is left out."""
    curves = report["curves"]
    drawn = {
        "risk_coverage": _plot(_risk, curves["risk_coverage"], language) if curves["risk_coverage"] else "",
        "reliability": _plot(_reliability, curves["reliability"], language) if curves["reliability"] else "",
        "latency": _plot(_latency, curves["latency"], language) if curves["latency"] else "",
        "legs": _plot(_legs, report["legs"], language) if any(leg["document_hit@1"]["n"] for leg in report["legs"].values()) else "",
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _plot(paint: Any, given: Any, language: Language) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Fonts of the machine that draws are not what is shown: that it lacks some is of no concern.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.CRITICAL)
    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "liangce", "font.family": _FONTS, "axes.unicode_minus": False, "font.size": 12}
    style |= dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "axes.titlecolor"), _INK)
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        paint(axes, given, lambda code: look_up(f"plot.{code}", language))
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    for n, colour in enumerate(_COLOURS, 1):
        svg = svg.replace(colour, f"var(--plot-{n})")
    return svg


def _risk(axes: Any, points: Sequence[Sequence[float]], say: Say) -> None:
    axes.step([x for x, _ in points], [y for _, y in points], where="post", color=_BLUE)
    axes.set(xlabel=say("coverage"), ylabel=say("risk"), xlim=(0, 1), ylim=(0, 1), title=say("risk-coverage"))


def _reliability(axes: Any, points: Sequence[Sequence[float]], say: Say) -> None:
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], color=_BLUE, marker="o")
    for probability, share, n in points:
        axes.annotate(str(n), (probability, share), textcoords="offset points", xytext=(0, 7), ha="center", fontsize=9, color=_GREY)
    axes.set(xlabel=say("probability"), ylabel=say("came-true"), xlim=(0, 1.02), ylim=(0, 1.08), title=say("reliability"))


def _latency(axes: Any, times: Sequence[float], say: Say) -> None:
    usual = times[: max(int(0.99 * len(times)), 1)]  # one slow answer, as the first one is, would squeeze all others into a line
    axes.hist(usual, bins=30, color=_BLUE)
    for share, color in ((0.5, _ORANGE), (0.95, _GREY)):
        at = times[min(int(share * len(times)), len(times) - 1)]
        axes.axvline(at, color=color, label=f"p{share:.0%}".rstrip("%") + f" = {at:.0f} ms")
    axes.legend(frameon=False)
    axes.set(xlabel=say("milliseconds"), ylabel=say("cases"), title=say("times"))


def _legs(axes: Any, legs: Mapping[str, Any], say: Say) -> None:
    keys = [(f"{unit}_hit@{n}", f"{say(unit)} hit@{n}") for unit in ("document", "passage") for n in (1, 5)]
    width = 0.8 / len(legs)
    for place, (leg, found) in enumerate(legs.items()):
        values = [found[key]["value"] or 0 for key, _ in keys]
        at = [n + place * width - 0.4 + width / 2 for n in range(len(keys))]
        axes.bar(at, values, width, label=leg, color=_COLOURS[place % len(_COLOURS)])
    axes.set_xticks(range(len(keys)), [name for _, name in keys])
    axes.set(ylim=(0, 1.02), title=say("legs"))
    axes.figure.legend(frameon=False, fontsize=9, ncols=2, loc="outside lower center")
