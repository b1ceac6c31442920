"""The process that parses: `python -m index.reading.formats.worker`. It takes files on its standard input and may neither write files nor grow.

A parser may crash, hang or swell on a bad file; here it can take no more with it than this process.
Request: a line of JSON {"suffix", "size", "limits", "recognise"}, then `size` bytes. Answer: a line of JSON, {"parsed": …},
{"refused": code, "fields": …}, or {"recognise": true} where pages are pictures and it was not asked to recognise. Before that, a dot for
each page that was recognised.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

from index.errors import SourceError
from index.reading.formats.parsed import NeedsRecognition, Parsed, ParseLimits
from index.reading.formats.process import BEAT

if TYPE_CHECKING:
    from index.reading.formats.pages.columns import Run
    from index.reading.formats.pages.pdf import Recognise


def parse(suffix: str, data: bytes, limits: ParseLimits, recognise: "Recognise | None" = None) -> Parsed:
    """The parsed document; each library is imported when the first file of its kind comes."""
    if suffix in (".png", ".jpg"):
        from index.reading.formats.pages.pictures import read_picture

        assert recognise is not None
        return read_picture(data, limits, recognise)
    if suffix == ".docx":
        from index.reading.formats.word.document import read_word

        return read_word(data, limits)
    if suffix == ".xlsx":
        from index.reading.formats.workbook import read_workbook

        return read_workbook(data, limits)
    if suffix == ".ofd":
        from index.reading.formats.pages.ofd import read_ofd

        return read_ofd(data, limits)
    if suffix == ".pdf":
        from index.reading.formats.pages.pdf import read_pdf

        return read_pdf(data, limits, recognise)
    if suffix == ".md":
        from index.reading.formats.markdown import read_markdown

        return read_markdown(data, limits)
    from index.reading.formats.html import read_html, read_message

    return read_message(data, limits) if suffix == ".mht" else read_html(data, limits)


def answer(suffix: str, data: bytes, limits: ParseLimits, recognise: "Recognise | None" = None) -> dict[str, Any]:
    """What to say of one file, whatever becomes of it."""
    try:
        found = parse(suffix, data, limits, recognise)
        return {"parsed": asdict(found) | {"closed": sorted(found.closed)}}
    except SourceError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(SourceError("parser-memory", most=limits.memory_bytes))
    except RecursionError:
        return _refusal(SourceError("parser-depth"))
    except NeedsRecognition:
        return {"recognise": True}
    except Exception as error:  # whatever a library raises on a bad file, the file is what is wrong
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:150]
        return _refusal(SourceError("parser-failed", error=reason))


def _refusal(error: SourceError) -> dict[str, Any]:
    fields = {name: value if isinstance(value, int) else str(value) for name, value in error.fields.items()}
    return {"refused": error.code, "fields": fields}


@cache
def _recogniser(out: TextIO) -> "Recognise":
    """Reads pages, and says a dot after each: the starter waits for one page and not for all."""
    from index.reading.formats.pages.recognition import Recogniser

    reader = Recogniser()

    def recognise(image: Any, width: float, height: float) -> "list[Run]":
        runs = reader.read(image, width, height)
        out.write(BEAT.decode())
        out.flush()
        return runs

    return recognise


def main() -> None:
    """Answer requests until the input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    source = sys.stdin.buffer
    first = True
    while line := source.readline():
        request = json.loads(line)
        limits = ParseLimits(**request["limits"])
        if first:
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            first = False
        # Escaped to ASCII, since a text may hold half a surrogate pair, which UTF-8 cannot say.
        recognise = _recogniser(out) if request["recognise"] else None
        out.write(json.dumps(answer(request["suffix"], source.read(request["size"]), limits, recognise)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
