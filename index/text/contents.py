"""A table of contents at the head of a text -> the lines that it takes. Pure functions."""

import re
from collections.abc import Sequence

_HEAD = "目录"
_LEAST = 3  # entries: two lines that come again may be a list
_OPENS = re.compile(r"第[一1][编章节]")
_PAGE = re.compile(r"\d{1,4}$")  # the number of the page behind an entry
_DOTS = ".．·…-—"  # what leads to it


def contents_of(lines: Sequence[str]) -> range:
    """The places of a table of contents: a line that says 目录, and those behind it that come again later in the same order.

    Of a table of which only the line 目录 is left, since its entries were links, that line. Empty where there is none: a text may
    have the word 目录 as a heading of its own.
    """
    bare = [_bare(line) for line in lines]
    start = bare.index(_HEAD) if _HEAD in bare else len(bare)
    end = _end(bare, start + 1)
    if end - start > _LEAST:
        return range(start, end)
    return range(start, start + 1) if start + 1 < len(bare) and _OPENS.match(bare[start + 1]) else range(0)


def _end(bare: Sequence[str], start: int) -> int:
    """Where the entries end: at the line that stands as the first entry again, if all between come again behind it in their order."""
    if start >= len(bare):
        return start
    first = bare[start]
    again = next((at for at in range(start + 1, len(bare)) if bare[at] == first), 0)
    if not again:
        return start
    at = again
    for entry in bare[start:again]:
        at = next((place for place in range(at, len(bare)) if bare[place].startswith(entry)), -1)
        if at < 0:
            return start
    return again


def _bare(line: str) -> str:
    return re.sub(r"[\s#*]", "", _PAGE.sub("", line.rstrip())).rstrip(_DOTS)
