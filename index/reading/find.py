"""What is named on the command line -> the files of articles, in a fixed order."""

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import CallError, SourceError
from index.reading.files import SUFFIXES


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, or why the place that was found is none; `root` is the folder that was searched, or the file's own.

    `shown` is the path by which its giver knows it, where that is another: of a file in an archive, the archive's path and its own.
    """

    path: Path
    root: Path
    problem: SourceError | None = None
    shown: Path | None = None

    @property
    def known_as(self) -> Path:
        """The path that messages name."""
        return self.shown or self.path


def find(paths: Sequence[Path]) -> list[FoundFile]:
    """The files that paths, folders and globs name, each once, a folder's in the order of their names, those of its folders too.

    Raises `CallError` when a path is not there or a glob or folder holds no article.
    """
    found: dict[Path, FoundFile] = {}
    for path in paths:
        for file in _found(path):
            found.setdefault(Path(os.path.abspath(file.path)), file)
    return list(found.values())


def _found(path: Path) -> list[FoundFile]:
    if path.is_dir():
        files = list(walk(path, path))
        if not files:
            raise SourceError("folder-empty", path=path, endings=SUFFIXES)
        return files
    if os.path.lexists(path):
        return [FoundFile(path, path.parent)]
    if glob.has_magic(str(path)):
        matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
        files = [file for match in matches for file in (walk(match, match) if match.is_dir() else _match(match))]
        if files:
            return files
        raise CallError("glob-empty", path=path, endings=SUFFIXES)
    raise CallError("path-missing", path=path)


def _match(path: Path) -> Iterator[FoundFile]:
    if path.suffix.lower() in SUFFIXES and not _is_passed_over(path.name):
        yield FoundFile(path, path.parent)


def walk(folder: Path, root: Path) -> Iterator[FoundFile]:
    """The articles of a folder and of those in it."""
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield FoundFile(folder, root, SourceError("folder-unreadable", error=error.strerror))
        return
    for path in inside:
        if _is_passed_over(path.name):
            continue
        if path.is_symlink() and (os.path.isdir(path) or path.suffix.lower() in SUFFIXES):
            yield FoundFile(path, root, SourceError("place-link"))
        elif path.is_dir() and not _is_of_a_page(path):
            yield from walk(path, root)
        elif path.suffix.lower() in SUFFIXES:
            yield FoundFile(path, root)


def _is_of_a_page(folder: Path) -> bool:
    """Whether a folder holds the pictures and scripts of a web page that a browser saved beside it."""
    name = re.sub(r"(?:_files|\.files|_文件)$", "", folder.name)
    return name != folder.name and any((folder.parent / f"{name}{ending}").is_file() for ending in (".html", ".htm"))


def _is_passed_over(name: str) -> bool:
    """Hidden files, and the marks that Word leaves beside a file that is open."""
    return name.startswith((".", "~$"))
