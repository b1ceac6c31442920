"""An OFD document (GB/T 33190), the form of pages that Chinese offices use -> lines, by the words and lines that its XML places.

Read with lxml: of the libraries, easyofd needs PyMuPDF, whose licence is the AGPL, and ofdkit is a first version that calls itself alpha.
"""

import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.reading.formats.archive import open_archive
from index.reading.formats.pages.columns import Run
from index.reading.formats.pages.layout import Page, page_lines
from index.reading.formats.pages.rulings import Rule, find_grids
from index.reading.formats.parsed import Parsed, ParseLimits, check_size, parsed

_POINTS = 72 / 25.4  # in a millimetre, which OFD counts in
_A4 = (0.0, 0.0, 210.0, 297.0)
_WIDE_GAP = 1.8  # characters: words of one object that stand farther apart are of different cells


def read_ofd(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of an OFD; raises `SourceError` when it is damaged, encrypted, or has no text."""
    with open_archive(data, limits, ".ofd", "OFD.xml") as archive:
        from lxml import etree

        try:
            pages, title = _Reader(archive).read(limits)
        except (KeyError, ValueError, IndexError, etree.LxmlError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise SourceError("ofd-damaged", error=" ".join(str(error).split())[:120]) from error
    lines, left_out = page_lines(pages)
    whole = parsed(lines, {"title": title}, left_out)
    if not whole.text:
        raise SourceError("ofd-empty")
    check_size(whole.text, limits)
    return whole


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def read(self, limits: ParseLimits) -> tuple[list[Page], str]:
        """The pages of the first document, and its title."""
        root = self._xml("OFD.xml")
        place = _text(root, "DocRoot")
        document = self._xml(place)
        folder = posixpath.dirname(place.lstrip("/"))
        sheet = _box(_text(document, "PhysicalBox")) or _A4
        templates = {one.get("ID"): _resolve(folder, str(one.get("BaseLoc"))) for one in _all(document, "TemplatePage")}
        pages, size = [], 0
        for one in _all(next(_all(document, "Pages"), document), "Page"):
            content = self._xml(_resolve(folder, str(one.get("BaseLoc"))))
            own = _box(_text(content, "PhysicalBox")) or sheet
            used = [templates[name] for mark in _all(content, "Template") if (name := mark.get("TemplateID")) in templates]
            pages.append(_page([*map(self._xml, used), content], own))
            size += sum(len(run.text) for run in pages[-1].every_run())
            if size > limits.characters:
                raise SourceError("pdf-too-long", most=limits.characters)
        return pages, _text(root, "Title")

    def _xml(self, name: str) -> Any:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self._archive.read(self._names[name.lstrip("/").lower()]), parser)


def _page(contents: list[Any], sheet: tuple[float, ...]) -> Page:
    """A page with its words in points from below left."""
    height = sheet[3] * _POINTS
    runs = [run for content in contents for text in _all(content, "TextObject") for run in _runs(text, sheet)]
    grids = find_grids(rule for content in contents for path in _all(content, "PathObject") for rule in _rules(path, sheet))
    outside: list[Run] = []
    cells = [defaultdict[int, list[Run]](list) for _ in grids]
    for run in runs:
        middle = (run.left + min(run.right, run.left + run.size)) / 2, (run.bottom + run.top) / 2
        inside = next(((at, cell) for at, grid in enumerate(grids) if (cell := grid.cell_at(*middle)) is not None), None)
        (outside if inside is None else cells[inside[0]][inside[1]]).append(run)
    return Page(outside, height, [(grid, dict(inside)) for grid, inside in zip(grids, cells, strict=True)])


def _runs(text: Any, sheet: tuple[float, ...]) -> Iterator[Run]:
    box, size = _box(text.get("Boundary")), float(text.get("Size") or 0)
    if box is None or size <= 0:
        return
    a, b, c, d, e, f = (float(number) for number in (text.get("CTM") or "1 0 0 1 0 0").split())
    across, down = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    for code in _all(text, "TextCode"):
        words = code.text or ""
        x, y = float(code.get("X") or 0), float(code.get("Y") or 0)
        left, base = box[0] + a * x + c * y + e, box[1] + b * x + d * y + f
        for part, offset, width in _parts(words, _steps(code.get("DeltaX") or "", len(words), size), size):
            start = (left - sheet[0] + offset * across) * _POINTS
            low = (sheet[1] + sheet[3] - base - 0.12 * size * down) * _POINTS
            yield Run(part, start, low, start + width * across * _POINTS, low + size * down * _POINTS, size * down * _POINTS)


def _steps(said: str, length: int, size: float) -> list[float]:
    """How far each character stands from the one before: "g 3 5" is three times 5; the last step said counts on."""
    steps: list[float] = []
    numbers = said.split()
    while numbers and len(steps) < length:
        if numbers[0] == "g" and len(numbers) > 2:
            steps += [float(numbers[2])] * min(int(numbers[1]), length)
            numbers = numbers[3:]
        else:
            steps.append(float(numbers.pop(0)))
    return (steps + [steps[-1] if steps else size] * length)[: max(length - 1, 0)]


def _parts(words: str, steps: list[float], size: float) -> Iterator[tuple[str, float, float]]:
    """The words of one object in parts that wide gaps leave, each with where it begins and how wide it is."""
    start, at, begin = 0, 0.0, 0.0
    for n, step in enumerate(steps):
        if step > _WIDE_GAP * size:
            yield words[start : n + 1], begin, at + size - begin
            start, begin = n + 1, at + step
        at += step
    if words[start:].strip():
        yield words[start:], begin, at + size - begin


def _rules(path: Any, sheet: tuple[float, ...]) -> Iterator[Rule]:
    """The straight lines of a path."""
    box = _box(path.get("Boundary"))
    if box is None:
        return
    last: tuple[float, float] | None = None
    for mark, x, y in re.findall(r"([ML])\s+(-?[\d.]+)\s+(-?[\d.]+)", _text(path, "AbbreviatedData")):
        point = (box[0] - sheet[0] + float(x)) * _POINTS, (sheet[1] + sheet[3] - box[1] - float(y)) * _POINTS
        if mark == "L" and last and (abs(last[0] - point[0]) < 1 or abs(last[1] - point[1]) < 1):
            yield Rule(min(last[0], point[0]), min(last[1], point[1]), max(last[0], point[0]), max(last[1], point[1]))
        last = point


def _all(element: Any, name: str) -> Iterator[Any]:
    """The elements of that name, in whatever namespace the writer put them."""
    return (one for one in element.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name)


def _text(element: Any, name: str) -> str:
    found = next(_all(element, name), None)
    return "" if found is None else (found.text or "").strip()


def _box(said: str | None) -> tuple[float, ...] | None:
    numbers = tuple(float(number) for number in (said or "").split())
    return numbers if len(numbers) == 4 else None


def _resolve(folder: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(folder, place))
