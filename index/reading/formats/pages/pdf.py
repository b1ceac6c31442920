"""A PDF with text -> its article as lines. pdfium reads it: pypdf gave radicals in place of characters, pdfminer is ten times slower."""

import re
from collections import Counter
from statistics import median
from typing import Any

from index.errors import SourceError
from index.reading.formats.pages.columns import Paragraph, Run, in_reading_order, paragraphs, with_levels
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed

_EDGE = 0.08  # of a page's height: where running heads and page numbers stand
_DAMAGED = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ufffe\uffff\ue000-\uf8ff]")
_JUNK_TITLE = re.compile(r"^(?:untitled|无标题|microsoft|word|文档\d*|.*\.(?:docx?|wps|indd|pdf|fit|qxp)$)|^[\W\d_]*$", re.IGNORECASE)


def read_pdf(data: bytes, limits: ParseLimits) -> Parsed:
    """The article of a PDF; raises `SourceError` when it is damaged, encrypted, or has no text that can be read."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError("pdf-encrypted") from error
        raise SourceError("pdf-damaged", error=error) from error
    try:
        title = str(document.get_metadata_dict().get("Title") or "").strip()
        pages = []
        size = 0
        for number in range(len(document)):
            pages.append(_runs(document, number))
            size += sum(len(run.text) for run in pages[-1][0])
            if size > limits.characters:
                raise SourceError("pdf-too-long", most=limits.characters)
    except pdfium.PdfiumError as error:
        raise SourceError("pdf-damaged", error=error) from error
    finally:
        document.close()
    words = "".join(run.text for runs, _ in pages for run in runs)
    if not words.strip():
        raise SourceError("pdf-pictures")
    if len(_DAMAGED.findall(words)) > len(words) / 20:
        raise SourceError("pdf-fonts")
    lines, left_out = _lines(pages)
    whole = parsed(lines, {"title": "" if _JUNK_TITLE.search(title) else title}, left_out)
    check_size(whole.text, limits)
    return whole


def _runs(document: Any, number: int) -> tuple[list[Run], float]:
    """The runs of a page and its height in points."""
    import pypdfium2.raw as raw

    page = document[number]
    height = float(page.get_height())
    text = page.get_textpage()
    try:
        runs: list[Run] = []
        for at in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text.raw, at)
            if code in (0, 0xFFFE, 10, 13) or chr(code).isspace() or 0xD800 <= code <= 0xDFFF:
                continue
            left, bottom, right, top = text.get_charbox(at, loose=True)
            size = float(raw.FPDFText_GetFontSize(text.raw, at))
            # A font's size may be 1 with all else in the matrix; the box is as high as the characters are.
            size = size if 0.6 < (top - bottom) / max(size, 0.1) < 2.5 else top - bottom
            runs = _appended(runs, chr(code), left, bottom, right, top, max(size, 0.1))
        return runs, height
    finally:
        text.close()
        page.close()


def _appended(runs: list[Run], char: str, left: float, bottom: float, right: float, top: float, size: float) -> list[Run]:
    """`runs` with one more character: beside the last one in its line, or as a run of its own."""
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
    return runs


def _lines(pages: list[tuple[list[Run], float]]) -> tuple[list[Line], tuple[tuple[str, str], ...]]:
    """The lines of all pages, without what each page says at its edge; a paragraph stays open, since columns and pages part them."""
    sizes = [run.size for runs, _ in pages for run in runs for _ in range(len(run.text))]
    body = median(sizes)
    found = [[paragraph for stretch in in_reading_order(runs) for paragraph in paragraphs(stretch, body)] for runs, _ in pages]
    edges = Counter(
        words
        for page, (_, height) in zip(found, pages, strict=True)
        for words in {_same(paragraph) for paragraph in page if _at_edge(paragraph, height)}
    )
    left_out: list[tuple[str, str]] = []
    kept: list[Paragraph] = []
    for page, (_, height) in zip(found, pages, strict=True):
        for paragraph in page:
            if len(pages) > 2 and _at_edge(paragraph, height) and edges[_same(paragraph)] > len(pages) / 2:
                left_out.append(("running head", paragraph.text))
            else:
                kept.append(paragraph)
    return [Line(f"{'#' * paragraph.level} {paragraph.text}".strip(), False) for paragraph in with_levels(kept, body)], tuple(left_out)


def _at_edge(paragraph: Paragraph, height: float) -> bool:
    return paragraph.bottom > (1 - _EDGE) * height or paragraph.top < _EDGE * height


def _same(paragraph: Paragraph) -> str:
    return re.sub(r"\d+", "0", paragraph.text)
