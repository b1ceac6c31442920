"""Pages with words at their places -> the lines of a document: paragraphs in their order, tables as they stand between them. Pure functions."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from index.reading.formats.pages.cells import PageTable, fill, is_one_table, join, table_lines
from index.reading.formats.pages.columns import Paragraph, Run, in_reading_order, paragraphs, with_levels
from index.reading.formats.pages.rulings import Grid
from index.reading.formats.parsed import Line

_EDGE = 0.12  # of a page's height: where running heads and page numbers stand; GB/T 9704 leaves 37 mm above the text and 35 below, of 297


@dataclass(frozen=True, slots=True)
class Page:
    """The runs that stand outside of tables, the page's height in points, and each table with the runs in its cells by their number."""

    runs: list[Run]
    height: float
    tables: list[tuple[Grid, dict[int, list[Run]]]] = field(default_factory=list)

    def every_run(self) -> Iterator[Run]:
        """The runs of the page in no order, those in tables too."""
        yield from self.runs
        for _, cells in self.tables:
            for inside in cells.values():
                yield from inside


def page_lines(pages: Sequence[Page]) -> tuple[list[Line], tuple[tuple[str, str], ...]]:
    """The lines of all pages, without what each page says at its edge, which is told.

    A paragraph stays open, since columns and pages part them; what a table makes is closed.
    """
    sizes = [run.size for page in pages for run in page.every_run() for _ in range(len(run.text))]
    body = median(sizes) if sizes else 0.0
    found = [list(_parts(page, body)) for page in pages]
    edges = Counter(
        words
        for parts, page in zip(found, pages, strict=True)
        for words in {_same(part) for part in parts if isinstance(part, Paragraph) and _at_edge(part, page.height)}
    )
    left_out: list[tuple[str, str]] = []
    kept: list[Paragraph | PageTable] = []
    for parts, page in zip(found, pages, strict=True):
        first = True  # of what the page holds besides its edges
        for part in parts:
            if isinstance(part, Paragraph):
                if len(pages) > 2 and _at_edge(part, page.height) and edges[_same(part)] > len(pages) / 2:
                    left_out.append(("running head", part.text))
                    continue
                kept.append(part)
            elif first and kept and isinstance(kept[-1], PageTable) and is_one_table(kept[-1], part):
                kept[-1] = join(kept[-1], part)
            else:
                kept.append(part)
            first = False
    return list(_lines(kept, body)), tuple(left_out)


def _parts(page: Page, body: float) -> Iterator[Paragraph | PageTable]:
    """The paragraphs and tables of a page: what stands above a table comes before it."""
    waiting = list(page.runs)
    for grid, cells in page.tables:
        above = [run for run in waiting if run.bottom >= grid.ys[0] - run.size / 2]
        waiting = [run for run in waiting if run.bottom < grid.ys[0] - run.size / 2]
        yield from _paragraphs(above, body)
        yield fill(grid, cells, body)
    yield from _paragraphs(waiting, body)


def _paragraphs(runs: list[Run], body: float) -> Iterator[Paragraph]:
    for stretch in in_reading_order(runs):
        yield from paragraphs(stretch, body)


def _lines(parts: Sequence[Paragraph | PageTable], body: float) -> Iterator[Line]:
    levelled = iter(with_levels([part for part in parts if isinstance(part, Paragraph)], body))
    for part in parts:
        if isinstance(part, PageTable):
            yield from table_lines(part)
        else:
            paragraph = next(levelled)
            yield Line(f"{'#' * paragraph.level} {paragraph.text}".strip(), False, paragraph.confidence)


def _at_edge(part: Paragraph, height: float) -> bool:
    return part.bottom > (1 - _EDGE) * height or part.top < _EDGE * height


def _same(part: Paragraph) -> str:
    return re.sub(r"\d+", "0", part.text)
