"""The network by ONNX Runtime against the one by torch."""

from typing import Any

import numpy as np
import pytest
import torch

from bot.reading.marking import Context, Marker
from bot.reading.model import build_model
from bot.reading.network import GraphNetwork, TorchNetwork
from bot.reading.pair_reader import load_marker
from index.encoding import bundled
from index.encoding.encoder import load_encoder, load_sentence_encoder
from index.encoding.graph import Shape
from index.encoding.tokens import Tokens
from index.encoding.trunk import Trunk, computes_int8
from index.settings import IndexSettings
from index.text.split import sentences
from tests.support.readers import QUESTIONS, TEXT, TinyEncoder

CONTEXTS = [Context("标题", TEXT, tuple(sentences(TEXT))), Context("", TEXT * 6, tuple(sentences(TEXT * 6)))]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> tuple[Marker, Marker]:
    """The same tiny network by both runtimes, in float32."""
    monkeypatch.setattr("bot.reading.network._has_bfloat16", lambda: False)
    model, tokenizer = build_model(TinyEncoder(), seed=5)  # type: ignore[arg-type]
    draw = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.2 * torch.randn(weight.shape, generator=draw))
    arrays: dict[str, Any] = {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}
    weights = {name.removeprefix("encoder."): values for name, values in arrays.items() if name.startswith("encoder.")}
    words = weights.pop("embeddings.word_embeddings.weight")
    trunk = Trunk(words, weights, Shape(2, 2, model.encoder.config.layer_norm_eps), "float32")
    network = GraphNetwork(trunk, arrays, Tokens(tokenizer.backend_tokenizer))
    return Marker(network), Marker(TorchNetwork(model, build_model(TinyEncoder())[1]))  # type: ignore[arg-type]


def test_both_runtimes_mark_the_same(tiny: tuple[Marker, Marker]) -> None:
    for question, _ in QUESTIONS:
        by_graph, by_torch = (marker.mark([question] * 2, CONTEXTS) for marker in tiny)
        for found, expected in zip(by_graph, by_torch, strict=True):
            assert [mark.span for mark in found] == [mark.span for mark in expected]
            for name in ("stated", "relevant", "margin", "behind"):
                assert [getattr(mark, name) for mark in found] == pytest.approx([getattr(mark, name) for mark in expected], abs=1e-3)


def test_both_runtimes_judge_the_same(tiny: tuple[Marker, Marker]) -> None:
    claims = ["青山区2022年启动花园城市行动。", "多少处？"]
    by_graph, by_torch = (marker.judge(claims, [TEXT, "白河港口。"]) for marker in tiny)
    np.testing.assert_allclose(by_graph, by_torch, atol=1e-3)
    assert by_graph.shape == (2, 3)
    assert tiny[0].judge([], []).shape == (0, 3)


@pytest.mark.model
def test_the_shipped_reader_in_8_bits_marks_what_the_exact_one_marks() -> None:
    cache = IndexSettings().encoding.model_cache
    encoder = load_encoder(bundled.NAME, cache)
    by_torch, card = load_marker(load_sentence_encoder(bundled.NAME, cache))
    for precision, off in (("float32", 0.6 if by_torch.dtype == "bfloat16" else 0.01), ("int8", 1.5))[: 2 if computes_int8() else 1]:
        marker, own = load_marker(encoder, precision=precision)  # type: ignore[arg-type]
        assert (own, marker.dtype) == (card, precision)
        for question, answer in QUESTIONS:
            (found,), (expected,) = (each.mark([question], CONTEXTS[:1]) for each in (marker, by_torch))
            best = max(found, key=lambda mark: mark.margin)
            assert answer in TEXT[best.sentence.start : best.sentence.end]
            assert [mark.stated for mark in found] == pytest.approx([mark.stated for mark in expected], abs=off)
