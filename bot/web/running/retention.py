"""What is kept of people's words, and forgetting it: by id, by day, by a text in it, and by itself after so many days."""

import logging
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from bot.web import feedback
from bot.web.running import unanswered
from index.database import Database, Part
from index.errors import CallError, RecordsError

log = logging.getLogger(__name__)

_EVERY = 60 * 60.0  # seconds between two looks at what is too old
# Where people's words stand: the letter before an id, its part, its table and the columns that hold words.
_TABLES: tuple[tuple[str, Part, sa.Table, tuple[str, ...]], ...] = (
    ("f", feedback.PART, feedback.FEEDBACK, ("question", "answer", "comment")),
    ("u", unanswered.PART, unanswered.UNANSWERED, ("question",)),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Something that a person said: its id, when (ISO 8601, UTC), and the words."""

    id: str
    time: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which words are meant: all that fit every condition that is given; raises `CallError` where none is."""

    ids: Collection[str] = ()
    before: date | None = None  # said before that day
    text: str = ""

    def __post_init__(self) -> None:
        if not (self.ids or self.before or self.text):
            raise CallError("forget-what")
        letters = {letter for letter, *_ in _TABLES}
        if wrong := [given for given in self.ids if given[:1] not in letters or not given[1:].isdecimal()]:
            raise CallError("forget-id", id=wrong[0])


def kept_words(database: Database) -> Iterator[Words]:
    """All that is kept of people's words, oldest first, by kind."""
    for letter, part, table, columns in _TABLES:
        for row in database.rows(part, sa.select(table).order_by(table.c.time, table.c.id)):
            found = row._asdict()
            yield Words(f"{letter}{found['id']}", found["time"], tuple(found[column] for column in columns if found[column]))


def forget(database: Database, selection: Selection) -> int:
    """Delete what is meant, for good; how many entries that were. Raises `RecordsError` as the database does."""
    gone = 0
    for letter, part, table, columns in _TABLES:
        if not database.rows(part, sa.select(table.c.id).limit(1)):
            continue
        with database.writing(part) as connection:
            gone += connection.execute(sa.delete(table).where(_meant(selection, letter, table, columns))).rowcount
    if gone:
        database.forget_deleted()
    return gone


def _meant(selection: Selection, letter: str, table: sa.Table, columns: Collection[str]) -> sa.ColumnElement[bool]:
    conditions: list[sa.ColumnElement[bool]] = []
    if selection.ids:
        conditions.append(table.c.id.in_([int(given[1:]) for given in selection.ids if given[0] == letter]))
    if selection.before:
        conditions.append(table.c.time < selection.before.isoformat())
    if selection.text:
        conditions.append(sa.or_(*(table.c[column].contains(selection.text, autoescape=True) for column in columns)))
    return sa.and_(*conditions)


class Retention:
    """Forgets what is older than so many days, now and every hour, in a thread of its own until `close`."""

    def __init__(self, database: Database, days: int) -> None:
        self._database, self._days, self._end = database, days, threading.Event()

    def start(self) -> None:
        """Begin."""

        def watch() -> None:
            while not self._end.is_set():
                self.look(datetime.now(UTC).date())
                self._end.wait(_EVERY)

        threading.Thread(target=watch, name="retention", daemon=True).start()

    def look(self, today: date) -> None:
        """Forget what is too old on a day."""
        try:
            if gone := forget(self._database, Selection(before=today - timedelta(days=self._days))):
                log.info("%d entries of people's words, older than %d days, were forgotten", gone, self._days)
        except RecordsError as error:
            log.error("what is older than %d days could not be forgotten: %s", self._days, error)

    def close(self) -> None:
        """Look no more."""
        self._end.set()
