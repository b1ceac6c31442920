"""A message that asks on about what was just shown: for more of it, or for one of it in detail. Pure functions.

Such a message is told by its words as a whole, since it has hardly any: no topic, and nothing that an article could state.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.text.lists import number_of
from index.text.terms import simplified

LAST = -1  # the place of the last one
_MARKS = re.compile(r"[\s，,。；;？?！!、…~～.]+")
_ASIDE = r"(?:那么?|请问?|嗯|哦|好的?|然后|麻烦|[你您我给帮]|能不能|可不可以|可以|能|想|再|都|[了吗呢吧啊呀的嘛]|一?下|一?点儿?|一?些|听听|看看)*"
_ONLY = r"(?:就|只有?)(?:这些|这么多|这点|这几[个条项])"
_ELSE = (
    r"(?:(?:还|另外?)有(?:没有)?(?:别的|其[他它](?:的)?|另外的?|更多|啥|什么)?|还有没有|别的|其[他它](?:的)?|更多|继续|接着说|下一[个条])"
)
_OF = r"(?:政策|措施|举措|办法|规定|内容|信息|好处|可以说的?|要说的?)?"
_MORE = re.compile(rf"{_ASIDE}(?:{_ONLY}{_ASIDE}(?:{_ELSE}{_OF})?|{_ELSE}{_OF}){_ASIDE}")
_SAY = r"(?:(?:详细|具体|仔细|展开)(?:地|的)?)?(?:说说|讲讲|聊聊|介绍|解释|细说|说明|说|讲|展开|详细|具体|仔细)"
_PLACE = r"(?:第(?:[一二三四五六七八九十]|\d{1,2})|最后一?)[个条项点款种]"
_DETAIL = re.compile(
    rf"{_ASIDE}(?:{_SAY}{_ASIDE}{_PLACE}|{_PLACE}{_ASIDE}(?:是(?:什么|啥)(?:意思)?|怎么回事|{_SAY})?|{_SAY}){_ASIDE}(?:{_SAY})?{_ASIDE}"
)
_NUMBER = re.compile(r"第([一二三四五六七八九十]|\d{1,2})|(最后)")
_NAMES_IT = re.compile(r"第|最后|详细|具体|仔细|展开|细说")  # without any of these, 说说 may mean anything
_ENGLISH_MORE = re.compile(
    r"(?:and )?(?:is (?:there|that) )?(?:anything|what|something|any) ?(?:else|more|others?)(?: is there)?|(?:is )?that(?:'s| is)? all|more|any more|show (?:me )?more|go on",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ENGLISH_DETAIL = re.compile(
    rf"(?:(?:please |can you |could you )*(?:tell me (?:more )?about|explain|details? (?:on|of)|say more about|more (?:on|about)|what is|what about|and) )?"
    rf"(?:the )?(?P<place>{'|'.join(_ORDINALS)}|last)(?: (?:one|point|item))?(?: in (?:more )?detail)?|(?:please )?(?:tell me more|(?:in )?more details?|elaborate)(?: please)?",
    re.IGNORECASE,
)


class Ask(StrEnum):
    """What a turn wants of what was shown."""

    MORE = "more"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that asks on about what was shown for an earlier question.

    `base` is the place of that question among those before; `times` is how often more was asked for since, this time included; `place`
    is which of what was shown is meant, from 1, `LAST`, or 0 for all.
    """

    ask: Ask
    base: int
    times: int = 0
    place: int = 0


def turn_of(message: str, before: Sequence[str]) -> Turn | None:
    """The turn that a message is; None for one that asks something itself, or that nothing was asked before."""
    found = _read(message)
    if found is None:
        return None
    base, times = len(before), int(found[0] is Ask.MORE)
    while base and (earlier := _read(before[base - 1])):
        base -= 1
        times += earlier[0] is Ask.MORE
    return Turn(found[0], base - 1, times, found[1]) if base else None


def asks_on(message: str) -> bool:
    """Whether a message asks for more, or for detail, of what was shown, and names nothing itself."""
    return _read(message) is not None


def _read(message: str) -> tuple[Ask, int] | None:
    """What a message wants of what was shown, and of which."""
    english = message.strip(" ?.!,")
    if _ENGLISH_MORE.fullmatch(english):
        return Ask.MORE, 0
    if found := _ENGLISH_DETAIL.fullmatch(english):
        place = (found["place"] or "").lower()
        return Ask.DETAIL, LAST if place == "last" else _ORDINALS.index(place) + 1 if place else 0
    plain = _MARKS.sub("", simplified(message))
    if _MORE.fullmatch(plain):
        return Ask.MORE, 0
    if _NAMES_IT.search(plain) and _DETAIL.fullmatch(plain):
        number = _NUMBER.search(plain)
        return Ask.DETAIL, 0 if number is None else LAST if number[2] else number_of(number[1])
    return None
