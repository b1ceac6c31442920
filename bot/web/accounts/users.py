"""The accounts of maintainers and evaluators: who they are and what they may do, in the database beside the index."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.exc import IntegrityError

from index.database import METADATA, Database, Part, made_by
from index.errors import CallError

LEAST_PASSWORD, MOST_PASSWORD = 8, 200  # characters
_LONGEST_NAME = 40
_AT_ONCE = 2  # passwords that are compared at once: each takes 64 MB of memory


class Role(StrEnum):
    """What somebody may do. Of the first four, each may do what those before it may."""

    VIEW = "view"  # see the maintainers' page
    EDIT = "edit"  # prepare: look at files, and at what people think of answers
    PUBLISH = "publish"  # change what is answered from
    ADMIN = "admin"  # and whatever else there is
    EVALUATE = "evaluate"  # see reports, run the evaluation


_RISING = (Role.VIEW, Role.EDIT, Role.PUBLISH, Role.ADMIN)

USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("name", sa.String(_LONGEST_NAME), primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),  # "" for one who is named by a proxy only
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("made", sa.String(40), nullable=False),
)
PART = Part("users", (made_by(USERS),))


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is let in; `shared` says that this was by the one password that the settings hold for all."""

    name: str
    roles: frozenset[Role]
    made: str = ""
    has_password: bool = True
    shared: bool = False

    def may(self, role: Role) -> bool:
        """Whether somebody may do what a role may."""
        enough = _RISING[_RISING.index(role) :] if role in _RISING else (role, Role.ADMIN)
        return not self.roles.isdisjoint(enough)


class Passwords:
    """Hashes passwords by Argon2id, and compares them; safe to use from several threads."""

    def __init__(self) -> None:
        self._hasher, self._turns = PasswordHasher(), threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = ""

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def is_right(self, kept: str, password: str) -> bool:
        """Whether a password is the one that is kept; it takes as long where none is, so that nobody learns who has an account."""
        with self._turns:
            self._nobody = self._nobody or self._hasher.hash("nobody's")
            try:
                return self._hasher.verify(kept or self._nobody, password[:MOST_PASSWORD]) and bool(kept)
            except (VerificationError, InvalidHashError):
                return False


class Accounts:
    """The accounts in a database."""

    def __init__(self, database: Database, passwords: Passwords | None = None) -> None:
        self._database, self._passwords = database, passwords or Passwords()

    def add(self, name: str, password: str | None, roles: Collection[Role]) -> User:
        """A new account, without a password for somebody whom a proxy names; raises `CallError` where name or password will not do."""
        name = name.strip()
        if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise CallError("user-name", name=name, most=_LONGEST_NAME)
        kept = "" if password is None else self._hashed(password)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._database.writing(PART) as connection:
                connection.execute(sa.insert(USERS).values(name=name, hash=kept, roles=" ".join(sorted(roles)), made=made))
        except IntegrityError as error:
            raise CallError("user-name-taken", name=name) from error
        return User(name, frozenset(roles), made, password is not None)

    def remove(self, name: str) -> None:
        """Remove an account; raises `CallError` where there is none of that name."""
        with self._database.writing(PART) as connection:
            if not connection.execute(sa.delete(USERS).where(USERS.c.name == name)).rowcount:
                raise CallError("user-unknown", name=name)

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password; raises `CallError` where there is no such account, or the password will not do."""
        kept = self._hashed(password)
        with self._database.writing(PART) as connection:
            if not connection.execute(sa.update(USERS).where(USERS.c.name == name).values(hash=kept)).rowcount:
                raise CallError("user-unknown", name=name)

    def find(self, name: str) -> User | None:
        """The account of that name."""
        rows = self._database.rows(PART, sa.select(USERS).where(USERS.c.name == name))
        return _user(rows[0]) if rows else None

    def all(self) -> list[User]:
        """All accounts, by name."""
        return [_user(row) for row in self._database.rows(PART, sa.select(USERS).order_by(USERS.c.name))]

    def check(self, name: str, password: str) -> User | None:
        """The account of that name, if that is its password."""
        rows = self._database.rows(PART, sa.select(USERS).where(USERS.c.name == name))
        return _user(rows[0]) if self._passwords.is_right(rows[0].hash if rows else "", password) else None

    def _hashed(self, password: str) -> str:
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            raise CallError("user-password", least=LEAST_PASSWORD, most=MOST_PASSWORD)
        return self._passwords.hash(password)


def _user(row: sa.Row[tuple[str, str, str, str]]) -> User:
    known = {role.value for role in Role}
    return User(row.name, frozenset(Role(role) for role in row.roles.split() if role in known), row.made, bool(row.hash))
