"""Fills the folder of a new version: what stays of the live one, and what was encoded anew."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents import Article, Passage
from index.encoding.encoder import Vectors
from index.errors import IndexDamagedError
from index.progress import steps
from index.stored.articles import take_over_articles, write_articles
from index.stored.lexicon import Lexicon
from index.stored.manifest import ArticleEntry, Manifest, read_background, write_background
from index.stored.place import Place
from index.stored.store import Store
from index.text.amendments import amends

# A change to many sentences is written into a copy of the old files, which takes seconds where building the graph anew takes minutes.
# But a sentence that is taken out stays in the graph and makes it longer to walk, so now and then everything is written afresh.
_WORTH_COPYING = 5000  # sentences
_MOST_REPLACED = 0.2  # of the sentences, since everything was last written afresh
_PAGE = 1000  # passages that are in memory at once while they are taken out


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article with its passages, their vectors and those of their sentences, each in the passages' order."""

    article: Article
    passages: Sequence[Passage]
    vectors: Vectors
    sentence_vectors: Vectors

    @property
    def entry(self) -> ArticleEntry:
        """How the manifest lists it."""
        meta, sentences = self.article.meta, sum(len(passage.sentences) for passage in self.passages)
        return ArticleEntry(
            meta.id, meta.title, meta.published, meta.status.value, len(self.passages), sentences, self.article.sha256,
            meta.effective, meta.expires, amends(self.article),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParentVersion:
    """The live version, where its vectors can be used again: what stays of it and what goes, both in its order.

    `restated` are articles that stay with their passages, and of which something else is known now, as `stays` says already.
    """

    folder: Path
    manifest: Manifest
    place: Place
    stays: tuple[ArticleEntry, ...]
    goes: tuple[ArticleEntry, ...]
    restated: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The version that is written: its folder, its manifest and where its vectors go."""

    folder: Path
    manifest: Manifest
    place: Place


def listing(made: Manifest, known: Sequence[str], parent: ParentVersion | None, encoded: Sequence[EncodedArticle]) -> Manifest:
    """The manifest `made` with its articles, and with the count of sentences that were replaced.

    An article of `known` ids stays in its place, a new one comes last.
    """
    entries = {listed.id: listed for listed in parent.stays} if parent else {}
    entries |= {article.article.id: article.entry for article in encoded}
    made = replace(made, articles=tuple(entries[name] for name in dict.fromkeys([*known, *entries]) if name in entries))
    return replace(made, replaced=_replaced_sentences(made, parent, encoded))


def write_version(new: NewVersion, parent: ParentVersion | None, encoded: Sequence[EncodedArticle], progress: bool) -> None:
    """Write all that a version is made of, its manifest last; raises `IndexDamagedError` when the store did not take it whole."""
    made, folder = new.manifest, new.folder
    passages = [passage for article in encoded for passage in article.passages]
    write_background(folder, _fill_store(new, parent, encoded, passages, progress) / max(made.sizes[1], 1))
    ids = [f"{listed.id}#{n:04d}" for listed in made.articles for n in range(listed.passages)]
    lexicon = Lexicon.load(parent.folder / "lexicon") if parent else Lexicon.build({})
    lexicon.merged(Lexicon.build({passage.id: passage.to_embed() for passage in passages}, progress), ids).save(folder / "lexicon")
    if parent:
        other = {article.id for article in parent.restated}
        unchanged = [listed.id for listed in parent.stays if listed.id not in other]
        take_over_articles(parent.folder, folder, steps(unchanged, "taking over articles", progress))
    written = [*(article.article for article in encoded), *(parent.restated if parent else ())]
    write_articles(folder, steps(written, "writing articles", progress))
    made.write(folder)


def _fill_store(
    new: NewVersion, parent: ParentVersion | None, encoded: Sequence[EncodedArticle], passages: Sequence[Passage], progress: bool
) -> NDArray[np.float64]:
    """Store the vectors of a version; the sum of those of its sentences, of shape (dimension,)."""
    made = new.manifest
    sentence_vectors = _together([article.sentence_vectors for article in encoded], made.dimension)
    total: NDArray[np.float64] = sentence_vectors.sum(axis=0, dtype=np.float64)
    copied = bool(parent and made.replaced)
    with closing(Store.copy(parent.place, new.place) if parent and copied else Store.create(new.place)) as store:
        if parent:
            total += _taken_out(store, parent) if copied else _taken_over(store, parent, progress)
        store.write(passages, _together([article.vectors for article in encoded], made.dimension), sentence_vectors, progress)
        if (stored := store.count()) != made.sizes:
            raise IndexDamagedError("store-not-whole", stored=stored, expected=made.sizes)
        store.probe()
    return total


def _replaced_sentences(made: Manifest, parent: ParentVersion | None, encoded: Sequence[EncodedArticle]) -> int:
    """What the manifest's `replaced` is to be: 0 where the version is to be written afresh, not into a copy of the old one."""
    if parent is None or parent.place.url or made.collections:  # a server cannot copy a collection
        return 0
    sentences = made.sizes[1]
    gone, come = sum(listed.sentences for listed in parent.goes), sum(len(article.sentence_vectors) for article in encoded)
    replaced = parent.manifest.replaced + gone + come
    return replaced if sentences >= _WORTH_COPYING and replaced <= _MOST_REPLACED * sentences else 0


def _taken_over(store: Store, parent: ParentVersion, progress: bool) -> NDArray[np.float64]:
    """Store what stays, and return the sum of its sentences' vectors."""
    with closing(Store.open(parent.place)) as before:
        return store.take_over(before, _passage_ids(parent.stays), progress)


def _taken_out(store: Store, parent: ParentVersion) -> NDArray[np.float64]:
    """Take out what goes, and return the sum of the vectors of the sentences that stay."""
    total: NDArray[np.float64] = read_background(parent.folder).astype(np.float64) * parent.manifest.sizes[1]
    ids = _passage_ids(parent.goes)
    for start in range(0, len(ids), _PAGE):
        passages = list(store.passages(ids[start : start + _PAGE]).values())
        total -= store.sentence_vectors(passages).sum(axis=0, dtype=np.float64)
        store.delete(passages)
    return total


def _passage_ids(articles: Sequence[ArticleEntry]) -> list[str]:
    return [f"{listed.id}#{n:04d}" for listed in articles for n in range(listed.passages)]


def _together(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.concatenate(vectors) if vectors else np.empty((0, dimension), np.float32)
