"""Whether the sentence that decides says yes, no, or on a condition: the first word of a decision. Pure functions.

A question asks whether something may be, must be, is, or costs; a sentence permits, forbids, obliges, exempts or states. Only where the
sentence names whom and what the question asks of, and says one thing of it, is there a verdict: no first word rather than a wrong one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.chinese.language import language
from bot.chinese.quantities import quantities
from bot.question.premises import contradicted
from index.language import look_up
from index.text.terms import fold


class Verdict(StrEnum):
    """What a sentence says to a question that wants a decision."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


class _Asks(StrEnum):
    """What a question wants decided."""

    MAY = "may"
    MUST = "must"
    BE = "be"
    HAVE = "have"
    PAY = "pay"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question wants decided, and the words for whom and for what."""

    asks: _Asks
    subject: tuple[str, ...]
    predicate: tuple[str, ...]


_LEAD = re.compile(r"^(?:请问|想问一?下?|问一?下|麻烦问?一?下?|那么?|如果|听说|现在|目前|今年)[,\s]*")
_TAIL = re.compile(r"[\s?!。,]*(?:[吗么嘛]|没有|不|没)?[啊呀呢的了]*[\s?!。,]*$")
_NEGATIVE = re.compile(r"不(?:能|用|可以|需要?|得|必|会|是)[^,?]*[吗么嘛]|是不是不|没有?[^,?]{2,}吗")
_PAY = re.compile(r"收不收[^,]{0,6}[费钱]$|(?:要不要|用不用|要|用|需要?|得)?(?:自己|个人)?(?:收费|收钱|[交花付给掏出]钱|缴费|交费)$|要钱$")
_FREE = re.compile(r"(?:是不是|算不算|是)?(?:全部?|都)?免费$")
# What asks, in the order in which it is looked for: the words before it are whom, those after it what.
_CUES = (
    (_Asks.MAY, re.compile(r"(?:是不是|是否)?(?:可不可以|能不能|能否|可否|可以不|让不让|准不准|允许不允许|(?<![功可性只技职智才节])能(?![力源耗够])(?:够)?|可以|允许)")),
    (_Asks.MUST, re.compile(r"(?:是不是|是否)?(?:要不要|用不用|需不需要|需要|必须|一定要|应该|(?<![只还主重])要|需(?!求)|得(?=[去办交带]))")),
    (_Asks.HAVE, re.compile(r"有没有|(?:还|是否)?有(?!关|效|限)")),
    (_Asks.BE, re.compile(r"是不是|算不算|属不属于|是否属于|属于|算|会不会|会|是(?!否)|是否")),
)  # fmt: skip
_WHETHER = re.compile(r"[吗么嘛][啊呀]?[\s?!。]*$|(\w{1,2})不\1|有没有|是否|能否|可否|[不没][\s?]*$|可以不|可不可以|需不需要|属不属于")

_NO = re.compile(
    r"不得|不能|不可(?![分避抗或])|不予|不许|不准|不允许|禁止|严禁|不享受|不享有|不适用|不纳入|不列入|不属于|不视为|不视同|不认定|不算|不是|不再(?!要求|收|提交)"
    r"|停止|暂停|除外|不受理|无法|不支持|不包括|不含|不接受|不办理|不发放|不补贴|已(?:于\w{0,8})?(?:结束|停止|取消|废止)"
)
_EXEMPT = re.compile(r"无需|无须|不需要?|不必|不用|不要求|不再要求|不再提交|免于|免予|免(?:去|交|收|提交|除|征|缴|考|检)|不收取?")
_MUST = re.compile(r"必须|应当|应(?![用急届对聘纳有])|须(?!知)|(?<![不急])需要?(?![求])|一律")
_MAY = re.compile(r"可以|可(?![能行靠持视控燃再])|允许|准予|(?<![功可性技职智才节])能(?![力源耗效])|有权|享受|给予|予以|纳入|受理")
_IS = re.compile(r"属于|视为|视同|认定为|作为|是(?!否)|为(?!了)|处(?=[\d一二三四五六七八九十两以])|处以|予以处罚")
_GIVES = re.compile(r"给予|发放|享受|设立|提供|奖励|补助|补贴标准|可")
_IS_FREE = re.compile(r"免费|不收|免收|免交|免缴|零收费|无偿|不缴费|无需缴|不需要?缴|无需交")
_IS_PAID = re.compile(r"收取|缴纳|交纳|收费标准|[\d千百十万]元|自理|由个人承担")
# What makes a condition of what is said; the first, only where it says something that the question does not.
_RELATIVE = re.compile(
    r"的,|[^,;。]时,|[^,;。]{3,}的[^,;。]{1,12}?(?=可以|可|不得|不予|应当|应|须|享受|免|无需)|对[^,;。]{2,30}?(?=给予|不予|予以|可|按|处)"
)
_CONDITION = re.compile(
    r"经[^,;。]{2,12}(?:后|可|方)|经[^,;。]{0,12}(?:批准|同意|审核|审批|许可|备案|认定|评估)|但|除[^,;。]{1,20}外|除外|原则上|特殊情况"
    r"|以[上下]|超过|[年未]?满[\d一二三四五六七八九十]|不足|不满|首次|第[一二三]次|期间|以内|轻微|情节"
    r"|在[^,;。]{1,12}(?:区域|水域|地点|路段|范围|时段|时间|[\d点时]至[^,;。]{1,8}[点时])"
)
_REQUIRED = re.compile(r"符合|满足|仅限|限于|只有|方可|前提")  # of what is allowed only: what is forbidden needs nothing
_EXCEPT = re.compile(r"(?:^|[,;])(?P<whom>[^,;。]{2,30})除外")
_SKIPPED = ("r", "d", "p", "c", "u", "y", "x", "t", "m", "q", "f")  # tags of words that name neither whom nor what
_SELF = frozenset({"本人", "亲自"})  # tagged as a pronoun and an adverb, and yet what is asked
_BARE = frozenset("是有去来到把被办做要能会")  # verbs that say nothing by themselves
_SPREAD = 3  # characters that may stand between those of an abbreviation: 个体户 for 个体工商户
_ENOUGH = 2 / 3  # of the predicate's words must be named


def first_word(question: str, sentence: str, context: str = "") -> str:
    """The first word of a decision (是, 否, 有条件), in the question's language; "" where the sentence does not surely decide."""
    found = verdict(question, sentence, context)
    return look_up(f"verdict.{found.value}", language(question)) if found else ""


def verdict(question: str, sentence: str, context: str = "") -> Verdict | None:
    """What the sentence that decides says to a question; None where that is not sure, or where the question wants no decision.

    `context` is what stands round the sentence, such as its article's title and its headings: they may name what it speaks of.
    """
    asked, text, around = _read(fold(question)), fold(sentence), fold(context)
    if asked is None or not _WHETHER.search(fold(question)):
        return None
    if quantities(fold(question)) and (asked.asks is _Asks.BE or not _agree(question, sentence)):
        return _of_figure(question, sentence)
    if not _names(f"{text}。{around}", asked.subject):
        return None
    if asked.asks in (_Asks.PAY, _Asks.FREE):
        return _of_cost(asked, text)
    exception = _EXCEPT.search(text)
    if exception and asked.subject and _names(exception["whom"], asked.subject):
        return _turned(Verdict.NO, positive=not _NO.search(text[: exception.start()]))
    return _of_clauses(asked, text, around)


def _read(question: str) -> _Asked | None:
    """What a folded question wants decided; None where it is put in the negative, since 是 and 否 would be taken in two ways."""
    if _NEGATIVE.search(question):
        return None
    segment = next((part for part in reversed(re.split(r"[,。;?!]", question)) if _WHETHER.search(part.strip())), question)
    before = question[: question.rfind(segment)] if len(segment) < len(question) else ""
    plain = _LEAD.sub("", _TAIL.sub("", segment.strip()))
    for asks, form in ((_Asks.FREE, _FREE), (_Asks.PAY, _PAY), *_CUES):
        if cue := form.search(plain):
            subject = _content(plain[: cue.start()]) or _content(re.split(r"[,。;?!]", before.strip(" ,。;?!"))[-1])
            names = tuple(word for word in subject if len(word) > 1)  # 公章丢了: 公章 says what it is about
            return _Asked(asks, names or subject, _content(plain[cue.end() :]))
    return None


def _content(text: str) -> tuple[str, ...]:
    """The words of a text that name something or say what is done."""
    import rjieba

    return tuple(
        word
        for word, tag in rjieba.tag(text)
        if (not tag.startswith(_SKIPPED) or word in _SELF) and re.search(r"\w", word) and word not in _BARE
    )


def _names(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text names all of some words, if in a longer form: 个体工商户 names 个体户."""
    return all(_named(word, text) for word in words)


def _named(word: str, text: str) -> bool:
    if word in text:
        return True
    if len(word) < 2:
        return False
    spread = rf"[^,;。]{{0,{_SPREAD}}}?"
    return bool(re.search(spread.join(map(re.escape, word)), text))


def _agree(question: str, sentence: str) -> bool:
    """Whether each figure of a question stands in the sentence, where that has any of its kind."""
    stated = quantities(fold(sentence))
    alike = [[other for other in stated if other.comparable(quantity)] for quantity in quantities(fold(question))]
    return all(
        not others or any(quantity.equals(other) for other in others)
        for quantity, others in zip(quantities(fold(question)), alike, strict=True)
    )


def _of_figure(question: str, sentence: str) -> Verdict | None:
    """Whether the figure that a question asks after is the one that the sentence states."""
    asked, stated = quantities(fold(question)), quantities(fold(sentence))
    if len(asked) == 1 and any(asked[0].equals(quantity) and asked[0].exactness is quantity.exactness for quantity in stated):
        return Verdict.YES if len([quantity for quantity in stated if quantity.comparable(asked[0])]) == 1 else None
    return Verdict.NO if contradicted(question, sentence, [sentence]) else None


def _of_cost(asked: _Asked, text: str) -> Verdict | None:
    free, paid = bool(_IS_FREE.search(text)), bool(_IS_PAID.search(_IS_FREE.sub("", text)))
    if free == paid or (free and re.search(r"不收取?$", text)):
        return None
    answer = Verdict.YES if free == (asked.asks is _Asks.FREE) else Verdict.NO
    return _limited(answer, asked, text)


def _of_clauses(asked: _Asked, text: str, around: str) -> Verdict | None:
    """What the clauses say that name what is asked; a condition where they differ and the sentence says why."""
    found = []
    for start, clause in _clauses(text):
        if _speaks_of(asked, clause, f"{around}。{text[:start]}") and (answer := _of_clause(asked, clause)):
            found.append(answer)
    if not found:
        return None
    answer = _limited(found[0], asked, text)
    return answer if answer is Verdict.CONDITIONAL or len(set(found)) == 1 else None


def _clauses(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found[0]) for found in re.finditer(r"[^,;。]+", text)]


def _speaks_of(asked: _Asked, clause: str, before: str) -> bool:
    """Whether a clause names what is asked: one of the first two words at least, and most of the others there or before it."""
    words = [word for word in asked.predicate if len(word) > 1]
    if not words:
        return any(word in clause for word in asked.predicate)
    return any(_named(word, clause) for word in words[:2]) and sum(_named(word, before + clause) for word in words) >= _ENOUGH * len(words)


def _of_clause(asked: _Asked, clause: str) -> Verdict | None:
    forbids, exempts, obliges = (bool(form.search(clause)) for form in (_NO, _EXEMPT, _MUST))
    rest = _EXEMPT.sub("", _NO.sub("", clause))
    if asked.asks is _Asks.MUST:
        if exempts or forbids:
            return Verdict.NO if not _MUST.search(rest) else None
        return Verdict.YES if obliges else None
    if forbids or (exempts and asked.asks is not _Asks.HAVE):
        return Verdict.NO if not exempts and not _MAY.search(rest) else None
    form = {_Asks.MAY: _MAY, _Asks.HAVE: _GIVES, _Asks.BE: _IS}[asked.asks]
    return Verdict.YES if form.search(clause) else None


def _limited(answer: Verdict, asked: _Asked, text: str) -> Verdict:
    """The verdict, or that there are conditions which the question does not name itself."""
    known = "".join((*asked.subject, *asked.predicate))
    relative = any(
        any(word not in known for word in _content(text[max(text.rfind(mark, 0, found.start()) for mark in ",;。") + 1 : found.end()]))
        for found in _RELATIVE.finditer(text)
    )
    required = answer is Verdict.YES and _REQUIRED.search(text)
    return Verdict.CONDITIONAL if relative or required or _CONDITION.search(text) or _restricted(asked, text) else answer


def _restricted(asked: _Asked, text: str) -> bool:
    """Whether what is said holds only in a place that the question does not name: 重点管理区内禁止…"""
    within = re.match(r"([^,;。]{2,16}?)(?:范围)?内(?=[禁不可应须允])", text)
    return within is not None and not any(word in within[1] for word in asked.subject + asked.predicate)


def _turned(answer: Verdict, *, positive: bool) -> Verdict | None:
    """The verdict on an exception: of what is allowed it is a no; of what is forbidden it says nothing sure."""
    return answer if positive else None
