"""What the tests of the doors share: the small assistant of the web room behind doors, a key, and a client that has it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.answering.assistant import Answering
from bot.answering.live import LiveAssistant
from bot.app import live_assistant, live_search
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, Settings
from bot.web.api.keys import KeyStore, Scope
from bot.web.api.search import MOST, Search
from index.build import build
from index.plan import BuildRequest
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source
from tests.support.served import running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", answering=AnsweringSettings(least_probability=0))


@pytest.fixture
def assistant(settings: Settings, encoder: BigramEncoder) -> Iterator[LiveAssistant]:
    sources = [source("garden", GARDEN, published="2022-05"), source("港口 规定", HARBOUR)]
    build(BuildRequest(sources), settings.index, encoder, SplitSettings())
    opened = live_assistant(encoder, settings, SentenceReader)
    yield opened
    opened.close()


@pytest.fixture
def search(assistant: LiveAssistant, settings: Settings, encoder: BigramEncoder) -> Iterator[Search]:
    opened = live_search(encoder, settings, MOST)
    yield opened
    opened.close()


@pytest.fixture
def keys(settings: Settings) -> Iterator[KeyStore]:
    store = KeyStore(settings.data)
    yield store
    store.close()


@pytest.fixture
def key(keys: KeyStore) -> str:
    return keys.add("试用程序", list(Scope), 1000)


@pytest.fixture
def client(assistant: LiveAssistant, settings: Settings, search: Search, key: str) -> TestClient:
    return TestClient(make_app(assistant, settings, search=search), headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def serve(settings: Settings, search: Search) -> Iterator[Callable[[Answering], str]]:
    """Serves an assistant for real, and gives its address; all ends with the test."""
    with ExitStack() as stack:
        yield lambda assistant: stack.enter_context(running(make_app(assistant, settings, search=search), settings.server))
