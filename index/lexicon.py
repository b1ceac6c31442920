"""Text -> lexical terms, and BM25 over them: the leg of search that knows names, figures and rare words."""

import json
import logging
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamagedError

_HAN = "㐀-鿿豈-﫿"
_RUN = re.compile(rf"[{_HAN}]+|[a-z0-9]+(?:\.[0-9]+)?%?")

# Words that every question is made of: they say what is asked for, never what it is about.
_EMPTY_WORDS = frozenset(
    (
        "什么 哪些 哪个 哪里 哪儿 哪 如何 怎么 怎样 怎么办 多少 几 是否 为什么 请问 吗 呢 啊 吧 么 有 的 了 是 在 和 与 及 对 为 能 可以 需要 "
        "the a an of to in on for and or is are was were do does did how what which when where who can i we it"
    ).split()
)

K1, B = (
    0.9,
    0.4,
)  # the settings of Anserini's baselines; 1.2 and .75 gave the same or less on covid_policy and msga_qa by `python -m eval run --corpus … --ablate`


@cache
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """`text` in Simplified characters, otherwise as it is."""
    return str(_to_simplified().convert(text))


def fold(text: str) -> str:
    """`text` in NFKC, lower case and Simplified characters, so that one word is written in one way."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", text).lower()))


def terms(text: str) -> list[str]:
    """The terms of a text: the words that jieba's search mode finds, and the pairs of neighbouring Chinese characters.

    The pairs find what the dictionary cuts in another way, such as the coined names of policies. Latin words and figures stay
    whole. Words that only make a question are left out.
    """
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found += rjieba.cut_for_search(run)
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return [term for term in found if term not in _EMPTY_WORDS]


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
        import bm25s

        _quiet()
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        index.index([terms(text) or [""] for text in texts.values()], show_progress=False)  # bm25s wants at least one term a text
        return cls(index, list(texts))

    def save(self, folder: Path) -> None:
        """Write the lexicon into a new folder."""
        self._index.save(folder, show_progress=False)
        (folder / "ids.json").write_text(json.dumps(self.ids, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Lexicon":
        """The lexicon in a folder; raises `IndexDamagedError` when it cannot be read."""
        import bm25s

        _quiet()
        try:
            return cls(bm25s.BM25.load(folder, mmap=True), json.loads((folder / "ids.json").read_text("utf-8")))
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


def coverage(weights: Mapping[str, float], found: Collection[str]) -> float:
    """The share [0, 1] of the weights that stands in a collection of terms."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0
