"""Articles that would be replaced by another text under the same id, which is asked about before it is done."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.build import to_article
from index.errors import CallError
from index.reading.sources import ArticleSource
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import Manifest


def check_replaced(sources: Iterable[ArticleSource], root: Path) -> None:
    """Raise `CallError` (`article-held`), naming all, where the live version holds another text under the id of a source.

    The same text with other things known of it replaces nothing.
    """
    if found := list(_replaced(sources, root)):
        titles = [f"{source.meta.id} ({title})" for source, title in found]
        raise CallError("article-held", count=len(titles), articles=titles[:5])


def _replaced(sources: Iterable[ArticleSource], root: Path) -> Iterator[tuple[ArticleSource, str]]:
    """The sources of which another text is held, each with the title that it is held under."""
    folder = versions.live(root)
    held = {article.id: article for article in Manifest.read(folder).articles} if folder else {}
    for source in sources:
        entry = held.get(source.meta.id)
        if folder and entry and entry.sha256 != source.sha256 and read_article(folder, entry.id).text != to_article(source).text:
            yield source, entry.title or entry.id
