"""Figures of a sentence that its source has, but of something else. Pure functions on folded text."""

import re
from collections.abc import Iterator, Sequence

from bot.checking.claims import dates_and_figures, quoted_names
from bot.checking.content import FUNCTION_WORDS, GENERAL, bare, clauses, covered
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence
from bot.chinese.figures import Figure

# What a figure measures -> how the source may say so, or in which units it shows that it is this.
_MEASURED = {
    "利率|税率|费率": (r"利率|税率|费率", ""),
    "占比|比例|比重": (r"占|比例|比重", ""),
    "增速|增幅|涨幅": (r"增速|增幅|增长|增加|上升|提高|涨", ""),
    "降幅": (r"降|减|缩", ""),
    "金额|总额|余额": (r"额|资金|款|投资|元", "元"),
    "费用|价格|单价|成本|均价": (r"费|价|成本", ""),
    "收入|利润|产值|税收|销售额": (r"收入|利润|产值|税|销售", ""),
    "面积": (r"面积", "平方米 亩 公顷 平方公里"),
}
_MEASURES_NO_THING = frozenset("年 月长 天 工作日 小时 分钟 秒 周 季度 元 美元 % ‰ 百分点 倍 岁 之一".split())
_MEASURE_BEFORE = re.compile("(" + "|".join(_MEASURED) + ")(?:已|约|近|共|为|达到?|是|超过?|上涨|下降|提高|增长|增加|减少|降低)*$")


def misplaced_figures(quoted: QuotedSentence) -> Iterator[Finding]:
    """The figures of a sentence that the source has, but of something else: 首贷1290笔 where it says 首贷381笔，信用贷1290笔."""
    own = [(clause, dates_and_figures(clause)[1]) for clause in clauses(quoted.source)]
    for clause in clauses(quoted.text):
        mine = dates_and_figures(clause)[1]
        for figure in mine:
            if _is_misplaced(figure, clause, mine, own) or _measures_what_is_not_said(figure, clause, quoted.source):
                yield Finding(Fault.FIGURE, figure.words)


def _measures_what_is_not_said(figure: Figure, clause: str, source: str) -> bool:
    """Whether a figure is said to be a rate, a share or a price where the source speaks of none: 利率下降10.65% for 增速达10.65%."""
    named = _MEASURE_BEFORE.search(clause[: figure.start])
    if not named:
        return False
    form, units = next(found for words, found in _MEASURED.items() if named[1] in words.split("|"))
    return not re.search(form, source) and figure.unit not in units.split()


def _is_misplaced(figure: Figure, clause: str, mine: Sequence[Figure], own: Sequence[tuple[str, list[Figure]]]) -> bool:
    topic = _pairs(clause)
    here = [stated for stated, found in own if any(figure.stands_for(other) for other in found)]
    there = [
        stated
        for stated, found in own
        if stated not in here
        and any(other.unit == figure.unit and other.value != figure.value for other in found)
        and not any(counted.stands_for(other) for counted in mine for other in found)
    ]
    if not here:
        return False
    if max((len(topic & _pairs(stated)) for stated in there), default=0) > max(len(topic & _pairs(stated)) for stated in here):
        return True
    return _counts_other_things(figure, clause, here, own) or _is_said_of_another(figure, clause, own)


def _is_said_of_another(figure: Figure, clause: str, own: Sequence[tuple[str, list[Figure]]]) -> bool:
    """Whether a clause names before a figure what the source names before another one: 绿道15处 where it says 公园15处，绿道12公里."""
    noun = _noun_before(clause, figure)
    said = {_noun_before(stated, other) for stated, found in own for other in found if figure.stands_for(other)}
    others = {_noun_before(stated, other) for stated, found in own for other in found if other.value != figure.value}
    return bool(noun) and "" not in said and noun not in said and noun in others


def _noun_before(clause: str, figure: Figure) -> str:
    """The noun in particular that stands right before a figure, but for words that join; empty where none does."""
    import rjieba

    for word, tag in reversed(rjieba.tag(re.sub(r"[“”「」『』\"]", "", clause.partition(figure.words)[0]))):
        if tag[:1] == "n" and len(word) > 1:
            return "" if word in GENERAL else str(word)
        if word not in FUNCTION_WORDS:
            return ""
    return ""


def _counts_other_things(figure: Figure, clause: str, here: Sequence[str], own: Sequence[tuple[str, list[Figure]]]) -> bool:
    """Whether the source says a figure of something else than the noun behind it, or a name that the clause gives: 28个地区 where it
    says 28个省份390个地区."""
    before = {stated: "".join(other for other, _ in own).partition(stated)[0] + stated for stated in here}
    if (names := quoted_names(clause)) and not any(all(bare(name) in bare(so_far) for name in names) for so_far in before.values()):
        return True
    noun = _noun_behind(clause, figure)
    if not noun:
        return False
    others = {_noun_behind(stated, other) for stated, found in own for other in found if other.value != figure.value}
    theirs = {_noun_behind(stated, other) for stated, found in own for other in found if figure.stands_for(other)}
    if noun in theirs:
        return False
    up_to_here = bare("".join(before.values()))
    return noun in others or bool(theirs - {""} and noun not in GENERAL and not covered(noun, up_to_here))


def _noun_behind(clause: str, figure: Figure) -> str:
    """The noun that follows what is counted, be it in quotation marks; empty where none does."""
    import rjieba

    at = clause.find(figure.words) if figure.unit not in _MEASURES_NO_THING else -1
    words = re.match(r"[余多来个“「『]*([㐀-鿿]+)", clause[at + len(figure.words) :]) if at >= 0 else None
    noun, tag = next(iter(rjieba.tag(words[1])), ("", "")) if words else ("", "")
    return noun if len(noun) > 1 and tag[:1] == "n" and noun not in FUNCTION_WORDS else ""


def _pairs(clause: str) -> frozenset[str]:
    plain = re.sub(r"[^㐀-鿿]+", " ", clause)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1) if " " not in plain[i : i + 2])
