"""How well and how fast pages are recognised: `python -m tests.tools.recognition FILE.pdf… [--pages N]`.

Pages of PDFs with text are drawn as pictures, once as they are and once as a scanner gives them (turned by half a degree, grey, blurred,
with specks), and recognised. Told are the characters that are wrong (edit distance to the text by the length of it; white space and the
width of marks do not count; pages with tables are passed over), seconds of processor time a page, and what the confidence of a line tells of its mistakes.
"""

import sys
import unicodedata
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein

from index.reading.formats.pages.layout import Page, page_lines
from index.reading.formats.pages.pdf import read_page
from index.reading.formats.pages.recognition import DOUBTFUL, LONG_SIDE, Recogniser


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("#", "").split())


def as_scanned(image: Any) -> Any:
    dice = np.random.default_rng(1)
    picture = Image.fromarray(image).convert("L").rotate(0.5, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8))).astype(float) * 0.85 + 25
    return np.repeat((grey + dice.normal(0, 12, grey.shape)).clip(0, 255).astype("uint8")[:, :, None], 3, axis=2)


def main(paths: list[Path], pages: int) -> None:
    reader = Recogniser()
    for name, change in (("as drawn", lambda image: image), ("as scanned", as_scanned)):
        wrong = length = count = 0
        seconds = 0.0
        lines: list[tuple[float, bool]] = []
        for path in paths:
            document = pypdfium2.PdfDocument(path.read_bytes())
            for number in range(min(pages, len(document))):
                known = read_page(document, number)
                gold = bare("".join(line.text for line in page_lines([known])[0]))
                if len(gold) < 100 or known.tables:  # the rows of a table are told in other words
                    continue
                page = document[number]
                width, height = page.get_size()
                image = change(page.render(scale=LONG_SIDE / max(width, height), rev_byteorder=True).to_numpy()[:, :, :3])
                start = process_time()
                runs = reader.read(image, width, height)
                seconds, count = seconds + process_time() - start, count + 1
                read = bare("".join(line.text for line in page_lines([Page(runs, height)])[0]))
                wrong, length = wrong + Levenshtein.distance(gold, read), length + len(gold)
                lines += [(run.confidence or 0.0, bare(run.text) in gold) for run in runs]
        print(f"{name}: {wrong / length:.2%} of {length:,} characters wrong, {seconds / count:.1f} s a page, {count} pages")
        for low, high in ((0.0, 0.8), (0.8, DOUBTFUL), (DOUBTFUL, 0.95), (0.95, 0.98), (0.98, 1.01)):
            inside = [right for confidence, right in lines if low <= confidence < high]
            if inside:
                print(
                    f"    confidence {low:.2f} to {min(high, 1):.2f}: {len(inside):4} lines, {sum(inside) / len(inside):.0%} without a mistake"
                )


if __name__ == "__main__":
    files = [Path(argument) for argument in sys.argv[1:] if argument.endswith(".pdf")]
    main(files, int(sys.argv[sys.argv.index("--pages") + 1]) if "--pages" in sys.argv else 3)
