"""The organisations and places that a sentence names and its source does not."""

import re
from collections.abc import Iterator

from bot.checking.content import FUNCTION_WORDS, bare
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence
from bot.chinese.places import places_in

_ORGANISATION = re.compile(
    r"(?:局|委员会|办公室|中心|厅|部门?|院|银行|公司|集团|大学|学院|学校|协会|学会|联合会|政府|街道办|街道办事处|管委会|工会|公积金|窗口|大厅|热线|平台|法院|检察院)$"
)


def names_not_in_source(quoted: QuotedSentence) -> Iterator[Finding]:
    """The organisations and places that stand neither in the quotes nor in what names their topic."""
    known = bare(quoted.source) + bare(quoted.topics)
    for name in organisations(quoted.text):
        if bare(name) not in known:
            yield Finding(Fault.ORGANISATION, name)
    for name in sorted(places_in(quoted.text)):
        if name not in known:
            yield Finding(Fault.PLACE, name)


def organisations(folded: str) -> list[str]:
    """Bodies and offices, each as far as it must stand in the source: the word that ends as one, with the word before it where that
    says which one it is (市财政局, 首贷中心)."""
    import rjieba

    found, before = list[tuple[str, str]](), ("", "")
    for word, tag in rjieba.tag(folded):
        if len(word) > 1 and _ORGANISATION.search(word) and tag[:1] in "nvjil":
            names = before[1][:1] in "njbz" and before[0] not in FUNCTION_WORDS and len(before[0]) <= 4
            found.append((before[0] if names else "", word))
        elif len(word) == 1 and _ORGANISATION.search(word) and before[1][:1] in "nvj":
            found.append((before[0], word))
        before = (word, tag)
    return [(name + word).lstrip("由经向在到和与被") for name, word in found]
