"""Follow-ups rewritten by a language model."""

from datetime import date

import pytest

from bot.answering.contract import to_json
from bot.app import ModelServices, make_assistant
from bot.llm.breaker import Breaker
from bot.llm.client import Failure, ModelError
from bot.llm.rewrite import Rewriter
from bot.llm.writer import Writer
from bot.reading.sentence_reader import SentenceReader
from index.search import Index
from tests.support.fakes import BigramEncoder, ScriptedModel
from tests.support.model_answers import GOOD, OPEN, numbered


def test_tokens_of_rewriting_and_wording_are_counted_together(small_index: Index) -> None:
    model = ScriptedModel("口袋公园新建多少处？", numbered(small_index, GOOD))
    worded = ModelServices(Writer(model, Breaker(60)), Rewriter(model, Breaker(60), most=100))
    outcome = make_assistant(small_index, BigramEncoder(), OPEN, SentenceReader, services=worded).ask("那多少处？", ["口袋公园怎么申请？"])
    sent = [len(prompt.system + prompt.user) for prompt in model.asked]
    assert outcome.wording
    assert outcome.wording.tokens_in == sent[1]
    assert to_json(outcome)["timings_ms"]["tokens_in"] == sum(sent)


@pytest.mark.parametrize(
    ("reply", "understood"),
    [
        ("口袋公园的申请几天答复？", "口袋公园的申请几天答复？"),
        ("“口袋公园的申请几天答复？”\n", "口袋公园的申请几天答复？"),
        ("口袋公园在2024年的申请几天答复？", "口袋公园在2024年的申请几天答复？"),
        ("口袋公园在去年6月的申请几天答复？", "口袋公园在2023年6月的申请几天答复？"),
        ("目前口袋公园的申请几天答复？", "目前口袋公园的申请几天答复？"),
    ],
)
def test_follow_up_is_rewritten_by_the_model(reply: str, understood: str) -> None:
    model = ScriptedModel(reply)
    rewriter = Rewriter(model, Breaker(60), most=100, today=lambda: date(2024, 5, 1))
    assert rewriter("那几天答复？", ["口袋公园怎么申请？"]) == understood
    assert "2024年5月1日" in model.asked[0].system
    assert "口袋公园怎么申请？" in model.asked[0].user


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "口袋公园的申请几天答复？\n答：10天。",
        "长" * 200,
        "How long does it take?",
        "口袋公园的15个申请几天答复？",
        "口袋公园在1999年的申请几天答复？",
        "如何办理营业执照变更登记手续？",
        ("口袋公园", ModelError(Failure.SLOW)),
    ],
    ids=["empty", "two lines", "too long", "another language", "a new figure", "a new year", "another topic", "failed"],
)
def test_follow_up_is_understood_by_rule_where_the_model_fails(reply: str, caplog: pytest.LogCaptureFixture) -> None:
    rewriter = Rewriter(ScriptedModel(reply), Breaker(60), most=100, by_rule=lambda question, before: f"{before[-1]}{question}")
    assert rewriter("那几天答复？", ["口袋公园怎么申请？"]) == "口袋公园怎么申请？那几天答复？"
    assert "understood by rule" in caplog.text


def test_first_question_is_not_rewritten_and_five_before_it_are_told() -> None:
    model = ScriptedModel("口袋公园几天答复？")
    rewriter = Rewriter(model, Breaker(60), most=100)
    assert rewriter("几天答复？", []) == "几天答复？"
    assert model.asked == []
    rewriter("几天答复？", [f"口袋公园问题{n}？" for n in range(8)])
    assert "问题2" not in model.asked[0].user
    assert all(f"问题{n}？" in model.asked[0].user for n in range(3, 8))


def test_rewritten_question_stands_in_the_outcome(small_index: Index) -> None:
    made = make_assistant(
        small_index, BigramEncoder(), OPEN, SentenceReader,
        services=ModelServices(None, Rewriter(ScriptedModel("口袋公园的申请几天答复？"), Breaker(60), most=100)),
    )  # fmt: skip
    outcome = made.ask("那几天答复？", ["口袋公园怎么申请？"])
    assert (outcome.question, outcome.understood) == ("那几天答复？", "口袋公园的申请几天答复？")
