"""A file's name and bytes, taken only when they are what its ending says."""

import os
import re
import stat
import unicodedata
from pathlib import Path

from index.errors import SourceError
from index.language import Message
from index.reading.formats.parsed import ParseLimits

_PDF, _ZIP, _OLE, _RTF = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
_WORD_PART = "WordDocument".encode("utf-16-le")
_PNG, _JPEG = b"\x89PNG", b"\xff\xd8\xff"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What a file begins with: what it is then, and what to do where its ending says something else.
_MAGIC = (
    (_PDF, Message("kind.pdf"), Message("advice.name-pdf")),
    (_ZIP, Message("kind.zip"), Message("advice.name-docx")),
    (b"PK\x05\x06", Message("kind.empty-zip"), Message("advice.other-copy")),
    (_OLE, Message("kind.ole"), Message("advice.name-doc")),
    (_RTF, Message("kind.rtf"), Message("advice.name-rtf")),
    (_PNG, Message("kind.picture"), Message("advice.name-png")),
    (_JPEG, Message("kind.picture"), Message("advice.name-jpg")),
    (b"GIF8", Message("kind.picture"), Message("advice.save-png")),
    (b"\x1f\x8b", Message("kind.gzip"), Message("advice.unpack")),
    (b"7z\xbc\xaf", Message("kind.7z"), Message("advice.unpack")),
    (b"Rar!", Message("kind.rar"), Message("advice.unpack")),
    (b"\x7fELF", Message("kind.program"), Message("advice.article")),
    (b"SQLite format 3", Message("kind.database"), Message("advice.article")),
)
# What a file of an ending may begin with, and the ending under which it is read then. Offices name what is no Word file .doc.
_OLDER = {_OLE: ".doc", _RTF: ".rtf", _ZIP: ".docx"}
FITTING: dict[str, dict[bytes, str]] = {
    ".txt": {},
    ".md": {},
    ".html": {},
    ".htm": {},
    ".mht": {},
    ".mhtml": {},
    ".docx": {_ZIP: ".docx"},
    ".doc": _OLDER,
    ".wps": _OLDER,
    ".rtf": {_RTF: ".rtf"},
    ".odt": {_ZIP: ".odt"},
    ".xlsx": {_ZIP: ".xlsx"},
    ".ofd": {_ZIP: ".ofd"},
    ".pdf": {_PDF: ".pdf"},
    ".png": {_PNG: ".png", _JPEG: ".jpg"},
    ".jpg": {_JPEG: ".jpg", _PNG: ".png"},
    ".jpeg": {_JPEG: ".jpg", _PNG: ".png"},
}
SUFFIXES = tuple(FITTING)
_SAME = {".htm": ".html", ".mhtml": ".mht"}
_UNKNOWN = Message("kind.unknown"), Message("advice.check")
_WORD_BLOCK = b"\xec\xa5"  # how the block of a .doc begins that says what it is: [MS-DOC] 2.5.2, Fib
_MAIL = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?(?:MIME-Version|Content-Type):", re.IGNORECASE)
_LEAD = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAG = re.compile(rb"<\s*(?:!doctype|/?[a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)


_Kind = tuple[Message, Message]  # what a file is, and what to do


def receive(path: Path, limits: ParseLimits) -> tuple[str, bytes]:
    """The kind under which an article's file is to be read, as an ending, and its bytes.

    Raises `SourceError` unless it is a plain file of a fitting size and of the kind it is named.

    Not more than `limits.file_bytes` are ever read. Symbolic links are refused, since they may lead anywhere.
    """
    check_name(path)
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError("file-kind", endings=SUFFIXES)
    data = read_plain(path, _most_bytes(path, limits))
    return _kind_of(path.suffix.lower(), data), data


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a plain file; raises `SourceError` where it is a link or a device, empty, unreadable, or has more than `most`."""
    try:
        if path.is_symlink():
            raise SourceError("file-link")
        # Without blocking, so that a named pipe that nobody writes to does not hold the program up.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise SourceError("file-not-plain")
            if about.st_size > most:
                raise SourceError("file-too-large", size=about.st_size, most=most)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise SourceError("file-unreadable", error=getattr(error, "strerror", None) or error) from error
    if not data.strip():
        raise SourceError("file-empty")
    return data


def check_name(path: Path) -> None:
    """Raise `SourceError` when a file's name holds characters that cannot be seen or that no name should hold."""
    strange = sorted({char for char in path.name if unicodedata.category(char)[0] == "C" or char in "\\\u2028\u2029"})
    if strange:
        raise SourceError("file-name-strange", character=strange[0])


def _most_bytes(path: Path, limits: ParseLimits) -> int:
    # A character takes at most four bytes in each of the encodings, so a longer text is known to be too long before it is read.
    return min(limits.file_bytes, 4 * limits.characters) if path.suffix.lower() in (".txt", ".md") else limits.file_bytes


def _kind_of(suffix: str, data: bytes) -> str:
    """The ending under which the bytes are read; raises `SourceError` where they are not what the ending says."""
    found = next(((magic, kind, advice) for magic, kind, advice in _MAGIC if data.startswith(magic)), None)
    fitting = FITTING[suffix]
    if found and found[0] in fitting:
        if suffix == ".pdf":
            _check_pdf_end(data)
        elif found[0] == _OLE:
            _check_password(data)
            # LibreOffice would take one that it does not know for text.
            if _WORD_PART not in data:
                raise SourceError("office-other")
        return fitting[found[0]]
    if suffix == ".pdf" and _PDF in data[:1024]:  # a PDF may have some bytes of another program before its mark
        _check_pdf_end(data)
        return suffix
    if found:
        if found[0] == _OLE and suffix in (".docx", ".xlsx"):
            _check_password(data)
        raise SourceError("file-misnamed", kind=found[1], expected=_expected(suffix), advice=found[2])
    if fitting:
        if fitting is _OLDER and (kind := _as_page(data)):
            return kind
        raise SourceError("file-misnamed", kind=_UNKNOWN[0], expected=_expected(suffix), advice=_UNKNOWN[1])
    _check_text(suffix, data)
    return _SAME.get(suffix, suffix)


def _expected(suffix: str) -> Message:
    if FITTING[suffix]:
        return Message("ending.named", ending=suffix)
    return Message("ending.text") if suffix in (".txt", ".md") else Message("ending.html")


def _as_page(data: bytes) -> str:
    """The kind of a web page, which Word saves under its own ending if it is told so; empty where it is none."""
    return ".mht" if _MAIL.match(data) else ".html" if _LEAD.match(data) else ""


def _check_text(suffix: str, data: bytes) -> None:
    if suffix in (".mht", ".mhtml"):
        if not _MAIL.match(data):
            raise SourceError("mail-none")
    elif suffix in (".html", ".htm"):
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


def _check_pdf_end(data: bytes) -> None:
    # pdfium would mend a truncated file and give back what is left of it, of which nobody would know.
    if b"%%EOF" not in data[-1024:]:
        raise SourceError("pdf-truncated")


def _check_password(data: bytes) -> None:
    """Raise `SourceError` for an Office file with a password: a .docx in its envelope, or a .doc that says so in its first block."""
    header = next((at for at in range(512, len(data) - 12, 512) if data[at : at + 2] == _WORD_BLOCK), -1)
    if _ENCRYPTED in data or (header > 0 and data[header + 11] & 1):
        raise SourceError("word-encrypted")
