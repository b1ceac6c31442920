"""The off switch: while it is off, whoever asks is shown its text, and nothing is answered. It stands in the database, for all processes."""

import logging
import threading
import time
from datetime import UTC, datetime

import sqlalchemy as sa

from index.database import METADATA, Database, Part, made_by
from index.errors import CallError, RecordsError

log = logging.getLogger(__name__)

LONGEST = 2000  # characters of its text
_EVERY = 1.0  # seconds for which a look at it is good

SWITCH = sa.Table(
    "switch",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
PART = Part("switch", (made_by(SWITCH),))


def switch_off(database: Database, text: str) -> None:
    """Let nothing be answered, and show a text in its place; raises `CallError` where there is none, `RecordsError` as the database does."""
    if not text.strip() or len(text) > LONGEST:
        raise CallError("off-text", length=len(text), most=LONGEST)
    with database.writing(PART) as connection:
        connection.execute(sa.delete(SWITCH))
        connection.execute(sa.insert(SWITCH).values(time=datetime.now(UTC).isoformat(timespec="seconds"), text=text.strip()))


def switch_on(database: Database) -> bool:
    """Let questions be answered again; whether they were not."""
    with database.writing(PART) as connection:
        return bool(connection.execute(sa.delete(SWITCH)).rowcount)


def off_text(database: Database) -> str:
    """What is shown in place of answers, "" while questions are answered."""
    return next((str(row.text) for row in database.rows(PART, sa.select(SWITCH.c.text))), "")


class Switch:
    """What the switch says, looked at once a second; safe to use from several threads.

    Where the database cannot be read, what it said last goes on.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._text, self._looked, self._logged = "", float("-inf"), False

    def off(self) -> str:
        """See `off_text`."""
        with self._lock:
            if time.monotonic() - self._looked >= _EVERY:
                self._look()
            return self._text

    def _look(self) -> None:
        try:
            self._text, self._logged = off_text(self._database), False
        except RecordsError as error:
            if not self._logged:
                log.error("whether the assistant is switched off cannot be read: %s", error)
            self._logged = True
        self._looked = time.monotonic()
