"""What a question makes a condition of: a year, a place, a figure of some kind. What does not meet it hardly answers. Pure functions."""

from collections.abc import Callable, Sequence

from bot.chinese.places import places_in
from bot.question.conditions import _YEAR, figures_asked, years_asked
from bot.reading.confidence import Condition, Confidence
from bot.reading.reader import Reading
from index.documents import Article, Passage
from index.text.terms import fold


def restrain(
    question: str,
    readings: Sequence[Reading],
    article: Callable[[str], Article],
    in_index: Callable[[str], bool],
    confidence: Confidence | None = None,
    part: str = "",
) -> list[Reading]:
    """The readings, less probable where they do not meet what the question makes a condition of, best first.

    A passage that speaks of another year or place than the question names does not; nor does a sentence without a figure of the
    kind that is asked for, such as a percentage, which also loses in rank. `in_index` says whether a name stands in any article: a
    city's own articles seldom name the city, so where an article's region is not known, only a place that stands nowhere in the
    index is another one.

    Where the question asks for several things, `part` is the one that was read for: only what it asks for itself must be there, and a
    year or place that it names counts before those of the rest.
    """
    folded, own, confidence = fold(question), fold(part or question), confidence or Confidence()
    readings = _with_figures(own, readings, confidence)
    years, places = years_asked(own) or years_asked(folded), places_in(own) or places_in(folded)
    if not years and not places:
        return list(readings)
    strange = bool(places) and not any(map(in_index, places))
    return [
        confidence.under(reading, Condition.ELSEWHERE)
        if _elsewhere(years, places, strange, reading.passage, article(reading.passage.article))
        else reading
        for reading in readings
    ]


def _with_figures(question: str, readings: Sequence[Reading], confidence: Confidence) -> list[Reading]:
    wanted = figures_asked(question)
    if not wanted:
        return list(readings)
    weighed = [
        reading if all(looks.search(fold(reading.quote)) for looks in wanted) else confidence.under(reading, Condition.OTHER_FIGURE)
        for reading in readings
    ]
    return sorted(weighed, key=lambda reading: -reading.score)


def _elsewhere(years: set[str], places: set[str], strange: bool, passage: Passage, article: Article) -> bool:
    other_place = bool(places) and (strange or bool(article.meta.region)) and not any(_names(article, place) for place in places)
    return other_place or bool(years and not years & _years_of(passage, article))


def _years_of(passage: Passage, article: Article) -> set[str]:
    """The years that a passage may speak of: those that it names and the one of its publication; unknown, all that the article names."""
    own = set(_YEAR.findall(fold(passage.text)))
    published = set(_YEAR.findall(article.meta.published))
    return own | published or set(_YEAR.findall(fold(article.text)))


def _names(article: Article, place: str) -> bool:
    meta = article.meta
    return any(place in fold(text) for text in (meta.region, meta.title, meta.publisher, article.text))
