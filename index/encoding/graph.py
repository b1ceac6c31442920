"""The transformer of a BertModel as a graph for ONNX Runtime, made from its weights without torch.

It takes the word embeddings of one text, so that the embeddings of a quarter of a million pieces stay outside of it, and one text at
a time, so that it needs no padding and no mask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Precision = Literal["float32", "int8"]
Weights = Mapping[str, NDArray[Any]]  # as BertModel names them, without the embeddings of words

WORDS, HIDDEN = "words", "hidden"  # the input and the output of a graph (1, tokens, width), float32
_RUNTIME = "com.microsoft"  # the domain of ONNX Runtime's own operators
_LEVELS = 127
_OPSET, _IR = 17, 10  # the oldest that have what is used here


@dataclass(frozen=True, slots=True)
class Shape:
    """What the weights do not tell: how many layers there are, heads of attention in each, and what layer norm adds to a variance."""

    layers: int
    heads: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Graph:
    """An ONNX file without its matrices, and these by name: within the file they would be copied four times on their way."""

    file: bytes
    matrices: Mapping[str, NDArray[Any]]


class _Graph:
    """Nodes and constants, written one after another; a node's name is that of what it gives."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._matrices: dict[str, NDArray[Any]] = {}

    def constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def matrix(self, name: str, values: NDArray[Any]) -> str:
        """A constant whose values stand beside the file."""
        from onnx import StringStringEntryProto, TensorProto, helper

        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        beside = StringStringEntryProto(key="location", value="beside")
        self._constants.append(
            TensorProto(name=name, dims=values.shape, data_type=kind, data_location=TensorProto.EXTERNAL, external_data=[beside])
        )
        self._matrices[name] = np.ascontiguousarray(values)
        return name

    def node(self, kind: str, given: list[str], name: str, more: tuple[str, ...] = (), domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, given, [name, *more], domain=domain, **attributes))
        return name

    def exact_product(self, given: str, matrix: NDArray[np.float32], name: str) -> str:
        """`given` times the transposed matrix (out, in)."""
        return self.node("MatMul", [given, self.matrix(name + ".weight", matrix.T)], name + ".product")

    def rounded_product(self, given: str, matrix: NDArray[np.float32], name: str) -> str:
        """The same in 8 bits. A token is divided by its greatest value before its levels are taken, and multiplied by it afterwards."""
        scale = (np.abs(matrix).max(1).clip(min=1e-12) / _LEVELS).astype(np.float32)
        levels = np.rint(matrix / scale[:, None]).astype(np.int8)
        size = self.node("Abs", [given], name + ".size")
        greatest = self.node("ReduceMax", [size], name + ".greatest", axes=[-1], keepdims=1)
        even = self.node("Div", [given, greatest], name + ".even")
        product = self.levels_product(even, levels, scale, name + ".rounded")
        return self.node("Mul", [product, greatest], name + ".product")

    def levels_product(self, given: str, levels: NDArray[np.int8], scale: NDArray[np.float32], name: str) -> str:
        """`given`, rounded to 8 bits, times the transposed `levels` (out, in) times `scale` (out,)."""
        parts = [self.matrix(f"{name}.levels", levels.T), self.constant(f"{name}.scale", scale)]
        return self.node("DynamicQuantizeMatMul", [given, *parts], name, domain=_RUNTIME)

    def finish(self, last: str, width: int) -> Graph:
        """The graph with what `last` names as its output; the input is `width` wide."""
        from onnx import TensorProto, helper

        self.node("Identity", [last], HIDDEN)
        first, end = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "tokens", width]) for name in (WORDS, HIDDEN))
        graph = helper.make_graph(self._nodes, "transformer", [first], [end], self._constants)
        domains = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
        return Graph(helper.make_model(graph, opset_imports=domains, ir_version=_IR).SerializeToString(), self._matrices)


def make_product(levels: NDArray[np.int8], scale: NDArray[np.float32]) -> Graph:
    """A graph of one product in 8 bits, of a square matrix."""
    graph = _Graph()
    return graph.finish(graph.levels_product(WORDS, levels, scale, "product"), len(levels))


def make_graph(weights: Weights, shape: Shape, precision: Precision = "float32") -> Graph:
    """The graph of a transformer.

    In int8 the matrices are rounded to 255 levels a row, and what they are multiplied by to 255 levels a token: a few tokens have
    values a hundred times greater than the others', which would leave no levels to these.
    """
    return _Transformer(weights, shape, precision).make()


class _Transformer:
    def __init__(self, weights: Weights, shape: Shape, precision: Precision) -> None:
        self._weights, self._shape = weights, shape
        self._graph = _Graph()
        self._product = self._graph.exact_product if precision == "float32" else self._graph.rounded_product
        self._width = len(weights["embeddings.LayerNorm.weight"])

    def make(self) -> Graph:
        last = self._embedded()
        self._graph.constant("thirds", np.array([self._width] * 3))
        for layer in range(self._shape.layers):
            last = self._layer(last, f"encoder.layer.{layer}")
        return self._graph.finish(last, self._width)

    def _weight(self, name: str) -> NDArray[np.float32]:
        return self._weights[name].astype(np.float32)

    def _embedded(self) -> str:
        places = self._weight("embeddings.position_embeddings.weight") + self._weight("embeddings.token_type_embeddings.weight")[0]
        zero = self._graph.constant("zero", np.array([0]))
        length = self._graph.node("Shape", [WORDS], "length", start=1, end=2)
        place = self._graph.node("Slice", [self._graph.constant("places", places), zero, length, zero], "place")
        return self._sum_norm(WORDS, place, "embeddings.LayerNorm")

    def _layer(self, given: str, name: str) -> str:
        attended = self._linear(self._attended(given, name), f"{name}.attention.output.dense")
        attended = self._sum_norm(attended, given, f"{name}.attention.output.LayerNorm")
        wide = self._linear(attended, f"{name}.intermediate.dense")
        wide = self._graph.node("Gelu", [wide], f"{name}.gelu", domain=_RUNTIME)
        return self._sum_norm(self._linear(wide, f"{name}.output.dense"), attended, f"{name}.output.LayerNorm")

    def _attended(self, given: str, name: str) -> str:
        query, key, value = parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        projected = self._linear(given, *parts)
        self._graph.node("Split", [projected, "thirds"], query, (key, value), axis=-1)
        return self._graph.node("MultiHeadAttention", parts, f"{name}.attended", domain=_RUNTIME, num_heads=self._shape.heads)

    def _linear(self, given: str, *names: str) -> str:
        """`given` through the linear layers of those names side by side."""
        matrix, bias = (np.concatenate([self._weight(f"{name}.{kind}") for name in names]) for kind in ("weight", "bias"))
        name = f"{names[0]}.linear"
        return self._graph.node("Add", [self._product(given, matrix, name), self._graph.constant(f"{name}.bias", bias)], name)

    def _sum_norm(self, one: str, other: str, name: str) -> str:
        total = self._graph.node("Add", [one, other], f"{name}.sum")
        parts = [self._graph.constant(f"{name}.{kind}", self._weight(f"{name}.{kind}")) for kind in ("weight", "bias")]
        return self._graph.node("LayerNormalization", [total, *parts], name, axis=-1, epsilon=self._shape.epsilon)
