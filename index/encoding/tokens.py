"""Texts -> tokens, by the tokenizer in a model's folder, without transformers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PairTokens:
    """Two texts as tokens: `ids` (tokens,), and `places` (tokens, 2), the characters of the second text behind each token.

    A token that stands for no character of the second text has the place (-1, -1).
    """

    ids: Ids
    places: NDArray[np.int64]


class Tokens:
    """A tokenizer whose settings never change, so that it is safe to use from several threads."""

    def __init__(self, tokenizer: "Tokenizer", longest: int = 512) -> None:
        """Of what has more than `longest` tokens the end is left out, but for the last token, which marks it."""
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer, self._longest = tokenizer, longest

    @classmethod
    def read(cls, folder: Path, longest: int = 512) -> "Tokens":
        """The tokenizer of the model in a folder."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(folder / "tokenizer.json")), longest)

    def singles(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text."""
        return [self._cut(np.array(encoded.ids)) for encoded in self._tokenizer.encode_batch(list(texts))]

    def pairs(self, firsts: Sequence[str], seconds: Sequence[str]) -> list[PairTokens]:
        """Each text of the one row together with its text of the other."""
        return [self._pair(encoded) for encoded in self._tokenizer.encode_batch(list(zip(firsts, seconds, strict=True)))]

    def _pair(self, encoded: "Encoding") -> PairTokens:
        second = np.array([part == 1 for part in encoded.sequence_ids])
        places = np.where(second[:, None], np.array(encoded.offsets), -1)
        return PairTokens(self._cut(np.array(encoded.ids)), self._cut(places))

    def _cut(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return rows if len(rows) <= self._longest else np.concatenate([rows[: self._longest - 1], rows[-1:]])
