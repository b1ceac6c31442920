"""The graph that ONNX Runtime computes against the transformer that torch computes."""

import numpy as np
import pytest
import torch

from index.encoding import trunk as trunks
from index.encoding.graph import Shape
from index.encoding.trunk import Trunk
from tests.support.readers import TinyEncoder


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    """A tiny transformer whose weights are all random: as it is made, its biases are zero and its layer norms do nothing."""
    transformer, _ = TinyEncoder().parts()
    draw = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in transformer.parameters():
            weight.add_(0.3 * torch.randn(weight.shape, generator=draw))
    return transformer


def trunk_of(model: torch.nn.Module, precision: str) -> Trunk:
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    words = weights.pop("embeddings.word_embeddings.weight")
    return Trunk(words, weights, Shape(2, 2, model.config.layer_norm_eps), precision)  # type: ignore[arg-type]


def hidden_of(model: torch.nn.Module, ids: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return model(input_ids=torch.from_numpy(ids[None])).last_hidden_state[0].numpy()


@pytest.mark.parametrize(("precision", "off"), [("float32", 1e-5), ("int8", 0.15)])
def test_a_graph_computes_what_torch_computes(model: torch.nn.Module, precision: str, off: float) -> None:
    if precision == "int8" and not trunks.computes_int8():
        pytest.skip("this processor does not multiply int8 exactly")
    texts = [np.random.default_rng(length).integers(5, 40, length) for length in (1, 7, 200, 512)]
    found = trunk_of(model, precision).run(texts)
    for ids, hidden in zip(texts, found, strict=True):
        assert hidden.shape == (len(ids), 16)
        assert np.abs(hidden - hidden_of(model, ids)).max() < off


def test_a_text_is_the_same_whatever_is_computed_beside_it(model: torch.nn.Module) -> None:
    trunk = trunk_of(model, "int8")
    texts = [np.arange(5, 5 + length) for length in (3, 9, 30)]
    for ids, together in zip(texts, trunk.run(texts), strict=True):
        np.testing.assert_array_equal(trunk.run([ids])[0], together)


@pytest.mark.parametrize(("said", "cores"), [("3", 3), ("0", None), ("many", None), ("", None)])
def test_as_many_texts_at_once_as_are_allowed_or_as_there_are_cores(said: str, cores: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(5)))
    assert trunks.cores() == (cores or 5)
