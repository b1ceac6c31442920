"""Files that are zip archives inside (.docx, .odt, .xlsx, .ofd): looked at before anything of them is unpacked."""

import io
import zipfile
import zlib

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits

_PARTS = 5_000  # files in one document: an article with pictures has some dozens


def open_archive(data: bytes, limits: ParseLimits, ending: str, must_hold: str) -> zipfile.ZipFile:
    """The archive of a document of that ending; raises `SourceError` by its own list of contents.

    zipfile never unpacks more of a part than that list says, so what passes here stays within the bounds.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise SourceError("archive-truncated", ending=ending, error=error) from error
    size = sum(part.file_size for part in parts)
    if size > limits.unpacked_bytes or len(parts) > _PARTS:
        raise SourceError("archive-unpacked", size=size, parts=len(parts), most=limits.unpacked_bytes, most_parts=_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError("word-encrypted")
    if must_hold not in {part.filename for part in parts}:
        raise SourceError("archive-other", ending=ending)
    return archive


def check_open_document(data: bytes, limits: ParseLimits) -> None:
    """Raise `SourceError` for an .odt that is none, is over the bounds, or has a password, which its list of contents tells."""
    with open_archive(data, limits, ".odt", "content.xml") as archive:
        try:
            manifest = archive.read("META-INF/manifest.xml")
        except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
            raise SourceError("archive-truncated", ending=".odt", error=error) from error
    if b"encryption-data" in manifest:
        raise SourceError("word-encrypted")
