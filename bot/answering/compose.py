"""Readings -> the sentences of an extract answer: which of them, with which neighbours, in which order. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.question.conditions import figures_asked
from bot.reading.reader import Reading
from index.documents import Passage, Span
from index.text.terms import fold

MOST_SENTENCES = 3  # for each thing that is asked
MOST_ITEMS = 12  # sentences of a list that is shown whole
_MARGIN = 0.03  # of the score: a reading this close to the best one may hold the answer as well

# A sentence that begins so speaks of something named in the sentence before it.
_LEANS = re.compile(r"(?:该|此(?![前后外次])|这(?!里)|其(?!他|它)|上述|前述|为此|对此|据此|由此|因此|通过(?:此|这))")

_ASKS_LIST = re.compile(
    r"哪[些几]|哪[一二两三四五六七八九十\d]+|有(?:什么|啥)|什么样的|包[括含]|分别|列[出举]|\b(?:list|which|what are)\b", re.IGNORECASE
)
_ITEM = re.compile(
    r"(?:[一二三四五六七八九十]+(?:是|、)|第[一二三四五六七八九十]+[，、,]?|首先|其次|再次|最后|[（(]?\d{1,2}[）)、]|[①-⑳]|[-•·])"
)
_COORDINATE = re.compile(r"[^，。；：:、（）()！？\n]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question asks, and what was read for it, best first."""

    question: str
    readings: tuple[Reading, ...]

    @property
    def probability(self) -> float:
        """That the articles state it: the best reading's."""
        return self.readings[0].probability if self.readings else 0.0

    def less_probable(self, factor: float) -> "Part":
        """The part with each reading's probability multiplied, since it is not sure that this is what was asked."""
        return replace(self, readings=tuple(replace(reading, probability=reading.probability * factor) for reading in self.readings))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence of the answer, and in it the stretches that answer, one for each thing that is asked, as places in the article."""

    passage: Passage
    sentence: Span
    spans: tuple[Span, ...] = ()


def in_order(parts: Sequence[Part]) -> list[Reading]:
    """The readings of all parts, the surest part's first, each sentence once: what is read for the whole question."""
    found: dict[tuple[str, Span], Reading] = {}
    for part in sorted(parts, key=lambda part: -part.probability):
        for reading in part.readings:
            found.setdefault((reading.passage.id, reading.sentence), reading)
    if len(parts) == 1:
        return list(found.values())
    leaders = {(part.readings[0].passage.id, part.readings[0].sentence) for part in parts if part.readings}
    return sorted(found.values(), key=lambda reading: (reading.passage.id, reading.sentence) not in leaders)


def compose(parts: Sequence[Part], least_probability: float) -> tuple[list[Chosen], list[str]]:
    """The sentences of the answer, and the questions of the parts that they do not answer; no sentence where nothing is answered."""
    chosen: dict[tuple[str, Span], Chosen] = {}
    for part in parts:
        for choice in choose(part.readings, least_probability, part.question):
            known = chosen.get((choice.passage.id, choice.sentence), replace(choice, spans=()))
            spans = dict.fromkeys((*known.spans, *_of_the_kind_asked_for(choice, part.question)))
            chosen[choice.passage.id, choice.sentence] = replace(known, spans=tuple(spans))
    return list(chosen.values()), [part.question for part in parts if part.probability < least_probability]


def _of_the_kind_asked_for(choice: Chosen, question: str) -> list[Span]:
    """The spans whose words are of the kind that a question asks for: what is in bold is a claim, and an amount is no rate."""
    wanted = figures_asked(fold(question))
    return [span for span in choice.spans if all(looks.search(fold(choice.passage.quote(span))) for looks in wanted)]


def choose(readings: Sequence[Reading], least_probability: float, question: str = "") -> list[Chosen]:
    """At most three sentences, the best reading's among them; none where that reading is less probable than asked for.

    A sentence that leans on the one before it brings that one along, and an item of a list that is asked for brings the whole list.
    Passages stand in the order of their best reading, the sentences of one passage in its own order.
    """
    if not readings or readings[0].probability < least_probability:
        return []
    wants_list = bool(_ASKS_LIST.search(question))
    if wants_list and (items := _list_around(readings[0])):
        return items
    close = [reading for reading in readings if reading.score >= readings[0].score - _MARGIN and reading.probability >= least_probability]
    chosen: list[Chosen] = []
    for reading in close:
        known = {(choice.passage.id, choice.sentence) for choice in chosen}
        wanted = [choice for choice in _with_support(reading, wants_list) if (choice.passage.id, choice.sentence) not in known]
        if len(chosen) + len(wanted) <= MOST_SENTENCES:
            chosen += wanted
    order = list(dict.fromkeys(choice.passage.id for choice in chosen))
    return sorted(chosen, key=lambda choice: (order.index(choice.passage.id), choice.sentence.start))


def _with_support(reading: Reading, wants_list: bool) -> list[Chosen]:
    passage = reading.passage
    place = passage.sentences.index(reading.sentence)
    span = _whole_list(reading) if wants_list else reading.span
    chosen = [Chosen(passage, reading.sentence, (span,) if span else ())]
    if place and _LEANS.match(reading.quote):
        before = passage.sentences[place - 1]
        if "\n" not in passage.quote(Span(before.end, reading.sentence.start)):  # in the same paragraph
            chosen.insert(0, Chosen(passage, before))
    return chosen


def _list_around(reading: Reading) -> list[Chosen]:
    """The items that stand one after another around the reading's sentence, with what leads to them; none where it is no such list."""
    passage, sentences = reading.passage, reading.passage.sentences
    place = sentences.index(reading.sentence)
    if not _ITEM.match(reading.quote):
        if not (place + 1 < len(sentences) and _ITEM.match(passage.quote(sentences[place + 1]))):
            return []
        place += 1
    first, last = place, place
    while first and _ITEM.match(passage.quote(sentences[first - 1])):
        first -= 1
    while last + 1 < len(sentences) and _ITEM.match(passage.quote(sentences[last + 1])):
        last += 1
    if first == last:
        return []
    lead = (
        1
        if first
        and re.search(r"[：:]$|以下|如下|下列|几[个项方点类步条]|[一二三四五六七八九十\d][个项类步条]", passage.quote(sentences[first - 1]))
        else 0
    )
    return [
        Chosen(passage, sentence, (reading.span,) if reading.span and sentence == reading.sentence else ())
        for sentence in sentences[first - lead : last + 1][: MOST_ITEMS + lead]
    ]


def _whole_list(reading: Reading) -> Span | None:
    """The span, with what stands beside it in the same enumeration (甲、乙和丙)."""
    if reading.span is None:
        return None
    text, start, end = reading.quote, reading.span.start - reading.sentence.start, reading.span.end - reading.sentence.start
    while start and text[start - 1] == "、":
        before = [item for item in _COORDINATE.finditer(text, 0, start - 1) if item.end() == start - 1]
        if not before:
            break
        start = before[0].start()
    while text[end : end + 1] == "、" and (after := _COORDINATE.match(text, end + 1)):
        end = after.end()
    return replace(reading.span, start=reading.sentence.start + start, end=reading.sentence.start + end)
