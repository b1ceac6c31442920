"""What an answer is put together from: the clauses that search found and the reader read, best first. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.compose import Chosen
from bot.reading.reader import Reading
from index.documents import Article, Clause, Passage, Span
from index.text.clauses import ClauseMap


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

    @property
    def related(self) -> float:
        """The probability that one of its sentences is on the question's topic."""
        return max(reading.related for reading in self.readings)

    @property
    def probability(self) -> float:
        """The probability that one of its sentences states what is asked."""
        return max(reading.probability for reading in self.readings)


def clause_hits(readings: Sequence[Reading], library: Library) -> list[ClauseHit]:
    """The clauses that the readings stand in, the one with the best reading first; a sentence outside any, as of a caption, has none."""
    found: dict[tuple[str, int], tuple[Clause, list[Reading]]] = {}
    for reading in sorted(readings, key=lambda reading: -reading.score):
        clause = library.clauses(reading.passage.article).at(reading.sentence.start)
        if clause:
            found.setdefault((clause.article, clause.start), (clause, []))[1].append(reading)
    return [ClauseHit(clause, tuple(own)) for clause, own in found.values()]


def sentences_of(hit: ClauseHit, library: Library, most: int) -> list[Chosen]:
    """At most so many sentences of a clause in their order: all of them, or those that were read best, each item with what leads in."""
    clause = hit.clause
    wanted = list(clause.sentences)
    if len(wanted) > most:
        best = [reading.sentence for reading in hit.readings]
        order = [*best, *(sentence for sentence in wanted if sentence not in best)]
        wanted = _with_leads(clause, order, most)
    spans = {reading.sentence: reading.span for reading in hit.readings if reading.span}
    return [_chosen(clause.article, sentence, spans.get(sentence), library) for sentence in wanted]


def choose(article: str, sentence: Span, library: Library) -> Chosen:
    """A sentence of an article, in the passage that it stands in."""
    return _chosen(article, sentence, None, library)


def unique(chosen: Iterable[Chosen]) -> list[Chosen]:
    """Each sentence once, at its first place."""
    found: dict[tuple[str, int], Chosen] = {}
    for choice in chosen:
        found.setdefault((choice.passage.article, choice.sentence.start), choice)
    return list(found.values())


def _with_leads(clause: Clause, order: Sequence[Span], most: int) -> list[Span]:
    lead_of = dict(zip(clause.sentences, clause.leads, strict=True))
    kept: set[Span] = set()
    for sentence in order:
        lead = lead_of.get(sentence)
        more = {sentence} | ({lead} if lead else set())
        if len(kept | more) <= most:
            kept |= more
    return [sentence for sentence in clause.sentences if sentence in kept]


def _chosen(article: str, sentence: Span, span: Span | None, library: Library) -> Chosen:
    passage = next(
        passage for passage in library.passages(article) if passage.start <= sentence.start and sentence.end <= passage.end
    )
    return Chosen(passage, sentence, (span,) if span else ())
