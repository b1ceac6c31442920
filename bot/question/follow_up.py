"""A follow-up ("那需要多久？") -> a question that can be understood by itself, from the questions before it. Pure functions, by rule."""

import re
from collections.abc import Sequence

from bot.question.topics import asked_of_another, asks_something, listed_in, names_nothing, topic_of
from bot.question.turns import asks_on
from index.text.terms import simplified

MOST_BEFORE = 5  # earlier questions that may still be spoken of
_SHORT = 6  # characters: a question of at most so many names no topic
_FEW = 12  # and one of so many may name none, by the tags of its words
_HAN = re.compile(r"[㐀-鿿]")
_OPENS = re.compile(
    r"(?:那么?(?!个)|然后|后来|最后|接着|还有|另外|此外|其中|一共|总共|大概|具体|再说|所以|and\b|what about\b|how about\b|then\b)[，,、\s]*",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"它们?|[这那该此](?:个|项|些|种|类|事|份)|上述|前面(?:说|提)的|刚才|\b(?:it|its|they|them|their|this|that|these|those)\b",
    re.IGNORECASE,
)
_ANEW = re.compile(r"[“《「『]")  # a name in quotation marks is a topic of its own
_WHAT_OF = re.compile(r"(?:呢|怎么样)[？?。！!\s]*$")
_ENGLISH = re.compile(
    r"^(?:how|what|which|when|where|who|why|can|do|does|is|are)\b(?:\s+(?:do|does|did|can|is|are|many|much|long|to|i|we|you|the|there)\b)*\s*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(多少|几)(?:户|笔|件|座|处|场次?|家次?|人次?|辆|支|条|间|张|台)(?=[\s？?，,。]|$)")
_LEAST_TOPIC = 3  # characters: what is shorter names nothing
_MARKS = "？?。！!，,、；; "


def leans(question: str) -> bool:
    """Whether a question seems to speak of something that an earlier one named: it opens so, points back, or is too short to name it."""
    plain = simplified(question).strip()
    if _ANEW.search(plain):
        return False
    bare = plain.strip(_MARKS)
    if len(bare) <= _SHORT or _OPENS.match(plain) or _POINTS.search(plain):
        return True
    return len(bare) <= _FEW and bool(_HAN.search(bare)) and names_nothing(bare)


def standalone(question: str, before: Sequence[str]) -> str:
    """The question with the topic of the latest earlier one that names its own; as it is where it needs none.

    A bare "那乙呢？" is asked what the last question asked. What is carried over is words, not sense: who changes the topic
    without naming the new one is misunderstood.
    """
    earlier = [question_before for question_before in before if question_before.strip() and not asks_on(question_before)][-MOST_BEFORE:]
    if not earlier:
        return question
    opening = _OPENS.match(simplified(question))
    rest = question[opening.end() :] if opening else question
    if opening and _WHAT_OF.search(rest) and not asks_something(_WHAT_OF.sub("", rest)):
        return _asked_again(_WHAT_OF.sub("", rest), earlier[-1])
    if not leans(question):
        return question
    topics = [_topic(question_before) for question_before in reversed(earlier) if not leans(question_before)]
    topic = next((topic_before for topic_before in topics if len(topic_before) >= _LEAST_TOPIC), "")
    return question if not topic or topic in question else f"{topic}，{rest or question}"


def _asked_again(name: str, before: str) -> str:
    """What an earlier question asks, of another thing; or of another time, where the name is one."""
    before = _without_unit(before)
    another = asked_of_another(f"{name}呢", before)
    topic = topic_of(before)
    if another == "" and topic:
        return before.replace(topic, f"{topic}{name}", 1)
    return another or f"{name}{_asked_by(before)}"


def _without_unit(question: str) -> str:
    """The question without the unit that it counts in: another thing is counted in another."""
    return _COUNTED.sub(r"\1", simplified(question))


def _topic(question: str) -> str:
    if _ENGLISH.match(question):
        return _ENGLISH.sub("", question).strip(_MARKS)
    plain = simplified(question)
    topic, listed = topic_of(plain).strip(_MARKS), listed_in(plain)
    return topic if listed in topic else f"{topic}{listed}"


def _asked_by(question: str) -> str:
    """What a question asks of its topic, such as 有多少: its asking word, with a verb before it."""
    found = re.search(r"(?:有|是|要|需要|办|为|在|叫)?(?:多少|多[久大高]|几|什么|哪|谁|怎么|如何|为什么)\w?", simplified(question))
    return (found[0] if found else "怎么样") + "？"
