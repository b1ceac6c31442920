"""A transformer that ONNX Runtime computes: the embeddings of words, which stay on disk, and the graph of its layers."""

import contextlib
import ctypes
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoding.graph import HIDDEN, WORDS, Graph, Precision, Shape, Weights, make_graph, make_product
from index.encoding.tokens import Ids

WEIGHTS = "model.safetensors"
_WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
_TYPES = {"F16": "<f2", "F32": "<f4"}


def read_shape(folder: Path) -> Shape:
    """The shape of the BertModel in a folder."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    return Shape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])


def read_weights(folder: Path) -> Weights:
    """The weights of the BertModel in a folder, without the embeddings of words."""
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS, "numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys() if name != _WORD_EMBEDDINGS}  # noqa: SIM118  # it is no dict


def map_words(folder: Path) -> NDArray[Any]:
    """The embeddings of words (pieces, width) of the model in a folder, where they stand in its file: only what is looked up is read.

    The form of the file: https://github.com/huggingface/safetensors#format
    """
    path = folder / WEIGHTS
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(size))[_WORD_EMBEDDINGS]
    start, shape = 8 + size + int(entry["data_offsets"][0]), (int(entry["shape"][0]), int(entry["shape"][1]))
    mapped: NDArray[Any] = np.memmap(path, np.dtype(_TYPES[entry["dtype"]]), "r", start, shape)
    return mapped


class Trunk:
    """A graph over embeddings of words; safe to use from several threads."""

    def __init__(self, words: NDArray[Any], weights: Weights, shape: Shape, precision: Precision) -> None:
        """`words` (pieces, width) may be shared by several; raises whatever ONNX Runtime raises where it cannot run the graph."""
        self.precision = precision
        self._words = words
        self._session = _open_session(make_graph(weights, shape, precision))
        _give_back_memory()

    def run(self, texts: Sequence[Ids]) -> list[NDArray[np.float32]]:
        """What the last layer makes of the tokens of each text (tokens, width), as many texts at once as there are cores."""
        return [self._run(texts[0])] if len(texts) == 1 else list(_workers().map(self._run, texts))

    def _run(self, ids: Ids) -> NDArray[np.float32]:
        hidden: NDArray[np.float32] = self._session.run([HIDDEN], {WORDS: self._words[ids].astype(np.float32)[None]})[0][0]
        return hidden


def cores() -> int:
    """How many texts are computed at once: `OMP_NUM_THREADS`, as for torch, or the cores that this process may use."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def computes_int8() -> bool:
    """Whether this processor multiplies int8 exactly. Older ones add two products in 16 bits, which overflow."""
    greatest = np.iinfo(np.int8).max
    values, matrix = np.ones((1, 64), np.float32), np.full((64, 64), greatest, np.int8)
    session = _open_session(make_product(matrix, np.ones(64, np.float32)))
    return bool(np.allclose(session.run([HIDDEN], {WORDS: values[None]})[0], 64.0 * greatest, rtol=0.01))


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), "trunk")


def _open_session(graph: Graph) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Each text is computed by one thread: threads that share a text wait for each other at each of its two hundred products.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors
    # What is further merged is slower: its layer norm of a sum takes five times what a sum and a layer norm take.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(matrix) for matrix in graph.matrices.values()]
    options.add_external_initializers(list(graph.matrices), values)
    return onnxruntime.InferenceSession(graph.file, options, providers=["CPUExecutionProvider"])


def _give_back_memory() -> None:
    """Let the system have what was freed: matrices on their way into a session leave some 180 MB behind, which glibc would keep."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library has no such call
        ctypes.CDLL(None).malloc_trim(0)
