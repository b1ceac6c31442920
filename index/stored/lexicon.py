"""Text -> lexical terms, and BM25 over them: the leg of search that knows names, figures and rare words."""

import json
import logging
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamagedError
from index.progress import steps
from index.text.terms import terms

_IDS, _VOCABULARY, _TERMS, _LENGTHS = "ids.json", "terms.json", "terms.npy", "lengths.npy"


K1, B = (
    0.9,
    0.4,
)  # the settings of Anserini's baselines; 1.2 and .75 gave the same or less on covid_policy and msga_qa by `python -m eval run --corpus … --ablate`


def _quiet() -> None:
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports every step as information, through a handler of its own


class Lexicon:
    """A BM25 index over texts that have ids; `ids` gives the order in which scores stand."""

    def __init__(self, index: Any, ids: list[str]) -> None:
        self._index, self.ids = index, ids
        self._size = size = len(ids)
        frequency = np.diff(index.scores["indptr"])
        self._idf = np.log1p((size - frequency + 0.5) / (frequency + 0.5))  # as Lucene and bm25s define it
        self._vocabulary: dict[str, int] = index.vocab_dict

    @classmethod
    def build(cls, texts: Mapping[str, str]) -> "Lexicon":
        """The lexicon of texts by their id."""
        return TermTable.of(texts).lexicon()

    def save(self, folder: Path) -> None:
        """Write the lexicon into a new folder."""
        self._index.save(folder, show_progress=False)
        (folder / _IDS).write_text(json.dumps(self.ids, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Lexicon":
        """The lexicon in a folder; raises `IndexDamagedError` when it cannot be read."""
        import bm25s

        _quiet()
        try:
            ids = json.loads((folder / _IDS).read_text("utf-8"))
            return cls(bm25s.BM25.load(folder, mmap=bool(ids)), ids)  # a file of nothing cannot be mapped
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamagedError(
                f"the lexical index in {str(folder)!r} cannot be read ({error}): rebuild it with python -m index build"
            ) from error

    def scores(self, question: str) -> NDArray[np.float32]:
        """(n_texts,) BM25 scores in the order of `ids`; zero where no term is shared."""
        known = [term for term in terms(question) if term in self._vocabulary]
        return np.asarray(self._index.get_scores(known), np.float32) if known else np.zeros(self._size, np.float32)

    def holds(self, text: str) -> bool:
        """Whether every term of a text stands in some text of the index."""
        return all(term in self._vocabulary for term in terms(text))

    def weights(self, question: str) -> dict[str, float]:
        """The terms of a question, each with its inverse document frequency times how often it stands there."""
        rarest = float(np.log1p((self._size + 0.5) / 0.5))
        found: dict[str, float] = {}
        for term in terms(question):
            place = self._vocabulary.get(term)
            found[term] = found.get(term, 0.0) + (rarest if place is None else float(self._idf[place]))
        return found


@dataclass(frozen=True, slots=True)
class TermTable:
    """The terms of texts, in the order of `ids`: what BM25 is computed from, kept so that texts that stay are not cut again.

    `terms` (n_terms,) are the places of all texts' terms in `vocabulary`, one text after the other; `lengths` (n_texts,) says how many
    are of each.
    """

    ids: list[str]
    vocabulary: list[str]
    terms: NDArray[np.int32]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Mapping[str, str], progress: bool = False) -> "TermTable":
        """The table of texts by their id."""
        places: dict[str, int] = {}
        found = array("i")
        lengths = []
        for text in steps(list(texts.values()), "cutting words", progress):
            own = terms(text)
            found.extend(places.setdefault(term, len(places)) for term in own)
            lengths.append(len(own))
        return cls(list(texts), list(places), np.array(found, np.int32), np.array(lengths, np.int64))

    @classmethod
    def load(cls, folder: Path) -> "TermTable":
        """The table that was saved with a lexicon; raises `IndexDamagedError` when it cannot be read."""
        try:
            ids, vocabulary = (json.loads((folder / name).read_text("utf-8")) for name in (_IDS, _VOCABULARY))
            found, lengths = (np.load(folder / name) for name in (_TERMS, _LENGTHS))
            if len(found) != lengths.sum() or len(lengths) != len(ids):
                raise ValueError("its parts do not fit each other")
            return cls(ids, vocabulary, found, lengths)
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"the terms in {str(folder)!r} cannot be read ({error}): rebuild with python -m index build") from error

    def in_order(self, others: "TermTable", ids: list[str]) -> "TermTable":
        """The texts of `ids`, each from `others` or else from this table; terms that none of them holds are forgotten."""
        places = {term: place for place, term in enumerate(self.vocabulary)}
        moved = np.array([places.setdefault(term, len(places)) for term in others.vocabulary], np.int32)
        every = np.concatenate([self.terms, moved[others.terms] if len(moved) else others.terms])
        lengths = np.concatenate([self.lengths, others.lengths])
        starts = np.cumsum(lengths) - lengths
        rows = {name: row for row, name in enumerate([*self.ids, *others.ids])}  # of two texts of one id, the later counts
        chosen = np.array([rows[name] for name in ids], np.int64)
        parts = [every[starts[row] : starts[row] + lengths[row]] for row in chosen]
        used, found = np.unique(np.concatenate(parts) if parts else every[:0], return_inverse=True)
        vocabulary = list(places)
        return TermTable(ids, [vocabulary[place] for place in used], found.astype(np.int32), lengths[chosen])

    def lexicon(self) -> Lexicon:
        """BM25 over the texts, in Lucene's form: idf = ln(1 + (N - df + .5) / (df + .5)), weight = idf tf / (tf + k1 (1 - b + b l / mean l))."""
        import bm25s

        _quiet()
        size = len(self.ids)
        text = np.repeat(np.arange(size), self.lengths)
        pairs, frequency = np.unique(self.terms.astype(np.int64) * max(size, 1) + text, return_counts=True)
        term, text = np.divmod(pairs, max(size, 1))  # by term, then by text: the columns of the matrix
        texts_with = np.bincount(term, minlength=len(self.vocabulary))
        idf = np.log1p((size - texts_with + 0.5) / (texts_with + 0.5))
        mean = self.lengths.mean() if self.lengths.any() else 1.0
        weights = idf[term] * frequency / (frequency + K1 * (1 - B + B * self.lengths[text] / mean))
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        index.scores = {
            "data": weights.astype(np.float32),
            "indices": text.astype(np.int32),
            "indptr": np.concatenate([[0], np.cumsum(texts_with)]).astype(np.int32),
            "num_docs": size,
        }
        index.nonoccurrence_array = None  # this form of BM25 needs none
        index.vocab_dict = {name: place for place, name in enumerate(self.vocabulary)}
        return Lexicon(index, self.ids)

    def save(self, folder: Path) -> None:
        """Write the table and its lexicon into a new folder."""
        self.lexicon().save(folder)
        (folder / _VOCABULARY).write_text(json.dumps(self.vocabulary, ensure_ascii=False), "utf-8")
        np.save(folder / _TERMS, self.terms)
        np.save(folder / _LENGTHS, self.lengths)


def coverage(weights: Mapping[str, float], found: Collection[str]) -> float:
    """The share [0, 1] of the weights that stands in a collection of terms."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0
