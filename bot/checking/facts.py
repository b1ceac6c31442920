"""What of a sentence has to stand in its quotes to the letter, and does not: figures, dates, documents, quoted names. Pure functions.

This holds whatever else judges a sentence: nothing may be shown in which one of these is missing.
"""

from collections.abc import Sequence

from bot.checking.claims import dates_and_figures, documents, quoted_names, years_in
from bot.checking.content import bare
from bot.checking.evidence import Fault, Finding, Quote
from bot.checking.quotes import resolved_dates, stated_in, text_of
from index.text.terms import fold


def missing_facts(text: str, quotes: Sequence[Quote]) -> list[Finding]:
    """The figures, dates, documents and quoted names of a sentence that its quotes do not hold."""
    folded, source = fold(text), bare(text_of(quotes))
    found = _missing_dates_and_figures(folded, quotes)
    found += [Finding(Fault.DOCUMENT, name) for name in documents(folded) if bare(name) not in source]
    found += [Finding(Fault.NAME, name) for name in quoted_names(folded) if bare(name) not in source]
    return found


def _missing_dates_and_figures(folded: str, quotes: Sequence[Quote]) -> list[Finding]:
    days, own = dates_and_figures(folded)
    found: list[Finding] = []
    stated = [stated_in(quote) for quote in quotes]
    years = frozenset(year for quote in quotes for year in years_in(resolved_dates(quote) + quote.numbered.published))
    for day in days:
        if not any(day.stands_for(other, years) for dates, _ in stated for other in dates):
            found.append(Finding(Fault.DATE, day.words))
    for figure in own:
        if not any(figure.stands_for(other) for _, others in stated for other in others):
            # A year that belongs to a date of the source, or to its relative one (今年), is said there as well.
            is_year_of_date = figure.unit in ("年", "") and int(figure.value) in {day.year for dates, _ in stated for day in dates}
            if not is_year_of_date:
                found.append(Finding(Fault.FIGURE, figure.words))
    return found
