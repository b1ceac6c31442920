"""Who is logged in, and from which devices somebody has logged in before. What a browser holds is chance; only its SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.web.accounts.users import Accounts, Passwords, Role, User
from index.database import METADATA, Database, Part, made_by

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, index=True),
    sa.Column("roles", sa.Text, nullable=False),  # of a session by the shared password; an account has its own
    sa.Column("shared", sa.Text, nullable=False),  # the hash of that password, "" for an account
    sa.Column("made", sa.String(40), nullable=False),
    sa.Column("seen", sa.String(40), nullable=False),
)
DEVICES = sa.Table(
    "devices",
    METADATA,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, index=True),
    sa.Column("seen", sa.String(40), nullable=False),
)
PART = Part("sessions", (made_by(SESSIONS, DEVICES),))
_SEEN_EVERY = timedelta(minutes=5)  # how exactly it is known when a session was used last
_KNOWN_FOR = timedelta(days=180)  # that a device is remembered without a login
_DAYS = 7  # that a session lasts, however much it is used


class Sessions:
    """The sessions in a database, each good for so many hours without use."""

    def __init__(self, database: Database, accounts: Accounts, hours: float, passwords: Passwords) -> None:
        self._database, self._accounts, self._idle, self._passwords = database, accounts, timedelta(hours=hours), passwords
        self._right: dict[bytes, str] = {}  # sessions by the shared password which was compared already

    def begin(self, user: User, shared: str = "") -> str:
        """What the browser of somebody holds who has logged in; `shared` is the password of the settings that let them in, if it was that."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {"hash": _hash(token), "name": user.name, "roles": " ".join(sorted(user.roles)), "made": _iso(now), "seen": _iso(now)}
        with self._database.writing(PART) as connection:
            ended = (SESSIONS.c.seen < _iso(now - self._idle)) | (SESSIONS.c.made < _iso(now - timedelta(days=_DAYS)))
            connection.execute(sa.delete(SESSIONS).where(ended))
            connection.execute(sa.insert(SESSIONS).values(**row, shared=self._passwords.hash(shared) if shared else ""))
        return token

    def user_of(self, token: str, shared: Mapping[Role, str]) -> User | None:
        """Whose session that is, as long as it lasts; `shared` are the passwords that the settings hold now."""
        key, now = _hash(token), datetime.now(UTC)
        rows = self._database.rows(PART, sa.select(SESSIONS).where(SESSIONS.c.hash == key)) if token else ()
        if not rows or rows[0].seen < _iso(now - self._idle) or rows[0].made < _iso(now - timedelta(days=_DAYS)):
            return None
        row = rows[0]
        user = self._shared_user(key, row, shared) if row.shared else self._accounts.find(row.name)
        if user and row.seen < _iso(now - _SEEN_EVERY):
            with self._database.writing(PART) as connection:
                connection.execute(sa.update(SESSIONS).where(SESSIONS.c.hash == key).values(seen=_iso(now)))
        return user

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.writing(PART) as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.hash == _hash(token)))

    def end_all(self, name: str) -> None:
        """End all sessions of somebody, and forget the devices."""
        with self._database.writing(PART) as connection:
            for table in (SESSIONS, DEVICES):
                connection.execute(sa.delete(table).where(table.c.name == name))

    def remember_device(self, name: str) -> str:
        """What a device holds from which somebody has logged in."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with self._database.writing(PART) as connection:
            connection.execute(sa.delete(DEVICES).where(DEVICES.c.seen < _iso(now - _KNOWN_FOR)))
            connection.execute(sa.insert(DEVICES).values(hash=_hash(token), name=name, seen=_iso(now)))
        return token

    def knows_device(self, token: str, name: str) -> bool:
        """Whether somebody has logged in from the device that holds this."""
        wanted = sa.select(DEVICES.c.name, DEVICES.c.seen).where(DEVICES.c.hash == _hash(token))
        rows = self._database.rows(PART, wanted) if token else ()
        return bool(rows) and rows[0].name == name and rows[0].seen >= _iso(datetime.now(UTC) - _KNOWN_FOR)

    def _shared_user(self, key: bytes, row: sa.Row[Any], shared: Mapping[Role, str]) -> User | None:
        """Somebody whom a shared password let in, as long as it is the same one and there are no accounts."""
        roles = frozenset(map(Role, row.roles.split()))
        now = {shared.get(role, "") for role in roles}
        if "" in now or len(now) != 1 or self._accounts.all():
            return None
        (password,) = now
        if self._right.get(key) != password:
            if not self._passwords.is_right(row.shared, password):
                return None
            self._right[key] = password
        return User(row.name, roles, shared=True)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
