"""Files of JSON lines, which were added to before there was a database: what stands in them goes into its tables."""

import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

log = logging.getLogger(__name__)

_ALL_UNREAD = ".unread"  # behind the name of a file: what could not be read of it


def take_in(table: sa.Table, kind: type[BaseModel]) -> Callable[[sa.Connection, Path], None]:
    """What puts the lines of a file into a table, but for those that it holds already, so that it may be done again.

    A line that was cut off, as by a full disk, may have a whole one glued to its end, which is taken; what is no record is kept in a
    file beside it, and logged.
    """

    def run(connection: sa.Connection, path: Path) -> None:
        columns = [column for column in table.c if column.name != "id"]
        there = Counter(_key(row._asdict()) for row in connection.execute(sa.select(*columns)))
        taken, unread = list[dict[str, Any]](), list[str]()
        for line in filter(str.strip, path.read_text("utf-8", errors="replace").split("\n")):
            record, rest = _read(line, kind)
            if rest:
                unread.append(rest)
            if record and not there[_key(record)]:
                taken.append(record)
            elif record:
                there[_key(record)] -= 1
        if taken:
            connection.execute(sa.insert(table), taken)
        if unread:
            _put_beside(path, unread)
        log.info("%d lines of %s were put into the database", len(taken), path)

    return run


def _read(line: str, kind: type[BaseModel]) -> tuple[dict[str, Any] | None, str]:
    """The record of a line, None where it holds none, and what stands before it that is none."""
    starts = [0, *(place for place in (line.rfind('{"'),) if place > 0)]
    for start in starts:
        try:
            return kind.model_validate(json.loads(line[start:])).model_dump(mode="json"), line[:start]
        except (ValidationError, ValueError):
            continue
    return None, line


def _key(record: Mapping[str, Any]) -> str:
    return json.dumps(dict(record), sort_keys=True, ensure_ascii=False)


def _put_beside(path: Path, lines: list[str]) -> None:
    beside = path.with_name(path.name + _ALL_UNREAD)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    log.warning("%d lines of %s could not be read whole; they stand in %s", len(lines), path, beside)
