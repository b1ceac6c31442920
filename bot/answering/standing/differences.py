"""Two articles that state different figures on one matter: both are shown, the one in force and the newer first, and it is said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering import messages
from bot.answering.compose import Chosen, Part
from bot.answering.shapes.evidence import ClauseHit, Library, stretch_of
from bot.answering.standing.matters import Statement, at_odds
from bot.chinese.language import language
from bot.chinese.quantities import Quantity, in_full
from bot.reading.confidence import Condition
from bot.reading.reader import Reading
from index.documents import Metadata, Span, Status
from index.language import Language, look_up, render
from index.text.terms import fold

_WHOLE = 200  # characters of a clause that is quoted whole


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as an article states it: its reading, the words of the figure, and what is known of the article."""

    reading: Reading
    words: str
    meta: Metadata

    @property
    def rank(self) -> tuple[bool, str]:
        """Higher is better: in force before not, newer before older."""
        return self.meta.status is Status.IN_FORCE, self.meta.effective or self.meta.published


@dataclass(frozen=True, slots=True)
class Difference:
    """Two articles that state different figures on one matter, the better one first."""

    first: Stated
    second: Stated

    def said(self, question: str) -> str:
        """The line that says so."""
        told = language(question)
        shown = [
            render("differ.stated", told, title=one.meta.title or one.meta.id, date=_date(one.meta, told), words=one.words)
            for one in (self.first, self.second)
        ]
        return render("differ.said", told, first=shown[0], second=shown[1])

    def shown_first(self, chosen: Sequence[Chosen], library: Library) -> list[Chosen]:
        """Both statements as they are quoted, before what else was chosen."""
        both = [choice for one in (self.first, self.second) for choice in _quoted(one.reading, library)]
        rest = [choice for choice in chosen if not any(_overlap(choice, other) for other in both)]
        return [*both, *rest]


def find_difference(question: str, parts: Sequence[Part], library: Library, least: float, related: float) -> Difference | None:
    """Where the surest reading of a part, stated with the probability `least`, is at odds with one of another article.

    That other reading need only be on the topic, with the probability `related`: what is one matter is told by the words.
    """
    for part in parts:
        if not part.readings or part.probability < least:
            continue
        best = part.readings[0]
        for other in part.readings[1:]:
            if other.related < related or other.passage.article == best.passage.article or Condition.ELSEWHERE in other.conditions:
                continue
            if found := _compare(question, best, other, library):
                return found
    return None


def _compare(question: str, best: Reading, other: Reading, library: Library) -> Difference | None:
    known = [library.article(reading.passage.article).meta for reading in (best, other)]
    if any(_apart([getattr(meta, field) for meta in known]) for field in ("region", "level")):
        return None
    statements = [_statement(reading) for reading in (best, other)]
    figures = at_odds(statements[0], statements[1], question)
    if figures is None:
        return None
    stated = [
        Stated(reading, _words(figure, statement.clause, reading.quote), meta)
        for reading, figure, statement, meta in zip((best, other), figures, statements, known, strict=True)
    ]
    first, second = sorted(stated, key=lambda one: one.rank, reverse=True)
    return Difference(first, second)


def _apart(values: Sequence[str]) -> bool:
    return all(values) and values[0] != values[1]


def _statement(reading: Reading) -> Statement:
    passage = reading.passage
    place = passage.sentences.index(reading.sentence) if reading.sentence in passage.sentences else -1
    lead = passage.leads[place] if 0 <= place < len(passage.leads) else ""
    heads = tuple(dict.fromkeys(fold(head) for head in (passage.title, *passage.path, lead) if head))
    return Statement(heads, fold(reading.quote), fold(passage.quote(reading.span)) if reading.span else "")


def _words(figure: Quantity, folded: str, quote: str) -> str:
    """The figure as its article has it, with the words that bound it."""
    whole = in_full(figure, folded)
    return (quote if len(quote) == len(folded) else folded)[whole.start : whole.end].strip()


def _quoted(reading: Reading, library: Library) -> list[Chosen]:
    clause = library.clauses(reading.passage.article).at(reading.sentence.start)
    if clause is None:
        return [Chosen(reading.passage, reading.sentence)]
    bold = (reading.span,) if reading.span else ()
    shown = stretch_of(ClauseHit(clause, (reading,), reading.score), library, _WHOLE, lambda read: read.score, 0.0)
    return [replace(choice, spans=tuple(span for span in bold if _within(span, choice.sentence))) for choice in shown]


def _within(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end


def _overlap(one: Chosen, other: Chosen) -> bool:
    return (
        one.passage.article == other.passage.article and one.sentence.start < other.sentence.end and other.sentence.start < one.sentence.end
    )


def _date(meta: Metadata, told: Language) -> str:
    day = meta.effective or meta.published
    return messages.spell_date(day) if told == "zh" else day or look_up("page.date_unknown", told)
