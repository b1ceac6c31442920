"""The cleaned articles of an index version, one file each: what citations are shown in."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from index.documents import Article, Block, BlockKind, Change, Metadata, Status
from index.errors import IndexDamagedError


def write_articles(folder: Path, articles: Iterable[Article]) -> None:
    """Write articles into a version's folder."""
    (folder / "articles").mkdir(exist_ok=True)
    for article in articles:
        _file(folder, article.id).write_text(json.dumps(asdict(article), ensure_ascii=False), "utf-8")


def take_over_articles(old: Path, new: Path, names: Iterable[str]) -> None:
    """Put the articles of those ids, unchanged, into the folder of another version."""
    (new / "articles").mkdir(exist_ok=True)
    for name in names:
        try:
            # One file in two folders: it is never written again, and removing one version leaves it to the other.
            os.link(_file(old, name), _file(new, name))
        except OSError:  # the file system knows no links, or the file is gone
            write_articles(new, [read_article(old, name)])


def read_article(folder: Path, name: str) -> Article:
    """The article of that id in a version's folder; raises `IndexDamagedError` when it cannot be read."""
    try:
        values = json.loads(_file(folder, name).read_text("utf-8"))
        meta = values["meta"] | {"status": Status(values["meta"]["status"]), "reporters": tuple(values["meta"]["reporters"])}
        blocks = tuple(Block(**(block | {"kind": BlockKind(block["kind"])})) for block in values["blocks"])
        # Versions from before the changes were kept have none; all else in them is the same, so they stay readable.
        changes = tuple(Change(**change) for change in values.get("changes", ()))
        return Article(Metadata(**meta), values["text"], blocks, values["sha256"], changes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError("article-unreadable", article=name, folder=folder, error=error) from error


def _file(folder: Path, name: str) -> Path:
    # An id may hold any character and be long; a file's name may not.
    return folder / "articles" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
