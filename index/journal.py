"""Who did what with the index, and when: the audit list, in the database beside it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from index.database import METADATA, Database, Part, made_by
from index.errors import RecordsError
from index.lines import take_in

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.String(40), nullable=False, index=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("articles", sa.JSON, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
)


class AuditEntry(BaseModel):
    """One change of the index: when (ISO 8601, UTC), by whom, what, of which articles, and the version that was live after it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    time: str
    who: str
    what: str
    articles: tuple[str, ...] = ()
    version: str = ""


PART = Part("audit", (made_by(AUDIT),), "audit.jsonl", take_in(AUDIT, AuditEntry))
_NAMED = 100  # articles that an entry names; a change of a whole archive says how many


def note(database: Database, who: str, what: str, articles: Sequence[str], version: str) -> None:
    """Put a change into the audit list; raises `RecordsError` where it cannot be kept, which says that the change itself was made."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    more = f" ({len(articles)} articles)" if len(articles) > _NAMED else ""
    entry = AuditEntry(time=when, who=who, what=what + more, articles=tuple(articles[:_NAMED]), version=version)
    try:
        with database.writing(PART) as connection:
            connection.execute(sa.insert(AUDIT).values(entry.model_dump(mode="json")))
    except RecordsError as error:
        raise RecordsError("audit-not-noted", what=what, version=version, problem=error) from error


def read_audit(database: Database) -> list[AuditEntry]:
    """All changes, oldest first."""
    return [AuditEntry.model_validate(row) for row in database.rows(PART, sa.select(AUDIT).order_by(AUDIT.c.id))]
