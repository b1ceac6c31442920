"""The process that parses: `python -m index.reading.formats.worker`. It takes files on its standard input and may neither write files nor grow.

A parser may crash, hang or swell on a bad file; here it can take no more with it than this process.
Request: a line of JSON {"suffix", "size", "limits"}, then `size` bytes. Answer: a line of JSON, {"parsed": …} or {"refused": code, "fields": …}.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any

from index.errors import SourceError
from index.reading.formats.parsed import Parsed, ParseLimits


def parse(suffix: str, data: bytes, limits: ParseLimits) -> Parsed:
    """The parsed document; each library is imported when the first file of its kind comes."""
    if suffix == ".docx":
        from index.reading.formats.word.document import read_word

        return read_word(data, limits)
    if suffix == ".pdf":
        from index.reading.formats.pages.pdf import read_pdf

        return read_pdf(data, limits)
    if suffix == ".md":
        from index.reading.formats.markdown import read_markdown

        return read_markdown(data, limits)
    from index.reading.formats.html import read_html, read_message

    return read_message(data, limits) if suffix == ".mht" else read_html(data, limits)


def answer(suffix: str, data: bytes, limits: ParseLimits) -> dict[str, Any]:
    """What to say of one file, whatever becomes of it."""
    try:
        found = parse(suffix, data, limits)
        return {"parsed": asdict(found) | {"closed": sorted(found.closed)}}
    except SourceError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(SourceError("parser-memory", most=limits.memory_bytes))
    except RecursionError:
        return _refusal(SourceError("parser-depth"))
    except Exception as error:  # whatever a library raises on a bad file, the file is what is wrong
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:150]
        return _refusal(SourceError("parser-failed", error=reason))


def _refusal(error: SourceError) -> dict[str, Any]:
    fields = {name: value if isinstance(value, int) else str(value) for name, value in error.fields.items()}
    return {"refused": error.code, "fields": fields}


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
        out.write(json.dumps(answer(request["suffix"], source.read(request["size"]), limits)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
