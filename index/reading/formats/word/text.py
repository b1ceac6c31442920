"""The words of a Word file's paragraphs: without what was deleted or is hidden, and without a table of contents that Word wrote."""

from collections import Counter
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_WORDS = (f"{W}t", f"{W}delText", f"{W}instrText", f"{W}fldChar", *_MARKS)
_GONE = frozenset((f"{W}del", f"{W}moveFrom"))
_COME = frozenset((f"{W}ins", f"{W}moveTo"))


class ParagraphText:
    """Reads paragraphs one after the other, since a field may begin in one and end in another."""

    def __init__(self) -> None:
        self.left_out: list[tuple[str, str]] = []
        self.counts = Counter[str]()
        self._fields: list[str] = []  # the instructions of the fields that are open, the outermost first

    def read(self, paragraph: Any) -> str:
        """The words of a paragraph; those of text boxes in it are not among them."""
        pieces: list[str] = []
        deleted: list[str] = []
        contents: list[str] = []
        inserted: set[Any] = set()
        for element in paragraph.iter(*_WORDS):
            above = list(element.iterancestors())
            inside = above[: above.index(paragraph)]
            tags = {ancestor.tag for ancestor in inside}
            if f"{W}p" in tags or f"{W}tabs" in tags:
                continue
            if element.tag in (f"{W}fldChar", f"{W}instrText"):
                self._follow(element)
                continue
            words = _MARKS.get(element.tag) or element.text or ""
            if tags & _GONE:
                deleted.append(words)
            elif _is_hidden(inside):
                self.left_out.append(("hidden text", words))
            elif self._in_contents():
                contents.append(words)
            else:
                pieces.append(words)
                inserted.update(ancestor for ancestor in inside if ancestor.tag in _COME)
        self._note(deleted, contents, len(inserted))
        return "".join(pieces)

    def _follow(self, element: Any) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()
        elif kind is None and self._fields:
            self._fields[-1] += element.text or ""

    def _in_contents(self) -> bool:
        return any(instruction.split()[:1] == ["TOC"] for instruction in self._fields)

    def _note(self, deleted: list[str], contents: list[str], inserted: int) -> None:
        if "".join(deleted).strip():
            self.left_out.append(("tracked deletion", "".join(deleted).strip()))
            self.counts["tracked-deletions"] += 1
        if "".join(contents).strip():
            self.left_out.append(("table of contents", "".join(contents).strip()))
        self.counts["tracked-insertions"] += inserted


def value_of(parent: Any, name: str) -> str | None:
    """The value of an element's child of that name, None where it has none."""
    child = None if parent is None else parent.find(f"{W}{name}")
    value = None if child is None else child.get(f"{W}val")
    return None if value is None else str(value)


def _is_hidden(inside: list[Any]) -> bool:
    run = next((ancestor for ancestor in inside if ancestor.tag == f"{W}r"), None)
    properties = None if run is None else run.find(f"{W}rPr")
    hidden = None if properties is None else properties.find(f"{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false")
