"""What is wrong with a sentence that rests on quotes: all that can be told by rule. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.checking.claims import (
    Day,
    bare,
    clauses,
    content,
    dates_and_figures,
    documents,
    organisations,
    overlap,
    quoted_names,
    subject,
    with_their_time,
    years_in,
)
from bot.checking.evidence import Fault, Finding, Quote
from bot.checking.misplaced import misplaced_figures
from bot.checking.qualifiers import another_place, lost_conditions, lost_or_added_negation, made_stronger, opposites
from bot.chinese.dates import notes
from bot.chinese.figures import Exactness, Figure
from bot.chinese.places import places_in
from index.text.terms import fold

# The share of a sentence's words that stand in what it cites: on the table of cases, paraphrases that say the same keep .6 and more,
# while sentences on another matter have .5 at most. A citation is given only to a sentence that is nearly the source's own.
# A heading may say what a sentence is about, but not most of what it says: honest ones share .75 with their quotes alone.
_LEAST_SHARED, _LEAST_QUOTED, _LEAST_TO_GIVE = 0.6, 0.5, 0.8


_ROW = 6  # characters in a row that are not alike by chance


def faults(text: str, quotes: Sequence[Quote], elsewhere: str = "") -> list[Finding]:
    """What is wrong with a sentence that rests on quotes; `elsewhere` is all that the model was shown."""
    folded, source = fold(text), _said_in(quotes)
    found = missing(text, quotes)
    around = " ".join([source, *(fold(_around(quote)) for quote in quotes)])
    if overlap(folded, around) < _LEAST_SHARED or overlap(folded, source) < _LEAST_QUOTED:
        found.append(Finding(Fault.WORDS))
    if not found:
        found += [Finding(Fault.MIXED, clause) for clause in _mixed(folded, quotes, fold(elsewhere))]
    found += [Finding(Fault.FIGURE, figure.words) for figure in misplaced_figures(folded, source)]
    if clause := lost_or_added_negation(folded, source):
        found.append(Finding(Fault.NEGATION, clause))
    found += [Finding(Fault.CONDITION, words) for words in lost_conditions(folded, source)]
    found += [Finding(Fault.STRONGER, words) for words in made_stronger(folded, around)]
    if place := another_place(folded, source, around):
        found.append(Finding(Fault.PLACE, place))
    if word := opposites(folded, source):
        found.append(Finding(Fault.OPPOSITE, word))
    return list(dict.fromkeys(found))


def _mixed(folded: str, quotes: Sequence[Quote], elsewhere: str) -> list[str]:
    """The clauses that no single quote says: their figures stand in no one of them, or most of their words do not, or they begin with
    what other sentences speak of and this one does not."""
    told = [(_figures_in(quote), " ".join((_before(quote), fold(quote.text), fold(_around(quote))))) for quote in quotes]
    cited = bare(fold(" ".join(f"{_around(quote)} {quote.numbered.passage.text}" for quote in quotes)))
    found = []
    for clause in with_their_time(clauses(folded)):
        own = dates_and_figures(clause)[1]
        words, names = content(clause), [bare(name) for name in (*documents(clause), *quoted_names(clause))]
        if len(words) < 2:
            continue
        if not any(
            all(any(figure.stands_for(other) for other in stated) for figure in own)
            and all(name in bare(around) for name in names)
            and (overlap(clause, around) >= _LEAST_SHARED or sum(word not in around for word in words) < 2)
            and not any(word not in around and word in elsewhere for word in subject(clause))
            for stated, around in told
        ) or _taken(bare(clause), cited, bare(elsewhere)):
            found.append(clause)
    return found


def _taken(clause: str, cited: str, elsewhere: str) -> bool:
    """Whether a clause holds words in a row that stand in what is not cited, and not in what is."""
    runs = (clause[at : at + _ROW] for at in range(len(clause) - _ROW + 1))
    return any(run in elsewhere and run not in cited and not re.search(r"\d", run) for run in runs)


def _figures_in(quote: Quote) -> list[Figure]:
    """The figures of a quote, with the numbers of the dates that it names or means."""
    parts = [dates_and_figures(part) for part in (fold(quote.text), _resolved(quote))]
    years = [Figure(Decimal(day.year), unit, Exactness.EXACT, day.words, 0) for days, _ in parts for day in days for unit in ("年", "")]
    return [*years, *(figure for _, found in parts for figure in found)]


def _before(quote: Quote) -> str:
    """The sentence before a quote, which often names what it speaks of."""
    passage = quote.numbered.passage
    place = passage.sentences.index(quote.span)
    return fold(passage.quote(passage.sentences[place - 1])) if place else ""


def missing(text: str, quotes: Sequence[Quote]) -> list[Finding]:
    """What of a sentence has to stand in its quotes and does not: figures, dates, documents, names, organisations, places."""
    folded, source = fold(text), _said_in(quotes)
    plain = bare(source)
    named = plain + bare(fold(" ".join(_around(quote) for quote in quotes)))
    found = [*_missing_figures(folded, quotes)]
    found += [Finding(Fault.DOCUMENT, name) for name in documents(folded) if bare(name) not in plain]
    found += [Finding(Fault.NAME, name) for name in quoted_names(folded) if bare(name) not in plain]
    found += [Finding(Fault.ORGANISATION, name) for name in organisations(folded) if bare(name) not in named]
    found += [Finding(Fault.PLACE, name) for name in sorted(places_in(folded)) if name not in named]
    return found


def _missing_figures(folded: str, quotes: Sequence[Quote]) -> list[Finding]:
    days, own = dates_and_figures(folded)
    found: list[Finding] = []
    stated = [_dates_and_figures(quote) for quote in quotes]
    years = frozenset(year for quote in quotes for year in years_in(_resolved(quote) + quote.numbered.published))
    for day in days:
        if not any(day.stands_for(other, years) for dates, _ in stated for other in dates):
            found.append(Finding(Fault.DATE, day.words))
    for figure in own:
        if not any(figure.stands_for(other) for _, others in stated for other in others):
            # A year that belongs to a date of the source, or to its relative one (今年), is said there as well.
            told = figure.unit in ("年", "") and int(figure.value) in {day.year for dates, _ in stated for day in dates}
            if not told:
                found.append(Finding(Fault.FIGURE, figure.words))
    return found


def _dates_and_figures(quote: Quote) -> tuple[list[Day], list[Figure]]:
    """Those that a quote names and those that its relative dates mean; what it says to hold since a month holds since that month."""
    days, own = dates_and_figures(fold(quote.text))
    meant, more = dates_and_figures(_resolved(quote))
    since = {(day.month, day.day) for day in days if day.since}
    return [*days, *(replace(day, since=(day.month, day.day) in since) for day in meant)], [*own, *more]


def _resolved(quote: Quote) -> str:
    """What the relative dates of a quote mean, by its article's date."""
    return fold("，".join(note.means for note in notes(quote.text, quote.numbered.published)))


def _said_in(quotes: Sequence[Quote]) -> str:
    return "\n".join(fold(quote.text) for quote in quotes)


def _around(quote: Quote) -> str:
    """What names the topic of a quote without standing in it: title, headings, publisher, region."""
    passage = quote.numbered.passage
    return " ".join((passage.title, *passage.path, quote.numbered.about))
