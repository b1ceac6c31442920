"""The assistant over the live version: it moves while questions are answered, and no answer is of two versions."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.answering.assistant import conclusion
from bot.answering.contract import to_json
from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Answered
from bot.app import live_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, Settings
from bot.web.view import view
from index.build import BuildOptions, build
from index.plan import BuildRequest
from index.settings import StoreSettings
from index.stored.locks import unread
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.chroma_server import both_stores
from tests.support.fakes import BigramEncoder
from tests.support.writer import article
from tests.tools.soak import soak

QUESTION = "甲的补贴标准是每人多少元"
chroma_url = pytest.fixture(params=["disk", "server"])(both_stores)


@pytest.fixture
def settings(tmp_path: Path, chroma_url: str) -> Settings:
    return Settings(
        data=tmp_path, store=StoreSettings(chroma_url=chroma_url), answering=AnsweringSettings(least_probability=0)
    )  # the encoder is no real one


@pytest.fixture
def publish(settings: Settings, encoder: BigramEncoder) -> Callable[[int], str]:
    def run(serial: int) -> str:
        return build(
            BuildRequest([article("甲", serial)]),
            settings.index,
            encoder,
            SplitSettings(),
            BuildOptions(chroma_url=settings.store.chroma_url),
        ).version

    return run


@pytest.fixture
def assistant(publish: Callable[[int], str], settings: Settings, encoder: BigramEncoder) -> Iterator[LiveAssistant]:
    publish(1)
    opened = live_assistant(encoder, settings, SentenceReader)
    yield opened
    opened.close()


def free(settings: Settings, version: str) -> bool:
    with unread(settings.index / version) as nobody:
        return nobody


def test_new_version_answers_once_it_was_looked_for(assistant: LiveAssistant, publish: Callable[[int], str]) -> None:
    assert not assistant.look()
    publish(2)
    assert "每人1元" in assistant.ask(QUESTION).text
    assert assistant.look()
    outcome = assistant.ask(QUESTION)
    assert isinstance(outcome, Answered)
    assert "每人2元" in outcome.text
    assert (outcome.version, to_json(outcome)["version"], assistant.version) == ("v000002", "v000002", "v000002")
    assert assistant.ask("").version == "v000002"


def test_question_that_has_begun_ends_in_its_version_which_is_then_let_go(
    assistant: LiveAssistant, publish: Callable[[int], str], settings: Settings
) -> None:
    stages, abandoned = assistant.stream(QUESTION), assistant.stream(QUESTION)
    next(stages)
    next(abandoned)
    publish(2)
    assistant.look()
    assert assistant.version == "v000002"
    *_, last = stages
    assert conclusion(last).version == "v000001"
    assert "每人1元" in conclusion(last).text
    assert not free(settings, "v000001")
    abandoned.close()  # as when a browser is closed
    assert free(settings, "v000001")
    assert not free(settings, "v000002")


def test_version_that_cannot_be_opened_is_logged_once_and_the_old_one_answers(
    assistant: LiveAssistant, publish: Callable[[int], str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    publish(2)
    ids = require_live(settings.index) / "lexicon" / "ids.json"
    whole = ids.read_text("utf-8")
    ids.write_text("[", "utf-8")
    with caplog.at_level(logging.INFO, "bot.answering.live"):
        assert [assistant.look(), assistant.look()] == [False, False]
    assert [record.getMessage() for record in caplog.records] == [
        "the live version of the index cannot be opened; version v000001 goes on answering"
    ]
    assert "每人1元" in assistant.ask(QUESTION).text
    assert free(settings, "v000002")
    ids.write_text(whole, "utf-8")
    assert assistant.look()


def test_page_moves_within_five_seconds_and_an_answer_keeps_the_version_that_gave_it(
    assistant: LiveAssistant, publish: Callable[[int], str], settings: Settings
) -> None:
    client = TestClient(make_app(assistant, settings))
    assistant.start()
    outcome = assistant.ask(QUESTION)
    start = time.monotonic()
    publish(2)
    while client.get("/health").json()["index"] != "v000002":
        assert time.monotonic() < start + 5
        time.sleep(0.05)
    assert view(outcome, date(2026, 6, 1)).version == "v000001"  # what a thumb on it is kept with


def test_questions_through_many_versions_are_answered_each_from_one(tmp_path: Path, chroma_url: str) -> None:
    calm, busy, lag = soak(tmp_path, chroma_url, cycles=4, at_once=20, pause=0.5, quiet=1, pace=1)
    assert calm.wrong + busy.wrong == []
    assert len(busy.versions) >= 4
    assert lag < 5
