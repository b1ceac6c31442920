"""Answers worded by a model behind a real HTTP endpoint, which misbehaves on purpose."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.answering.assistant import Assistant, conclusion
from bot.answering.contract import to_json
from bot.answering.events import Drafted
from bot.answering.outcomes import Answered
from bot.app import ModelServices, make_assistant, model_services
from bot.llm.client import Failure
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, LLMSettings, Settings
from eval.measuring.summary import summarise
from eval.reporting.page import render_page
from eval.reporting.tables import render_table
from eval.running.bench import FUSED, LEGS, Bench, inputs
from eval.running.folder import RunFolder
from eval.running.run import run
from eval.testset import corpus
from eval.testset.case import Case
from index.search import Index
from tests.support.fakes import BigramEncoder
from tests.support.llm_server import Endpoint, ServerReply, extractive, llm_server
from tests.support.model_answers import GOOD, INSTRUCTIONS, MORE, QUESTION, numbered
from tests.support.runs import everything

KEY = "sk-very-secret-123"
AtEndpoint = Callable[[str], tuple[Settings, ModelServices]]


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with llm_server() as endpoint:
        yield endpoint


@pytest.fixture
def at_endpoint(small_index: Index) -> Iterator[AtEndpoint]:
    """What makes the settings for an address and what a model does there, and ends its connections after the test."""
    made: list[ModelServices] = []

    def make(url: str) -> tuple[Settings, ModelServices]:
        llm = LLMSettings(
            least_probability=0, url=url, model="scripted", api_key=SecretStr(KEY), seconds=3, first_seconds=1, gap_seconds=0.5, retries=1
        )
        settings = Settings(answering=AnsweringSettings(least_probability=0), llm=llm)
        made.append(model_services(settings))
        return settings, made[-1]

    yield make
    for services in made:
        services.close()


def live(index: Index, at_endpoint: AtEndpoint, url: str) -> Assistant:
    settings, worded = at_endpoint(url)
    return make_assistant(index, BigramEncoder(), settings, SentenceReader, services=worded)


def test_real_endpoint_words_the_answer_sentence_by_sentence(small_index: Index, server: Endpoint, at_endpoint: AtEndpoint) -> None:
    server.plan = [ServerReply(numbered(small_index, GOOD + MORE), pause=0.02)]
    made, times = live(small_index, at_endpoint, server.url), list[float]()
    for event in made.stream(QUESTION):
        if isinstance(event, Drafted):
            times.append(time.monotonic())
    outcome = conclusion(event)
    assert (outcome.mode, outcome.wording.tokens_in) == ("llm", 1000)
    assert time.monotonic() - times[0] > 0.05, "the first sentence is there before the last is written"
    assert outcome.timings_ms["first_word"] < outcome.timings_ms["word"] <= outcome.timings_ms["total"]


@pytest.mark.parametrize(
    "reply",
    [
        ServerReply(status=401, body=f'{{"error": {{"message": "wrong key {KEY}"}}}}'),
        ServerReply(status=429),
        ServerReply(status=500),
        ServerReply("好。", hang_first=30),
        ServerReply("青山区新建口袋公园15处。[1]街道", hang_after=3),
        ServerReply("好。", broken_after=0),
        ServerReply(""),
        ServerReply("公园很多。", endless=True, pause=0.01),
        ServerReply("The district built fifteen pocket parks."),
        ServerReply(tool=True),
        ServerReply("<think>没有想完"),
        ServerReply(INSTRUCTIONS),
        None,
        "http://nowhere.invalid/v1",
    ],
    ids=[
        "401", "429", "500", "hang before", "hang within", "broken chunk", "empty", "endless", "English", "tool", "thoughts", "leaked",
        "refused connection", "no such name",
    ],
)  # fmt: skip
def test_failure_of_the_endpoint_ends_in_the_extract_in_time_with_one_line(
    small_index: Index, server: Endpoint, at_endpoint: AtEndpoint, reply: ServerReply | str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = server.url if isinstance(reply, ServerReply) else reply or "http://127.0.0.1:9/v1"
    if isinstance(reply, ServerReply):
        server.plan = [reply]
    made = live(small_index, at_endpoint, url)
    start = time.monotonic()
    outcome = made.ask(QUESTION)
    assert time.monotonic() - start < 4.5
    assert isinstance(outcome, Answered)
    assert outcome.mode == "extract"
    assert "语言模型" in to_json(outcome)["note"]
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot.") and record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "an extract stands in" in lines[0]
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "reply",
    [ServerReply("青山区新建口袋公园15处。[1]街道", hang_after=3), ServerReply("青山区新建口袋公园15处。[1]街道", broken_after=3)],
    ids=["hang", "broken"],
)
def test_fifty_failing_answers_leave_no_thread_and_no_connection(small_index: Index, server: Endpoint, reply: ServerReply) -> None:
    server.plan = [reply]
    llm = LLMSettings(least_probability=0, url=server.url, model="m", gap_seconds=0.1, retries=0, pause_seconds=0)
    settings = Settings(answering=AnsweringSettings(least_probability=0), llm=llm)
    worded, process = model_services(settings), psutil.Process()
    made = make_assistant(small_index, BigramEncoder(), settings, SentenceReader, services=worded)
    made.ask(QUESTION)
    threads, sockets = threading.active_count(), len(process.net_connections("tcp"))
    for _ in range(50):
        assert made.ask(QUESTION).wording.failure in (Failure.STALLED, Failure.BROKEN)  # type: ignore[union-attr]
    deadline = time.monotonic() + 5
    while len(process.net_connections("tcp")) > sockets + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= threads
    assert len(process.net_connections("tcp")) <= sockets + 2, "both ends of one connection may be kept for the next question"
    worded.close()
    assert threading.active_count() < threads


def test_endpoint_that_fails_at_rewriting_is_left_alone_with_it_and_words_answers(
    small_index: Index, server: Endpoint, at_endpoint: AtEndpoint
) -> None:
    answer = ServerReply(numbered(small_index, GOOD))
    server.plan = [*[ServerReply(status=500), answer] * 3, answer]
    made = live(small_index, at_endpoint, server.url)
    before = len(server.asked)
    modes = [made.ask(question, [QUESTION]).mode for question in ("那有几处？", "那多少处？", "那一共几处？", "那共有几处？")]
    assert (modes[-1], len(server.asked) - before) == ("llm", 7)


def test_run_with_a_model_reports_what_was_dropped(small_index: Index, server: Endpoint, at_endpoint: AtEndpoint, tmp_path: Path) -> None:
    server.plan = [ServerReply(extractive)]
    settings, worded = at_endpoint(server.url)
    bench = Bench(small_index, BigramEncoder(), settings, {FUSED: LEGS[FUSED]}, services=worded)
    cases = [
        Case(
            "g1",
            "青山区新建口袋公园多少处",
            True,
            "fact",
            "plain",
            needs=(("新建口袋公园15处",),),
            articles=frozenset({"garden"}),
            must=("15处",),
        ),
        Case("h1", "夜间装卸实行预约制度吗", True, "how", "plain", needs=(("预约制度",),), articles=frozenset({"harbour"})),
    ]
    test_set = corpus.TestSet("small", "small", (), tuple(cases), ())
    told = inputs(test_set, bench, cases, "llm")
    results = run(cases, bench, RunFolder.open(tmp_path, None, told), everything)
    made = summarise(told, cases, results)
    assert made["measures"]["right"]["value"] == 1
    assert made["measures"]["dropped_sentences"] == {**made["measures"]["dropped_sentences"], "value": 0.5, "n": 2}
    assert made["measures"]["supported_sentences"]["value"] == 0.5
    assert made["measures"]["unsupported_figures"]["value"] == 0.5
    assert made["measures"]["extract_stood_in"]["value"] == 0
    assert (made["wording"]["asked"], made["wording"]["tokens_in"]) == (2, 2000)
    assert "the language model was asked 2 times, 2000 tokens in" in render_table(made)
    assert "语言模型scripted" in render_page(made, cases, results)
    assert made["settings"]["model"] == "scripted"
    assert "model" not in inputs(test_set, Bench(small_index, BigramEncoder(), settings, {}), cases, "extract")["settings"]
