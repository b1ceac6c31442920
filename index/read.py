"""Article files -> sources: their text, decoded, with what is known of each article."""

import codecs
import hashlib
import json
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.documents import Metadata, Status
from index.errors import SourceError

CATALOGUE = "articles.toml"
SUFFIXES = (".txt", ".md")

_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
_ID = r"^[\w.·-]{1,120}$"


class _Entry(BaseModel):
    """One `[[article]]` of an articles.toml; see `Metadata`."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=_ID)]
    file: str
    title: str = ""
    publisher: str = ""
    paper: str = ""
    published: Annotated[str, Field(pattern=_DATE)] = ""
    region: str = ""
    reporters: tuple[str, ...] = ()
    status: Status = Status.IN_FORCE
    source: str = ""
    licence: str = ""
    note: str = ""


class _Row(BaseModel):
    """One line of a corpus.jsonl."""

    id: Annotated[str, Field(min_length=1)]
    title: str = ""
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """An article as received: its text, what is known of it, and the sha256 of its bytes and of that knowledge."""

    meta: Metadata
    text: str
    sha256: str


def read_path(path: Path) -> list[Source]:
    """The articles in a file or a folder, in the order of their names; a catalogue `articles.toml` beside them is used.

    Raises `SourceError` when nothing can be read there, when two articles have one id, or when the catalogue is wrong.
    """
    if not path.exists():
        raise SourceError(f"there is no file or folder {str(path)!r}: name one that exists")
    folder = path if path.is_dir() else path.parent
    known = read_catalogue(folder / CATALOGUE)
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    if path.is_dir() and (missing := set(known) - {file.name for file in files}):
        raise SourceError(
            f"{str(folder / CATALOGUE)!r} names {sorted(missing)}, which are not in the folder: add the files or take the entries out"
        )
    if not files:
        raise SourceError(f"{str(path)!r} holds no article: expected files ending in {', '.join(SUFFIXES)}")
    sources = [read_file(file, known.get(file.name)) for file in files]
    _refuse_twice([source.meta.id for source in sources], path)
    return sources


def read_file(path: Path, known: Metadata | None = None) -> Source:
    """One article; its id is the file's name without the ending, unless `known` says otherwise."""
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(f"{str(path)!r} is of a kind that cannot be read: expected a file ending in {', '.join(SUFFIXES)}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {str(path)!r}: {error}") from error
    text = _decode(data, path)
    if not text.strip():
        raise SourceError(f"{str(path)!r} is empty: expected an article's text")
    return _source(known or Metadata(id=path.stem, source=path.name), text, data)


def read_rows(path: Path) -> list[Source]:
    """The articles of a corpus in JSON lines, each with "id", "title" and "text"."""
    sources = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            raise SourceError(f"{str(path)!r}, line {number}: {_first(error)}; expected an object with id, title and text") from error
        sources.append(_source(Metadata(id=row.id, title=row.title), row.text, line.encode()))
    _refuse_twice([source.meta.id for source in sources], path)
    return sources


def read_catalogue(path: Path) -> dict[str, Metadata]:
    """What an articles.toml says, by file name; empty where there is none."""
    if not path.is_file():
        return {}
    try:
        entries = [_Entry.model_validate(entry) for entry in tomllib.loads(path.read_text("utf-8")).get("article", [])]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{str(path)!r} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise SourceError(f"{str(path)!r}: {_first(error)}; see seeds/articles.toml for an example") from error
    _refuse_twice([entry.file for entry in entries], path)
    return {entry.file: Metadata(**entry.model_dump(exclude={"file"})) for entry in entries}


def _decode(data: bytes, path: Path) -> str:
    """UTF-16 by its byte-order mark, then UTF-8, then GB18030, in which Chinese offices still write."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SourceError(f"{str(path)!r} is not text in UTF-8, UTF-16 or GB18030: save it in UTF-8")


def _source(meta: Metadata, text: str, data: bytes) -> Source:
    digest = hashlib.sha256(data)
    digest.update(json.dumps(_plain(meta), ensure_ascii=False, sort_keys=True).encode())
    return Source(meta, text, digest.hexdigest())


def _plain(meta: Metadata) -> dict[str, object]:
    return {name: getattr(meta, name) for name in meta.__dataclass_fields__}


def with_found(meta: Metadata, found: dict[str, str | tuple[str, ...]]) -> Metadata:
    """`meta` with what the page said about itself, where nothing was known."""
    return replace(meta, **{name: value for name, value in found.items() if not getattr(meta, name)})  # type: ignore[arg-type]


def _refuse_twice(names: list[str], path: Path) -> None:
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        raise SourceError(f"{str(path)!r} holds {twice[:3]} more than once: an article's id and file must be its own")


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']} (given: {problem['input']!r})"
