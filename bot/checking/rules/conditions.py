"""Conditions that a sentence loses, and plans that it tells as done. Pure functions on folded text."""

import re
from collections.abc import Iterator

from bot.checking.claims import dates_and_figures
from bot.checking.content import QUOTED_OR_TITLE, clauses, content, overlap
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence, nearest_clauses

# What a source says of when or for whom a thing holds -> how, in it and in a sentence that kept it.
_CONDITIONS = {
    "除外": (r"除(?:了)?[^，。；]{1,30}外|除外|除非|例外|不含|不包括|另有规定", r"除|例外|不含|不包括|另有规定|以外|之外"),
    "仅限": (r"仅限|只限|限于|仅[对在向面适可能]|只[有能对在向适]", r"仅|只|限"),
    "征求意见稿": (r"征求意见|草案|送审稿|讨论稿", r"征求意见|草案|送审稿|讨论稿"),
    "试行": (r"试行|暂行|试点", r"试行|暂行|试点"),
    "意向": (r"初步|意向", r"初步|意向|有意|打算"),
    "原则上": (r"原则上|一般情况下|视情况", r"原则|一般|视情况"),
}
_OF_ITS_CLAUSE = frozenset({"意向"})  # the others hold for the clause behind them as well
_LOOKS_BACK = re.compile(r"除外|例外|不含|不包括")  # stands behind the clause that it holds for
_FUTURE = re.compile(
    r"(?<!为)将(?!近|其|军|来|[^，。；]{1,24}(?:由|从|作为|落到|落实到|纳入|列入|扩[建展大]|改[建造]为|压[减缩]|[调提升降延][^，。；]{1,3}[为到至]|送至|报送|提交|移交|上传|发送|寄))|(?<![起模草])拟(?![定人])|下一步|力争|预计|有望|即将|打算"
)
_GOVERNED = 4  # clauses behind the one with 将 that it still governs
_FUTURE_SAID = re.compile(r"将|拟|下一步|力争|预计|有望|打算|计划|接下来|未来|还要|目标")
_DONE = re.compile(r"已|了|截至|过(?!程)")
# 有合法住所的营商人员子女: whom a rule is for, by what they have or are; what is left out of it makes the rule wider.
_HAVING = re.compile(
    r"(?:具有|持有|拥有|具备|符合|满足|取得|年满|(?<![所没仅还只享现原含占])有(?![效力关序利益助着限望意]))([^，。；：“”]{2,16}?)的(?=[㐀-鿿])"
)

_LEAST_KEPT = 0.34  # of the words of a condition: one of two or three is left where it is put otherwise


def lost_conditions(quoted: QuotedSentence) -> Iterator[Finding]:
    """What the source makes a condition of, and the sentence that rests on it does not."""
    text, own = quoted.text, clauses(quoted.source)
    carried = _carried(text, own)
    for before, clause, behind in zip(["", *own][:-1], own, [*own, ""][1:], strict=True):
        for name, (says, kept) in _CONDITIONS.items():
            is_governed = clause in carried or (behind in carried and name not in _OF_ITS_CLAUSE)
            is_governed = is_governed or (before in carried and name == "除外" and bool(_LOOKS_BACK.search(clause)))
            if is_governed and re.search(says, clause) and not re.search(kept, text):
                yield Finding(Fault.CONDITION, name)
        for had in _HAVING.finditer(clause) if clause in carried else ():
            if content(had[1]) and overlap(had[1], text) < _LEAST_KEPT:
                yield Finding(Fault.CONDITION, had[0])


def _carried(text: str, own: list[str]) -> set[str]:
    """The clauses of the source that a sentence rests on: those that say most of its clauses, and those with its figures."""
    carried = {other for clause in clauses(text) for other in nearest_clauses(clause, own, within=0.0)}
    counted = [figure for figure in dates_and_figures(text)[1] if figure.unit != "年" and figure.value > 3]
    carried |= {clause for clause in own if any(figure.stands_for(other) for other in dates_and_figures(clause)[1] for figure in counted)}
    return carried


def plans_told_as_done(quoted: QuotedSentence) -> Iterator[Finding]:
    """A plan of the source that the sentence tells as a fact: 将 governs its clause and those behind it."""
    if _FUTURE_SAID.search(QUOTED_OR_TITLE.sub("", quoted.text)):
        return
    carried = _carried(quoted.text, clauses(quoted.source))
    for sentence in re.split(r"(?<=[。！？!?])", quoted.source):
        plan, left = "", 0
        for clause in clauses(sentence):
            left -= 1
            if mark := _FUTURE.search(QUOTED_OR_TITLE.sub("", clause)):
                plan, left = mark[0], _GOVERNED
            if plan and left >= 0 and clause in carried and not _DONE.search(clause):
                yield Finding(Fault.CONDITION, plan)
                return
