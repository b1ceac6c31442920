"""An index of an older form -> what this version of the program makes of it: from the originals that are kept, else from its cleaned articles."""

import json
from collections.abc import Iterator
from pathlib import Path

from index.documents import Article
from index.errors import IndexDamagedError, SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.knowledge import CATALOGUE
from index.reading.sources import ArticleSource, read_all
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import MANIFEST

_MARK = "+kept"  # behind the hash of an article whose file was not there: once it is, it counts as another one and is read again


def kept_sources(root: Path, shelf: Path, limits: ParseLimits) -> list[ArticleSource]:
    """The articles of the live version, whatever its form, in their order; raises `IndexMissingError` where nothing is indexed.

    An article whose original lies unchanged on the `shelf` (see `index.upkeep.originals`) is read and cleaned anew; of all others the
    cleaned text is taken as it stands, with its blocks.
    """
    folder = versions.require_live(root)
    originals = {source.meta.id: source for source in _originals(shelf, limits)}
    found = []
    for article in _articles(folder):
        original = originals.get(article.id)
        if original and original.sha256 == article.sha256:
            found.append(original)
        else:
            mark = article.sha256 if article.sha256.endswith(_MARK) else article.sha256 + _MARK
            found.append(ArticleSource(article.meta, article.text, mark, kept=article))
    return found


def _articles(folder: Path) -> Iterator[Article]:
    """The articles of a version: their ids are all that is needed of its manifest, which may be of another form."""
    try:
        names = [entry["id"] for entry in json.loads((folder / MANIFEST).read_text("utf-8"))["articles"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError("manifest-unreadable", folder=folder, error=error) from error
    yield from (read_article(folder, name) for name in names)


def _originals(shelf: Path, limits: ParseLimits) -> tuple[ArticleSource, ...]:
    if not (shelf / CATALOGUE).is_file():
        return ()
    try:
        return read_all([shelf], {}, limits).sources
    except SourceError:  # what cannot be read is taken from the index
        return ()
