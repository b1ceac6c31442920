"""A table -> sentences that can be cited: each row says its columns' names with its values. Pure functions."""

import re
from collections.abc import Sequence

_FIGURE = re.compile(r"[^\w]*\d[\d,，.．%％万亿元件个户人次年月日\-—~～/ ]*")
_STOPS = re.compile(r"[。；;]+")
_LABEL = 15  # characters that a column's name has at most, as a rule: longer ones tell something


class Across(str):
    """The text of a cell in a further column that it reaches over: said once, under the name of its first column."""

    __slots__ = ()


def spread(text: str, columns: int) -> list[str]:
    """A cell's text for each of the columns that it reaches over."""
    return [text, *(Across(text) for _ in range(columns - 1))]


def table_sentences(rows: Sequence[Sequence[str]], headers: int | None = None) -> list[str]:
    """One sentence a row, such as 对象：企业；补贴 首次：3000元。 Cells that are merged stand in each of their places.

    `headers` is how many rows name the columns; None: seen from the cells. A table of two columns whose first names what the
    second says becomes one sentence of all its rows, such as 名称：甲；电话：12345。
    """
    whole = [[_value(cell) for cell in row] for row in rows]
    whole = [row for row in whole if any(row)]
    if not whole:
        return []
    captions: list[str] = []
    while len(whole) > 2 and len(whole[0]) > 2 and len(set(whole[0])) == 1 and not headers:
        captions.append(whole.pop(0)[0])  # one cell over the whole table, above the names of its columns
    if captions:
        return [*captions, *table_sentences(whole)]
    if headers is None:
        if _is_form(whole):
            return _form(whole)
        headers = _count_headers(whole)
    names = _names(whole[:headers])
    said = [sentence for row in whole[headers:] if (sentence := _sentence(row, names))]
    if said and _is_blank(whole[headers:], names):
        said = [*(_joined(row) for row in whole[:headers]), *said]
    return said or [_joined(row) for row in whole]


def _is_blank(rows: list[list[str]], names: list[str]) -> bool:
    """Whether most columns hold nothing but their names, as in a form that is to be filled in."""
    empty = [at for at, name in enumerate(names) if name and not any(at < len(row) and row[at] for row in rows)]
    return 2 * len(empty) > len(names)


def _value(cell: str) -> str:
    """A cell in one line without stops inside it, since its sentence ends with the row."""
    return type(cell)(_STOPS.sub("；", " ".join(cell.split())).strip("； "))


def _count_headers(rows: list[list[str]]) -> int:
    """One row, or two where the first has cells that reach over several columns which the second names one by one."""
    if len(rows) < 2 or any(_FIGURE.fullmatch(cell) or len(cell) > 2 * _LABEL for cell in rows[0]):
        return 0
    reaches = any(a and a == b for a, b in zip(rows[0], rows[0][1:], strict=False)) and len(set(rows[0])) > 1
    named_twice = reaches and len(rows) > 2 and not any(_FIGURE.fullmatch(cell) for cell in rows[1])
    return 2 if named_twice else 1


def _is_form(rows: list[list[str]]) -> bool:
    if any(len(row) != 2 for row in rows) or any(not name or len(name) > _LABEL or _FIGURE.fullmatch(name) for name, _ in rows):
        return False
    first = rows[0][1]
    return len(first) > _LABEL or bool(re.search(r"\d", first)) or any(name.endswith(("：", ":")) for name, _ in rows)


def _form(rows: list[list[str]]) -> list[str]:
    return ["；".join(f"{name.rstrip('：:')}：{value}" for name, value in rows if value) + "。"]


def _names(headers: list[list[str]]) -> list[str]:
    """The name of each column: the words above it, each once."""
    width = max(map(len, headers), default=0)
    columns = [[row[at] for row in headers if at < len(row) and row[at]] for at in range(width)]
    return [" ".join(dict.fromkeys(column)) for column in columns]


def _sentence(row: list[str], names: list[str]) -> str:
    parts = []
    for at, value in enumerate(row):
        if at and value == row[at - 1] and (isinstance(value, Across) or len(set(row)) == 1):
            continue
        name = names[at] if at < len(names) else ""
        if value:
            parts.append(f"{name}：{value}" if name and len(set(row)) > 1 else value)
    return "；".join(parts) + "。" if parts else ""


def _joined(row: list[str]) -> str:
    return "；".join(dict.fromkeys(cell for cell in row if cell)) + "。"
