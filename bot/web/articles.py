"""A whole article as the page shows it, in the version of the index that was cited while that is kept, else in the live one."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.answering.messages import status_note
from bot.chinese.dates import years_since
from index.documents import Article
from index.errors import IndexDamagedError
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import Manifest
from index.text.split import SplitSettings, split


class GoneError(Exception):
    """The article or the version is not kept any more; `live` says whether the live version has an article of that id."""

    def __init__(self, what: str, *, live: bool) -> None:
        super().__init__(what)
        self.what, self.live = what, live


def open_article(root: Path, name: str, version: str, today: date) -> dict[str, Any]:
    """The article of that id in a version, "" for the live one; raises `GoneError` where there is none.

    The article is read straight from the version's folder: the store of vectors, which is slow to open, is not needed for it.
    """
    live = versions.pointed(root)
    wanted = version or live
    folder = next((kept for kept in versions.kept(root) if kept.name == wanted), None)
    try:
        if folder is None:
            raise GoneError("version", live=_holds(root / live, name))
        manifest = Manifest.read(folder)
        if not any(listed.id == name for listed in manifest.articles):
            raise GoneError("article", live=wanted != live and _holds(root / live, name))
        return _view(read_article(folder, name), manifest.split, today) | {"version": wanted, "live": wanted == live}
    except IndexDamagedError as error:  # a writer removed the version meanwhile
        raise GoneError("version", live=wanted != live and _holds(root / live, name)) from error


def _holds(folder: Path, name: str) -> bool:
    try:
        return any(listed.id == name for listed in Manifest.read(folder).articles)
    except IndexDamagedError:
        return False


def _view(article: Article, settings: SplitSettings, today: date) -> dict[str, Any]:
    meta = article.meta
    return {
        "article": meta.id,
        "title": meta.title,
        "publisher": meta.publisher,
        "published": meta.published,
        "years": years_since(meta.published, today),
        "region": meta.region,
        "source": meta.source,
        "standing": status_note(meta),
        "blocks": [
            {"kind": block.kind.value, "level": block.level, "start": block.start, "text": article.text[block.start : block.end]}
            for block in article.blocks
        ],
        # Splitting is a pure function of the article and the settings of its version, so it gives the passages that were indexed.
        "passages": [[passage.start, passage.end] for passage in split(article, settings)],
        "changes": [asdict(change) for change in article.changes],
    }
