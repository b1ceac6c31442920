"""Which runtime computes the embedding model, and that it does not matter to what is computed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.reading.model import to_batch
from bot.reading.network import PASSAGE, QUERY
from index.encoding import bundled, encoder, graph_encoder
from index.encoding.encoder import SentenceEncoder, load_encoder, load_sentence_encoder
from index.encoding.graph_encoder import GraphEncoder, Stem
from index.errors import EncoderError
from index.settings import IndexSettings

TEXTS = [
    "", "  两 端 有 空格 \n", "企业开办需要多久？", "Ｆｕｌｌ ｗｉｄｔｈ 与㎡、①、ﬁ", "The quick answer: 5 working days.", "長文繁體，即墨區。",
    "🌳😀\u200b 零宽", "tab\there", "e\u0301 é", "ภาษาไทย", "很长的话，" * 400,
]  # fmt: skip


@pytest.fixture(scope="module")
def by_torch() -> SentenceEncoder:
    return load_sentence_encoder(bundled.NAME, IndexSettings().encoding.model_cache)


@pytest.fixture(scope="module")
def by_graph() -> GraphEncoder:
    found = load_encoder(bundled.NAME, IndexSettings().encoding.model_cache)
    assert isinstance(found, GraphEncoder)
    return found


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.sum(one * other, axis=1)


@pytest.mark.model
def test_both_runtimes_read_the_same_tokens(by_torch: SentenceEncoder, by_graph: GraphEncoder) -> None:
    _, tokenizer = by_torch.parts()
    ids = tokenizer(TEXTS, truncation=True, max_length=512)["input_ids"]
    assert [list(found) for found in by_graph.stem.tokens.singles(TEXTS)] == ids
    questions = ["多久？" for _ in TEXTS]
    batch = to_batch(tokenizer, questions, TEXTS)
    pairs = by_graph.stem.tokens.pairs([QUERY + text for text in questions], [PASSAGE + text for text in TEXTS])
    for pair, row, mask in zip(pairs, batch.ids.numpy(), batch.mask.numpy(), strict=True):
        np.testing.assert_array_equal(pair.ids, row[mask == 1])


@pytest.mark.model
def test_both_runtimes_give_the_same_vectors(by_torch: SentenceEncoder, by_graph: GraphEncoder) -> None:
    assert by_graph.fingerprint == by_torch.fingerprint
    assert by_graph.dimension == by_torch.dimension
    assert cosines(by_graph.encode_queries(TEXTS), by_torch.encode_queries(TEXTS)).min() > 0.99999
    assert cosines(by_graph.encode_passages(TEXTS), by_torch.encode_passages(TEXTS)).min() > 0.99999
    assert by_graph.encode_passages([]).shape == (0, by_torch.dimension)


@pytest.mark.model
@pytest.mark.parametrize("computes", [True, False])
def test_many_passages_are_encoded_in_8_bits_where_the_processor_can(
    by_graph: GraphEncoder, computes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if computes and not graph_encoder.computes_int8():
        pytest.skip("this processor does not multiply int8 exactly")
    monkeypatch.setattr(graph_encoder, "computes_int8", lambda: computes)
    monkeypatch.setattr(graph_encoder, "_WORTH_ROUNDING", 5)
    texts = [f"第{n}条　区行政审批服务局为企业开办提供一次办好的服务，办理时限为{n}个工作日。" for n in range(6)]
    exact = GraphEncoder("exact", by_graph.stem, "float32")
    np.testing.assert_array_equal(by_graph.encode_passages(texts[:4]), exact.encode_passages(texts[:4]))
    least = cosines(by_graph.encode_passages(texts), exact.encode_passages(texts)).min()
    assert least > 0.999
    assert (least < 0.99999) == computes


@pytest.mark.model
@pytest.mark.parametrize("kept", ["{", "[]", '{"weights": {}, "fingerprint": "other"}'])
def test_a_fingerprint_that_was_not_kept_of_these_weights_is_taken_anew(by_graph: GraphEncoder, tmp_path: Path, kept: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in by_graph.stem.folder.iterdir():
        if file.name != "fingerprint.json":
            (folder / file.name).symlink_to(file)
    (folder / "fingerprint.json").write_text(kept, "utf-8")
    assert GraphEncoder("copy", Stem.read(folder)).fingerprint == by_graph.fingerprint
    assert json.loads((folder / "fingerprint.json").read_text("utf-8"))["fingerprint"] == by_graph.fingerprint


def broken(folder: Path) -> Stem:
    raise RuntimeError("no such operator")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """The calls for an encoder by torch, where ONNX Runtime can run nothing."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(bundled, "unpack", lambda cache: tmp_path)
    monkeypatch.setattr(Stem, "read", broken)
    monkeypatch.setattr(encoder, "load_sentence_encoder", lambda name, cache, **more: calls.append({"name": name, **more}))
    return calls


def test_torch_stands_in_where_onnx_runtime_cannot_and_the_log_says_why(
    loaded: list[dict[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_encoder(bundled.NAME, tmp_path)
    assert loaded == [{"name": bundled.NAME, "dtype": "auto", "device": "cpu"}]
    assert "no such operator" in caplog.text
    with pytest.raises(EncoderError, match="no such operator"):
        load_encoder(bundled.NAME, tmp_path, runtime="onnx")


@pytest.mark.parametrize(
    "asked", [{"runtime": "torch"}, {"device": "cuda"}, {"dtype": "bfloat16"}, {"name": "other/model"}], ids=lambda asked: next(iter(asked))
)
def test_what_only_torch_computes_it_computes(
    asked: dict[str, str], loaded: list[dict[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_encoder(**{"name": bundled.NAME, "cache": tmp_path, **asked})  # type: ignore[arg-type]
    assert len(loaded) == 1
    assert not caplog.text


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "other/model", "runtime": "onnx"},
        {"device": "cuda", "runtime": "onnx"},
        {"dtype": "bfloat16", "runtime": "onnx"},
        {"dtype": "int8", "runtime": "torch"},
        {"dtype": "int8", "name": "other/model"},
    ],
)
def test_what_no_runtime_computes_is_refused(asked: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="change LIANGCE_RUNTIME, LIANGCE_DTYPE or LIANGCE_DEVICE"):
        load_encoder(**{"name": bundled.NAME, "cache": tmp_path, **asked})  # type: ignore[arg-type]


@pytest.mark.model
def test_a_question_is_answered_without_torch(seed_data: Path) -> None:
    script = (
        "import sys; from bot.__main__ import app\n"
        f"try: app(['ask', '校园引才走进了多少所高校？', '--data', {str(seed_data)!r}])\n"
        "finally: print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "30余所" in done.stdout
    assert done.stderr.splitlines()[-1] == "set()"
