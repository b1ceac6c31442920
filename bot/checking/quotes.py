"""What quotes say, as folded text: their words, their topics, their dates and figures. Pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from bot.checking.claims import Day, dates_and_figures
from bot.checking.evidence import Quote
from bot.chinese.dates import notes
from bot.chinese.figures import Figure
from index.text.terms import fold


def text_of(quotes: Sequence[Quote]) -> str:
    """The words of quotes, one a line."""
    return "\n".join(fold(quote.text) for quote in quotes)


def topics_of(quotes: Sequence[Quote]) -> str:
    """What names the topics of quotes without standing in them: titles, headings, publishers, regions."""
    return " ".join(fold(topic_of(quote)) for quote in quotes)


def topic_of(quote: Quote) -> str:
    """The same of one quote, as it is written."""
    passage = quote.numbered.passage
    return " ".join((passage.title, *passage.path, quote.numbered.about))


def resolved_dates(quote: Quote) -> str:
    """What the relative dates of a quote mean, by its article's date."""
    return fold("，".join(note.means for note in notes(quote.text, quote.numbered.published)))


def stated_in(quote: Quote) -> tuple[list[Day], list[Figure]]:
    """The dates and figures that a quote names and that its relative dates mean; what it says to hold since a month holds since that
    month."""
    days, own = dates_and_figures(fold(quote.text))
    meant, more = dates_and_figures(resolved_dates(quote))
    since = {(day.month, day.day) for day in days if day.since}
    return [*days, *(replace(day, since=(day.month, day.day) in since) for day in meant)], [*own, *more]
