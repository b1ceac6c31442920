"""Pictures of pages (.png, .jpg) -> lines, by OCR."""

from index.errors import SourceError
from index.reading.formats.pages.layout import Page, page_lines
from index.reading.formats.pages.pdf import Recognise
from index.reading.formats.pages.recognition import pages_of_picture
from index.reading.formats.parsed import Parsed, ParseLimits, check_size, parsed


def read_picture(data: bytes, limits: ParseLimits, recognise: Recognise) -> Parsed:
    """The article in a picture; raises `SourceError` when it is damaged, too large, or shows no text."""
    pages = list[Page]()
    for image, width, height in pages_of_picture(data):
        if len(pages) >= limits.scanned_pages:
            raise SourceError("scan-too-long", most=limits.scanned_pages)
        pages.append(Page(recognise(image, width, height), height))
    lines, left_out = page_lines(pages)
    whole = parsed(lines, {}, left_out, {"scanned-pages": len(pages)})
    if not whole.text:
        raise SourceError("picture-empty")
    check_size(whole.text, limits)
    return whole
