"""Our finder of tables in PDFs against pdfplumber's: `python -m tests.tools.pdf_tables FILE [PAGES]`.

Of the cells with words that each finds on the first PAGES pages, how many the other has with the same words, and the processor time of
each, reading included. pdfplumber is compared where it is installed (`pip install pdfplumber`).
"""

import re
import sys
from collections import Counter
from pathlib import Path
from time import process_time

import pypdfium2

from index.reading.formats.pages.cells import fill
from index.reading.formats.pages.pdf import read_page


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def ours(path: Path, pages: int) -> tuple[list[Counter[str]], float]:
    start, found = process_time(), []
    document = pypdfium2.PdfDocument(path.read_bytes())
    for number in range(min(pages, len(document))):
        page = read_page(document, number)
        texts = Counter[str]()
        for grid, cells in page.tables:
            table = fill(grid, cells, 10)
            places = {cell: (y, x) for y, row in reversed(list(enumerate(grid.cells))) for x, cell in reversed(list(enumerate(row)))}
            texts += Counter(text for y, x in places.values() if (text := bare(table.rows[y][x])))
        found.append(texts)
    return found, process_time() - start


def theirs(path: Path, pages: int) -> tuple[list[Counter[str]], float]:
    import pdfplumber

    start, found = process_time(), []
    with pdfplumber.open(path) as document:
        for page in document.pages[:pages]:
            rows = [row for table in page.extract_tables() for row in table]
            found.append(Counter(text for row in rows for cell in row if cell and (text := bare(cell))))
            page.close()
    return found, process_time() - start


def main(path: Path, pages: int) -> None:
    mine, own_seconds = ours(path, pages)
    other, seconds = theirs(path, pages)
    same = sum(sum((a & b).values()) for a, b in zip(mine, other, strict=True))
    print(f"{path.name}: {len(mine)} pages")
    print(f"  ours        {sum(map(Counter.total, mine)):5} cells, {own_seconds:6.1f} s; {same} of them pdfplumber has with the same words")
    print(f"  pdfplumber  {sum(map(Counter.total, other)):5} cells, {seconds:6.1f} s")
    for number, (a, b) in enumerate(zip(mine, other, strict=True), 1):
        for text in [*(a - b)][:2]:
            print(f"    page {number}: only ours: {text[:60]}")
        for text in [*(b - a)][:2]:
            print(f"    page {number}: only pdfplumber's: {text[:60]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
