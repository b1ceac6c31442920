"""A file's name and bytes, taken only when they are what its ending says."""

import os
import re
import stat
import unicodedata
from pathlib import Path

from index.errors import SourceError
from index.language import Message
from index.reading.formats.parsed import ParseLimits

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = Message("kind.zip")
# What a file begins with: what it is then, and what to do.
_MAGIC = (
    (b"%PDF-", Message("kind.pdf"), Message("advice.name-pdf")),
    (b"PK\x03\x04", _ZIP, Message("advice.name-docx")),
    (b"PK\x05\x06", Message("kind.empty-zip"), Message("advice.other-copy")),
    (_OLE, Message("kind.ole"), Message("advice.save-docx-open")),
    (b"{\\rtf", Message("kind.rtf"), Message("advice.save-docx")),
    (b"\x89PNG", Message("kind.picture"), Message("advice.ocr")),
    (b"\xff\xd8\xff", Message("kind.picture"), Message("advice.ocr")),
    (b"GIF8", Message("kind.picture"), Message("advice.ocr")),
    (b"\x1f\x8b", Message("kind.gzip"), Message("advice.unpack")),
    (b"7z\xbc\xaf", Message("kind.7z"), Message("advice.unpack")),
    (b"Rar!", Message("kind.rar"), Message("advice.unpack")),
    (b"\x7fELF", Message("kind.program"), Message("advice.article")),
    (b"SQLite format 3", Message("kind.database"), Message("advice.article")),
)
_NO_PDF = Message("kind.no-pdf"), Message("advice.check")
_NO_WORD = Message("kind.no-word"), Message("advice.check")
_LEAD = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAG = re.compile(rb"<\s*(?:!doctype|/?[a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)


_Kind = tuple[Message, Message]  # what a file is, and what to do


def receive(path: Path, limits: ParseLimits) -> bytes:
    """The bytes of an article's file; raises `SourceError` unless it is a plain file of a fitting size and of the kind it is named.

    Not more than `limits.file_bytes` are ever read. Symbolic links are refused, since they may lead anywhere.
    """
    check_name(path)
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError("file-kind", endings=SUFFIXES)
    try:
        if path.is_symlink():
            raise SourceError("file-link")
        # Without blocking, so that a named pipe that nobody writes to does not hold the program up.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise SourceError("file-not-plain")
            most = _most_bytes(path, limits)
            if about.st_size > most:
                raise SourceError("file-too-large", size=about.st_size, most=most)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise SourceError("file-unreadable", error=getattr(error, "strerror", None) or error) from error
    if not data.strip():
        raise SourceError("file-empty")
    _check_kind(path.suffix.lower(), data)
    return data


def check_name(path: Path) -> None:
    """Raise `SourceError` when a file's name holds characters that cannot be seen or that no name should hold."""
    strange = sorted({char for char in path.name if unicodedata.category(char)[0] == "C" or char in "\\\u2028\u2029"})
    if strange:
        raise SourceError("file-name-strange", character=strange[0])


def _most_bytes(path: Path, limits: ParseLimits) -> int:
    # A character takes at most four bytes in each of the encodings, so a longer text is known to be too long before it is read.
    return min(limits.file_bytes, 4 * limits.characters) if path.suffix.lower() in (".txt", ".md") else limits.file_bytes


def _check_kind(suffix: str, data: bytes) -> None:
    found = next(((kind, advice) for magic, kind, advice in _MAGIC if data.startswith(magic)), None)
    if suffix == ".pdf":
        _check_pdf(data, found)
    elif suffix == ".docx":
        _check_docx(data, found)
    elif found:
        raise _misnamed(found, Message("ending.html") if suffix.startswith(".htm") else Message("ending.text"))
    elif suffix.startswith(".htm"):
        if not _TAG.search(data.replace(b"\0", b"")):
            raise SourceError("html-no-tag")
        if (
            _LEAD.match(data)
            and re.search(rb"<html\b", data[:4096], re.IGNORECASE)
            and not re.search(rb"</(?:html|body)\s*>", data[-65536:], re.IGNORECASE)
        ):
            raise SourceError("html-truncated")
    elif suffix == ".txt" and _LEAD.match(data):
        raise SourceError("html-as-text")


def _check_pdf(data: bytes, found: _Kind | None) -> None:
    # A PDF may have some bytes of another program before its mark.
    if b"%PDF-" not in data[:1024]:
        raise _misnamed(found or _NO_PDF, Message("ending.pdf"))
    # pdfium would mend a truncated file and give back what is left of it, of which nobody would know.
    if b"%%EOF" not in data[-1024:]:
        raise SourceError("pdf-truncated")


def _check_docx(data: bytes, found: _Kind | None) -> None:
    if found and found[0] is _ZIP:
        return
    if data.startswith(_OLE):
        raise SourceError("word-encrypted") if _ENCRYPTED in data else SourceError("word-old")
    raise _misnamed(found or _NO_WORD, Message("ending.docx"))


def _misnamed(found: _Kind, expected: Message) -> SourceError:
    return SourceError("file-misnamed", kind=found[0], expected=expected, advice=found[1])
