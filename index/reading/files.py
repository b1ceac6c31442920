"""A file's name and bytes, taken only when they are what its ending says."""

import os
import re
import stat
import unicodedata
from pathlib import Path

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAGIC = (
    (b"%PDF-", "a PDF", "give it the ending .pdf"),
    (b"PK\x03\x04", "a zip archive", "give it the ending .docx if it is a Word file, otherwise unpack it"),
    (b"PK\x05\x06", "an empty zip archive", "take another copy"),
    (_OLE, "an older Office file or an encrypted one", "open it in Word and save it as .docx without a password"),
    (b"{\\rtf", "rich text (RTF)", "open it in Word and save it as .docx"),
    (b"\x89PNG", "a picture", "run character recognition (OCR) over it and save the text"),
    (b"\xff\xd8\xff", "a picture", "run character recognition (OCR) over it and save the text"),
    (b"GIF8", "a picture", "run character recognition (OCR) over it and save the text"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"Rar!", "a rar archive", "unpack it"),
    (b"\x7fELF", "a program", "name an article"),
    (b"SQLite format 3", "a database", "name an article"),
)
_LEAD = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAG = re.compile(rb"<\s*(?:!doctype|/?[a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)


def receive(path: Path, limits: ParseLimits) -> bytes:
    """The bytes of an article's file; raises `SourceError` unless it is a plain file of a fitting size and of the kind it is named.

    Not more than `limits.file_bytes` are ever read. Symbolic links are refused, since they may lead anywhere.
    """
    check_name(path)
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(f"is of a kind that cannot be read: expected a file ending in {', '.join(SUFFIXES)}")
    try:
        if path.is_symlink():
            raise SourceError("is a symbolic link, which may lead anywhere: name the file that it leads to")
        # Without blocking, so that a named pipe that nobody writes to does not hold the program up.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise SourceError("is a folder or a device: expected a plain file; name the articles themselves")
            most = _most_bytes(path, limits)
            if about.st_size > most:
                raise SourceError(f"has {about.st_size:,} bytes: expected at most {most:,}; split it into several articles")
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"cannot be read ({getattr(error, 'strerror', None) or error}): check that it is there and may be read"
        ) from error
    if not data.strip():
        raise SourceError("is empty: expected an article's text; take another copy")
    _check_kind(path.suffix.lower(), data)
    return data


def check_name(path: Path) -> None:
    """Raise `SourceError` when a file's name holds characters that cannot be seen or that no name should hold."""
    strange = sorted({char for char in path.name if unicodedata.category(char)[0] == "C" or char in "\\\u2028\u2029"})
    if strange:
        raise SourceError(f"has {strange[0]!r} in its name: expected letters, figures and ordinary marks; rename it")


def _most_bytes(path: Path, limits: ParseLimits) -> int:
    # A character takes at most four bytes in each of the encodings, so a longer text is known to be too long before it is read.
    return min(limits.file_bytes, 4 * limits.characters) if path.suffix.lower() in (".txt", ".md") else limits.file_bytes


def _check_kind(suffix: str, data: bytes) -> None:
    what, do = next(((what, do) for magic, what, do in _MAGIC if data.startswith(magic)), ("", ""))
    if suffix == ".pdf":
        _check_pdf(data, what, do)
    elif suffix == ".docx":
        _check_docx(data, what, do)
    elif what:
        raise SourceError(f"is {what}: expected {'HTML' if suffix.startswith('.htm') else 'text'}; {do}")
    elif suffix.startswith(".htm"):
        if not _TAG.search(data.replace(b"\0", b"")):
            raise SourceError("has no HTML tag: expected a web page; give plain text the ending .txt")
        if (
            _LEAD.match(data)
            and re.search(rb"<html\b", data[:4096], re.IGNORECASE)
            and not re.search(rb"</(?:html|body)\s*>", data[-65536:], re.IGNORECASE)
        ):
            raise SourceError("is a truncated web page, its end is missing: save it anew when it has loaded")
    elif suffix == ".txt" and _LEAD.match(data):
        raise SourceError("is a web page: expected plain text; give it the ending .html")


def _check_pdf(data: bytes, what: str, do: str) -> None:
    # A PDF may have some bytes of another program before its mark.
    if b"%PDF-" not in data[:1024]:
        raise SourceError(f"is {what or 'no PDF'}: expected a PDF; {do or 'check the file, or give it its right ending'}")
    # pdfium would mend a truncated file and give back what is left of it, of which nobody would know.
    if b"%%EOF" not in data[-1024:]:
        raise SourceError("is a truncated PDF, its end is missing: take another copy")


def _check_docx(data: bytes, what: str, do: str) -> None:
    if what == "a zip archive":
        return
    if data.startswith(_OLE):
        sort = "is encrypted" if _ENCRYPTED in data else "is an older Word file (.doc)"
        raise SourceError(f"{sort}: expected a .docx without a password; open it in Word and save it as one")
    raise SourceError(f"is {what or 'no Word file'}: expected a .docx; {do or 'check the file, or give it its right ending'}")
