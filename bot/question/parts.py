"""A question that asks for several things -> a question for each. Pure functions; by rule, so only what is plain is taken apart."""

import re
from itertools import pairwise

MOST_PARTS = 3

_ASKS = re.compile(
    r"多少|多[久大高长远]|(?<![前好近这后])几(?![乎十百千万]|年来|天前)|什么|啥|哪|谁|怎么|怎样|如何|咋|为何|\b(?:how|what|which|when|where|who|why)\b",
    re.IGNORECASE,
)
_NO_QUESTION = re.compile(r"不管|无论|不论|任何|不知道|不清楚|弄不|没什么|不怎么")
_STOP = re.compile(r"[，,；;？?。！!、]\s*")
_AND = re.compile(
    r"(?:和|以及|还有|并且|及|跟|与)(?=[^，。？、]{0,8}(?:多少|多[久大高]|几|什么|啥|哪|谁|怎|如何|咋))|\band (?=(?:how|what|which|when|where|who|why)\b)",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?P<one>[^，。？、]{2,20}?)(?:和|与|跟|及|以及|还有)(?P<other>[^，。？、]{2,20}?)[，,、\s]?(?:这?两[个项者种]\w{0,2})?(?:各自|分别|各(?=[有是办服需要]))(?P<asked>.+)"
)
_TAIL = re.compile(r"(?:[的是在了有共总约于到]|分别|各自|一共|总共|大概|到底|究竟)+$")
_LEADS_ON = re.compile(r"(?:跟|为|从|叫|由|对|把|向|给|是|能|可以|去|(?<![重主必])要|需要?|(?<![通网快易代帮联督开创承经举主])办|[了过])+$")
_WHAT_IS = re.compile(r"^(?:什么(?:是|叫)|何为|啥是)([^，。；？?]{2,20})")
_LONGEST = 200  # characters: a longer question tells or quotes much that only looks like questions
_SHORT = 10  # characters: a later part of at most so many lacks what it speaks of, and takes it from the first


def parts(question: str) -> list[str]:
    """The questions that a question is made of, each to be understood by itself; the question alone where it asks for one thing.

    Two things that are each asked the same ("甲和乙分别…") are asked one by one; several asking words between stops or "and" are
    asked one by one, a short one with the topic of the first. At most three; a question of more is left whole.
    """
    if len(question) > _LONGEST or _NO_QUESTION.search(question):
        return [question]
    each = _EACH.fullmatch(question.strip())
    if each and _ASKS.search(each["asked"]):
        head = each["one"].rpartition("的")[0] + "的" if "的" in each["one"] and len(each["other"]) <= _SHORT // 2 else ""
        return [each["one"] + each["asked"], head + each["other"] + each["asked"]]
    found = _pieces(question)
    if not 2 <= len(found) <= MOST_PARTS:
        return [question]
    topic = topic_of(found[0])
    if not topic and len(_ASKS.sub("", found[0])) < 4:  # 哪一年，在哪里…: the first asks nothing by itself
        return [question]
    return [found[0], *(topic + piece if len(piece) <= _SHORT and len(topic) > 1 and topic not in piece else piece for piece in found[1:])]


def _pieces(question: str) -> list[str]:
    """The stretches with an asking word each; what asks nothing goes with the next that does, or at the end with the last."""
    cuts = sorted(
        {0, len(question), *(found.end() for found in _STOP.finditer(question)), *(found.start() for found in _AND.finditer(question))}
    )
    found, waiting = list[str](), ""
    for a, b in pairwise(cuts):
        waiting += question[a:b]
        if _ASKS.search(waiting):
            found.append(waiting)
            waiting = ""
    if found and waiting:
        found[-1] += waiting
    return [re.sub(r"^(?:和|以及|还有|并且|及|跟|与|and )|[、，,；;]\s*$", "", piece).strip() for piece in found]


def asks_something(text: str) -> bool:
    """Whether a text holds a word that asks."""
    return bool(_ASKS.search(text))


def topic_of(piece: str) -> str:
    """What a question speaks of: what stands before its asking word, without the words that only lead to that; the whole where it
    has no such word."""
    if defined := _WHAT_IS.match(piece):
        return defined[1].strip()
    asks = _ASKS.search(piece)
    before = piece[: asks.start()] if asks else piece
    return _LEADS_ON.sub("", _TAIL.sub("", re.split(r"[，,。；;：:]", before)[-1].strip()))
