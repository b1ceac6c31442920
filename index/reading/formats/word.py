"""A Word file (.docx) -> its article as lines. python-docx reads it; mammoth was left, since it makes HTML and loses the numbers."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.reading.formats.numbering import Numbering
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed
from index.reading.formats.tables import table_sentences

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_PARTS = 5_000  # files in one .docx: an article with pictures has some dozens
_BODY_LEVEL = 9  # Word's outline levels are 0 to 8; 9 is body text


def read_word(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of a .docx; raises `SourceError` when it is damaged, encrypted, too large when unpacked, or without text."""
    _check_archive(data, limits)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
        properties = {"title": _title(document)}
        lines = list(_Reader(document).lines(document.element.body))
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.LxmlError, EOFError, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError("word-damaged", error=reason) from error
    whole = parsed(lines, properties)
    if not whole.text:
        raise SourceError("word-empty")
    check_size(whole.text, limits)
    return whole


def _check_archive(data: bytes, limits: ParseLimits) -> None:
    """Refuse an archive by its own list of contents, before anything of it is unpacked; zipfile never unpacks more than that says."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise SourceError("word-truncated", error=error) from error
    size = sum(part.file_size for part in parts)
    if size > limits.unpacked_bytes or len(parts) > _PARTS:
        raise SourceError("word-unpacked", size=size, parts=len(parts), most=limits.unpacked_bytes, most_parts=_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError("word-encrypted")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise SourceError("word-zip")


def _title(document: Any) -> str:
    try:
        title = str(document.core_properties.title or "").strip()
    except (ValueError, KeyError):
        return ""
    # Templates and converters leave such titles behind.
    return "" if re.search(r"^(?:word|microsoft|untitled|文档\d*|无标题|.*\.docx?$)", title, re.IGNORECASE) else title


class _Reader:
    def __init__(self, document: Any) -> None:
        self._styles = {style.element.get(f"{_W}styleId"): style.element for style in document.styles}
        part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None)
        self._numbering = Numbering(None if part is None else part.element)

    def lines(self, parent: Any) -> Iterator[Line]:
        """The lines under an element in the document's order, those in content controls too, which python-docx passes over."""
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
                yield from self.lines(child)

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        chain = self._chain(paragraph)
        label = self._label(paragraph, chain)
        if any((_value(style, "name") or "").lower().startswith(("toc ", "目录")) for style in chain):
            return  # the table of contents says each heading a second time
        level = self._level(paragraph, chain)
        for n, text in enumerate(line for line in _text(paragraph).split("\n") if line.strip()):
            if n == 0 and label and not text.lstrip().startswith(label):
                text = f"{label}{'' if label.endswith(('、', '）', ')', '．')) else ' '}{text.strip()}"
            yield Line(f"{'#' * level} {text}" if level and n == 0 else text)
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.lines(box)

    def _chain(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those that it is based on."""
        name, chain = _value(paragraph.find(f"{_W}pPr"), "pStyle"), list[Any]()
        while name in self._styles and self._styles[name] not in chain:
            chain.append(self._styles[name])
            name = _value(chain[-1], "basedOn")
        return chain

    def _level(self, paragraph: Any, chain: list[Any]) -> int:
        """The depth of a heading, 1 the outermost; 0 for what is none."""
        for properties in (paragraph.find(f"{_W}pPr"), *(style.find(f"{_W}pPr") for style in chain)):
            level = _value(properties, "outlineLvl")
            if level and level.isdigit():
                return int(level) + 1 if int(level) < _BODY_LEVEL - 3 else 0
        for style in chain:
            name = _value(style, "name") or ""
            if found := _HEADING.match(name):
                return min(int(found[1]), 6) or 1
            if name.lower() in ("title", "标题"):
                return 1
        return 0

    def _label(self, paragraph: Any, chain: list[Any]) -> str:
        for properties in (paragraph.find(f"{_W}pPr"), *(style.find(f"{_W}pPr") for style in chain)):
            numbered = None if properties is None else properties.find(f"{_W}numPr")
            if numbered is not None and (number := _value(numbered, "numId")) is not None:
                level = _value(numbered, "ilvl") or "0"
                return self._numbering.label(number, int(level) if level.isdigit() else 0) if number != "0" else ""
        return ""

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [row for row in table.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is table]
        cells = [[cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row] for row in rows]
        if any(len(row) == 1 and row[0].find(f"{_W}tbl") is not None for row in cells) or max(map(len, cells), default=0) < 2:
            for row in cells:  # it frames text and holds no values
                for cell in row:
                    yield from self.lines(cell)
            return
        grid: list[list[str]] = []
        for row in cells:
            texts: list[str] = []
            for cell in row:
                properties = cell.find(f"{_W}tcPr")
                merged = None if properties is None else properties.find(f"{_W}vMerge")
                goes_on = merged is not None and (merged.get(f"{_W}val") or "continue") == "continue"
                above = grid[-1][len(texts)] if goes_on and grid and len(texts) < len(grid[-1]) else ""
                across = _value(properties, "gridSpan") or "1"
                text = above if goes_on else " ".join(line.text for line in self.lines(cell))
                texts += [text] * max(1, min(int(across) if across.isdigit() else 1, 100))
            grid.append(texts)
        yield from map(Line, table_sentences(grid))


def _value(parent: Any, name: str) -> str | None:
    child = None if parent is None else parent.find(f"{_W}{name}")
    value = None if child is None else child.get(f"{_W}val")
    return None if value is None else str(value)


def _text(paragraph: Any) -> str:
    """The words of a paragraph: those that were inserted too, not those that were deleted or are hidden."""
    pieces: list[str] = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        above = {ancestor.tag for ancestor in element.iterancestors() if ancestor is not paragraph}
        inside = [ancestor for ancestor in element.iterancestors() if ancestor.tag == f"{_W}p"]
        if inside[0] is not paragraph or f"{_W}del" in above or f"{_W}moveFrom" in above or f"{_W}tabs" in above:
            continue
        run = next(iter(element.iterancestors(f"{_W}r")), None)
        if run is not None and _is_hidden(run.find(f"{_W}rPr")):
            continue
        pieces.append(
            element.text or ""
            if element.tag == f"{_W}t"
            else "-"
            if element.tag.endswith("Hyphen")
            else "\t"
            if element.tag.endswith("tab")
            else "\n"
        )
    return "".join(pieces)


def _is_hidden(properties: Any) -> bool:
    hidden = None if properties is None else properties.find(f"{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val") not in ("0", "false")
