"""A question -> the passages that may answer it: a dense and a lexical leg over one index version, fused."""

import math
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from index.documents import Article, Hit, Passage
from index.encoding.encoder import Vectors
from index.errors import IndexDamagedError
from index.stored.articles import read_article
from index.stored.lexicon import Lexicon
from index.stored.locks import lease
from index.stored.manifest import FORMAT, Manifest, read_background
from index.stored.store import Store
from index.stored.versions import place_of, require_live
from index.text.amendments import Amendment, amendments_of
from index.text.clauses import ClauseMap, clauses_of
from index.text.split import split

_PASSAGES = 50  # that each leg brings
_SENTENCES = 200  # nearest sentences asked for, since several of one passage come together
_MOST_IDS = 10_000  # passages named in a query: Chroma fails above 32,766
_MOST_MORE = 1_000  # passages asked for in place of those that are left out: a query for 8,000 rows takes some tens of milliseconds
_SENTENCES_EACH = 8  # of a passage, so that those left out cannot fill what a leg brings


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts in the fused score. Zero switches a leg off.

    Chosen by `python -m eval run --corpus … --ablate` on covid_policy and msga_qa together; changing one by half moves no figure by more than
    a point. The legs keep their scale: scaling each to [0, 1] for every question, as is usual, forgets how sure a leg is.
    """

    passage: float = 1.0
    sentence: float = 0.8
    lexical: float = 0.006


class Index:
    """One opened version of the index, for reading; safe to use from several threads."""

    def __init__(
        self, folder: Path, manifest: Manifest, store: Store, lexicon: Lexicon, background: Vectors, held: int | None = None
    ) -> None:
        """`held` is the hold on the version that `index.stored.locks.lease` gave."""
        self.version, self.manifest, self.store, self.lexicon, self.background = folder.name, manifest, store, lexicon, background
        self._folder, self._held = folder, held
        self._articles: dict[str, Article] = {}
        self._clauses: dict[str, ClauseMap] = {}
        self._passages: dict[str, tuple[Passage, ...]] = {}

    @classmethod
    def open(cls, folder: Path, wanted: Manifest | None = None, chroma_url: str = "") -> "Index":
        """The version in `folder`, which is not removed until it is closed.

        Raises `IndexMismatchError` unless it was made with the settings of `wanted`, and `IndexDamagedError` when it cannot be read.
        """
        with ExitStack() as undo:
            held = lease(folder)
            if held is not None:
                undo.callback(os.close, held)
            manifest = Manifest.read(folder)
            manifest.require(wanted or replace(manifest, format=FORMAT))  # files of another form cannot be read, whoever asks
            store = Store.open(place_of(folder, manifest, chroma_url))
            undo.callback(store.close)
            opened = cls(folder, manifest, store, Lexicon.load(folder / "lexicon"), read_background(folder), held)
            undo.pop_all()
            return opened

    @classmethod
    def open_live(cls, root: Path, wanted: Manifest | None = None, chroma_url: str = "") -> "Index":
        """The live version, or the next one where it is replaced and removed while it is being opened."""
        while True:
            folder = require_live(root)
            try:
                return cls.open(folder, wanted, chroma_url)
            except IndexDamagedError:
                if require_live(root) == folder:
                    raise

    def article(self, name: str) -> Article:
        """The article of that id."""
        if name not in self._articles:
            self._articles[name] = read_article(self._folder, name)
        return self._articles[name]

    def clauses(self, name: str) -> ClauseMap:
        """The clauses of the article of that id."""
        if name not in self._clauses:
            self._clauses[name] = clauses_of(self.article(name))
        return self._clauses[name]

    def passages(self, name: str) -> tuple[Passage, ...]:
        """The passages of the article of that id, in order: cut anew, which gives the same ones and asks no store."""
        if name not in self._passages:
            self._passages[name] = tuple(split(self.article(name), self.manifest.split))
        return self._passages[name]

    @cached_property
    def amendments(self) -> dict[str, tuple[Amendment, ...]]:
        """What articles of this version change of others, by the id of the article that is changed."""
        return amendments_of(self.manifest.articles)

    def passage_ids(self, articles: Collection[str]) -> list[str]:
        """The ids of the passages of those articles, in their order; an article that is not indexed has none."""
        return [f"{article.id}#{n:04d}" for article in self.manifest.articles if article.id in articles for n in range(article.passages)]

    def warm(self) -> None:
        """Load what Chroma loads at the first question, so that no questioner waits for it."""
        self.store.nearest_passages(self.background, 1)
        self.store.nearest_sentences(self.background, 1)

    def close(self) -> None:
        """Let go of the files, and of the version."""
        self.store.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None


def search(
    index: Index, question: str, vector: Vectors, k: int, weights: Weights | None = None, within: Collection[str] | None = None
) -> list[Hit]:
    """The `k` passages that fit a question best, best first; `vector` is the question's, of shape (dimension,).

    `within` are the ids of the articles that are searched; all of them where it is None.

    The score of a passage is its cosine, plus that of its nearest sentence, since one sentence of a long passage often answers,
    plus its BM25 score. The last is weighed by how much of the question the best passage holds word for word: a question in
    the article's own words is found by its words, one in other words or another language by its sense.
    """
    weights = weights or Weights()
    among = None if within is None else index.passage_ids(within)
    if among == []:
        return []
    dense = _nearest(index.store.nearest_passages, vector, _PASSAGES, among, len(index.lexicon.ids))
    sentence = _nearest(index.store.nearest_sentences, vector, _SENTENCES, among, len(index.lexicon.ids))
    scores = index.lexicon.scores(question)
    if among is not None:
        scores = np.where(np.isin(index.lexicon.ids, among), scores, 0)
    best = [place for place in np.argsort(-scores, kind="stable")[:_PASSAGES] if scores[place] > 0]
    lexical = {index.lexicon.ids[place]: float(scores[place]) for place in best}
    # A passage that a leg did not bring is at most as good as the last one that it brought.
    dense_floor, sentence_floor = min(dense.values(), default=0.0), min(sentence.values(), default=0.0)
    trust = _trust(index.lexicon, question, max(lexical.values(), default=0.0))
    fused = {
        name: weights.passage * dense.get(name, dense_floor)
        + weights.sentence * sentence.get(name, sentence_floor)
        + weights.lexical * trust * lexical.get(name, 0.0)
        for name in {**dense, **sentence, **lexical}
    }
    names = sorted(fused, key=lambda name: (-fused[name], name))[:k]
    if not names:
        return []
    found = index.store.passages(names)
    inside = np.split(
        index.store.sentence_vectors([found[name] for name in names]) @ vector, _ends(found[name].sentences for name in names)
    )
    background = float(index.background @ vector)
    return [
        Hit(found[name], fused[name], dense.get(name, dense_floor), lexical.get(name, 0.0), tuple(map(float, cosines)), background)
        for name, cosines in zip(names, inside, strict=True)
    ]


def _nearest(
    leg: Callable[[Vectors, int, Sequence[str] | None], dict[str, float]], vector: Vectors, k: int, among: Sequence[str] | None, every: int
) -> dict[str, float]:
    """What a leg brings of the passages `among`; where these are too many to be named, the others are left out afterwards."""
    if among is None or len(among) <= _MOST_IDS:
        return leg(vector, k, among)
    inside, more = set(among), min(every - len(among), _MOST_MORE)
    found = leg(vector, k + _SENTENCES_EACH * more, None)
    return dict(islice(((name, score) for name, score in found.items() if name in inside), k))


def _trust(lexicon: Lexicon, question: str, best: float) -> float:
    """The root of the share of the greatest possible BM25 score, the sum of the inverse document frequencies, that was reached."""
    possible = sum(lexicon.weights(question).values())
    return math.sqrt(min(best / possible, 1.0)) if possible else 0.0


def _ends(parts: object) -> list[int]:
    return list(np.cumsum([len(part) for part in parts])[:-1])  # type: ignore[attr-defined]
