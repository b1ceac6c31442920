"""Clauses that take one thing from one sentence and the rest from another. Pure functions."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.checking.claims import dates_and_figures, documents, quoted_names
from bot.checking.content import bare, clauses, content, overlap, subject, with_their_time
from bot.checking.evidence import Fault, Finding, Quote
from bot.checking.quotes import resolved_dates, topic_of
from bot.checking.rules.quoted_sentence import LEAST_SHARED, QuotedSentence
from bot.chinese.figures import Exactness, Figure
from index.text.terms import fold

_ROW = 6  # characters in a row that are not alike by chance


def mixed_clauses(quoted: QuotedSentence) -> Iterator[Finding]:
    """The clauses that no single quote says: their figures stand in no one of them, or most of their words do not, or they begin with
    what other sentences speak of and this one does not."""
    shown = fold(quoted.shown)
    stated = [(_figures_in(quote), " ".join((_text_before(quote), fold(quote.text), fold(topic_of(quote))))) for quote in quoted.quotes]
    cited = bare(fold(" ".join(f"{topic_of(quote)} {quote.numbered.passage.text}" for quote in quoted.quotes)))
    for clause in with_their_time(clauses(quoted.text)):
        if len(content(clause)) < 2:
            continue
        is_said = any(_says(clause, figures, around, shown) for figures, around in stated)
        if not is_said or _is_taken(bare(clause), cited, bare(shown)):
            yield Finding(Fault.MIXED, clause)


def _says(clause: str, figures: list[Figure], around: str, shown: str) -> bool:
    """Whether one quote, with what is around it, says a clause."""
    words, names = content(clause), [bare(name) for name in (*documents(clause), *quoted_names(clause))]
    return (
        all(any(figure.stands_for(other) for other in figures) for figure in dates_and_figures(clause)[1])
        and all(name in bare(around) for name in names)
        and (overlap(clause, around) >= LEAST_SHARED or sum(word not in around for word in words) < 2)
        and not any(word not in around and word in shown for word in subject(clause))
    )


def _is_taken(clause: str, cited: str, shown: str) -> bool:
    """Whether a clause holds words in a row that stand in what is not cited, and not in what is."""
    runs = (clause[at : at + _ROW] for at in range(len(clause) - _ROW + 1))
    return any(run in shown and run not in cited and not re.search(r"\d", run) for run in runs)


def _figures_in(quote: Quote) -> list[Figure]:
    """The figures of a quote, with the numbers of the dates that it names or means."""
    parts = [dates_and_figures(part) for part in (fold(quote.text), resolved_dates(quote))]
    years = [Figure(Decimal(day.year), unit, Exactness.EXACT, day.words, 0) for days, _ in parts for day in days for unit in ("年", "")]
    return [*years, *(figure for _, found in parts for figure in found)]


def _text_before(quote: Quote) -> str:
    """The sentence before a quote, which often names what it speaks of."""
    passage = quote.numbered.passage
    place = passage.sentences.index(quote.span)
    return fold(passage.quote(passage.sentences[place - 1])) if place else ""
