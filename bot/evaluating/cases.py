"""The cases of a set as a page shows and exports them: what they cover at a glance, and all of them as a table. Nothing here changes a case."""

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many cases ask what (the kinds, by column) of which measure of an article (by row); "" is a case that names no measure."""

    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    @property
    def gaps(self) -> int:
        """How many measures no case of a kind asks of, over all kinds."""
        return sum(not self.counts.get((measure, kind)) for measure in self.measures if measure for kind in self.kinds)


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The lines of a file of questions, each an object."""
    return [json.loads(line) for line in file.read_text("utf-8-sig").splitlines() if line.strip()]


def coverage(rows: Sequence[Mapping[str, Any]]) -> Coverage:
    """What the cases cover; kinds and measures in the order in which the set brings them."""
    places = [(str(row.get("measure") or ""), str(row.get("kind") or row.get("meta", {}).get("kind") or "question")) for row in rows]
    measures = dict.fromkeys(measure for measure, _ in places)
    ordered = (*(measure for measure in measures if measure), *([""] if "" in measures else []))
    return Coverage(tuple(dict.fromkeys(kind for _, kind in places)), ordered, Counter(places))


def as_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The cases as an .xlsx file: a column for each field, several texts of one field in lines of one cell."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("cases")
    fields = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(fields)
    for row in rows:
        sheet.append([_cell(row.get(name)) for name in fields])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(value: Any) -> str | int | float | bool | None:
    """A value as a cell holds it; a text that a spreadsheet would take for a formula is kept from being one."""
    if isinstance(value, list):
        return _cell("\n".join(" | ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return "'" + value
    return value if isinstance(value, str | int | float | bool | None) else str(value)
