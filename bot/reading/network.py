"""The network of the pair reader as the rest sees it: pairs of texts -> logits, by ONNX Runtime or by torch."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.tokens import Tokens
from index.encoding.trunk import Trunk

HEADS = ("stated", "relevant", "supported")  # what the network judges of a pair, in the order of its logits
QUERY, PASSAGE = "query: ", "passage: "  # the marks that the E5 family was trained with


@dataclass(frozen=True, slots=True)
class PairLogits:
    """What the network says of a question with a passage.

    `starts` and `ends` (tokens,) are logits that the answer starts or ends at a token, the first of which stands for "not stated"; `judged`
    (3,) are the logits of `HEADS`; `places` (tokens, 2) are the characters of the passage behind each token, (-1, -1) where there are none.
    """

    starts: NDArray[Any]
    ends: NDArray[Any]
    judged: NDArray[Any]
    places: NDArray[Any]


class Network(Protocol):
    """What a `Marker` needs of a network; it is safe to use from several threads."""

    @property
    def dtype(self) -> str:
        """The precision that it computes in."""

    def read(self, questions: Sequence[str], passages: Sequence[str]) -> list[PairLogits]:
        """The logits of each question with its passage."""


class GraphNetwork:
    """The network by ONNX Runtime."""

    def __init__(self, trunk: Trunk, heads: Mapping[str, NDArray[Any]], tokens: Tokens) -> None:
        """`heads` are the weights and biases of the span and of `HEADS`, by name."""
        self._trunk, self._tokens = trunk, tokens
        self._span = heads["span.weight"].T, heads["span.bias"]
        self._judges = (
            np.concatenate([heads[f"{name}.weight"] for name in HEADS]).T,
            np.concatenate([heads[f"{name}.bias"] for name in HEADS]),
        )
        self.dtype: str = trunk.precision

    def read(self, questions: Sequence[str], passages: Sequence[str]) -> list[PairLogits]:
        """See `Network`."""
        pairs = self._tokens.pairs([QUERY + question for question in questions], [PASSAGE + passage for passage in passages])
        found = []
        for pair, hidden in zip(pairs, self._trunk.run([pair.ids for pair in pairs]), strict=True):
            spans = hidden @ self._span[0] + self._span[1]
            places = np.where(pair.places[:, 1:] > len(PASSAGE), (pair.places - len(PASSAGE)).clip(min=0), -1)
            found.append(PairLogits(spans[:, 0], spans[:, 1], hidden[0] @ self._judges[0] + self._judges[1], places))
        return found


class TorchNetwork:
    """The network by torch: a `ReaderModel` and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """Its layers are moved to bfloat16 where the processor computes that natively."""
        import torch

        self._tokenizer = tokenizer
        self._lock = threading.Lock()  # the tokenizer cannot be used by two threads at once
        self.dtype = "bfloat16" if _has_bfloat16() else "float32"
        precision = getattr(torch, self.dtype)
        model.encoder.encoder.to(precision)
        # The embeddings stay as they are, since the encoder shares them.
        model.encoder.embeddings.register_forward_hook(lambda module, given, values: values.to(precision))
        self._model = model.eval()

    def read(self, questions: Sequence[str], passages: Sequence[str]) -> list[PairLogits]:
        """See `Network`."""
        import torch

        from bot.reading.model import to_batch

        with self._lock:
            batch = to_batch(self._tokenizer, questions, passages)
        with torch.inference_mode():
            starts, ends, judged = (values.numpy() for values in self._model(batch.ids, batch.mask))
        return [PairLogits(*row) for row in zip(starts, ends, judged, batch.places.numpy(), strict=True)]


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 natively: a property of the machine, so that the choice is the same in every run."""
    import torch

    native = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(check() for check in native if check)
