"""A web page -> its article as lines. lxml reads it; what belongs to the site and not to the article is left out and told."""

import re
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.formats.mail import html_of_message
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed
from index.reading.formats.site import article_of, take_out
from index.reading.formats.tables import spread, table_sentences

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_MARKED = re.compile(r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）).、．]|第.{1,6}[条章节]|[①-⑳•·\-])")
_HAN_GAP = re.compile(r"(?<=[㐀-鿿、。，；：？！“”（）《》])[ \t]*[\r\n]\s*(?=[㐀-鿿、。，；：？！“”（）《》])")
_META = {
    "title": ("articletitle", "og:title"),
    "published": ("pubdate", "article:published_time", "publishdate", "dc.date"),
    "publisher": ("contentsource", "og:site_name", "sitename"),
}  # the first three are of the Chinese standard for government pages' labels (国办发 2017 府网站发展指引, annex 2)
_LAYOUT = 400  # characters in one cell: more than a value has, so the table lays out a page


def read_html(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of a web page; raises `SourceError` when it is damaged or holds no text."""
    return _read(decode(data), limits)


def read_message(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of a web page that was saved as one file (.mht)."""
    return _read(html_of_message(data), limits)


def _read(text: str, limits: ParseLimits) -> Parsed:
    lines, properties, left_out = html_lines(text)
    whole = parsed(lines, properties, left_out)
    if not whole.text:
        raise SourceError("html-empty")
    check_size(whole.text, limits)
    return whole


def html_lines(text: str) -> tuple[list[Line], dict[str, str], tuple[tuple[str, str], ...]]:
    """The lines of a page or a part of one, what it says of itself, and what was left out."""
    from lxml import etree, html

    try:
        # A declared encoding is of the bytes; lxml refuses one in a text that is decoded already.
        page = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.LxmlError, ValueError) as error:
        raise SourceError("html-unreadable", error=error) from error
    properties = _properties(page)
    name = str(page.xpath("string(//title)")).strip()
    left_out = list(take_out(page))
    body = page.find("body")
    parts, beside = article_of(page if body is None else body, f"{properties['title']} {name}")
    lines = [line for part in parts for line in (_block(part) if part.tag in _HEADINGS else _lines(part))]
    if not properties["title"] and not any(line.text.startswith("# ") for line in lines):
        # A page's title often ends in the site's name.
        properties["title"] = re.split(r"\s*[_|]\s*|\s+[-–—]\s+", name)[0]
    return lines, properties, (*left_out, *beside)


def _properties(page: Any) -> dict[str, str]:
    metas = {(meta.get("name") or meta.get("property") or "").lower(): (meta.get("content") or "").strip() for meta in page.iter("meta")}
    found = {field: next((metas[name] for name in names if metas.get(name)), "") for field, names in _META.items()}
    date = re.match(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})", found["published"])
    found["published"] = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}" if date else ""
    return found


def _lines(element: Any) -> Iterator[Line]:
    """The lines of an element in their order; text that stands in no block of its own is a line too."""
    words: list[str] = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield from _flush(words)
            yield from _block(child)
        elif child.tag == "br":
            yield from _flush(words)
        elif isinstance(child.tag, str) and any(inner.tag in _BLOCKS or inner.tag == "br" for inner in child.iter()):
            yield from _flush(words)
            yield from _lines(child)
        elif isinstance(child.tag, str):
            words.append("".join(child.itertext()))
        words.append(child.tail or "")
    yield from _flush(words)


def _flush(words: list[str]) -> Iterator[Line]:
    text = _HAN_GAP.sub("", "".join(words)).strip()
    words.clear()
    if text:
        yield Line(text)


def _block(element: Any) -> Iterator[Line]:
    if element.tag in _HEADINGS:
        text = " ".join(line.text for line in _lines(element))
        if text:
            yield Line(f"{_HEADINGS[element.tag]} {text}")
    elif element.tag == "pre":  # here a line break is one
        yield from (Line(text) for text in "".join(element.itertext()).splitlines() if text.strip())
    elif element.tag == "table":
        yield from _table(element)
    elif element.tag in ("ul", "ol"):
        for n, item in enumerate(
            element.iterchildren("li"), int(element.get("start") or 1) if (element.get("start") or "1").isdigit() else 1
        ):
            for at, line in enumerate(_lines(item)):
                mark = "" if at or _MARKED.match(line.text) else f"{n}. " if element.tag == "ol" else "• "
                yield Line(mark + line.text)
    else:
        yield from _lines(element)


def _table(table: Any) -> Iterator[Line]:
    for caption in table.iterchildren("caption"):
        yield from _lines(caption)
    rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    cells = [cell for row in rows for cell in row.iterchildren("td", "th")]
    lays_out = any(
        len("".join(cell.itertext())) > _LAYOUT or any(inner.tag in _HEADINGS or inner.tag == "table" for inner in cell.iter())
        for cell in cells
    )
    if lays_out or max((len(row) for row in rows), default=0) < 2:
        for cell in cells:
            yield from _lines(cell)
        return
    headers = sum(1 for row in rows if all(cell.tag == "th" for cell in row.iterchildren("td", "th")))
    named_rows = not headers and all(len(row) == 2 and row[0].tag == "th" for row in rows)
    grid = _grid(rows)
    sentences = table_sentences(grid, headers or None) if not named_rows else table_sentences([[f"{row[0]}：", row[1]] for row in grid])
    yield from map(Line, sentences)


def _grid(rows: list[Any]) -> list[list[str]]:
    """The cells' texts by row and column, a merged cell in each of its places."""
    grid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.iterchildren("td", "th"):
            while (y, x) in grid:
                x += 1
            text = " ".join(line.text for line in _lines(cell))
            down, across = _span(cell, "rowspan", len(rows) - y), _span(cell, "colspan", 100)
            for dy in range(down):
                for dx, value in enumerate(spread(text, across)):
                    grid.setdefault((y + dy, x + dx), value)
            x += across
    return [[grid.get((y, x), "") for x in range(1 + max((b for a, b in grid if a == y), default=-1))] for y in range(len(rows))]


def _span(cell: Any, name: str, most: int) -> int:
    digits = cell.get(name) or "1"
    return max(1, min(int(digits), most)) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1
