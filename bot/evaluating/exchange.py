"""Cases as files that people exchange: JSON lines, and an .xlsx table with a column for each field and a row for each case."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluating.cases import read_rows
from index.errors import CallError

MOST = 5000  # cases that one file may bring
_BESIDE = " | "  # between alternatives of one need, which stand in one line
_TRUE, _FALSE = ("true", "1", "yes", "是", "写明"), ("false", "0", "no", "否", "没有写明")

Schema = Mapping[str, Any]  # JSON Schema of a case: of its properties only the types are looked at


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


def read_file(path: Path, schemas: Iterable[Schema]) -> list[dict[str, Any]]:
    """The cases of a file of either kind, as it stands: nothing is checked but that they can be read, which raises `CallError`."""
    try:
        rows = _of_workbook(path, schemas) if path.suffix.lower() == ".xlsx" else read_rows(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CallError("cases-unreadable", file=path.name, error=error) from error
    if wrong := [row for row in rows if not isinstance(row, dict)]:
        raise CallError("cases-unreadable", file=path.name, error=wrong[0])
    if len(rows) > MOST:
        raise CallError("cases-too-many", file=path.name, most=MOST)
    return rows


def _of_workbook(path: Path, schemas: Iterable[Schema]) -> list[dict[str, Any]]:
    """The rows of the first sheet under the names in its first row; an empty cell is a field that is not given."""
    from openpyxl import load_workbook

    types = {name: field for schema in schemas for name, field in schema["properties"].items()}
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=MOST + 2)
        names = [str(name or "").strip() for name in next(lines, ())]
        rows = [
            {name: _value(cell, types.get(name, {})) for name, cell in zip(names, line, strict=False) if cell is not None} for line in lines
        ]
    finally:
        book.close()
    return [row for row in rows if row]


def _value(cell: Any, field: Schema) -> Any:
    """What a cell holds, as the field of that schema takes it."""
    text = str(cell).strip()
    text = text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text
    if field.get("type") == "array":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        within = field.get("items", {}).get("type") == "array"
        return [[choice.strip() for choice in line.split(_BESIDE.strip()) if choice.strip()] for line in lines] if within else lines
    if field.get("type") == "boolean":
        return True if text.lower() in _TRUE else False if text.lower() in _FALSE else text
    if field.get("type") == "integer" and text.removesuffix(".0").isdigit():
        return int(text.removesuffix(".0"))
    return text


_FORMULA = ("=", "+", "-", "@")  # a text that begins so is one that a spreadsheet would take for a formula


def _cell(value: Any) -> str | int | float | bool | None:
    """A value as a cell holds it; a text that would be taken for a formula is kept from being one."""
    if isinstance(value, list):
        return _cell("\n".join(_BESIDE.join(map(str, one)) if isinstance(one, list) else str(one) for one in value)) if value else None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in _FORMULA:
        return "'" + value
    return value if isinstance(value, str | int | float | bool | None) else str(value)
