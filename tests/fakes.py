"""What the tests use in place of weights: a pure encoder, and made-up articles."""

import zlib
from collections.abc import Sequence

import numpy as np

from index.documents import Metadata
from index.encoder import Vectors
from index.read import Source, _source

GARDEN = """# 青山区推出花园城市行动

青山区2022年启动花园城市行动，新建口袋公园15处。

## 申请办法

居民可以向街道提出申请。街道在10个工作日内答复。

■志愿者在公园里种树。
"""
HARBOUR = "# 白河港口新规\n\n白河港口对夜间装卸实行预约制度，预约热线由港务局公布。\n"


class BigramEncoder:
    """Hashes character bigrams: the same text has the same vector, texts that share words are near each other."""

    name = "fake:bigrams"
    fingerprint = "fake-1"
    dimension = 256

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def encode_passages(self, texts: Sequence[str], progress: bool = False) -> Vectors:
        self.encoded += texts
        return self.encode_queries(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for at in range(max(len(text) - 1, 1)):
            vector[zlib.crc32(text[at : at + 2].encode()) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def source(name: str, text: str, **meta: object) -> Source:
    return _source(Metadata(id=name, **meta), text, text.encode())  # type: ignore[arg-type]
