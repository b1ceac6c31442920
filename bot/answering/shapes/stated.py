"""Questions that one clause answers by stating a fact: what is asked for stands in it, and the words that answer are in bold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.compose import Chosen, Part
from bot.answering.shapes.evidence import ClauseHit, Library, clause_hits, stretch_of
from bot.question.conditions import figures_asked
from bot.reading.reader import Reading
from index.documents import Span
from index.text.terms import fold

_COORDINATE = re.compile(r"[^，。；：:、（）()！？\n]+")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is quoted: a clause whole up to `whole` characters, else its sentences within `nearly` of the best one's score; further
    clauses within `margin` of the first one's, `most` of them for each thing that is asked."""

    whole: int
    nearly: float
    margin: float
    most: int


FACT = Extent(whole=200, nearly=0.3, margin=0.1, most=2)


def compose_stated(parts: Sequence[Part], least: float, library: Library, extent: Extent = FACT) -> tuple[list[Chosen], list[str]]:
    """The stretches that state what the parts ask, and the questions of the parts that nothing states with the probability `least`."""
    chosen: dict[tuple[str, Span], Chosen] = {}
    for part in parts:
        if part.probability < least:
            continue
        hits = clause_hits(part.readings, library, _score)
        close = [hit for hit in hits if hit.score >= part.readings[0].score - extent.margin and hit.readings[0].probability >= least]
        for hit in close[: extent.most]:
            bold = _bold(hit, part.question)
            for choice in stretch_of(hit, library, extent.whole, _score, extent.nearly):
                known = chosen.get((choice.passage.id, choice.sentence), choice)
                inside = [span for span in bold if choice.sentence.start <= span.start and span.end <= choice.sentence.end]
                chosen[choice.passage.id, choice.sentence] = replace(known, spans=tuple(dict.fromkeys((*known.spans, *inside))))
    return list(chosen.values()), [part.question for part in parts if part.probability < least]


def _score(reading: Reading) -> float:
    return reading.score


def _bold(hit: ClauseHit, question: str) -> list[Span]:
    """The words that answer, where they are of the kind that the question asks for: what is in bold is a claim, and an amount is no rate."""
    reading = hit.readings[0]
    span = whole_list(reading)
    if span is None:
        return []
    words = fold(reading.passage.quote(span))
    return [span] if all(looks.search(words) for looks in figures_asked(fold(question))) else []


def whole_list(reading: Reading) -> Span | None:
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
