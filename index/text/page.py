"""A page as the cleaner reads it: lines, and what its rules took from them."""

import re
from dataclasses import dataclass, field

from index.documents import BlockKind, Change

DATE = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
STOPS = re.compile(r"[。！？!?；;]")  # what a line holds that is more than a heading


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `number` is the one in the source, `closed` whether it is whole by itself."""

    kind: BlockKind
    text: str
    number: int
    level: int = 0
    closed: bool = False
    confidence: float | None = None  # where it was recognised in a picture


@dataclass(slots=True)
class Page:
    """The lines of a page, what it says of itself (field of `Metadata` -> value), and what was changed."""

    lines: list[Line]
    known_names: tuple[str, ...] = ()
    marked: bool = False  # its headings are marked, so that an unmarked line is none
    found: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def note(self, rule: str, line: Line, **what: str) -> None:
        """Keep what a rule did to a line."""
        self.changes.append(Change(rule, line.number, **what))

    def drop(self, rule: str, dropped: list[Line]) -> None:
        """Take lines of the page away."""
        for line in dropped:
            self.note(rule, line, removed=line.text)
        # By themselves, not by their number: a line that lost its breaks has become many lines of one number.
        gone = set(map(id, dropped))
        self.lines = [line for line in self.lines if id(line) not in gone]
