"""The lexical index: BM25 over the terms of texts, the leg of search that knows names, figures and rare words."""

import json
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamagedError, InvalidValueError
from index.progress import steps
from index.text.terms import terms

# The settings of Anserini's baselines; 1.2 and .75 gave the same or less on covid_policy and msga_qa by
# `python -m eval run --corpus … --ablate`.
K1, B = 0.9, 0.4

_IDS, _VOCABULARY = "ids.json", "terms.json"
_COUNTS, _WEIGHTS, _TEXTS, _STARTS = "counts.npy", "weights.npy", "texts.npy", "starts.npy"


class Lexicon:
    """Texts that have ids, as a sparse matrix of texts and terms; `ids` gives the order in which scores stand.

    `counts` (n_texts, n_terms) says how often each term of `vocabulary` stands in each text, a compressed column a term. Of the same
    shape and places are the weights that it gives in BM25: worked out once, so that a question only adds some columns up.
    """

    def __init__(self, ids: list[str], vocabulary: Sequence[str], counts: Any, weights: NDArray[np.float32] | None = None) -> None:
        self.ids, self.counts = ids, counts
        self._places = {term: place for place, term in enumerate(vocabulary)}
        texts_with = np.diff(counts.indptr)
        self._idf = np.log1p((len(ids) - texts_with + 0.5) / (texts_with + 0.5))
        self._weights = _bm25(counts, self._idf) if weights is None else np.asarray(weights)  # no slow `memmap`, yet of the same memory

    @classmethod
    def build(cls, texts: Mapping[str, str], progress: bool = False) -> "Lexicon":
        """The lexicon of texts by their id."""
        from scipy import sparse

        places: dict[str, int] = {}
        found, lengths = array("i"), []
        for text in steps(list(texts.values()), "cutting words", progress):
            own = terms(text)
            found.extend(places.setdefault(term, len(places)) for term in own)
            lengths.append(len(own))
        cells = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths), np.array(found, np.int32)
        counts = sparse.coo_array((np.ones(len(found), np.int32), cells), shape=(len(lengths), len(places)))
        return cls(list(texts), list(places), _columns(counts))

    @property
    def vocabulary(self) -> list[str]:
        """The terms, in the order of the columns."""
        return list(self._places)

    def merged(self, others: "Lexicon", ids: list[str]) -> "Lexicon":
        """The texts of `ids`, each from `others` or else from this lexicon, not cut again; terms that none of them holds are forgotten."""
        from scipy import sparse

        places = dict(self._places)
        moved = np.array([places.setdefault(term, len(places)) for term in others.vocabulary], np.int32)
        own, new = self.counts.tocoo(), others.counts.tocoo()
        cells = np.concatenate([own.row, new.row + len(self.ids)]), np.concatenate([own.col, moved[new.col]])
        every = sparse.coo_array((np.concatenate([own.data, new.data]), cells), shape=(len(self.ids) + len(others.ids), len(places)))
        rows = {name: row for row, name in enumerate([*self.ids, *others.ids])}  # of two texts of one id, the later counts
        chosen = every.tocsr()[np.array([rows[name] for name in ids], np.int32)]
        used = np.unique(chosen.indices)
        vocabulary = list(places)
        return Lexicon(ids, [vocabulary[place] for place in used], _columns(chosen[:, used]))

    def save(self, folder: Path) -> None:
        """Write the lexicon into a new folder."""
        folder.mkdir()
        for name, words in ((_IDS, self.ids), (_VOCABULARY, self.vocabulary)):
            (folder / name).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        for name, values in (
            (_COUNTS, self.counts.data), (_WEIGHTS, self._weights), (_TEXTS, self.counts.indices), (_STARTS, self.counts.indptr),
        ):  # fmt: skip
            np.save(folder / name, values)

    @classmethod
    def load(cls, folder: Path) -> "Lexicon":
        """The lexicon in a folder, its columns mapped from the files; raises `IndexDamagedError` when it cannot be read."""
        from scipy import sparse

        try:
            ids, vocabulary = (json.loads((folder / name).read_text("utf-8")) for name in (_IDS, _VOCABULARY))
            how: Any = "r" if vocabulary else None  # a file of nothing cannot be mapped
            counts, weights, texts, starts = (np.load(folder / name, mmap_mode=how) for name in (_COUNTS, _WEIGHTS, _TEXTS, _STARTS))
            if len(weights) != len(counts) or texts.max(initial=-1) >= len(ids):
                raise InvalidValueError("lexicon-unfit")
            return cls(ids, vocabulary, sparse.csc_array((counts, texts, starts), shape=(len(ids), len(vocabulary))), weights)
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamagedError("lexicon-unreadable", folder=folder, error=error) from error

    def scores(self, question: str) -> NDArray[np.float32]:
        """(n_texts,) BM25 scores in the order of `ids`; zero where no term is shared."""
        scores, starts, texts = np.zeros(len(self.ids), np.float32), self.counts.indptr, self.counts.indices
        for term in terms(question):
            if (place := self._places.get(term)) is not None:
                column = slice(starts[place], starts[place + 1])
                scores[texts[column]] += self._weights[column]
        return scores

    def holds(self, text: str) -> bool:
        """Whether every term of a text stands in some text of the index."""
        return all(term in self._places for term in terms(text))

    def weights(self, question: str) -> dict[str, float]:
        """The terms of a question, each with its inverse document frequency times how often it stands there."""
        rarest = float(np.log1p((len(self.ids) + 0.5) / 0.5))
        idf = {term: rarest if (place := self._places.get(term)) is None else float(self._idf[place]) for term in terms(question)}
        return {term: times * idf[term] for term, times in Counter(terms(question)).items()}


def _columns(counts: Any) -> Any:
    """A sparse matrix by columns, what stands twice in one place added up, with the texts of each column in order."""
    columns = counts.tocsc()
    columns.sum_duplicates()
    return columns


def _bm25(counts: Any, idf: NDArray[np.float64]) -> NDArray[np.float32]:
    """The weight of each count, in Lucene's form of BM25: idf = ln(1 + (N - df + .5) / (df + .5)), tf / (tf + k1 (1 - b + b l / mean l)) times that."""
    lengths = np.asarray(counts.sum(axis=1), np.float64)
    mean = lengths.mean() if lengths.any() else 1.0
    most = np.repeat(idf, np.diff(counts.indptr))
    weights: NDArray[np.float32] = (most * counts.data / (counts.data + K1 * (1 - B + B * lengths[counts.indices] / mean))).astype(
        np.float32
    )
    return weights


def coverage(weights: Mapping[str, float], found: Collection[str]) -> float:
    """The share [0, 1] of the weights that stands in a collection of terms."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0
