"""The keys of other programs and their use, in the data folder: one SQLite file that only its owner can read.

A key is 256 bits of chance, so that its SHA-256 says nothing about it; only that is kept. Each process has one connection, behind a
lock, and SQLite lets one process write at a time.
"""

import hashlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from index.errors import CallError

FILE = "keys.sqlite"  # in the data folder
_PREFIX = "lc-"  # by which a key that got out is recognised
_WAIT = 5.0  # seconds for another process that is writing
_TABLES = """
CREATE TABLE keys (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash BLOB NOT NULL UNIQUE, scopes TEXT NOT NULL, per_minute INTEGER NOT NULL,
    made TEXT NOT NULL, ends TEXT NOT NULL
) STRICT;
CREATE TABLE uses (
    key INTEGER NOT NULL REFERENCES keys ON DELETE CASCADE, day TEXT NOT NULL, door TEXT NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (key, day, door)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""


class Scope(StrEnum):
    """What a key may be used for."""

    ASK = "ask"
    SEARCH = "search"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: all but the key itself. `ends` is its last day, ISO 8601, "" where it has none."""

    id: int
    name: str
    scopes: frozenset[Scope]
    per_minute: int
    made: str
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """How often a key was used at a door on a day (ISO 8601, UTC)."""

    day: str
    door: str
    times: int


class KeyStore:
    """The keys of a data folder; safe to use from several threads. The file is made with the first key."""

    def __init__(self, data: Path) -> None:
        self._path, self._lock = data / FILE, threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def add(self, name: str, scopes: Collection[Scope], per_minute: int, ends: str = "") -> str:
        """A new key, which is told this once; raises `CallError` where the name is taken."""
        key = _PREFIX + secrets.token_urlsafe(32)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._writing() as connection:
                connection.execute(
                    "INSERT INTO keys (name, hash, scopes, per_minute, made, ends) VALUES (?, ?, ?, ?, ?, ?)",
                    (name, _hash(key), " ".join(sorted(scopes)), per_minute, made, ends),
                )
        except sqlite3.IntegrityError as error:
            raise CallError("key-name-taken", name=name) from error
        return key

    def remove(self, name: str) -> None:
        """Forget a key and its use; raises `CallError` where there is none of that name."""
        if not self._path.is_file():
            raise CallError("key-unknown", name=name)
        with self._writing() as connection:
            if not connection.execute("DELETE FROM keys WHERE name = ?", (name,)).rowcount:
                raise CallError("key-unknown", name=name)

    def find(self, key: str, today: date) -> Key | None:
        """The key that was given, unless there is none or its last day is over."""
        with self._reading() as connection:
            if connection is None:
                return None
            row = connection.execute(f"{_SELECT} WHERE hash = ?", (_hash(key),)).fetchone()
        found = _key(row) if row else None
        return None if found and found.ends and found.ends < today.isoformat() else found

    def all(self) -> list[Key]:
        """All keys, by name."""
        with self._reading() as connection:
            return [] if connection is None else [_key(row) for row in connection.execute(f"{_SELECT} ORDER BY name")]

    def note_use(self, key: Key, door: str) -> None:
        """Count one use of a key at a door; raises `sqlite3.Error` where that cannot be written."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO uses VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
                (key.id, datetime.now(UTC).date().isoformat(), door),
            )

    def uses(self, key: Key) -> list[Use]:
        """How often a key was used, by day and door, the newest day first."""
        with self._reading() as connection:
            rows = (
                connection.execute("SELECT day, door, times FROM uses WHERE key = ? ORDER BY day DESC, door", (key.id,))
                if connection
                else ()
            )
            return [Use(*row) for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, None where no key was ever made."""
        with self._lock:
            yield self._open() if self._connection or self._path.is_file() else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # what SQLite puts beside it has the same rights
            self._connection = sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._make_tables(self._connection)
        return self._connection

    @staticmethod
    def _make_tables(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")  # of two processes that come first, one makes them
        with closing(connection.execute("PRAGMA user_version")) as found:
            (version,) = found.fetchone()
        for statement in () if version else _TABLES.split(";"):
            connection.execute(statement)
        connection.commit()


_SELECT = "SELECT id, name, scopes, per_minute, made, ends FROM keys"


def last_day(days: int, today: date) -> str:
    """The last day of a key that is good for so many days, today the first."""
    return (today + timedelta(days=days - 1)).isoformat()


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _key(row: tuple[int, str, str, int, str, str]) -> Key:
    number, name, scopes, per_minute, made, ends = row
    return Key(number, name, frozenset(map(Scope, scopes.split())), per_minute, made, ends)
