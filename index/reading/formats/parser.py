"""Bytes of a file -> parsed, in processes apart with bounds of memory and time."""

from dataclasses import replace
from types import TracebackType

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.formats.archive import check_open_document
from index.reading.formats.parsed import Note, Parsed, ParseLimits, check_size
from index.reading.formats.process import WorkerProcess
from index.reading.formats.word import office

PICTURES = (".png", ".jpg")
_SCAN_TIMES = 5  # a page that is recognised may take so many times what a file may: it keeps a processor busy for 5 to 10 seconds
_PLAIN = (".txt",)  # decoded here: no library reads it, and its size is bounded before it is read


class Parser:
    """Parses one file after the other. What has to be recognised goes to a process of its own, which may take more memory."""

    def __init__(self, limits: ParseLimits | None = None) -> None:
        self.limits = limits or ParseLimits()
        self.worker = WorkerProcess(self.limits)
        scans = replace(self.limits, memory_bytes=self.limits.scan_memory_bytes, seconds=_SCAN_TIMES * self.limits.seconds)
        self.scans = WorkerProcess(scans, recognises=True)

    def __enter__(self) -> "Parser":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.worker.stop()
        self.scans.stop()

    def parse(self, suffix: str, data: bytes) -> Parsed:
        """The parsed document; raises `SourceError` when the file is bad, takes too long, or brings its process down."""
        if suffix in _PLAIN:
            text = decode(data)
            check_size(text, self.limits)
            if not text.strip():
                raise SourceError("file-empty")
            return Parsed(text)
        if suffix in office.ENDINGS:
            if suffix == ".odt":
                check_open_document(data, self.limits)
            suffix, data = ".docx", office.to_word(suffix, data, self.limits)
        answer = (self.scans if suffix in PICTURES else self.worker).ask(suffix, data)
        if "recognise" in answer:  # pages of it are pictures
            answer = self.scans.ask(suffix, data)
        if "refused" in answer:
            raise SourceError(answer["refused"], **answer["fields"])
        found = answer["parsed"]
        return Parsed(
            found["text"],
            frozenset(found["closed"]),
            found["properties"],
            tuple((reason, words) for reason, words in found["left_out"]),
            tuple(Note(**note) for note in found["notes"]),
            {int(line): confidence for line, confidence in found["recognised"].items()},
        )
