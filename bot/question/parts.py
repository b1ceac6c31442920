"""A question that asks for several things -> a question for each, to be understood by itself. Pure functions.

It is cut at stops and at words that join, where something is asked on both sides. What a later part does not name itself, by the tags of
its words, it takes over from the one before it.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.question.topics import (
    asked_of_another,
    asks_outright,
    asks_something,
    has_topic,
    is_tag,
    leads_to_next,
    points_into,
    same_asked,
    says_something,
    topic_of,
)

__all__ = ["parts", "topic_of"]

MOST_PARTS = 5  # each is read by itself, and reading takes the time
_LONGEST = 200  # characters: a longer question tells or quotes much that only looks like questions
_STOP = re.compile(r"[，,；;？?。！!、]\s*|(?<=[㐀-鿿])\s+(?=[㐀-鿿])|(?<=[吗呢])(?=[㐀-鿿])")
_JOINS = re.compile(
    r"(?:以及|还有|另外|此外|顺便|并且|同时|然后|再就是|和|及|跟|与)|\band (?=(?:how|what|which|when|where|who|why|can|do|does|is|are)\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^(?:和|以及|还有(?!什么|哪|别|其[他它])|另外|此外|顺便|并且|同时|然后|再就是|再|及|跟|与|and )+[，,\s]*"
    r"(?:(?:[再也]?(?:想|要)?(?:问|请问|打听|咨询|了解|说|告诉)(?:我|一)?(?:[一]?下|声)?)[，,\s]*)?",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[一二三四五]是|(?<!\d)[1-5][、.．)）](?!\d)|[①-⑤])")
_EACH = re.compile(
    r"(?P<one>[^，。？、]{2,20}?)(?:和|与|跟|及|以及|还有)(?P<other>[^，。？、]{2,20}?)[，,、\s]?(?:这?两[个项者种]\w{0,2})?(?:各自|分别|各(?=[有是办服需要]))(?P<asked>.+)"
)
_SHORT = 5  # characters: the second of two things that are named so shortly has the head of the first


@dataclass(slots=True)
class _Piece:
    """A stretch of a question that asks for one thing, and what it speaks of, maybe as an earlier piece named it."""

    text: str
    topic: str


def parts(question: str) -> list[str]:
    """The questions that a question is made of; the question alone where it asks for one thing.

    Two things that are each asked the same ("甲和乙分别…") are asked one by one. What tells rather than asks goes with the question
    that follows it. A question for more things than `MOST_PARTS` is left whole.
    """
    if len(question) > _LONGEST:
        return [question]
    each = _EACH.fullmatch(question.strip())
    if each and asks_something(each["asked"]):
        head = each["one"].rpartition("的")[0] + "的" if "的" in each["one"] and len(each["other"]) <= _SHORT else ""
        return [each["one"] + each["asked"], head + each["other"] + each["asked"]]
    found = _items(question) or _pieces(question)
    if not 2 <= len(found) <= MOST_PARTS or not says_something(found[0]):
        return [question]
    return _completed(found)


def _items(question: str) -> list[str]:
    """The items that a question counts off (一是…，二是…), the first behind the words before it."""
    starts = [found.start() for found in _ITEM.finditer(question)]
    if len(starts) < 2:
        return []
    return [question[a:b].strip(" ，,；;、") for a, b in pairwise([0, *starts[1:], len(question)])]


def _pieces(question: str) -> list[str]:
    """The stretches that ask; what asks nothing goes with the next that does, or at the end with the last."""
    found, waiting = list[str](), ""
    for segment, following in pairwise([*_segments(question), ""]):
        if found and not waiting and is_tag(segment.strip("，,；;？?。！!、 ")):
            found[-1] += segment
            continue
        waiting += segment
        if asks_outright(segment) and not leads_to_next(segment, following):
            found.append(waiting)
            waiting = ""
    if found and waiting:
        found[-1] += waiting
    return [_JOINED.sub("", piece).strip(" 、，,；;") if place else piece.strip(" 、，,；;") for place, piece in enumerate(found)]


def _segments(question: str) -> list[str]:
    """The question between its stops, and between words that join where something is asked on both sides."""
    cuts = sorted({0, len(question), *(found.end() for found in _STOP.finditer(question))})
    segments = list[str]()
    for a, b in pairwise(cuts):
        at = a
        for joins in _JOINS.finditer(question, a, b):
            if asks_something(question[at : joins.start()]) and asks_something(question[joins.end() : b]):
                segments.append(question[at : joins.start()])
                at = joins.start()
        segments.append(question[at:b])
    return segments


def _completed(found: list[str]) -> list[str]:
    """The pieces, each later one that names no topic behind the one of the piece before it."""
    pieces: list[_Piece] = []
    for text in found:
        before = pieces[-1] if pieces else None
        another = asked_of_another(text, before.text) if before else None
        if before and another == "":
            before.text += f"，{text}"
        elif another:
            pieces.append(_Piece(another, topic_of(another)))
        elif before is None or not before.topic or has_topic(text) or any(same_asked(text, piece.text) for piece in pieces):
            pieces.append(_Piece(text, topic_of(text)))
        else:
            joint = "，" if points_into(text) else ""
            pieces.append(_Piece(text if before.topic in text else f"{before.topic}{joint}{text}", before.topic))
    return [piece.text for piece in pieces]
