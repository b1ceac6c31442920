"""A zip of articles -> the files in it, in a folder that is thrown away: taken as a folder of that name would be."""

import io
import os
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from index.errors import SourceError
from index.reading.files import SUFFIXES, read_plain
from index.reading.find import FoundFile, walk
from index.reading.formats.parsed import ParseLimits
from index.reading.knowledge import CATALOGUE

ARCHIVE = ".zip"
_MOST_FILES = 2_000
_UTF_8 = 0x800  # the flag of a name that is in UTF-8; else it is in the encoding of the machine that packed it


def unpack(path: Path, folder: Path, limits: ParseLimits) -> list[FoundFile]:
    """The articles of an archive, written into `folder`, each known by its place in the archive.

    Raises `SourceError` where the archive is damaged, encrypted, too large or without an article. Names that lead out of it, and
    archives in it, are problems of those files alone.
    """
    data = read_plain(path, limits.file_bytes)
    folder.mkdir()
    found: list[FoundFile] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            size = sum(member.file_size for member in members)
            if size > limits.unpacked_bytes or len(members) > _MOST_FILES:
                raise SourceError("zip-unpacked", size=size, files=len(members), most=limits.unpacked_bytes, most_files=_MOST_FILES)
            if any(member.flag_bits & 1 for member in members):
                raise SourceError("zip-encrypted")
            for member in members:
                found += _write(archive, member, path, folder)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise SourceError("zip-damaged", error=error) from error
    found += [FoundFile(file.path, folder, file.problem, path / file.path.relative_to(folder)) for file in walk(folder, folder)]
    if not found:
        raise SourceError("zip-empty", endings=SUFFIXES)
    return found


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, folder: Path) -> list[FoundFile]:
    """Write a member that may be an article; what is wrong with it, if anything is."""
    name = PurePosixPath(_name(member).replace("\\", "/"))
    if name.suffix.lower() == ARCHIVE:
        return [FoundFile(folder / name.name, folder, SourceError("zip-nested"), path / name.name)]
    if (name.suffix.lower() not in SUFFIXES and name.name != CATALOGUE) or "__MACOSX" in name.parts:
        return []
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        return [FoundFile(folder / name.name, folder, SourceError("zip-leads-out"), path / name.name)]
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    # A member's own kind, such as a link, is not taken over: its bytes become a plain file.
    with archive.open(member) as packed, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(packed, file)
    return []


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name: Chinese Windows packs it in GB18030, which zipfile takes for the characters of MS-DOS."""
    if member.flag_bits & _UTF_8:
        return member.filename
    try:
        data = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
