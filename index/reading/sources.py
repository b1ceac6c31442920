"""Article files -> sources: their text as a page for the cleaner, with what is known of each article."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from index.documents import Article, Metadata
from index.errors import FileError, SourceError
from index.language import Message
from index.reading.files import check_name, receive
from index.reading.find import FoundFile, find
from index.reading.formats.parsed import Note, ParseLimits
from index.reading.formats.parser import Parser
from index.reading.knowledge import CATALOGUE, first_problem, front_matter_fields, id_of, known, metadata, read_catalogue
from index.reading.unpack import ARCHIVE, unpack

_FRONT = "front."  # before the names of properties that come from front matter


class _Row(BaseModel):
    """One line of a corpus.jsonl."""

    id: Annotated[str, Field(min_length=1)]
    title: str = ""
    text: str


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """An article as received: its text, what is known of it, and the sha256 of its bytes and of that knowledge.

    `closed` are the lines, from 1, that are whole by themselves; `left_out` is what the document holds besides the article,
    by reason; `notes` say how it was read; `recognised` are the lines that were read from a picture, with their confidence.
    `kept` is the article where it was cleaned before, and its file is not there.
    """

    meta: Metadata
    text: str
    sha256: str
    closed: frozenset[int] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    recognised: Mapping[int, float] = field(default_factory=dict)
    kept: Article | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What could be read, in order, and why the rest could not, each with its path."""

    sources: tuple[ArticleSource, ...]
    failures: tuple[FileError, ...] = ()


def read_path(path: Path, limits: ParseLimits | None = None) -> list[ArticleSource]:
    """The articles in a file, a folder or a glob, in the order of their names; a catalogue `articles.toml` beside them is used.

    Raises `SourceError` when one cannot be read, when two articles have one id, or when the catalogue is wrong.
    """
    intake = read_all([path], limits=limits)
    for failure in intake.failures:
        raise failure
    return list(intake.sources)


def read_all(
    paths: Sequence[Path],
    given: Mapping[str, Any] | None = None,
    limits: ParseLimits | None = None,
    check: Callable[[ArticleSource], object] | None = None,
) -> Intake:
    """The articles that paths, folders and globs name; `given` is known of each of them and counts most.

    `check` is called with each and may refuse it with a `SourceError`. What is wrong with one file is its failure and hinders no
    other. Raises `SourceError` when a catalogue is wrong or a path names nothing.
    """
    sources: dict[str, tuple[ArticleSource, Path]] = {}
    failures: list[FileError] = []
    with Parser(limits) as parser, TemporaryDirectory(prefix="liangce-unpacked-") as folder:
        found = list(_unpacked(find(paths), Path(folder), parser.limits, failures))
        catalogues = _catalogues(found, [path for path in paths if path.is_dir()])
        for file in found:
            try:
                source = _read(file, parser, _entry(file, catalogues), given or {})
                if source.meta.id in sources:
                    raise SourceError("file-id-taken", id=source.meta.id, other=sources[source.meta.id][1])
                if check:
                    check(source)
            except SourceError as error:
                failures.append(FileError(file.known_as, error))
            else:
                sources[source.meta.id] = source, file.known_as
    return Intake(tuple(source for source, _ in sources.values()), tuple(failures))


def _unpacked(files: Sequence[FoundFile], folder: Path, limits: ParseLimits, failures: list[FileError]) -> Iterator[FoundFile]:
    """The files, with those of an archive in its place."""
    for n, file in enumerate(files):
        if file.path.suffix.lower() != ARCHIVE or file.problem:
            yield file
            continue
        try:
            yield from unpack(file.path, folder / str(n), limits)
        except SourceError as error:
            failures.append(FileError(file.path, error))


def read_file(path: Path, entry: Mapping[str, Any] | None = None, limits: ParseLimits | None = None) -> ArticleSource:
    """One article; its id is made of the file's name unless `entry`, as in an articles.toml, says otherwise."""
    with Parser(limits) as parser:
        try:
            return _read(FoundFile(path, path.parent), parser, entry or {}, {})
        except SourceError as error:
            raise FileError(path, error) from error


def read_rows(path: Path) -> list[ArticleSource]:
    """The articles of a corpus in JSON lines, each with "id", "title" and "text"."""
    sources: dict[str, ArticleSource] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            raise SourceError("row-wrong", path=path, number=number, problem=first_problem(error)) from error
        if row.id in sources:
            raise SourceError("row-twice", path=path, id=row.id)
        sources[row.id] = _source(Metadata(id=row.id, title=row.title), row.text, line.encode())
    return list(sources.values())


def _read(file: FoundFile, parser: Parser, entry: Mapping[str, Any], given: Mapping[str, Any]) -> ArticleSource:
    """A file with what is known of it: by the call, its front matter, the catalogue, the document itself, in this order."""
    if file.problem:
        check_name(file.path)
        raise file.problem
    kind, data = receive(file.path, parser.limits)
    document = parser.parse(kind, data)
    front = {name.removeprefix(_FRONT): value for name, value in document.properties.items() if name.startswith(_FRONT)}
    own = {name: value for name, value in document.properties.items() if not name.startswith(_FRONT)}
    layers: list[Mapping[str, Any]] = [
        {"source": file.path.name},
        known(own, Message("place.properties")),
        entry,
        front_matter_fields(front),
        given,
    ]
    if not any("id" in layer for layer in layers):
        layers.append({"id": id_of(file.path)})
    known_of = metadata(*layers)
    if not document.text.strip():
        raise SourceError("text-missing")
    source = _source(known_of, document.text, data)
    source = replace(source, closed=document.closed, left_out=document.left_out)
    return replace(source, notes=document.notes, recognised=document.recognised)


def _catalogues(found: Sequence[FoundFile], folders: Sequence[Path]) -> dict[Path, dict[str, dict[str, Any]]]:
    """The catalogue of each folder in which something was found; raises `SourceError` when one names a file that is not there."""
    inside = {folder for file in found for folder in _above(file)}
    read = {folder: read_catalogue(folder / CATALOGUE) for folder in sorted(inside)}
    for folder, entries in read.items():
        if any(folder == whole or whole in folder.parents for whole in folders):
            missing = sorted(name for name in entries if not (folder / name).is_file() or ".." in Path(name).parts)
            if missing:
                raise SourceError("catalogue-missing", path=folder / CATALOGUE, names=missing[:5])
    return read


def _above(file: FoundFile) -> list[Path]:
    """The folders from the file's own up to the one that was searched."""
    folders = [file.path.parent]
    while folders[-1] != file.root and file.root in folders[-1].parents:
        folders.append(folders[-1].parent)
    return folders


def _entry(file: FoundFile, catalogues: Mapping[Path, Mapping[str, Mapping[str, Any]]]) -> Mapping[str, Any]:
    """What the nearest catalogue that knows the file says of it."""
    for folder in _above(file):
        entry = catalogues[folder].get(file.path.relative_to(folder).as_posix())
        if entry is not None:
            return entry
    return {}


def _source(meta: Metadata, text: str, data: bytes) -> ArticleSource:
    digest = hashlib.sha256(data)
    digest.update(json.dumps(_plain(meta), ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace"))
    return ArticleSource(meta, text, digest.hexdigest())


def _plain(meta: Metadata) -> dict[str, object]:
    return {field.name: getattr(meta, field.name) for field in fields(meta)}


def with_found(meta: Metadata, found: dict[str, str | tuple[str, ...]]) -> Metadata:
    """`meta` with what the page said about itself, where nothing was known."""
    return replace(meta, **{name: value for name, value in found.items() if not getattr(meta, name)})  # type: ignore[arg-type]
