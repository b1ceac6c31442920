"""Where words stand on a page -> the order in which they are read, and the paragraphs that they make. Pure functions.

Points are those of PDF: 1/72 inch, x to the right, y upwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_ITEM = re.compile(r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）).、．]|[①-⑳•●■▲]|第[一二三四五六七八九十百零\d]+[编章节条]")
_STOP = re.compile(r"[。！？!?；;：:][”’」』）)》】]*$")
_HEADING = 1.15  # times the size of the body's characters: what is larger is a heading
_WIDE, _SHORT = 15, 0.4  # characters of a column, and the part of it that a line leaves free which ends its paragraph, stop or none
_HEADING_LENGTH = 60  # characters; a heading of a newspaper goes over two or three lines


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand beside one another in one line, and the size of their characters; `confidence` in [0, 1] where they were
    recognised in a picture, None where the file says them."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, and how large they are set; `level` is a heading's depth, 0 for what is none."""

    text: str
    size: float
    top: float = 0.0
    bottom: float = 0.0
    level: int = 0
    confidence: float | None = None


def in_reading_order(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of a page in stretches that are read one after the other: column by column where there are columns.

    The page is cut into rows of words that overlap in height. Rows below one another that leave the same gap free, with two
    rows or more on each side of it, are columns, and each column is cut again in the same way.
    """
    stretches: list[list[Run]] = []
    for group, gutter in _groups(_rows(runs)):
        if gutter is None:
            if stretches and stretches[-1] and not _beside(stretches[-1], group):
                stretches[-1] += group
            else:
                stretches.append(list(group))
        else:
            middle = sum(gutter) / 2
            stretches += in_reading_order([run for run in group if run.right <= middle])
            stretches += in_reading_order([run for run in group if run.right > middle])
            stretches.append([])  # what stands below columns is no part of the last of them
    return [stretch for stretch in stretches if stretch]


def _beside(above: list[Run], group: list[Run]) -> bool:
    return not group or max(run.top for run in group) > max(run.top for run in above)


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that overlap in height by half their size, from the top down."""
    rows: list[list[Run]] = []
    low = float("inf")
    for run in sorted(runs, key=lambda run: (-run.top, run.left)):
        if rows and run.top - low > 0.5 * min(run.top - run.bottom, run.size):
            rows[-1].append(run)
            low = min(low, run.bottom)
        else:
            rows.append([run])
            low = run.bottom
    return rows


def _groups(rows: list[list[Run]]) -> list[tuple[list[Run], tuple[float, float] | None]]:
    """Rows in groups from the top down, each with the gutter between its columns, or None where it has none."""
    if not rows:
        return []
    every = [run for row in rows for run in row]
    edges = min(run.left for run in every), max(run.right for run in every)
    groups: list[tuple[list[Run], tuple[float, float] | None]] = []
    group: list[Run] = []
    free: list[tuple[float, float]] = []
    for row in rows:
        gaps = _gaps(row, edges)
        common = [(max(a, c), min(b, d)) for a, b in free for c, d in gaps if min(b, d) - max(a, c) >= _narrowest(row)] if group else gaps
        if group and not common:
            groups.append((group, _gutter(group, free)))
            group, common = [], gaps
        group, free = [*group, *row], common
    groups.append((group, _gutter(group, free)))
    return groups


def _narrowest(row: list[Run]) -> float:
    # Columns of newspapers stand one or two characters apart; words of one line less than one.
    return 0.8 * median(run.size for run in row)


def _gaps(row: list[Run], edges: tuple[float, float]) -> list[tuple[float, float]]:
    found, at = [], edges[0]
    for run in sorted(row, key=lambda run: run.left):
        if run.left - at >= _narrowest(row):
            found.append((at, run.left))
        at = max(at, run.right)
    if edges[1] - at >= _narrowest(row):
        found.append((at, edges[1]))
    return found


def _gutter(group: list[Run], free: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The widest gap that has two rows or more, and words rather than marks, on either side."""
    for gap in sorted(free, key=lambda gap: gap[0] - gap[1]):
        sides = [run for run in group if run.right <= gap[0] + 1], [run for run in group if run.left >= gap[1] - 1]
        if all(len(_rows(side)) >= 2 and median(len(run.text) for run in side) >= 4 for side in sides):
            return gap
    return None


def paragraphs(stretch: Sequence[Run], body: float) -> list[Paragraph]:
    """The paragraphs of a stretch; `body` is the size of the document's ordinary characters.

    A new one begins where the size changes, where a line is set in or the one before ends early behind a stop, at a wider
    gap, and at a list's mark.
    """
    lines = [_line(row) for row in _rows(stretch)]
    if not lines:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.bottom > b.bottom]
    step = min(median(steps), 2.5 * body) if steps else body  # a wider one is a gap, not the distance of lines
    found: list[tuple[Paragraph, list[str]]] = []
    last: Run | None = None
    for line in lines:
        heads = line.size >= _HEADING * body
        new = (
            last is None
            or abs(line.size - last.size) > 0.1 * last.size
            or last.bottom - line.bottom > 1.6 * max(step, line.size)
            or bool(_ITEM.match(line.text))
            or (not heads and line.left - left > 0.8 * line.size and last.left - left < 0.8 * line.size)
            or (not heads and line.left - left > 0.8 * line.size and bool(_STOP.search(last.text)))
            or (not heads and right - last.right > 2 * line.size and bool(_STOP.search(last.text)))
            or (not heads and right - left > _WIDE * line.size and right - last.right > _SHORT * (right - left))
        )
        if new:
            found.append((Paragraph("", line.size, line.top, line.bottom, confidence=line.confidence), [line.text]))
        else:
            before = found[-1][0]
            sure = least_sure(before.confidence, line.confidence)
            found[-1] = replace(before, bottom=line.bottom, confidence=sure), [*found[-1][1], line.text]
        last = line
    return [replace(paragraph, text=_whole(texts, paragraph.size >= _HEADING * body)) for paragraph, texts in found]


def _whole(texts: list[str], large: bool) -> str:
    """The lines of a paragraph as one; those of a heading are parted, since they may be a title and what stands under it."""
    heads = large and sum(map(len, texts)) <= _HEADING_LENGTH and not any(re.search("[。；;]", text) for text in texts)
    whole = texts[0]
    for text in texts[1:]:
        whole = _joined(whole, text, heads)
    return whole


def with_levels(found: Sequence[Paragraph], body: float) -> list[Paragraph]:
    """Paragraphs with those that are set larger than the body as headings, the largest outermost."""
    heads = [
        paragraph
        for paragraph in found
        if paragraph.size >= _HEADING * body and len(paragraph.text) <= _HEADING_LENGTH and not re.search("[。；;]", paragraph.text)
    ]
    sizes = sorted({round(paragraph.size) for paragraph in heads}, reverse=True)[:6]
    return [
        replace(paragraph, level=sizes.index(round(paragraph.size)) + 1)
        if paragraph in heads and round(paragraph.size) in sizes
        else paragraph
        for paragraph in found
    ]


def _line(row: list[Run]) -> Run:
    runs = sorted(row, key=lambda run: run.left)
    text = runs[0].text
    for before, run in pairwise(runs):
        text = text + ("　" if run.left - before.right > run.size else "") + run.text
    size = max(runs, key=lambda run: len(run.text)).size
    bottom, top = min(run.bottom for run in runs), max(run.top for run in runs)
    return Run(text, runs[0].left, bottom, runs[-1].right, top, size, least_sure(*(run.confidence for run in runs)))


def least_sure(*confidences: float | None) -> float | None:
    """The lowest confidence of words that were recognised, None where all stand in the file."""
    return min((confidence for confidence in confidences if confidence is not None), default=None)


def _joined(before: str, after: str, heads: bool) -> str:
    latin = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalnum() and after[:1].isalnum()
    return before + (" " if latin or heads else "") + after
