"""What a question takes for granted and the articles state otherwise: 既然压到了5个工作日, where they say 当场办结. Pure functions.

Only quantities are compared (`bot/chinese/quantities.py`), and only of one kind on one matter. Where it is not plain that the question
asserts one, rather than telling of the questioner or laying down a condition, nothing is found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.chinese.language import language
from bot.chinese.quantities import Quantity, in_full, quantities
from bot.question.topics import holds_question_word
from index.language import render
from index.text.terms import fold, terms

_SEGMENT = re.compile(r"(?:[^，。；？！?!;,]|(?<=\d),(?=\d{3}))+")
_STOPS = ",;。"  # as they are in a folded text
_HEARD = re.compile(
    r"既然|听说(?!过)|据说|听[^,;。?]{1,4}说|说是|都说|有人说|难道|是不是|是否|不是(?=[^,;。?]*[吗么嘛])"
    r"|\b(?:is it true|isn't it|isn't|aren't|i (?:heard|read|was told)|since|they say|given that)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"[这那]?(?:是|对|没错|真|真的|是真的|是这样|这样)(?:的)?(?:吧|吗|么|嘛|不是?|不对|没)?[啊呀呢]?|right|correct", re.IGNORECASE
)
_PAST = re.compile(r"以前|之前|原来|原先|过去|去年|前年|上[个次]?月|当时")
_AGO = ("前", "后", "以前", "以后", "之前", "之后", "来", "以来")  # 两年前 says when, not how long
_OWN = re.compile(
    r"[我俺](?!们?(?:市|区|县|省|国|镇|听|看)|们?[这那][儿里边])|本人|咱家|\b(?:i(?! (?:heard|read|was told))|my|we|our)\b", re.IGNORECASE
)
_CONDITION = re.compile(r"如果|要是|假如|倘若|的话|以后|之后|[后时满]$")
_MODAL = re.compile(r"能|可以|可不可以|行[吗不]|够[吗不]|一起|或者?")
_OLD = re.compile(r"(?:从|由|原来?的?|原先)[^,;。]{0,6}$")
_BECOMES = re.compile(r"至|到|为|成")
_TO = re.compile(r"\s*(?:至|到|—+|-+|～|~)\s*")
_ENDS = re.compile(r"截|止|结束|最后|下班|关门|之前|到期")
_BEGINS = re.compile(r"开始|起|开[课放门业]|上班")
_TELLING = ("v", "p", "d", "c", "r", "u", "m")  # a clause that begins with these has no subject: the questioner tells of himself
_UNITS = {
    "working day": "个工作日", "business day": "个工作日", "day": "天", "week": "周", "month": "个月", "year": "年", "hour": "小时",
    "minute": "分钟", "yuan": "元", "rmb": "元", "cny": "元", "percent": "%", "people": "人", "%": "%",
}  # fmt: skip
_NUMBERS = {word: value for value, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_ENGLISH = re.compile(rf"\b(\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMBERS)})\s*({'|'.join(_UNITS)})(?:s\b|\b|(?<=%))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the articles state, in their words, and what the question took for granted, in its own."""

    stated: str
    asserted: str


@dataclass(frozen=True, slots=True)
class _Asserted:
    """A quantity that a question asserts, in its words and among those of its segment; `plainly`, with words such as 听说 or 对吧."""

    quantity: Quantity
    words: str
    segment: str
    question: str
    plainly: bool


def correction(question: str, sentence: str, cited: Sequence[str]) -> str:
    """The line that says what the articles state instead of what the question took for granted, in its language; else ""."""
    difference = contradicted(question, sentence, cited)
    return render("premise.differs", language(question), stated=difference.stated, asserted=difference.asserted) if difference else ""


def contradicted(question: str, sentence: str, cited: Sequence[str]) -> Difference | None:
    """What the sentence that answers states otherwise than the question takes for granted.

    Nothing where the question's figure stands in the sentence or anywhere in `cited`, the passages that are shown.
    """
    known = [quantity for text in (sentence, *cited) for quantity in quantities(fold(text))]
    for asserted in _english(question) if language(question) == "en" else _chinese(question):
        if not any(asserted.quantity.equals(quantity) for quantity in known) and (stated := _counterpart(asserted, sentence)):
            return Difference(stated, asserted.words)
    return None


def _chinese(question: str) -> list[_Asserted]:
    """What a Chinese question asserts, segment by segment."""
    folded = fold(question)
    written = question if len(question) == len(folded) else folded
    segments = list(_SEGMENT.finditer(folded))
    found, heard, own = list[_Asserted](), False, False
    for segment, following in pairwise([*segments, None]):
        assert segment is not None
        text = segment[0]
        heard = bool(_HEARD.search(text)) or (heard and not holds_question_word(text))  # what was heard may go on over several segments
        own = bool(_OWN.search(text)) or (own and not heard)  # and who tells of himself goes on to
        tagged = text.strip().endswith("吧") or bool(following and _TAG.fullmatch(following[0].strip()))
        for quantity in quantities(text):
            if (heard or tagged or not own) and _is_asserted(text, quantity, plainly=heard or tagged):
                whole = in_full(quantity, text)
                words = written[segment.start() + whole.start : segment.start() + whole.end].strip()
                found.append(_Asserted(quantity, words, text, folded, heard or tagged))
    return found


def _is_asserted(segment: str, quantity: Quantity, *, plainly: bool) -> bool:
    """Whether a segment says that a quantity is so, rather than telling of the questioner, of the past, or of a condition."""
    if (
        segment.startswith(_AGO, quantity.end)
        or _PAST.search(segment[: quantity.start])
        or (_OWN.search(segment) and not _HEARD.search(segment))
    ):
        return False
    if plainly:
        return not holds_question_word(segment)
    if quantity.kind in ("age", "year") and not _tells_of_policy(segment):
        return False
    if holds_question_word(segment) or _CONDITION.search(segment.strip()) or _MODAL.search(segment[quantity.end :]):
        return False
    return _tells_of_policy(segment)


def _tells_of_policy(segment: str) -> bool:
    """Whether a segment has a subject, so that it does not tell of the questioner, who seldom names himself."""
    import rjieba

    tagged = [(word, tag) for word, tag in rjieba.tag(segment.strip()) if tag not in ("x", "y")]
    if tagged and tagged[0][1] == "r" and len(tagged) > 1:  # 这个试点
        tagged = [pair for pair in tagged if pair[1] not in ("r", "q")]
    return bool(tagged) and not tagged[0][1].startswith(_TELLING) and any(tag[0] in "nj" or tag == "vn" for _, tag in tagged)


def _english(question: str) -> list[_Asserted]:
    """What an English question asserts; only what it says that it heard, or wants confirmed."""
    segments = [segment[0].strip() for segment in _SEGMENT.finditer(question)]
    if not _HEARD.search(question) and not (segments and _TAG.fullmatch(segments[-1])):
        return []
    found = []
    for match in _ENGLISH.finditer(question):
        number = str(_NUMBERS.get(match[1].lower(), match[1].replace(",", "")))
        found += [_Asserted(quantity, match[0], "", "", True) for quantity in quantities(number + _UNITS[match[2].lower()])]
    return found


def _counterpart(asserted: _Asserted, sentence: str) -> str:
    """The words of a sentence for the quantity that stands where the asserted one is said to; "" where none does, or it agrees."""
    folded = fold(sentence)
    if len(folded) != len(sentence):
        return ""
    every = [quantity for quantity in quantities(folded) if quantity.comparable(asserted.quantity)]
    candidates = _of_the_end_meant(asserted.segment, _without_old(every, folded), folded)
    if not candidates:
        return ""
    ranked = sorted(((_shared(asserted, quantity, folded), quantity) for quantity in candidates), key=lambda pair: -pair[0])
    most = ranked[0][0]
    best = [quantity for shared, quantity in ranked if shared == most]
    if len({quantity.value for quantity in best}) > 1 or any(not quantity.rules_out(asserted.quantity) for quantity in best):
        return ""
    if not (most >= (1 if asserted.plainly else 2) or (asserted.plainly and len(every) == 1)):
        return ""
    whole = in_full(best[0], sentence)
    return sentence[whole.start : whole.end].strip()


def _without_old(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """The quantities without those that no longer hold: 从20个工作日压减至5个工作日 states the second."""
    return [
        quantity
        for place, quantity in enumerate(found)
        if not (_OLD.search(text[: quantity.start]) and _BECOMES.search(text[quantity.end : _until(found, place, text)]))
    ]


def _until(found: Sequence[Quantity], place: int, text: str) -> int:
    return found[place + 1].start if place + 1 < len(found) else len(text)


def _of_the_end_meant(segment: str, found: list[Quantity], text: str) -> list[Quantity]:
    """Of a range (5月6日至5月20日) only the end that a segment speaks of; neither where it speaks of none."""
    kept = list(found)
    for first, last in pairwise(found):
        if _TO.fullmatch(text[first.end : last.start]):
            if not _BEGINS.search(segment):
                kept.remove(first)
            if not _ENDS.search(segment):
                kept = [quantity for quantity in kept if quantity != last]
    return kept


def _shared(asserted: _Asserted, quantity: Quantity, sentence: str) -> int:
    """How many terms the question shares with the clause of a sentence that a quantity stands in; those of its own segment count twice."""
    start = max(sentence.rfind(mark, 0, quantity.start) for mark in _STOPS) + 1
    ends = [place for mark in _STOPS if (place := sentence.find(mark, quantity.end)) >= 0]
    own = _words(sentence[start : min(ends, default=len(sentence))])
    segment = _words(asserted.segment)
    return len(own & segment) + len(own & (_words(asserted.question) | segment))


def _words(text: str) -> set[str]:
    """The terms of a text without its quantities."""
    for quantity in quantities(text):
        text = text[: quantity.start] + " " * (quantity.end - quantity.start) + text[quantity.end :]
    return {term for term in terms(text) if len(term) > 1}
