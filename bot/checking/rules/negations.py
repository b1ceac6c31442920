"""A "no" that a sentence loses or adds. Pure functions on folded text."""

import re
from collections.abc import Iterator, Sequence

from bot.checking.content import QUOTED_OR_TITLE, clauses, content, overlap
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence, nearest_clauses

_NOT = re.compile(
    r"不(?!出户|可少|可或缺|仅|但|断|同|少(?!于)|久|论|管|动产|良|锈|妨|愧|足|到|超过|得超过|高于|低于|多于|少于|小于|大于|在话下)|未(?!来|必)|没(?!收)|无(?!论|偿|人机|锡|缝|障碍|线|形)"
    r"|非(?!常|洲|法|遗|公|凡)|免(?!疫|税区|费开放)|省去|取消|停止|禁止|严禁|避免|拒绝|暂停|杜绝"
)
_ALIKE = 0.85  # of the words of either clause: then a "no" more or less is no other way of putting it


def lost_or_added_negations(quoted: QuotedSentence) -> Iterator[Finding]:
    """The first clause of a sentence that says no where the source's clause says yes, or the other way round."""
    own = clauses(quoted.source)
    for clause in clauses(quoted.text):
        near = nearest_clauses(clause, own)
        # A name that stands in quotation marks in one of the two only may hold the word: 轻微免罚.
        is_turned = near and all(
            _denials(other, clause) != _denials(clause, other) and len(_NOT.findall(other)) != len(_NOT.findall(clause)) for other in near
        )
        if is_turned or (not count_negations(clause) and _says_what_is_denied(clause, own)):
            yield Finding(Fault.NEGATION, clause)
            return


def count_negations(clause: str) -> int:
    """How often a clause says no; names and titles are passed over."""
    return len(_NOT.findall(QUOTED_OR_TITLE.sub("", clause)))


def _denials(clause: str, other: str) -> int:
    """How often a clause says no, where the other is nearly the same; else whether it does at all, since words may be put otherwise."""
    is_alike = min(overlap(clause, other), overlap(other, clause)) >= _ALIKE
    return count_negations(clause) if is_alike else min(count_negations(clause), 1)


def _says_what_is_denied(clause: str, source: Sequence[str]) -> bool:
    """Whether a clause holds what stands behind a negation of the source, and behind none elsewhere in it."""
    for own in source:
        plain = QUOTED_OR_TITLE.sub("", own)
        denied = next((re.split(r"[、＿]|等", plain[mark.end() :])[0] for mark in _NOT.finditer(plain)), "")
        if content(denied) and overlap(denied, clause) >= 0.75:
            return not any(overlap(denied, other) >= 0.75 for other in source if not count_negations(other))
    return False
