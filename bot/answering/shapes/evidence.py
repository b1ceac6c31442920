"""What an answer is put together from: the clauses that search found and the reader read, best first. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.compose import Chosen
from bot.reading.reader import Reading
from index.documents import Article, Clause, Passage, Span
from index.text.clauses import ClauseMap

# A clause is shown whole up to so many characters; of a longer one the sentences around the best, those that were read nearly as well.
_WHOLE = 260
_NEARLY = 0.05  # of the score


class Library(Protocol):
    """The articles that are held; an opened index is one."""

    def article(self, name: str) -> Article:
        """The article of that id."""

    def clauses(self, name: str) -> ClauseMap:
        """Its clauses."""

    def passages(self, name: str) -> tuple[Passage, ...]:
        """Its passages."""


@dataclass(frozen=True, slots=True)
class ClauseHit:
    """A clause with what was read in it, best first; `score` ranks clauses of one question, higher is better."""

    clause: Clause
    readings: tuple[Reading, ...]

    @property
    def score(self) -> float:
        """The best reading's."""
        return self.readings[0].score


def clause_hits(readings: Sequence[Reading], library: Library) -> list[ClauseHit]:
    """The clauses that the readings stand in, the one with the best reading first; a sentence outside any, as of a caption, has none."""
    found: dict[tuple[str, int], tuple[Clause, list[Reading]]] = {}
    for reading in sorted(readings, key=lambda reading: -reading.score):
        clause = library.clauses(reading.passage.article).at(reading.sentence.start)
        if clause:
            found.setdefault((clause.article, clause.start), (clause, []))[1].append(reading)
    return [ClauseHit(clause, tuple(own)) for clause, own in found.values()]


def stretch_of(hit: ClauseHit, library: Library) -> list[Chosen]:
    """The clause as it is quoted: whole, or the sentences that matter in a row, cut where a passage ends."""
    clause = hit.clause
    if clause.end - clause.start <= _WHOLE:
        return within_passages(clause.article, Span(clause.start, clause.end), library)
    sentences = list(clause.sentences)
    first = last = sentences.index(hit.readings[0].sentence)
    wanted = {reading.sentence for reading in hit.readings if reading.score >= hit.score - _NEARLY}
    for place in sorted((place for place, own in enumerate(sentences) if own in wanted), key=lambda place: abs(place - first)):
        start, end = min(first, place), max(last, place)
        if sentences[end].end - sentences[start].start <= _WHOLE:
            first, last = start, end
    lead = clause.leads[first]
    shown = within_passages(clause.article, Span(sentences[first].start, sentences[last].end), library)
    return [*(within_passages(clause.article, lead, library) if lead else []), *shown]


def within_passages(article: str, span: Span, library: Library) -> list[Chosen]:
    """A stretch of an article as one choice for each passage that it reaches into."""
    chosen = []
    for passage in library.passages(article):
        start, end = max(span.start, passage.start), min(span.end, passage.end)
        if start < end and passage.quote(Span(start, end)).strip():
            words = passage.quote(Span(start, end))
            start, end = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
            chosen.append(Chosen(passage, Span(start, end)))
    return chosen
