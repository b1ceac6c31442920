"""An Excel workbook (.xlsx) -> its sheets as tables, a sentence a row. openpyxl reads it."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

from index.errors import SourceError
from index.reading.formats.archive import open_archive
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed
from index.reading.formats.tables import Across, table_sentences

_MOST_CELLS = 300_000  # of all sheets


def read_workbook(data: bytes, limits: ParseLimits) -> Parsed:
    """The article in a workbook, each sheet under its name; hidden sheets, rows and columns are left out and told.

    Raises `SourceError` when it is damaged, encrypted, too large, or without text.
    """
    open_archive(data, limits, ".xlsx", "[Content_Types].xml").close()
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise SourceError("workbook-damaged", error=" ".join(str(error).split())[:120]) from error
    lines: list[Line] = []
    left_out: list[tuple[str, str]] = []
    cells = sum(sheet.max_row * sheet.max_column for sheet in book.worksheets)
    if cells > _MOST_CELLS:
        raise SourceError("workbook-too-large", cells=cells, most=_MOST_CELLS)
    for sheet in book.worksheets:
        rows, hidden = _rows(sheet)
        if sheet.sheet_state != "visible":
            left_out += [("hidden text", "；".join(filter(None, row))) for row in rows if any(row)]
            continue
        left_out += [("hidden text", words) for words in hidden]
        sentences = table_sentences(rows)
        if sentences and len(book.worksheets) > 1:
            lines.append(Line(f"# {sheet.title}"))
        lines += map(Line, sentences)
    whole = parsed(lines, {"title": str(book.properties.title or "").strip()}, left_out)
    if not whole.text:
        raise SourceError("workbook-empty")
    check_size(whole.text, limits)
    return whole


def _rows(sheet: Any) -> tuple[list[list[str]], list[str]]:
    """The rows as texts, a merged cell in each of its places, and what is hidden."""
    merged = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows: list[list[str]] = []
    hidden: list[str] = []
    for number in range(1, sheet.max_row + 1):
        texts = list[str]()
        for column in range(1, sheet.max_column + 1):
            y, x = merged.get((number, column), (number, column))
            text = _text(sheet.cell(y, x))
            if _is_hidden(sheet, number, column):
                hidden += [text] if text and (y, x) == (number, column) else []
                continue
            texts.append(Across(text) if x < column and texts else text)
        rows.append(texts)
    return rows, hidden


def _is_hidden(sheet: Any, row: int, column: int) -> bool:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return bool(sheet.row_dimensions[row].hidden or (letter in sheet.column_dimensions and sheet.column_dimensions[letter].hidden))


def _text(cell: Any) -> str:
    """A value as the sheet shows it: 0.3 under the form 0% is 30%, a day is written out."""
    value = cell.value
    form = str(cell.number_format or "")
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        day = f"{value.year}年{value.month}月{value.day}日"
        return f"{day}{value:%H:%M}" if isinstance(value, datetime) and (value.hour or value.minute) else day
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float) and "%" in form:
        return f"{round(value * 100, 6):g}%"
    if isinstance(value, float):
        return f"{round(value, 6):.15g}"
    return " ".join(str(value).split())
