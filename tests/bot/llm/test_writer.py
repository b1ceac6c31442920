"""Answers in a model's words: only what is checked is shown, and whatever goes wrong ends in the extract answer with a note."""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.answering.contract import to_json
from bot.answering.events import Retrieved
from bot.answering.outcomes import Answered, Related
from bot.app import ModelServices, make_assistant
from bot.checking.evidence import Judge, NumberedPassage, Quote
from bot.llm.answer_prompt import REFUSAL, Task
from bot.llm.breaker import Breaker
from bot.llm.client import Failure, ModelError
from bot.llm.drafts import Core, Reply
from bot.llm.writer import Writer
from bot.question.wants import Shape
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, LLMSettings, Settings
from bot.web.questions import respond
from bot.web.suggestions import Suggestions
from bot.web.view import view
from index.search import Index
from index.stored.versions import require_live
from tests.support.fakes import BigramEncoder, ScriptedModel
from tests.support.model_answers import GOOD, INSTRUCTIONS, MORE, OPEN, QUESTION, assistant, drafts, numbered

WRONG = "青山区新建口袋公园51处。[1]"


def test_checked_sentences_are_shown_one_by_one_with_their_quotes(small_index: Index) -> None:
    model = ScriptedModel(numbered(small_index, GOOD + MORE))
    shown, outcome = drafts(assistant(small_index, model))
    assert [len(draft.sentences) for draft in shown] == [1, 2]
    assert isinstance(outcome, Answered)
    assert outcome.mode == "llm"
    assert outcome.text == "青山区2022年新建口袋公园15处。[1]\n街道在10个工作日内答复。[2]"
    for citation in outcome.citations:
        assert small_index.article(citation.passage.article).text[citation.start : citation.end] == citation.quote
    assert outcome.wording
    assert (outcome.wording.said, outcome.wording.dropped, outcome.wording.failure) == (2, 0, "")
    assert outcome.wording.tokens_in > 100
    made = to_json(outcome)
    assert made["mode"] == "llm"
    assert made["wording"]["model"] == "fake:scripted"
    assert {"word", "first_word", "tokens_in", "tokens_out"} <= set(made["timings_ms"])
    assert made["timings_ms"]["tokens_in"] == outcome.wording.tokens_in
    assert view(outcome, date(2026, 6, 1)).mode == "llm"


def test_prompt_holds_numbered_passages_with_title_date_and_heading(small_index: Index) -> None:
    model = ScriptedModel(GOOD)
    assistant(small_index, model).ask(QUESTION)
    (asked,) = model.asked
    assert re.search(r"\[\d\] 《青山区推出花园城市行动》 日期：2022 小节：申请办法\n", asked.user)
    assert QUESTION in asked.user
    assert "2022" not in asked.system
    assert REFUSAL not in asked.system + asked.user, "the reader is sure"


def test_model_is_told_how_to_be_silent_where_the_reader_is_not_sure(small_index: Index) -> None:
    model = ScriptedModel(GOOD)
    assistant(small_index, model, settings=UNSURE).ask(NEAR)
    assert REFUSAL in model.asked[0].user


def test_no_model_is_asked_whether_a_question_may_be_suggested(small_index: Index, root: Path) -> None:
    model = ScriptedModel(numbered(small_index, GOOD))
    made = Suggestions(assistant(small_index, model), {"公园": (QUESTION,)}, lambda: require_live(root))
    made.check()
    assert made.examples() == {"公园": [QUESTION]}
    assert model.asked == []


def test_what_fails_the_check_is_dropped_and_counted(small_index: Index, caplog: pytest.LogCaptureFixture) -> None:
    model = ScriptedModel(numbered(small_index, GOOD + "行动受到居民的广泛欢迎和好评。" + WRONG))
    caplog.clear()  # finding out how the passages are numbered has asked a model too
    caplog.set_level(logging.INFO)
    caplog.clear()
    outcome = assistant(small_index, model).ask(QUESTION)
    assert outcome.text == "青山区2022年新建口袋公园15处。[1]"
    assert outcome.wording
    assert (outcome.wording.said, outcome.wording.dropped) == (3, 2)
    assert dict(outcome.wording.faults) == {"figure": 1, "uncited": 1}
    (line,) = [record.message for record in caplog.records if record.name == "bot.llm.writer"]
    assert "3 sentences, 2 dropped = 67% (figure 1, uncited 1)" in line
    assert outcome.wording.prompt in line


def test_reader_has_the_last_word_on_each_sentence(small_index: Index) -> None:
    class Strict(SentenceReader):
        least_supported = 0.5

        @property
        def judge(self) -> Judge:
            return self

        def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
            return 0.9 if "公园" in quotes[0].text else 0.1

    worded = ModelServices(Writer(ScriptedModel(numbered(small_index, GOOD + "街道在10个工作日内会答复。[2]")), Breaker(60)))
    outcome = make_assistant(small_index, BigramEncoder(), OPEN, Strict, services=worded).ask(QUESTION)
    assert outcome.text == "青山区2022年新建口袋公园15处。[1]"
    assert outcome.wording
    assert outcome.wording.faults == (("judge", 1),)


def test_extract_stands_in_with_a_note_where_the_core_fails(small_index: Index) -> None:
    plain = make_assistant(small_index, BigramEncoder(), OPEN, SentenceReader).ask(QUESTION)
    outcome = assistant(small_index, ScriptedModel(numbered(small_index, WRONG))).ask(QUESTION)
    assert isinstance(outcome, Answered)
    assert (outcome.mode, outcome.text) == ("extract", plain.text)
    assert "没有通过与原文的核对" in to_json(outcome)["note"]
    assert "没有通过与原文的核对" in view(outcome, date(2026, 6, 1)).note


def sources(index: Index) -> list[NumberedPassage]:
    made = make_assistant(index, BigramEncoder(), OPEN, SentenceReader)
    documents = next(event.documents for event in made.stream(QUESTION) if isinstance(event, Retrieved))
    return [NumberedPassage(n, document.hit.passage, "2022") for n, document in enumerate(documents, 1)]


def task(passages: Sequence[NumberedPassage], core: Core) -> Task:
    wanted = tuple((numbered.passage.article, numbered.passage.start, numbered.passage.end) for numbered in passages)
    return Task(QUESTION, Shape.FACT, tuple(passages), wanted, core)


def test_answer_on_another_matter_than_the_reader_sees_gives_way_to_the_extract(small_index: Index) -> None:
    writer = Writer(ScriptedModel("街道在10个工作日内答复。"), Breaker(60))
    *_, last = writer.write(task(sources(small_index), Core(())), "v1", lambda article: (small_index.article(article).meta, ("", "")))
    assert isinstance(last, Reply)
    assert (last.sentences, last.use.failure) == ((), Failure.UNSUPPORTED.value)


def test_refusing_model_is_alive(small_index: Index) -> None:
    made = assistant(
        small_index, ScriptedModel(*[("", ModelError(Failure.SLOW))] * 2, REFUSAL, *[("", ModelError(Failure.SLOW))] * 2, GOOD)
    )
    assert ["not asked" in (made.ask(QUESTION).wording.failure) for _ in range(6)] == [False] * 6  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "said",
    [
        REFUSAL,
        "文章未说明。",
        "根据所给材料，没有提到公园的数量。[1]",
        "很抱歉，文章中没有说明这一点，但提到了花园城市行动。[1]公园很多。[1]",
        "无法根据材料回答该问题。",
        "未找到相关信息。",
    ],
)
def test_silence_of_the_model_is_not_the_last_word_where_the_reader_is_sure(small_index: Index, said: str) -> None:
    outcome = assistant(small_index, ScriptedModel(said)).ask(QUESTION)
    assert isinstance(outcome, Answered)
    assert (outcome.mode, "15处" in outcome.text) == ("extract", True)
    assert "语言模型没有找到答案" in to_json(outcome)["note"]
    assert outcome.wording
    assert outcome.wording.failure == Failure.SILENT.value


NEAR = "青山区2022年启动花园城市行动新建口袋公园多少处"  # so near that a sentence counts as related
UNSURE = Settings(answering=AnsweringSettings(least_probability=1), llm=LLMSettings(least_probability=0))


def test_silence_where_both_are_unsure_leaves_what_is_related(small_index: Index) -> None:
    outcome = assistant(small_index, ScriptedModel(REFUSAL), settings=UNSURE).ask(NEAR)
    assert isinstance(outcome, Related)
    assert (outcome.mode, to_json(outcome)["note"]) == ("extract", "")
    assert outcome.text.startswith("文章没有写明")


@pytest.mark.parametrize(("trusted", "answered"), [(1.0, False), (0.0, True)])
def test_checked_words_are_an_answer_of_an_unsure_reader_only_as_the_settings_say(
    small_index: Index, trusted: float, answered: bool
) -> None:
    settings = UNSURE.model_copy(update={"llm": LLMSettings(least_probability=0, trusted_probability=trusted)})
    outcome = assistant(small_index, ScriptedModel(numbered(small_index, GOOD)), settings=settings).ask(NEAR)
    assert (isinstance(outcome, Answered), outcome.mode) == (answered, "llm")
    assert "青山区2022年新建口袋公园15处。[1]" in outcome.text
    assert not any(sentence.bold for sentence in outcome.sentences)


def test_what_is_said_beside_silence_is_no_answer_of_an_unsure_reader(small_index: Index) -> None:
    settings = UNSURE.model_copy(update={"llm": LLMSettings(least_probability=0, trusted_probability=0)})
    said = "文章没有说明公园的位置。" + numbered(small_index, GOOD)
    assert isinstance(assistant(small_index, ScriptedModel(said), settings=settings).ask(NEAR), Related)


def test_answer_without_the_words_that_answer_gives_way_to_the_extract(small_index: Index) -> None:
    source = sources(small_index)
    writer = Writer(ScriptedModel(numbered(small_index, "青山区2022年启动花园城市行动，新建口袋公园。[1]")), Breaker(60))
    garden = next(numbered for numbered in source if "口袋公园" in numbered.passage.text).passage
    core = Core(((garden.article, garden.start, garden.end),), "15处")
    *_, last = writer.write(task(source, core), "v1", lambda article: (small_index.article(article).meta, ("", "")))
    assert isinstance(last, Reply)
    assert (last.sentences, last.use.failure) == ((), Failure.BESIDE.value)


def test_question_that_the_articles_surely_do_not_answer_is_not_sent(small_index: Index) -> None:
    model = ScriptedModel(GOOD)
    outcome = assistant(small_index, model, settings=Settings(llm=LLMSettings(least_probability=0.5))).ask("火箭怎么发射")
    assert model.asked == []
    assert outcome.wording is None


def test_same_question_is_answered_from_memory(small_index: Index) -> None:
    model = ScriptedModel(lambda prompt: "街道在10个工作日内答复。" if "几天" in prompt.user else "青山区2022年新建口袋公园15处。")
    made = assistant(small_index, model, cache_size=2)
    first, second = made.ask(QUESTION), made.ask(QUESTION)
    assert len(model.asked) == 1
    assert first.text == second.text
    assert second.wording
    assert (second.wording.cached, second.wording.tokens_in) == (True, 0)
    for other in ("街道几天答复？", "口袋公园在哪里？"):
        made.ask(other)
    made.ask(QUESTION)
    assert len(model.asked) == 4, "only two are remembered"


def test_failure_is_not_remembered(small_index: Index) -> None:
    model = ScriptedModel(("", ModelError(Failure.BUSY)), numbered(small_index, GOOD))
    made = assistant(small_index, model, cache_size=2)
    assert [made.ask(QUESTION).mode for _ in range(2)] == ["extract", "llm"]


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("", Failure.EMPTY),
        ("The district built fifteen pocket parks in the year. [1]", Failure.LANGUAGE),
        ("青山区は2022年にポケットパークを15か所つくりました。[1]", Failure.LANGUAGE),
        (INSTRUCTIONS, Failure.LEAKED),
        ("公" * 5000, Failure.ENDLESS),
        ("公园很多。" * 1000, Failure.ENDLESS),
        ("<think>想来想去没有想完。" * 10, Failure.EMPTY),
    ],
    ids=["empty", "English", "Japanese", "leaked prompt", "one endless sentence", "endless sentences", "only thoughts"],
)
def test_reply_of_no_use_ends_in_the_extract(small_index: Index, said: str, failure: Failure) -> None:
    outcome = assistant(small_index, ScriptedModel(said)).ask(QUESTION)
    assert outcome.mode == "extract"
    assert outcome.wording
    assert outcome.wording.failure == failure.value
    assert "没有给出可用的回答" in to_json(outcome)["note"]


def test_thoughts_are_passed_over(small_index: Index) -> None:
    outcome = assistant(small_index, ScriptedModel("<think>用户问公园。[9]也许是51处。</think>" + numbered(small_index, GOOD))).ask(
        QUESTION
    )
    assert (outcome.mode, outcome.text) == ("llm", "青山区2022年新建口袋公园15处。[1]")


def test_dead_endpoint_is_left_alone_for_a_while(small_index: Index) -> None:
    now = [0.0]
    model = ScriptedModel(*[("", ModelError(Failure.UNREACHABLE))] * 4, numbered(small_index, GOOD))
    made = assistant(small_index, model, breaker=Breaker(60, lambda: now[0]))
    failures = [made.ask(QUESTION).wording.failure for _ in range(5)]  # type: ignore[union-attr]
    assert failures == ["unreachable"] * 3 + ["not asked after failures"] * 2
    now[0] = 61
    assert made.ask(QUESTION).wording.failure == "unreachable"  # type: ignore[union-attr]
    assert len(model.asked) == 4
    assert made.ask(QUESTION).wording.failure == "not asked after failures"  # type: ignore[union-attr]
    now[0] = 130
    assert [made.ask(QUESTION).mode for _ in range(2)] == ["llm", "llm"]


def test_question_in_english_is_answered_in_the_words_of_the_articles(small_index: Index) -> None:
    question = "How many 口袋公园 were built?"
    english = "How many parks were built by the district?"
    for asked in (question, english):
        outcome = assistant(small_index, ScriptedModel(GOOD.removesuffix("[1]"))).ask(asked)
        assert (outcome.mode, outcome.text.splitlines()[0]) == ("llm", "青山区2022年新建口袋公园15处。[1]")
    outcome = assistant(small_index, ScriptedModel("The district built fifteen pocket parks. [1]")).ask(english)
    assert outcome.mode == "extract"
    assert "gave no usable answer" in to_json(outcome)["note"]


@pytest.mark.parametrize("changed", ["question", "version", "prompt", "model", "passages"])
def test_answer_is_remembered_by_all_that_it_follows_from(small_index: Index, tmp_path: Path, changed: str) -> None:
    model = ScriptedModel("街道在10个工作日内答复。")
    writer = Writer(model, Breaker(60), cache_size=9)
    first = sources(small_index)
    core = Core(tuple((source.passage.article, source.passage.start, source.passage.end) for source in first))

    def write(question: str = QUESTION, version: str = "v1", given: Sequence[NumberedPassage] = first) -> Reply:
        asked = replace(task(given, core), question=question)
        *_, last = writer.write(asked, version, lambda article: (small_index.article(article).meta, ("", "")))
        assert isinstance(last, Reply)
        return last

    assert write().sentences
    assert write().use.cached
    if changed == "prompt":
        writer.prompt = replace(writer.prompt, hash="another")
    if changed == "model":
        model.name = "fake:another"
    last = write(
        "几天答复？" if changed == "question" else QUESTION,
        "v2" if changed == "version" else "v1",
        first[::-1] if changed == "passages" else first,
    )
    assert not last.use.cached
    assert len(model.asked) == 2


def test_page_shows_sentences_as_they_pass(small_index: Index) -> None:
    made = assistant(small_index, ScriptedModel(numbered(small_index, GOOD + WRONG + MORE)))
    states = list(respond(made, QUESTION, []))
    drafts = [state["sentences"] for state in states if state["state"] == "writing"]
    assert [len(sentences) for sentences in drafts] == [1, 2]
    assert all("15处" in sentences[0] for sentences in drafts)
    assert "51处" not in str(states)
