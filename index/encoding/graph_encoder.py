"""Text -> vectors by ONNX Runtime, without torch: the bundled model, and whatever stands beside it with the same words and tokens."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.graph import Precision, Shape, Weights
from index.encoding.tokens import Ids, Tokens
from index.encoding.trunk import WEIGHTS, Trunk, computes_int8, map_words, read_shape, read_weights
from index.progress import steps

log = logging.getLogger(__name__)

_BATCH = 32  # texts between two steps of the bar
_WORTH_ROUNDING = 256  # texts: fewer are encoded exactly, which saves making a second graph
_FINGERPRINT = "fingerprint.json"
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Stem:
    """What models of the same words and tokens share: where a model begins."""

    folder: Path
    words: NDArray[Any]  # (pieces, width), on disk
    tokens: Tokens
    shape: Shape

    @classmethod
    def read(cls, folder: Path) -> "Stem":
        """That of the model in a folder."""
        return cls(folder, map_words(folder), Tokens.read(folder), read_shape(folder))

    def weights(self) -> Weights:
        """The weights of the model itself."""
        return read_weights(self.folder)

    def trunk(self, weights: Weights, precision: Precision) -> Trunk:
        """A transformer with those weights."""
        return Trunk(self.words, weights, self.shape, precision)


class GraphEncoder:
    """The model of a stem as an `Encoder`: the mean over the tokens, with unit norm. Safe to use from several threads.

    Queries are encoded in float32. So are passages where `dtype` is float32; many at once, or all where it is int8, are encoded in 8
    bits where the processor computes these exactly: nearly twice as fast, with a cosine of .9995 to float32.
    """

    def __init__(self, name: str, stem: Stem, dtype: str = "auto") -> None:
        self.name, self.stem = name, stem
        self._dtype = dtype
        self._prompts: Mapping[str, str] = json.loads((stem.folder / "config_sentence_transformers.json").read_text("utf-8"))["prompts"]
        self._exact = stem.trunk(stem.weights(), "float32")
        self._rounded: Trunk | None = None
        self.dimension = int(stem.words.shape[1])
        self.fingerprint = _fingerprint(stem.folder, self._prompts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder`."""
        return self._encode(self._exact, "query", texts)

    def encode_passages(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """See `Encoder`."""
        trunk = self._trunk_for(len(texts))
        parts = [
            self._encode(trunk, "document", texts[at : at + _BATCH]) for at in steps(range(0, len(texts), _BATCH), "encoding", progress)
        ]
        return np.concatenate([np.empty((0, self.dimension), np.float32), *parts])

    def _trunk_for(self, texts: int) -> Trunk:
        wanted = self._dtype == "int8" or (self._dtype == "auto" and texts >= _WORTH_ROUNDING)
        if not wanted or not computes_int8():
            return self._exact
        if self._rounded is None:
            log.info("encoding in 8 bits")
            self._rounded = self.stem.trunk(self.stem.weights(), "int8")
        return self._rounded

    def _encode(self, trunk: Trunk, prompt: str, texts: Sequence[str]) -> NDArray[np.float32]:
        tokens: list[Ids] = self.stem.tokens.singles([self._prompts[prompt] + text for text in texts])
        vectors = np.array([hidden.mean(0) for hidden in trunk.run(tokens)], np.float32).reshape(len(tokens), self.dimension)
        scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return scaled


def _fingerprint(folder: Path, prompts: Mapping[str, str]) -> str:
    """That of `index.encoding.encoder.SentenceEncoder` over the same model, kept beside the weights as long as these stay as they are."""
    file, state = folder / _FINGERPRINT, (folder / WEIGHTS).stat()
    weights = {"bytes": state.st_size, "changed": state.st_mtime_ns, "prompts": dict(prompts)}
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        kept = {}
    if isinstance(kept, dict) and kept.get("weights") == weights and isinstance(kept.get("fingerprint"), str):
        return str(kept["fingerprint"])
    found = _digest(folder, prompts)
    try:
        file.write_text(json.dumps({"weights": weights, "fingerprint": found}) + "\n", "utf-8")
    except OSError as error:  # a folder that cannot be written costs a second at each start
        log.info("the fingerprint of the embedding model is not kept: %s", error)
    return found


def _digest(folder: Path, prompts: Mapping[str, str]) -> str:
    digest = hashlib.sha256(repr(sorted(prompts.items())).encode())
    tensors = {**read_weights(folder), "embeddings.word_embeddings.weight": map_words(folder)}
    for name, tensor in sorted(tensors.items()):
        digest.update(f"0.model.{name}".encode())
        for at in range(0, len(tensor), _ROWS):
            digest.update(np.ascontiguousarray(tensor[at : at + _ROWS], np.float32).data)
    return digest.hexdigest()[:16]
