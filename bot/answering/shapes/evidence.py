"""What an answer is put together from: the clauses that search found and the reader read, best first. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.compose import Chosen
from bot.reading.reader import Reading
from index.documents import Article, Clause, Passage, Span
from index.stored.lexicon import Lexicon
from index.text.clauses import ClauseMap
from index.text.lists import mark_of

# A sentence that begins so speaks of something named in the sentence before it.
_LEANS = re.compile(r"(?:该|此(?![前后外次])|这(?!里)|其(?!他|它)|上述|前述|为此|对此|据此|由此|因此|通过(?:此|这))")

_MARK = 12  # characters that tell whether a paragraph is an item of a list


class Library(Protocol):
    """The articles that are held; an opened index is one."""

    @property
    def lexicon(self) -> Lexicon:
        """The words of their passages."""

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
    score: float


def clause_hits(readings: Sequence[Reading], library: Library, score: Callable[[Reading], float]) -> list[ClauseHit]:
    """The clauses that the readings stand in, the one with the best reading first; a sentence outside any, as of a caption, has none."""
    found: dict[tuple[str, int], tuple[Clause, list[Reading]]] = {}
    for reading in sorted(readings, key=lambda reading: -score(reading)):
        clause = library.clauses(reading.passage.article).at(reading.sentence.start)
        if clause:
            found.setdefault((clause.article, clause.start), (clause, []))[1].append(reading)
    return [ClauseHit(clause, tuple(own), score(own[0])) for clause, own in found.values()]


def stretch_of(hit: ClauseHit, library: Library, whole: int, score: Callable[[Reading], float], nearly: float) -> list[Chosen]:
    """The clause as it is quoted: whole up to `whole` characters; of a longer one the best sentence with those of its clause that were
    read nearly as well, by at most `nearly` of the score. An item stands with the words that lead into its list."""
    clause = hit.clause
    if clause.end - clause.start <= whole:
        return within_passages(clause.article, Span(clause.start, clause.end), library)
    sentences = list(clause.sentences)
    first = last = sentences.index(hit.readings[0].sentence)
    wanted = {reading.sentence for reading in hit.readings if score(reading) >= hit.score - nearly}
    for place in sorted((place for place, own in enumerate(sentences) if own in wanted), key=lambda place: abs(place - first)):
        start, end = min(first, place), max(last, place)
        if sentences[end].end - sentences[start].start <= whole:
            first, last = start, end
    text = library.article(clause.article).text
    if first and _LEANS.match(text, sentences[first].start) and "\n" not in text[sentences[first - 1].end : sentences[first].start]:
        first -= 1
    lead = clause.leads[first]
    if lead and sentences[last].end - lead.start <= whole:
        return within_passages(clause.article, Span(lead.start, sentences[last].end), library)
    shown = within_passages(clause.article, Span(sentences[first].start, sentences[last].end), library)
    return [*(within_passages(clause.article, lead, library) if lead else []), *shown]


def run_of(hit: ClauseHit, library: Library, most: int) -> Span | None:
    """The clause with those beside it that are items of the same list under one heading; None where it is in no list, or where that takes
    more than `most` characters."""
    clause, text = hit.clause, library.article(hit.clause.article).text
    clauses = library.clauses(clause.article).clauses
    mark = mark_of(text[clause.start : clause.start + _MARK])
    if not mark:
        return None
    first = last = clauses.index(clause)

    def goes_on(place: int) -> bool:
        other = clauses[place]
        return other.path == clause.path and mark_of(text[other.start : other.start + _MARK]) == mark

    while first and goes_on(first - 1):
        first -= 1
    while last + 1 < len(clauses) and goes_on(last + 1):
        last += 1
    whole = Span(clauses[first].start, clauses[last].end)
    return whole if first < last and whole.end - whole.start <= most else None


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
