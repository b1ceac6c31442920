"""An index of an older form -> what this version of the program makes of it: from the originals that are kept, else from its cleaned articles."""

import json
from pathlib import Path
from typing import Any

from index.errors import IndexDamagedError, SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.knowledge import CATALOGUE
from index.reading.sources import ArticleSource, read_all
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import FORMAT, MANIFEST

_MARK = "+kept"  # behind the hash of an article whose file was not there: once it is, it counts as another one and is read again


def kept_sources(root: Path, shelf: Path, limits: ParseLimits) -> list[ArticleSource]:
    """The articles of the live version, whatever its form, in their order; raises `IndexMissingError` where nothing is indexed.

    An article whose original lies unchanged on the `shelf` (see `index.upkeep.originals`) is read and cleaned anew; of all others the
    cleaned text is taken as it stands, with its blocks. Of an index of this form those count as unchanged.
    """
    folder = versions.require_live(root)
    manifest = _manifest(folder)
    mark = "" if manifest["format"] == FORMAT else _MARK
    originals = {source.meta.id: source for source in _originals(shelf, limits)}
    found = []
    for article in (read_article(folder, entry["id"]) for entry in manifest["articles"]):
        original = originals.get(article.id)
        if original and original.sha256 == article.sha256:
            found.append(original)
        else:
            found.append(ArticleSource(article.meta, article.text, article.sha256.removesuffix(mark) + mark, kept=article))
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a version as it stands, which may be of another form: its number, and of each article the id, is what is needed."""
    try:
        values = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {"format": values["format"], "articles": [{"id": entry["id"]} for entry in values["articles"]]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError("manifest-unreadable", folder=folder, error=error) from error


def _originals(shelf: Path, limits: ParseLimits) -> tuple[ArticleSource, ...]:
    if not (shelf / CATALOGUE).is_file():
        return ()
    try:
        return read_all([shelf], {}, limits).sources
    except SourceError:  # what cannot be read is taken from the index
        return ()
