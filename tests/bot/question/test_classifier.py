"""The classifier of what messages want: its weights, its card, and examples that it was not trained on."""

import hashlib
import json
import logging

import numpy as np
import pytest

from bot.question.classifier import CARD, FOLDER, AlwaysFact, LinearClassifier, load_classifier
from bot.question.training import EXAMPLES
from bot.question.wants import Act, Shape, Want
from eval.testset.cases import QUESTIONS
from index.encoding.encoder import SentenceEncoder


def test_probabilities_are_those_of_a_softmax() -> None:
    made = LinearClassifier(
        [Act.ASK, Act.DESPAIR], np.eye(2, dtype=np.float32), np.zeros(2, np.float32),
        [Shape.FACT, Shape.LIST], np.eye(2, dtype=np.float32), np.array([0.0, 9.0], np.float32),
    )  # fmt: skip
    want = made.classify(np.array([np.log(3), 0.0], np.float32))
    assert (want.act, want.shape) == (Act.ASK, Shape.LIST)
    assert [want.act_probability, want.asking, want.danger] == pytest.approx([0.75, 0.75, 0.25])


def test_card_names_the_examples_that_the_weights_are_from() -> None:
    card = json.loads((FOLDER / CARD).read_text("utf-8"))
    assert card["examples"]["sha256"] == hashlib.sha256(EXAMPLES.read_bytes()).hexdigest()
    assert card["accuracy_on_topics_held_out"]["shapes"] > 0.85


def test_another_encoder_gets_no_classifier_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        made = load_classifier("another")
    assert isinstance(made, AlwaysFact)
    assert made.classify(np.zeros(3, np.float32)) == Want()
    assert "python -m bot.question.training" in caplog.text


def test_no_case_is_among_the_examples() -> None:
    examples = {json.loads(line)["text"] for line in EXAMPLES.read_text("utf-8").splitlines()}
    files = [*QUESTIONS.rglob("*.jsonl"), *(QUESTIONS.parent / "corpora").rglob("*.jsonl")]
    asked = {json.loads(line)["question"] for file in files for line in file.read_text("utf-8").splitlines()}
    assert len(asked) > 900
    assert not {question for question in asked & examples if len(question) > 4}


@pytest.mark.model
@pytest.mark.parametrize(
    ("message", "act", "shape"),
    [
        ("图书馆几点关门", Act.ASK, Shape.FACT),
        ("想在郊区办个农家乐，政府有什么扶持", Act.ASK, Shape.DIGEST),
        ("什么叫绿色通道", Act.ASK, Shape.DEFINITION),
        ("外地人可以摇号吗", Act.ASK, Shape.DECISION),
        ("怎么办理护照，要去哪里", Act.ASK, Shape.PROCEDURE),
        ("多谢你啦", Act.THANKS, None),
        ("你是机器人还是真人", Act.IDENTITY, None),
    ],
)
def test_bundled_weights_tell_what_is_wanted(bundled_encoder: SentenceEncoder, message: str, act: Act, shape: Shape | None) -> None:
    want = load_classifier(bundled_encoder.fingerprint).classify(bundled_encoder.encode_queries([message])[0])
    assert want.act is act
    assert shape is None or want.shape is shape
