"""The originals of articles that were put in through the page: a folder with a catalogue, from which the index can be made again."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from index.documents import Status
from index.reading.knowledge import CATALOGUE, read_catalogue

SHELF = "articles"  # their folder, in the data folder


def check(folder: Path) -> None:
    """Raise `SourceError` where the catalogue cannot be read, so that nothing is changed which could not be noted in it afterwards."""
    read_catalogue(folder / CATALOGUE)


def put(folder: Path, article: str, original: Path, known: Mapping[str, Any]) -> Path:
    """Keep a copy of an article's file, in the place of the one that was kept of it, with what is known of it; returns the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{article}{original.suffix.lower()}"
    beside = folder / f".{copy.name}.new"  # hidden, so that no command takes it for an article
    shutil.copyfile(original, beside)
    os.replace(beside, copy)
    entry = {"id": article, "file": copy.name, **{name: str(value) for name, value in known.items() if name not in ("id", "file")}}
    before = _change(folder, article, entry)
    if before and before != copy.name:
        (folder / before).unlink(missing_ok=True)
    return copy


def restate(folder: Path, article: str, status: Status, by: str = "") -> None:
    """Note another status of an article, and `by` what it is superseded; nothing where no file of it is kept here."""
    for file, entry in read_catalogue(folder / CATALOGUE).items():
        if entry.get("id") == article:
            kept = {name: str(value) for name, value in entry.items() if name not in ("status", "superseded_by")}
            stated = {"status": status.value} | ({"superseded_by": by} if by else {})
            _change(folder, article, {"id": article, "file": file, **kept, **stated})


def entry(folder: Path, article: str) -> dict[str, Any]:
    """What was said of an article that is kept here; empty where it is not."""
    found = (own for own in read_catalogue(folder / CATALOGUE).values() if own.get("id") == article)
    return {name: value for name, value in next(found, {}).items() if name != "id"}


def describe(folder: Path, article: str, known: Mapping[str, Any]) -> None:
    """Note what is said of an article now, all of it; nothing where no file of it is kept here."""
    for file, own in read_catalogue(folder / CATALOGUE).items():
        if own.get("id") == article:
            _change(folder, article, {"id": article, "file": file, **{name: str(value) for name, value in known.items() if value}})


def drop(folder: Path, article: str) -> None:
    """Remove an article's file and what was said of it; nothing where it is not kept here."""
    path = folder / CATALOGUE
    document = tomlkit.parse(path.read_text("utf-8")) if path.is_file() else tomlkit.document()
    for row in [row for row in document.get("article", []) if row.get("id") == article]:
        document["article"].remove(row)  # type: ignore[union-attr]
        beside = path.with_suffix(".new")
        beside.write_text(tomlkit.dumps(document), "utf-8")
        os.replace(beside, path)
        (folder / str(row["file"])).unlink(missing_ok=True)


def _change(folder: Path, article: str, entry: Mapping[str, str]) -> str:
    """Write the entry of an article into the catalogue, whole; the name of the file that stood there before, "" for none."""
    path = folder / CATALOGUE
    document = tomlkit.parse(path.read_text("utf-8")) if path.is_file() else tomlkit.document()
    rows = document.get("article")
    rows = rows if isinstance(rows, AoT) else document.setdefault("article", tomlkit.aot())
    before = next((row for row in rows if row.get("id") == article), None)
    former = str(before["file"]) if before is not None else ""
    if before is not None:
        rows.remove(before)
    rows.append(tomlkit.item(dict(entry)))
    beside = path.with_suffix(".new")
    beside.write_text(tomlkit.dumps(document), "utf-8")
    os.replace(beside, path)
    return former
