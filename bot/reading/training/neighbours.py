"""Texts that look as if they answered a question: the nearest by their character pairs, for hard negatives."""

from collections.abc import Sequence
from typing import Any

import numpy as np


class Neighbours:
    """The texts nearest to a question by tf-idf over pairs of characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._weights: Any = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True, max_features=200_000)
        self._rows = self._weights.fit_transform(texts)

    def nearest(self, questions: Sequence[str], most: int) -> list[list[int]]:
        """For each question the places of the texts nearest to it, nearest first, `most` of them."""
        found: list[list[int]] = []
        for at in range(0, len(questions), 256):
            scores = (self._weights.transform(questions[at : at + 256]) @ self._rows.T).toarray()
            best = np.argpartition(-scores, min(most, scores.shape[1] - 1), axis=1)[:, :most]
            found += [list(map(int, row[np.argsort(-own[row], kind="stable")])) for row, own in zip(best, scores, strict=True)]
        return found
