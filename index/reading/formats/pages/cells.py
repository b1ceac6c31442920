"""A table on a page -> its rows, a table that goes on over pages as one, and the lines that it makes. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.formats.pages.columns import Run, paragraphs
from index.reading.formats.pages.rulings import Grid
from index.reading.formats.parsed import Line
from index.reading.formats.tables import Across, table_sentences

_LONG = 120  # characters in one cell: more than a value has, so the cell is told as text under its row's name
_NEAR = 6.0  # points between the edges of columns that are the same on two pages
_LABEL = 20  # characters that the name of a row has at most


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table's edges and the text of each place; a text that stands in several merged columns is an `Across` in the further ones."""

    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


def fill(grid: Grid, runs: dict[int, list[Run]], body: float) -> PageTable:
    """The table with the words that stand in its cells, given by the number of each cell."""
    texts = {number: "\n".join(part.text for part in paragraphs(inside, body)) for number, inside in runs.items()}
    rows: list[tuple[str, ...]] = []
    for row in grid.cells:
        said = []
        for column, number in enumerate(row):
            text = texts.get(number, "")
            said.append(Across(text) if column and row[column - 1] == number else text)
        rows.append(tuple(said))
    return PageTable(grid.ys[0], grid.ys[-1], grid.xs, tuple(rows))


def is_one_table(above: PageTable, below: PageTable) -> bool:
    """Whether a table goes on in the one at the head of the next page: it has the same columns."""
    return len(above.xs) == len(below.xs) and all(abs(a - b) <= _NEAR for a, b in zip(above.xs, below.xs, strict=True))


def join(above: PageTable, below: PageTable) -> PageTable:
    """The two as one: a header that is set again goes, and a row that was cut by the page's end is whole again."""
    rows, more = list(above.rows), list(below.rows)
    if more and rows and _bare(more[0]) == _bare(rows[0]):
        more = more[1:]
    if more and rows and not more[0][0].strip() and any(more[0]):
        rows[-1] = tuple(type(a)(_run_on(a, b)) for a, b in zip(rows[-1], more[0], strict=True))
        more = more[1:]
    while more and rows and not more[0][0].strip():  # a cell that is merged over rows of both pages has its words on the first
        rows.append(_filled(rows[-1], more.pop(0)))
    return PageTable(above.top, below.bottom, above.xs, (*rows, *more))


def _filled(above: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    """A row whose first cells are empty, with the words of those above."""
    first = next((at for at, text in enumerate(row) if text.strip()), 0)
    return (*above[:first], *row[first:])


def _run_on(above: str, below: str) -> str:
    return above + (" " if above[-1:].isascii() and below[:1].isascii() and above and below else "") + below


def _bare(row: Sequence[str]) -> list[str]:
    return [re.sub(r"\s", "", text) for text in row]


def table_lines(table: PageTable) -> list[Line]:
    """A sentence a row under the columns' names. In a form, whose rows are names and values, paragraphs stand under the name of their row."""
    rows = [[type(text)(text) for text in row if text.strip() and not isinstance(text, Across)] for row in table.rows]
    if not _is_form(rows):
        return [Line(text) for text in table_sentences([[_in_line(text) for text in row] for row in table.rows])]
    lines: list[Line] = []
    for row in rows:
        if len(row) == 2 and len(row[1]) > _LONG and len(row[0]) <= _LABEL:
            lines.append(Line(f"{_name(row[0])}："))
            lines += [Line(part) for part in row[1].split("\n")]
        elif row and len(row) % 2 == 0 and all(len(name) <= _LABEL for name in row[::2]):
            lines.append(Line("；".join(f"{_name(name)}：{_in_line(value)}" for name, value in zip(row[::2], row[1::2], strict=True))))
        elif row:
            lines.append(Line("；".join(_in_line(text) for text in row)))
    return lines


def _is_form(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most rows are a name and its value, and a value is longer than any in a table of figures."""
    pairs = [row for row in rows if len(row) == 2 and len(row[0]) <= _LABEL]
    return 2 * len(pairs) > len(rows) and any(len(value) > _LONG for _, value in pairs)


def _name(text: str) -> str:
    return _in_line(text).rstrip("：:")


def _in_line(text: str) -> str:
    """The paragraphs of a cell as one; those that end without a mark are parted by one."""
    joined = text.replace("\n", "" if len(text) <= _LABEL else " ")
    return Across(joined) if isinstance(text, Across) else joined
