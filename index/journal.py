"""Files of JSON lines that are added to and never changed: who did what with the index, and what people thought of answers."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import CallError

AUDIT = "audit.jsonl"  # in the data folder

M = TypeVar("M", bound=BaseModel)


class AuditEntry(BaseModel):
    """One change of the index: when (ISO 8601, UTC), by whom, what, of which articles, and the version that was live after it."""

    model_config = ConfigDict(frozen=True)

    time: str
    who: str
    what: str
    articles: tuple[str, ...] = ()
    version: str = ""


_NAMED = 100  # articles that an entry names; a change of a whole archive says how many


def note(data: Path, who: str, what: str, articles: Sequence[str], version: str) -> None:
    """Put a change of the index into the audit list of a data folder."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    more = f" ({len(articles)} articles)" if len(articles) > _NAMED else ""
    append(data / AUDIT, AuditEntry(time=when, who=who, what=what + more, articles=tuple(articles[:_NAMED]), version=version))


def append(path: Path, record: BaseModel) -> None:
    """Add one line, whole even where several processes add at once: a single write to a file opened for appending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, (record.model_dump_json() + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def read(path: Path, kind: type[M]) -> list[M]:
    """All lines, oldest first, none where the file is not there; raises `CallError` naming a line that is of another form."""
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                found.append(kind.model_validate(json.loads(line)))
            except (ValidationError, ValueError) as error:
                raise CallError("journal-line", path=path, number=number, error=error) from error
    return found
