"""What the tests use in place of weights and models: a pure encoder, a scripted model, and made-up articles."""

import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bot.llm.client import ModelError, Usage
from bot.llm.prompts import Prompt
from index.documents import Metadata
from index.encoding.encoder import Vectors
from index.reading.sources import ArticleSource, _source

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


class ScriptedModel:
    """Says what it is told to, one reply after another, the last for ever; an error is raised behind what stands before it."""

    name = "fake:scripted"

    def __init__(self, *replies: str | Callable[[Prompt], str] | tuple[str, ModelError], size: int = 3) -> None:
        self._replies, self._size = list(replies), size
        self.asked: list[Prompt] = []

    def stream(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        self.asked.append(prompt)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        text, error = reply if isinstance(reply, tuple) else (reply if isinstance(reply, str) else reply(prompt), None)
        for at in range(0, len(text), self._size):
            yield text[at : at + self._size]
        if error:
            raise error
        usage.tokens_in, usage.tokens_out = len(prompt.system + prompt.user), len(text)


def source(name: str, text: str, **meta: object) -> ArticleSource:
    return _source(Metadata(id=name, **meta), text, text.encode())  # type: ignore[arg-type]
