"""Whether an article is in force on a day. Pure functions; the clock is an argument."""

import calendar
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from index.documents import Status

SOON = timedelta(days=90)  # before its last day, an article is one that ends soon


class Dated(Protocol):
    """What is asked of an article: `Metadata` and the manifest's `ArticleEntry` have it."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def effective(self) -> str: ...
    @property
    def expires(self) -> str: ...


def earliest(date_text: str) -> date | None:
    """The first day of an ISO date as far as it is known ("2023", "2023-05"); None where it is empty or no day of the calendar."""
    return _day(date_text, last=False)


def latest(date_text: str) -> date | None:
    """The last day of an ISO date as far as it is known; None where it is empty or no day of the calendar."""
    return _day(date_text, last=True)


def _day(date_text: str, last: bool) -> date | None:
    try:
        year, month, day = [int(part) for part in date_text.split("-")] + [0] * (3 - len(date_text.split("-")))
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        return None


def in_force(article: Dated, today: date, as_of: date | None = None) -> bool:
    """Whether an article may be answered from: today, or on the day that was asked for.

    It is in force from its effective date to its expiry, both days included. What is superseded or withdrawn is not in force
    today. On an earlier day it was, unless its expiry says otherwise, if it was published or effective by then: when it ended
    is not known then, and the reader is told what became of it. An article published after that day is not yet in force on it.
    """
    on = as_of or today
    begins = earliest(article.effective) or (earliest(article.published) if as_of else None)
    ends = latest(article.expires)
    if (begins and on < begins) or (ends and on > ends):
        return False
    return article.status == Status.IN_FORCE or (as_of is not None and as_of < today)


def was_in_force(article: Dated, year: int, today: date) -> bool:
    """Whether an article speaks for a year that is over: it was published or came into effect in it, or was in force at its end.

    One that was withdrawn does not: maintainers leave it out of answers.
    """
    if year >= today.year or article.status == Status.WITHDRAWN:
        return False
    begins = {day.year for day in (earliest(article.effective), earliest(article.published)) if day}
    return year in begins or in_force(article, today, date(year, 12, 31))


class InForce:
    """The ids of the articles of an index that may be answered from, asked anew each day."""

    def __init__(self, articles: Sequence[Dated], today: Callable[[], date], as_of: date | None = None) -> None:
        self._articles, self._today, self._as_of = articles, today, as_of
        self._found: tuple[date, frozenset[str] | None] | None = None

    def __call__(self, years: Collection[int] = ()) -> frozenset[str] | None:
        """The ids; None where all articles are in force, so that nothing needs to be filtered.

        Of the past `years` that a question names those that were in force then are added, unless a day was laid down.
        """
        today = self._today()
        if self._found is None or self._found[0] != today:
            self._found = today, ids_in_force(self._articles, today, self._as_of)
        ids = self._found[1]
        if ids is None or self._as_of:
            return ids
        return ids | {article.id for article in self._articles for year in years if was_in_force(article, year, today)}


def ids_in_force(articles: Iterable[Dated], today: date, as_of: date | None = None) -> frozenset[str] | None:
    """The ids of those in force; None where all are."""
    every = list(articles)
    ids = frozenset(article.id for article in every if in_force(article, today, as_of))
    return None if len(ids) == len(every) else ids
