"""A Word file (.docx) -> its article as lines. python-docx reads it; mammoth was left, since it makes HTML and loses the numbers."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.formats.archive import open_archive
from index.reading.formats.html import html_lines
from index.reading.formats.mail import html_of_message
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed
from index.reading.formats.word.body import WordBody

_MOST_NESTED = 3  # documents within one another


def read_word(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of a .docx; raises `SourceError` when it is damaged, encrypted, too large when unpacked, or without text."""
    whole = _read(data, limits, 0)
    if not whole.text:
        raise SourceError("word-empty")
    check_size(whole.text, limits)
    return whole


def _read(data: bytes, limits: ParseLimits, depth: int) -> Parsed:
    open_archive(data, limits, ".docx", "[Content_Types].xml")
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    left_out: list[tuple[str, str]] = []

    def read_chunk(part: Any) -> list[Line]:
        lines, gone = _chunk(part, limits, depth + 1)
        left_out.extend(gone)
        return lines

    try:
        document = docx.Document(io.BytesIO(data))
        properties = {"title": _title(document)}
        body = WordBody(document, read_chunk)
        lines = list(body.lines(document.element.body))
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.LxmlError, EOFError, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError("word-damaged", error=reason) from error
    pictures = sum(1 for rel in document.part.rels.values() if not rel.is_external and rel.reltype.endswith("/image"))
    return parsed(lines, properties, [*body.left_out, *left_out], {**body.counts, "pictures": pictures})


def _chunk(part: Any, limits: ParseLimits, depth: int) -> tuple[list[Line], Sequence[tuple[str, str]]]:
    """The lines of a part that stands whole in the text (altChunk), and what of it was left out; the national law database gives its
    laws so."""
    kind, data = str(part.content_type).partition(";")[0].lower(), bytes(part.blob)
    if kind == "message/rfc822" or str(part.partname).endswith((".mht", ".mhtml")):
        lines, _, left_out = html_lines(html_of_message(data))
        return lines, left_out
    if kind in ("text/html", "application/xhtml+xml"):
        lines, _, left_out = html_lines(decode(data))
        return lines, left_out
    if kind == "text/plain":
        return [Line(line) for line in decode(data).splitlines()], ()
    if "wordprocessingml" in kind and depth <= _MOST_NESTED:
        inner = _read(data, limits, depth)
        return [Line(line, n in inner.closed) for n, line in enumerate(inner.text.split("\n"), 1)], inner.left_out
    return [], [("part of an unknown kind", kind)]


def _title(document: Any) -> str:
    try:
        title = str(document.core_properties.title or "").strip()
    except (ValueError, KeyError):
        return ""
    # Templates and converters leave such titles behind.
    return "" if re.search(r"^(?:word|microsoft|untitled|文档\d*|无标题|.*\.docx?$)", title, re.IGNORECASE) else title
