"""A picture of a page -> the words on it with their places, by OCR: rapidocr with the models that its wheel brings, on ONNX Runtime."""

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from index.errors import SourceError
from index.reading.formats.pages.columns import Run

LONG_SIDE = 2000  # pixels of a page's longer side: with more, characters are cut off at no better rate (tests.tools.recognition)
DOUBTFUL = 0.9  # confidence of a line under which it is shown as doubtful: half of those have a mistake (tests.tools.recognition)
_LEAST_SCORE = 0.5  # under which nothing was read but spots
_MOST_PIXELS = 120_000_000  # of a picture: a phone's camera makes up to 50 million
_WIDE = 595.0  # points: a picture is taken for as wide as a page of A4


class Recogniser:
    """Reads pictures; the models are loaded with the first one."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, image: Any, width: float, height: float) -> list[Run]:
        """The lines of a page as runs, each with its confidence in [0, 1]; `image` is (rows, columns, 3) uint8, the page's size in points."""
        found = self._ask(image)
        across, down = width / image.shape[1], height / image.shape[0]
        runs = []
        for box, text, score in found:
            if score < _LEAST_SCORE or not text.strip():
                continue
            left, right = min(x for x, _ in box) * across, max(x for x, _ in box) * across
            top, bottom = height - min(y for _, y in box) * down, height - max(y for _, y in box) * down
            runs.append(Run(text.strip(), left, bottom, right, top, max(top - bottom, 0.1), round(float(score), 3)))
        return _with_even_sizes(runs)

    def _ask(self, image: Any) -> list[tuple[list[tuple[float, float]], str, float]]:
        if self._engine is None:
            from rapidocr import RapidOCR

            threads = max((os.cpu_count() or 2) // 2, 1)  # questions are answered meanwhile
            engine = "EngineConfig.onnxruntime"
            self._engine = RapidOCR(
                params={
                    "Global.log_level": "critical",
                    f"{engine}.intra_op_num_threads": threads,
                    f"{engine}.inter_op_num_threads": 1,
                    f"{engine}.enable_cpu_mem_arena": False,
                }
            )
        answer = self._engine(image)
        if answer.boxes is None or answer.txts is None:
            return []
        found = zip(answer.boxes, answer.txts, answer.scores, strict=True)
        return [([(float(x), float(y)) for x, y in box], text, score) for box, text, score in found]


def _with_even_sizes(runs: list[Run]) -> list[Run]:
    """Boxes of lines of one size differ by a pixel or two; what is near the middle size is of that size."""
    if not runs:
        return []
    middle = median(run.size for run in runs)
    return [replace(run, size=middle) if 0.7 < run.size / middle < 1.3 else run for run in runs]


def pages_of_picture(data: bytes) -> Iterator[tuple[Any, float, float]]:
    """A picture as pages of at most two widths in height, which are read one by one: (image, width, height in points).

    A long picture, as phones make of a page that is scrolled, is cut where nothing stands. Raises `SourceError` where it is damaged or
    too large.
    """
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # bounded here, before anything is unpacked
    try:
        with Image.open(io.BytesIO(data)) as file:
            if file.width * file.height > _MOST_PIXELS:
                raise SourceError("picture-too-large", width=file.width, height=file.height)
            picture: Image.Image = ImageOps.exif_transpose(file).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise SourceError("picture-damaged") from error
    side = min(picture.width, LONG_SIDE)
    if side < picture.width:
        picture = picture.resize((side, max(round(picture.height * side / picture.width), 1)))
    image = np.asarray(picture)
    scale = _WIDE / image.shape[1]
    start = 0
    while start < image.shape[0]:
        end = _blank_row(image, start, 2 * image.shape[1])
        yield image[start:end], _WIDE, (end - start) * scale
        start = end


def _blank_row(image: Any, start: int, most: int) -> int:
    """Where to cut: the emptiest row in the last quarter of the part, or the picture's end."""
    if start + most >= image.shape[0]:
        return int(image.shape[0])
    first = start + 3 * most // 4
    ink = image[first : start + most].std(axis=(1, 2))
    return int(first + ink.argmin())
