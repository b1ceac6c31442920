import json
from pathlib import Path

import pytest
import torch

from bot.reading.checkpoint import CARD, WEIGHTS, add_to_card, dequantise, load, quantise, read_card, save
from bot.reading.marking import Context, Marker
from bot.reading.model import build_model, to_batch, to_tokens, trained
from bot.reading.pair_reader import load_marker
from bot.reading.training.data import read_folder
from bot.reading.training.loop import CHECKPOINT, Plan, rate, run
from bot.reading.training.mixture import Source, marked_pairs
from index.documents import Span
from index.errors import CallError, ReaderError
from index.text.split import sentences
from tests.support.readers import QUESTIONS, TEXT, TinyEncoder, marked_folder

MARKED = (Source("marked", marked_pairs, 40),)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return marked_folder(tmp_path / "marked")


def plan(data: Path, out: Path, steps: int, seed: int = 20231) -> Plan:
    return Plan(data.parent, out, steps=steps, seed=seed, threads=1, sources=MARKED)


@pytest.mark.parametrize("shape", [(7, 33), (12,), (1, 5)])
def test_a_weight_in_8_bits_is_at_most_half_a_level_off(shape: tuple[int, ...]) -> None:
    delta = torch.randn(shape, generator=torch.Generator().manual_seed(1)) * 1e-3
    levels, scale = quantise(delta)
    assert levels.dtype == torch.int8
    off = (dequantise(levels, scale) - delta).abs().reshape(len(delta), -1)
    assert (off <= delta.abs().reshape(len(delta), -1).amax(1, keepdim=True) / 254 * 1.001).all()


def test_a_row_that_did_not_move_stays() -> None:
    assert not dequantise(*quantise(torch.zeros(3, 4))).any()


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_the_tokens_of_an_answer_stand_for_its_characters(question: str, answer: str) -> None:
    _, tokenizer = TinyEncoder().parts()
    batch = to_batch(tokenizer, [question, "申请"], [TEXT, "街道"])
    start = TEXT.index(answer)
    first, last = to_tokens(batch.places, [start, -1], [start + len(answer), -1])
    assert TEXT[batch.places[0, first[0], 0] : batch.places[0, last[0], 1]] == answer
    assert (first[1], last[1]) == (0, 0)
    assert batch.mask[1].sum() < batch.mask[0].sum()


@pytest.mark.parametrize(("done", "expected"), [(0.0, 0.0), (0.03, 0.5), (0.06, 1.0), (0.53, 0.5), (1.0, 0.0), (1.2, 0.0)])
def test_the_learning_rate_rises_and_falls(done: float, expected: float) -> None:
    assert rate(done) == pytest.approx(expected)


def test_training_is_the_same_again_and_goes_on_from_a_checkpoint(data: Path, tmp_path: Path) -> None:
    encoder = TinyEncoder()
    whole = run(encoder, plan(data, tmp_path / "a", 3), resume=False)  # type: ignore[arg-type]
    again = run(encoder, plan(data, tmp_path / "b", 3), resume=False)  # type: ignore[arg-type]
    assert whole.read_bytes() == again.read_bytes()
    card = read_card(tmp_path / "a")
    assert card["training"]["steps"] == 3
    assert set(card["data"]["files"]) == {
        "marked/corpus.jsonl",
        "marked/questions.jsonl",
        "policy_questions.jsonl",
        "window_questions.jsonl",
        "made_up_articles.jsonl",
    }
    run(encoder, plan(data, tmp_path / "a", 4), resume=True)  # type: ignore[arg-type]
    assert read_card(tmp_path / "a")["training"]["steps"] == 4
    with pytest.raises(CallError, match="is of other data, another seed"):
        run(encoder, plan(data, tmp_path / "a", 5, seed=9), resume=True)  # type: ignore[arg-type]
    (tmp_path / "a" / CHECKPOINT).unlink()
    with pytest.raises(CallError, match="no checkpoint"):
        run(encoder, plan(data, tmp_path / "a", 5), resume=True)  # type: ignore[arg-type]


def test_data_of_another_form_is_refused(data: Path, tmp_path: Path) -> None:
    from random import Random

    (data / "questions.jsonl").write_text('{"id": "q", "question": "?", "answers": ["a"], "gold_doc_ids": ["d0"], "meta": {}}\n', "utf-8")
    with pytest.raises(CallError, match=r"meta\.answer_start"):
        read_folder(data, Random(1))
    with pytest.raises(CallError, match="expected the sets of the sampling plan"):
        run(TinyEncoder(), Plan(tmp_path / "none", tmp_path / "out"), resume=False)  # type: ignore[arg-type]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    model, _ = build_model(TinyEncoder(), seed=5)  # type: ignore[arg-type]
    base = {name: tensor.clone() for name, tensor in model.encoder.state_dict().items()}
    with torch.no_grad():
        for weight in trained(model).values():
            if weight.is_floating_point():
                weight += 0.01 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(2))
    save(model, base, tmp_path / "saved", {"base": {"fingerprint": "tiny-1"}})
    torch.save(trained(model), tmp_path / "saved" / "exact.pt")
    return tmp_path / "saved"


def test_what_is_loaded_is_what_was_saved(saved: Path) -> None:
    model, _ = build_model(TinyEncoder())  # type: ignore[arg-type]
    load(model, saved, "tiny-1")
    exact = torch.load(saved / "exact.pt", weights_only=True)
    assert all((tensor - exact[name]).abs().max() < 3e-4 for name, tensor in trained(model).items() if tensor.is_floating_point())
    assert torch.equal(model.span.weight, exact["span.weight"])


def test_weights_that_do_not_fit_are_refused(saved: Path) -> None:
    model, _ = build_model(TinyEncoder())  # type: ignore[arg-type]
    with pytest.raises(ReaderError, match="was trained for the encoder 'tiny-1', not 'other'"):
        load(model, saved, "other")
    with (saved / WEIGHTS).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ReaderError, match="is damaged"):
        load(model, saved, "tiny-1")
    (saved / WEIGHTS).unlink()
    with pytest.raises(ReaderError, match="cannot read the reader's weights"):
        load(model, saved, "tiny-1")
    (saved / CARD).write_text("{}", "utf-8")
    with pytest.raises(ReaderError, match="names no base or weights"):
        load(model, saved, "tiny-1")


def test_the_card_keeps_what_is_added(saved: Path) -> None:
    add_to_card(saved, "calibration", {"stated": 2.0})
    assert json.loads((saved / CARD).read_text("utf-8"))["calibration"] == {"stated": 2.0}
    assert read_card(saved)["weights"]["bytes"] == (saved / WEIGHTS).stat().st_size


def test_marks_do_not_depend_on_what_is_read_beside_them(saved: Path) -> None:
    marker, _ = load_marker(TinyEncoder(), saved)  # type: ignore[arg-type]
    contexts = [Context("标题", TEXT, tuple(sentences(TEXT))), Context("", "白河港口。", (Span(0, 5),)), _long()]
    together = marker.mark(["多少处？"] * 3, contexts)
    assert [len(marks) for marks in together] == [5, 1, 30]
    assert together == marker.mark(["多少处？"] * 3, contexts)
    for marks, context in zip(together, contexts, strict=True):
        (alone,) = marker.mark(["多少处？"], [context])
        assert [mark.stated for mark in alone] == pytest.approx([mark.stated for mark in marks], abs=0.05)
        assert all(mark.sentence.start <= mark.span.start < mark.span.end <= mark.sentence.end for mark in marks)


def _long() -> Context:
    return Context("", TEXT * 6, tuple(sentences(TEXT * 6)))


def test_the_marker_says_its_precision(saved: Path) -> None:
    marker, _ = load_marker(TinyEncoder(), saved)  # type: ignore[arg-type]
    assert isinstance(marker, Marker)
    assert marker.dtype in {"float32", "bfloat16"}
