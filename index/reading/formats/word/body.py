"""The body of a Word file -> lines: paragraphs with their numbers, tables, text boxes, notes; tracked changes as if they were accepted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from index.reading.formats.parsed import Line
from index.reading.formats.tables import spread, table_sentences
from index.reading.formats.word.numbering import Numbering
from index.reading.formats.word.text import ParagraphText, W, value_of

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_BODY_LEVEL = 9  # Word's outline levels are 0 to 8; 9 is body text
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdtContent", "ins", "moveTo", "customXml", "smartTag"))


class WordBody:
    """Reads one document from its beginning to its end, since numbers, notes and fields go on from paragraph to paragraph."""

    def __init__(self, document: Any, read_chunk: Callable[[Any], list[Line]]) -> None:
        """`read_chunk` gives the lines of a part that stands whole in the document's text (altChunk)."""
        self._part, self._read_chunk = document.part, read_chunk
        self._styles = {style.element.get(f"{W}styleId"): style.element for style in document.styles}
        numbering = self._related("/numbering")
        self._numbering = Numbering(None if numbering is None else numbering.element)
        self._notes = {kind: self._read_notes(kind) for kind in ("footnote", "endnote")}
        self._written = 0  # notes that have been given
        self._text = ParagraphText()

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """What was read and is no part of the text, by reason."""
        return self._text.left_out

    @property
    def counts(self) -> Counter[str]:
        """What the reader of a preview should know, by kind of note."""
        return self._text.counts

    def lines(self, parent: Any) -> Iterator[Line]:
        """The lines under an element in the document's order, those in content controls too, which python-docx passes over."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt":
                yield from self._control(child)
            elif child.tag == f"{W}altChunk":
                yield from self._read_chunk(self._part.related_parts[child.get(_RELATION)])
            elif child.tag in _WRAPPERS:
                yield from self.lines(child)

    def _control(self, control: Any) -> Iterator[Line]:
        gallery = next(control.iter(f"{W}docPartGallery"), None)
        if gallery is not None and "table of contents" in str(gallery.get(f"{W}val")).lower():
            self.left_out.append(("table of contents", _words(control)))
            return
        yield from self.lines(control)

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        chain = self._chain(paragraph)
        label = self._label(paragraph, chain)
        text = self._text.read(paragraph)
        if any((value_of(style, "name") or "").lower().startswith(("toc ", "目录")) for style in chain):
            self.left_out.append(("table of contents", " ".join(text.split())))
            return
        level = self._level(paragraph, chain)
        for n, line in enumerate(line for line in text.split("\n") if line.strip()):
            if n == 0 and label and not line.lstrip().startswith(label):
                line = f"{label}{'' if label.endswith(('、', '）', ')', '．')) else ' '}{line.strip()}"
            yield Line(f"{'#' * level} {line}" if level and n == 0 else line)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.lines(box)
        for kind, notes in self._notes.items():
            for mark in paragraph.iter(f"{W}{kind}Reference"):
                yield from self._note(notes.pop(mark.get(f"{W}id"), None))

    def _note(self, note: Any | None) -> Iterator[Line]:
        """A note behind the paragraph that it belongs to, numbered as Word numbers it."""
        if note is None:
            return
        text = " ".join(line.text for line in self.lines(note)).strip()
        if text:
            self._written += 1
            self.counts["footnotes"] += 1
            yield Line(f"注{self._written}：{text}")

    def _related(self, ending: str) -> Any | None:
        return next((rel.target_part for rel in self._part.rels.values() if not rel.is_external and rel.reltype.endswith(ending)), None)

    def _read_notes(self, kind: str) -> dict[str, Any]:
        from docx.oxml import parse_xml

        part = self._related(f"/{kind}s")
        if part is None:
            return {}
        root = parse_xml(part.blob)
        # Those with a type are the lines that part notes from the text.
        return {note.get(f"{W}id"): note for note in root.iter(f"{W}{kind}") if note.get(f"{W}type") in (None, "normal")}

    def _chain(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those that it is based on."""
        name, chain = value_of(paragraph.find(f"{W}pPr"), "pStyle"), list[Any]()
        while name in self._styles and self._styles[name] not in chain:
            chain.append(self._styles[name])
            name = value_of(chain[-1], "basedOn")
        return chain

    def _level(self, paragraph: Any, chain: list[Any]) -> int:
        """The depth of a heading, 1 the outermost; 0 for what is none."""
        for properties in (paragraph.find(f"{W}pPr"), *(style.find(f"{W}pPr") for style in chain)):
            level = value_of(properties, "outlineLvl")
            if level and level.isdigit():
                return int(level) + 1 if int(level) < _BODY_LEVEL - 3 else 0
        for style in chain:
            name = value_of(style, "name") or ""
            if found := _HEADING.match(name):
                return min(int(found[1]), 6) or 1
            if name.lower() in ("title", "标题"):
                return 1
        return 0

    def _label(self, paragraph: Any, chain: list[Any]) -> str:
        for properties in (paragraph.find(f"{W}pPr"), *(style.find(f"{W}pPr") for style in chain)):
            numbered = None if properties is None else properties.find(f"{W}numPr")
            if numbered is not None and (number := value_of(numbered, "numId")) is not None:
                level = value_of(numbered, "ilvl")
                if number == "0":
                    return ""
                style = chain[0].get(f"{W}styleId") if chain else ""
                return self._numbering.label(number, int(level) if level and level.isdigit() else self._numbering.level_of(number, style))
        return ""

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table and not self._is_deleted(row)]
        cells = [[cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row] for row in rows]
        if any(len(row) == 1 and row[0].find(f"{W}tbl") is not None for row in cells) or max(map(len, cells), default=0) < 2:
            for row in cells:  # it frames text and holds no values
                for cell in row:
                    yield from self.lines(cell)
            return
        grid: list[list[str]] = []
        for row, its_cells in zip(rows, cells, strict=True):
            texts = [""] * _width(value_of(row.find(f"{W}trPr"), "gridBefore"), 0)
            for cell in its_cells:
                properties = cell.find(f"{W}tcPr")
                merged = None if properties is None else properties.find(f"{W}vMerge")
                goes_on = merged is not None and (merged.get(f"{W}val") or "continue") == "continue"
                above = grid[-1][len(texts)] if goes_on and grid and len(texts) < len(grid[-1]) else ""
                text = above if goes_on else " ".join(line.text for line in self.lines(cell))
                texts += spread(text, max(1, _width(value_of(properties, "gridSpan"), 1)))
            grid.append(texts)
        yield from map(Line, table_sentences(grid))

    def _is_deleted(self, row: Any) -> bool:
        properties = row.find(f"{W}trPr")
        if properties is None or properties.find(f"{W}del") is None:
            return False
        self.left_out.append(("tracked deletion", _words(row)))
        self.counts["tracked-deletions"] += 1
        return True


def _words(element: Any) -> str:
    """All words under an element, deleted ones too; python-docx gives its elements a text of their own, so that itertext says all thrice."""
    return " ".join("".join(words.text or "" for words in element.iter(f"{W}t", f"{W}delText")).split())


def _width(digits: str | None, otherwise: int) -> int:
    return min(int(digits), 100) if digits and digits.isascii() and digits.isdigit() and len(digits) < 6 else otherwise
