"""The cases that evaluators write in the page, in the database: each change is added and none taken away, so that it is known who changed
what. What holds now is kept in a file beside the runs too, which the evaluator's program reads.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from bot.settings import WRITTEN_CASES, Settings
from index.database import METADATA, Database, Part, made_by, open_database
from index.errors import CallError
from index.stored.manifest import replace_file

Row = Mapping[str, Any]  # a case as a line of a file holds it
Deed = Literal["write", "edit", "retire"]

CHANGES = sa.Table(
    "case_changes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("name", sa.String(60), nullable=False, index=True),
    sa.Column("row", sa.JSON, nullable=False),
)
PART = Part("case_changes", (made_by(CHANGES),))


class Change(BaseModel):
    """One change of a case: when (ISO 8601, UTC), by whom, what, of which case by its id, and the case as it is since then."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    time: str
    who: str
    what: Deed
    name: str
    row: dict[str, Any]


class WrittenCases:
    """The written cases of one data folder; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.runs.parent / WRITTEN_CASES

    @property
    def _database(self) -> Database:
        return open_database(self._settings)

    def changes(self) -> list[Change]:
        """All changes, oldest first; raises `RecordsError` where they cannot be read."""
        return [Change.model_validate(row) for row in self._database.rows(PART, sa.select(CHANGES).order_by(CHANGES.c.id))]

    def latest(self) -> dict[str, Change]:
        """The last change of each case, those that are retired among them, in the order in which they were written first."""
        return {change.name: change for change in self.changes()}

    def rows(self) -> list[dict[str, Any]]:
        """The cases that hold now."""
        return [change.row for change in self.latest().values() if change.what != "retire"]

    def put(self, rows: Sequence[Row], who: str, seen: int | None = None) -> None:
        """Keep cases, each in place of the one of its id; `seen` is the change of a single one that whoever edits it has before them, 0
        for none, and raises `CallError` where somebody changed it since."""
        self._add([(row, "") for row in rows], who, seen)

    def retire(self, name: str, who: str) -> None:
        """Take a case out of the set; what it was is kept. Raises `CallError` where there is none of that id."""
        found = self.latest().get(name)
        if found is None or found.what == "retire":
            raise CallError("case-unknown", id=name)
        self._add([(found.row, "retire")], who, found.id)

    def export(self) -> None:
        """Write the file that the evaluator's program reads."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows()))

    def _add(self, given: Sequence[tuple[Row, str]], who: str, seen: int | None) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing(PART) as connection:
            for row, what in given:
                name = str(row["id"])
                last = sa.select(CHANGES.c.id, CHANGES.c.who).where(CHANGES.c.name == name).order_by(CHANGES.c.id.desc()).limit(1)
                before = connection.execute(last).first()
                if seen is not None and (before.id if before else 0) != seen:
                    raise CallError("case-changed-since", id=name, who=before.who if before else "?")
                values = {"time": now, "who": who, "what": what or ("edit" if before else "write"), "name": name, "row": dict(row)}
                connection.execute(sa.insert(CHANGES).values(values))
        self.export()
