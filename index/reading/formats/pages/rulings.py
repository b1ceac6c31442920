"""The lines that are drawn on a page -> the tables that they make, as grids of cells. Pure functions; points as in columns.

pdfplumber's finder gives the same cells (`python -m tests.tools.pdf_tables` compares them) in six times the time, since it reads each page
a second time with pdfminer, and its words would have to be matched with pdfium's.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NEAR = 3.0  # points: lines that stand nearer than that are one, and touch
_THIN = 2.5  # points: what is drawn thinner is a line
_SHORTEST = 5.0  # points; shorter strokes are dots and corners
_MOST = 400  # lines in either direction after they are joined; a page with more shows a drawing


@dataclass(frozen=True, slots=True)
class Rule:
    """A line on a page, or the box of something that was drawn."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its columns' edges from the left, its rows' edges from the top down, and the number of the cell in each place.

    A cell that is merged has its number in several places.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell that a point stands in, None outside."""
        if not (self.xs[0] < x < self.xs[-1] and self.ys[-1] < y < self.ys[0]):
            return None
        row = sum(1 for edge in self.ys if edge > y) - 1
        return self.cells[row][bisect_right(self.xs, x) - 1]


_Segment = tuple[float, float, float]  # where a line stands, and from where to where it goes


def find_grids(rules: Iterable[Rule]) -> list[Grid]:
    """The tables of a page, from the top down: lines that cross, with at least two columns; one row may be the rest of a table."""
    across: list[_Segment] = []
    down: list[_Segment] = []
    for rule in rules:
        for side in _sides(rule):
            if side.right - side.left >= _SHORTEST:
                across.append(((side.bottom + side.top) / 2, side.left, side.right))
            elif side.top - side.bottom >= _SHORTEST:
                down.append(((side.left + side.right) / 2, side.bottom, side.top))
    across, down = _joined(across), _joined(down)
    if max(len(across), len(down)) > _MOST:
        return []
    grids = [grid for group in _groups(across, down) if (grid := _grid(*group))]
    return sorted(grids, key=lambda grid: -grid.ys[0])


def _sides(rule: Rule) -> list[Rule]:
    """A line, or the four lines of a box."""
    if rule.right - rule.left <= _THIN or rule.top - rule.bottom <= _THIN:
        return [rule]
    return [
        Rule(rule.left, rule.bottom, rule.right, rule.bottom),
        Rule(rule.left, rule.top, rule.right, rule.top),
        Rule(rule.left, rule.bottom, rule.left, rule.top),
        Rule(rule.right, rule.bottom, rule.right, rule.top),
    ]


def _joined(segments: Iterable[_Segment]) -> list[_Segment]:
    """Segments of one line as one: those that stand at one place, and touch or overlap."""
    lines: list[list[_Segment]] = []
    for segment in sorted(segments):
        if lines and segment[0] - lines[-1][0][0] <= _NEAR:
            lines[-1].append(segment)
        else:
            lines.append([segment])
    found: list[_Segment] = []
    for line in lines:
        at = sum(segment[0] for segment in line) / len(line)
        stretches: list[tuple[float, float]] = []
        for _, start, end in sorted(line, key=lambda segment: segment[1]):
            if stretches and start - stretches[-1][1] <= _NEAR:
                stretches[-1] = stretches[-1][0], max(end, stretches[-1][1])
            else:
                stretches.append((start, end))
        found += [(at, start, end) for start, end in stretches]
    return found


def _groups(across: Sequence[_Segment], down: Sequence[_Segment]) -> list[tuple[list[_Segment], list[_Segment]]]:
    """Lines that cross one another, directly or by others."""
    waiting = set(range(len(down)))
    left = set(range(len(across)))
    groups = []
    while left:
        rows, columns, open_rows = set[int](), set[int](), [left.pop()]
        while open_rows:
            row = open_rows.pop()
            rows.add(row)
            met = {column for column in waiting if _cross(across[row], down[column])}
            waiting -= met
            columns |= met
            also = {other for other in left if any(_cross(across[other], down[column]) for column in met)}
            left -= also
            open_rows += also
        groups.append(([across[row] for row in rows], [down[column] for column in columns]))
    return groups


def _cross(row: _Segment, column: _Segment) -> bool:
    return row[1] - _NEAR <= column[0] <= row[2] + _NEAR and column[1] - _NEAR <= row[0] <= column[2] + _NEAR


def _grid(across: list[_Segment], down: list[_Segment]) -> Grid | None:
    xs, ys = _places(down), _places(across)[::-1]
    if len(xs) < 3 or len(ys) < 2:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    above = list(range(rows * columns))  # of each place the one that it is merged with, at last itself

    def root(place: int) -> int:
        while above[place] != place:
            place = above[place]
        return place

    for row in range(rows):
        for column in range(columns):
            place = row * columns + column
            y, x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
            if column + 1 < columns and not _parts(down, xs[column + 1], y):
                above[root(place + 1)] = root(place)
            if row + 1 < rows and not _parts(across, ys[row + 1], x):
                above[root(place + columns)] = root(place)
    cells = tuple(tuple(root(row * columns + column) for column in range(columns)) for row in range(rows))
    return Grid(tuple(xs), tuple(ys), cells) if len({cell for row in cells for cell in row}) > 1 else None


def _parts(lines: Iterable[_Segment], at: float, beside: float) -> bool:
    """Whether a line stands at that place and passes there."""
    return any(abs(line[0] - at) <= _NEAR and line[1] <= beside <= line[2] for line in lines)


def _places(lines: Iterable[_Segment]) -> list[float]:
    """Where lines stand, those that are near one another as one."""
    found: list[float] = []
    for place in sorted(line[0] for line in lines):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found
