"""A PDF with text -> its article as lines. pdfium reads it: pypdf gave radicals in place of characters, pdfminer is ten times slower."""

import ctypes
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from index.errors import SourceError
from index.reading.formats.pages.columns import Run
from index.reading.formats.pages.layout import Page, page_lines
from index.reading.formats.pages.recognition import LONG_SIDE
from index.reading.formats.pages.rulings import Grid, Rule, find_grids
from index.reading.formats.parsed import NeedsRecognition, Parsed, ParseLimits, check_size, parsed

_FEW_CHARACTERS = 50  # on a page that is a picture
_MOST_RULES = 5_000  # things drawn on a page; one with more shows a map or a drawing
_DAMAGED = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ufffe\uffff\ue000-\uf8ff]")
_TITLE_WITHIN = 20  # lines: a title stands on the first page


Recognise = Callable[[Any, float, float], list[Run]]  # a page's image, and its width and height in points


def read_pdf(data: bytes, limits: ParseLimits, recognise: Recognise | None = None) -> Parsed:
    """The article of a PDF; raises `SourceError` when it is damaged, encrypted, or has no text that can be read.

    Pages that are pictures are given to `recognise`; without it, `NeedsRecognition` is raised where there are any.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError("pdf-encrypted") from error
        raise SourceError("pdf-damaged", error=error) from error
    try:
        title = str(document.get_metadata_dict().get("Title") or "").strip()
        pages, scanned = _read_pages(document, limits, recognise)
    except pdfium.PdfiumError as error:
        raise SourceError("pdf-damaged", error=error) from error
    finally:
        document.close()
    words = "".join(run.text for page in pages for run in page.every_run())
    if not words.strip():
        raise SourceError("pdf-pictures")
    lines, left_out = page_lines(pages)
    # A title that the document does not show is of the program or page that printed it.
    own = re.sub(r"\s", "", title) in re.sub(r"\s", "", "".join(line.text for line in lines[:_TITLE_WITHIN]))
    whole = parsed(lines, {"title": title if own else ""}, left_out, {"scanned-pages": scanned})
    check_size(whole.text, limits)
    return whole


def _read_pages(document: Any, limits: ParseLimits, recognise: Recognise | None) -> tuple[list[Page], int]:
    """The pages, and how many of them are pictures."""
    pages = list[Page]()
    scanned = size = 0
    for number in range(len(document)):
        page = read_page(document, number)
        if is_picture(document, number, page):
            scanned += 1
            if scanned > limits.scanned_pages:
                raise SourceError("scan-too-long", most=limits.scanned_pages)
            page = _recognised(document, number, recognise) if recognise else page
        pages.append(page)
        size += sum(len(run.text) for run in page.every_run())
        if size > limits.characters:
            raise SourceError("pdf-too-long", most=limits.characters)
    if scanned and not recognise:
        raise NeedsRecognition
    return pages, scanned


def is_picture(document: Any, number: int, page: Page) -> bool:
    """Whether a page has to be looked at: a picture covers most of it, and there is hardly any text, as a stamp of the scanner is.

    So has one whose fonts do not say which characters they show.
    """
    import pypdfium2.raw as raw

    words = "".join(run.text for run in page.every_run())
    if len(_DAMAGED.findall(words)) > len(words) / 20:
        return True
    if len(words) > _FEW_CHARACTERS:
        return False
    sheet = document[number]
    width, height = sheet.get_size()
    covered = 0.0
    for image in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered += max(min(right, width) - max(left, 0), 0) * max(min(top, height) - max(bottom, 0), 0)
    sheet.close()
    return bool(covered > 0.5 * width * height)


def _recognised(document: Any, number: int, recognise: Recognise) -> Page:
    page = document[number]
    width, height = page.get_size()
    image = page.render(scale=LONG_SIDE / max(width, height), rev_byteorder=True).to_numpy()[:, :, :3]
    page.close()
    # A sheet may say any size of itself; sizes in points are compared with one another only.
    return Page(recognise(image, width, height), height)


def read_page(document: Any, number: int) -> Page:
    """The words of a page at their places, those in tables by their cell."""
    import pypdfium2.raw as raw

    page = document[number]
    height = float(page.get_height())
    grids = find_grids(_rules(page))
    text = page.get_textpage()
    try:
        places = defaultdict[tuple[int, int], list[Run]](list)
        for at in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text.raw, at)
            if code in (0, 0xFFFE, 10, 13) or chr(code).isspace() or 0xD800 <= code <= 0xDFFF:
                continue
            left, bottom, right, top = text.get_charbox(at, loose=True)
            size = float(raw.FPDFText_GetFontSize(text.raw, at))
            # A font's size may be 1 with all else in the matrix; the box is as high as the characters are.
            size = size if 0.6 < (top - bottom) / max(size, 0.1) < 2.5 else top - bottom
            runs = places[_place(grids, (left + right) / 2, (bottom + top) / 2)]
            _append(runs, chr(code), left, bottom, right, top, max(size, 0.1))
    finally:
        text.close()
        page.close()
    cells = [(grid, {cell: runs for (table, cell), runs in places.items() if table == at}) for at, grid in enumerate(grids)]
    return Page(places.get(_OUTSIDE, []), height, cells)


_OUTSIDE = -1, 0  # of every table


def _place(grids: list[Grid], x: float, y: float) -> tuple[int, int]:
    """The table that a point stands in, and the cell."""
    for at, grid in enumerate(grids):
        if (cell := grid.cell_at(x, y)) is not None:
            return at, cell
    return _OUTSIDE


def _rules(page: Any) -> list[Rule]:
    """The lines and boxes that are drawn on a page; nothing where there are too many."""
    import pypdfium2.raw as raw

    rules: list[Rule] = []
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        rules += _of_path(drawn)
        if len(rules) > _MOST_RULES:
            return []
    return rules


def _of_path(path: Any) -> Iterator[Rule]:
    """A path's box where it is a line or a rectangle, else each of its straight lines along the page's sides."""
    import pypdfium2.raw as raw

    count = raw.FPDFPath_CountSegments(path.raw)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, fill, stroke)
    box = Rule(*path.get_bounds())
    thin = min(box.right - box.left, box.top - box.bottom) < 2
    if thin or (stroke.value and count <= 5):
        yield box
        return
    if not stroke.value or count > _MOST_RULES:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path.raw, matrix)
    last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path.raw, at)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO and (abs(point[0] - last[0]) < 1 or abs(point[1] - last[1]) < 1):
            yield Rule(min(last[0], point[0]), min(last[1], point[1]), max(last[0], point[0]), max(last[1], point[1]))
        last = point


def _append(runs: list[Run], char: str, left: float, bottom: float, right: float, top: float, size: float) -> None:
    """Put one more character to `runs`: beside the last one in its line, or as a run of its own."""
    last = runs[-1] if runs else None
    if (
        last
        and abs(last.bottom - bottom) < 0.4 * size
        and abs(last.size - size) < 0.1 * size
        and -0.3 * size < left - last.right < 0.7 * size
    ):
        gap = " " if left - last.right > 0.15 * size and (last.text[-1].isascii() or char.isascii()) else ""
        runs[-1] = Run(last.text + gap + char, last.left, min(last.bottom, bottom), max(last.right, right), max(last.top, top), last.size)
    else:
        runs.append(Run(char, left, bottom, right, top, size))
