"""Fills the folder of a new version: what stays of the live one, and what was encoded anew."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents import Article, Passage
from index.encoding.encoder import Vectors
from index.errors import IndexDamagedError
from index.progress import steps
from index.stored.articles import take_over_articles, write_articles
from index.stored.lexicon import TermTable
from index.stored.manifest import Listed, Manifest, read_background, write_background
from index.stored.store import Place, Store

# A change to many sentences is written into a copy of the old files, which takes seconds where building the graph anew takes minutes.
# But a sentence that is taken out stays in the graph and makes it longer to walk, so now and then everything is written afresh.
_WORTH_COPYING = 5000  # sentences
_MOST_REPLACED = 0.2  # of the sentences, since everything was last written afresh
_PAGE = 1000  # passages that are in memory at once while they are taken out


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its passages and, once encoded, their vectors and those of their sentences."""

    article: Article
    passages: list[Passage]
    vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))
    sentence_vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))


@dataclass(frozen=True, slots=True)
class Old:
    """The live version, where its vectors can be used again: what stays of it and what goes, both in its order."""

    folder: Path
    manifest: Manifest
    place: Place
    stays: tuple[Listed, ...]
    goes: tuple[Listed, ...]


def write_version(
    made: Manifest, place: Place, old: Old | None, encoded: Sequence[Prepared], restated: Sequence[Article], folder: Path, progress: bool
) -> None:
    """Write all that a version is made of, its manifest last; raises `IndexDamagedError` when the store did not take it whole.

    `restated` are articles that stay with their passages, and of which something else is known now.
    """
    passages = [passage for one in encoded for passage in one.passages]
    sentence_vectors = _together([one.sentence_vectors for one in encoded], made.dimension)
    with closing(Store.copy(old.place, place) if old and made.replaced else Store.create(place)) as store:
        total = sentence_vectors.sum(axis=0, dtype=np.float64)
        if old:
            total += _taken_out(store, old) if made.replaced else _taken_over(store, old, progress)
        store.write(passages, _together([one.vectors for one in encoded], made.dimension), sentence_vectors, progress)
        if (stored := store.count()) != made.sizes:
            raise IndexDamagedError(
                f"the store took {stored} passages and sentences of {made.sizes}: the disk may be full; the old version stays live"
            )
        store.probe()
    ids = [f"{listed.id}#{n:04d}" for listed in made.articles for n in range(listed.passages)]
    table = TermTable.load(old.folder / "lexicon") if old else TermTable.of({})
    table.in_order(TermTable.of({passage.id: passage.to_embed() for passage in passages}, progress), ids).save(folder / "lexicon")
    write_background(folder, total / max(made.sizes[1], 1))
    if old:
        other = {article.id for article in restated}
        unchanged = [listed.id for listed in old.stays if listed.id not in other]
        take_over_articles(old.folder, folder, steps(unchanged, "taking over articles", progress))
    write_articles(folder, steps([*(one.article for one in encoded), *restated], "writing articles", progress))
    made.write(folder)


def check_parts(folder: Path, manifest: Manifest, place: Place) -> None:
    """Raise `IndexDamagedError` unless every part of a version is there and of the size that its manifest says."""
    with closing(Store.open(place)) as store:
        stored = store.count()
    terms = TermTable.load(folder / "lexicon")
    read_background(folder)
    articles = len(list((folder / "articles").glob("*.json")))
    if (*stored, len(terms.ids), articles) != (*manifest.sizes, manifest.sizes[0], len(manifest.articles)):
        raise IndexDamagedError(
            f"version {folder.name} holds {stored} passages and sentences, {len(terms.ids)} texts and {articles} articles;"
            f" its manifest says {manifest.sizes} and {len(manifest.articles)}: rebuild it with python -m index build"
        )


def replaced_sentences(made: Manifest, old: Old | None, encoded: Sequence[Prepared]) -> int:
    """What the manifest's `replaced` is to be: 0 where the version is to be written afresh, not into a copy of the old one."""
    if old is None or old.place.url or made.collections:  # a server cannot copy a collection
        return 0
    sentences = made.sizes[1]
    replaced = old.manifest.replaced + sum(listed.sentences for listed in old.goes) + sum(len(one.sentence_vectors) for one in encoded)
    return replaced if sentences >= _WORTH_COPYING and replaced <= _MOST_REPLACED * sentences else 0


def _taken_over(store: Store, old: Old, progress: bool) -> NDArray[np.float64]:
    """Store what stays, and return the sum of its sentences' vectors."""
    with closing(Store.open(old.place)) as before:
        return store.take_over(before, _passage_ids(old.stays), progress)


def _taken_out(store: Store, old: Old) -> NDArray[np.float64]:
    """Take out what goes, and return the sum of the vectors of the sentences that stay."""
    total: NDArray[np.float64] = read_background(old.folder).astype(np.float64) * old.manifest.sizes[1]
    ids = _passage_ids(old.goes)
    for start in range(0, len(ids), _PAGE):
        passages = list(store.passages(ids[start : start + _PAGE]).values())
        total -= store.sentence_vectors(passages).sum(axis=0, dtype=np.float64)
        store.delete(passages)
    return total


def _passage_ids(articles: Sequence[Listed]) -> list[str]:
    return [f"{listed.id}#{n:04d}" for listed in articles for n in range(listed.passages)]


def _together(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.concatenate(vectors) if vectors else np.empty((0, dimension), np.float32)
