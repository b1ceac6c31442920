"""The one database of what is kept beside the index: who changed it, what people thought of answers, what was not answered.

It is a file of SQLite in the data folder, or whatever `LIANGCE_DATABASE` names. Here stands all that differs from one database to
another: opening, rights, transactions, one writer at a time, what a full disk is called. Whoever keeps something there describes a `Part`.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from index.errors import CallError, RecordsError

FILE = "records.sqlite"  # in the data folder
METADATA = sa.MetaData()  # of all tables, whosever they are
_WAIT = 10.0  # seconds for another process that is writing
_FULL = ("database or disk is full", "No space left on device", "could not extend file")  # as SQLite, the system and PostgreSQL say it

_PARTS = sa.Table("parts", METADATA, sa.Column("name", sa.String(40), primary_key=True), sa.Column("steps", sa.Integer, nullable=False))

Step = Callable[[sa.Connection], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one module keeps: its steps, of which each database takes each once, in order, whichever it was made with.

    The first makes the tables; whoever changes them later appends a step. `take_in` is called where a file of that name, from before
    there was a database, lies in the data folder; the file is removed once what it gave is safe.
    """

    name: str
    steps: tuple[Step, ...]
    old_file: str = ""
    take_in: Callable[[sa.Connection, Path], None] | None = None


def made_by(*tables: sa.Table) -> Step:
    """The step that makes those tables."""
    return lambda connection: METADATA.create_all(connection, tables=list(tables))


class Placed(Protocol):
    """The settings that say where the database is: the data folder, and an address where it is not in there."""

    @property
    def data(self) -> Path:
        """The data folder."""

    @property
    def database(self) -> Any:
        """The address as a secret of pydantic's, None for the file."""


class Database:
    """The database of a data folder; safe to use from several threads and beside other processes. Nothing is made before it is needed."""

    def __init__(self, data: Path, url: str = "") -> None:
        self._data, self._file = data, None if url else data / FILE
        self._engine = _engine(url or f"sqlite:///{data / FILE}")
        self._writer, self._ready = threading.Lock(), set[str]()
        self.dialect = self._engine.dialect.name

    def rows(self, part: Part, wanted: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """What a query finds; nothing where nothing was ever kept. Raises `RecordsError` where the database cannot be read."""
        if self._file and not self._file.is_file() and not self._has_old(part):
            return []
        with _said_plainly(self._place()):
            self._prepare(part)
            with self._engine.connect() as connection:
                return connection.execute(wanted).all()

    @contextmanager
    def writing(self, part: Part) -> Iterator[sa.Connection]:
        """A transaction that nobody else writes beside: all of it is kept at the end of the block, or nothing where that raises.

        Raises `RecordsError` where it cannot be kept, such as on a full disk, and `IntegrityError` of SQLAlchemy's where a value breaks
        a rule of its table.
        """
        with _said_plainly(self._place()):
            self._prepare(part)
            with self._transaction() as connection:
                yield connection

    def forget_deleted(self) -> None:
        """Leave nothing of deleted rows beside the database either; raises `RecordsError` where that cannot be done now."""
        if self._file and self._file.is_file():
            with _said_plainly(self._place()), self._writer, closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database; it opens again when it is needed."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._writer, self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _prepare(self, part: Part) -> None:
        """Bring the tables of a part to what this program expects, and take in what stands in its old file."""
        if part.name in self._ready and not self._has_old(part):
            return
        if self._file and not self._file.is_file():
            self._data.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))  # what SQLite puts beside it has the same rights
        with self._transaction() as connection:
            _PARTS.create(connection, checkfirst=True)
            done = connection.scalar(sa.select(_PARTS.c.steps).where(_PARTS.c.name == part.name)) or 0
            if done > len(part.steps):
                raise RecordsError("records-newer", place=self._place(), part=part.name)
            for step in part.steps[done:]:
                step(connection)
            if done < len(part.steps):
                connection.execute(sa.delete(_PARTS).where(_PARTS.c.name == part.name))
                connection.execute(sa.insert(_PARTS).values(name=part.name, steps=len(part.steps)))
            if old := self._has_old(part):
                assert part.take_in, "a part with an old file takes it in"
                part.take_in(connection, self._data / part.old_file)
        if old:
            (self._data / part.old_file).unlink(missing_ok=True)
        self._ready.add(part.name)

    def _has_old(self, part: Part) -> bool:
        return bool(part.old_file) and (self._data / part.old_file).is_file()

    def _place(self) -> str:
        return str(self._file or self._engine.url.render_as_string(hide_password=True))


_opened: dict[tuple[Path, str], Database] = {}
_opening = threading.Lock()


def open_database(settings: Placed) -> Database:
    """The database that the settings name, one for all who ask; raises `CallError` where the address is none."""
    url = settings.database.get_secret_value() if settings.database else ""
    with _opening:
        place = (settings.data.absolute(), url)
        if place not in _opened:
            _opened[place] = Database(*place)
        return _opened[place]


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise CallError("database-address", error=type(error).__name__) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _connected)
        sa.event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begun` says, not where the driver thinks
    # A reader never waits for the writer, and what was committed outlasts a power cut.
    for pragma in (f"busy_timeout = {int(_WAIT * 1000)}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten


def _begun(connection: sa.Connection) -> None:
    """SQLite: a transaction that writes takes the lock at once, since one that reads first may not become a writer beside another."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _said_plainly(place: str) -> Iterator[None]:
    """Raise what a database or the disk under it says as `RecordsError`; that a value is there already goes on as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        code = "records-full" if any(words in str(cause) for words in _FULL) else "records-unusable"
        raise RecordsError(code, place=place, error=cause) from error
