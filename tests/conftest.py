import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import AnsweringSettings, ServerSettings, Settings
from index.__main__ import SEEDS
from index.build import BuildOptions, BuildReport, build, manifest_for
from index.documents import Status
from index.encoding.encoder import SentenceEncoder, load_encoder
from index.plan import BuildRequest
from index.reading.sources import ArticleSource, read_path
from index.search import Index
from index.settings import IndexSettings
from index.stored.versions import KEPT, require_live
from index.text.split import SplitSettings
from tests.support.browsing import EVIL, RUNS
from tests.support.chroma_server import chroma_server
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source
from tests.support.served import CHROMIUM, FLAGS, served

# The programs speak English to the tests, whatever the terminal speaks; those that they start inherit it.
os.environ.pop("LC_ALL", None)
os.environ["LC_MESSAGES"] = "C"


@pytest.fixture
def encoder() -> BigramEncoder:
    return BigramEncoder()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def chroma_url() -> str:
    """On disk; a module whose tests run on both kinds of store has `both_stores` in its place."""
    return ""


@pytest.fixture(scope="session")
def chroma_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture
def change(root: Path, encoder: BigramEncoder, chroma_url: str) -> Callable[..., BuildReport]:
    def run(*sources: ArticleSource, keep: int = KEPT, **request: object) -> BuildReport:
        options = BuildOptions(keep, chroma_url)
        return build(BuildRequest(sources, **request), root, encoder, SplitSettings(), options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def small_index(root: Path, encoder: BigramEncoder, chroma_url: str) -> Iterator[Index]:
    build(
        BuildRequest([source("garden", GARDEN, published="2022"), source("harbour", HARBOUR)]),
        root,
        encoder,
        SplitSettings(),
        BuildOptions(chroma_url=chroma_url),
    )
    index = Index.open(require_live(root), chroma_url=chroma_url)
    yield index
    index.close()


@pytest.fixture(scope="session")
def bundled_encoder() -> SentenceEncoder:
    settings = IndexSettings()
    return load_encoder(settings.encoding.encoder, settings.encoding.model_cache)


@pytest.fixture(scope="session")
def seed_data(bundled_encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the seed articles, indexed by the real encoder."""
    data = tmp_path_factory.mktemp("seed")
    build(BuildRequest(read_path(SEEDS)), data / "index", bundled_encoder, SplitSettings())
    return data


@pytest.fixture(scope="session")
def seed_index(seed_data: Path, bundled_encoder: SentenceEncoder) -> Iterator[Index]:
    index = Index.open(require_live(seed_data / "index"), manifest_for(bundled_encoder, SplitSettings()))
    yield index
    index.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    server = ServerSettings(report_password=SecretStr("open sesame"), maintainer_password=SecretStr("open sesame 1"))
    return Settings(data=tmp_path_factory.mktemp("page"), server=server, answering=AnsweringSettings(reader="sentences"))


@pytest.fixture(scope="module")
def address(bundled_encoder: SentenceEncoder, settings: Settings) -> Iterator[str]:
    evil = source("evil", EVIL, publisher=RUNS, region=RUNS, status=Status.IN_FORCE, effective="2020")
    build(BuildRequest([*read_path(SEEDS), evil]), settings.index, bundled_encoder, SplitSettings())
    with served(settings, bundled_encoder) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page in a browser of its own, in Chinese on a desk unless parametrised; whatever goes wrong in it fails the test."""
    kind = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 850}} | getattr(request, "param", {})
    context = browser.new_context(accept_downloads=True, **kind)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(40_000)
    wrong: list[str] = []
    # Gradio ends its requests when its page is left, and says so.
    opened.on("pageerror", lambda error: wrong.append(str(error)) if "AbortError" not in str(error) else None)
    opened.on(
        "console",
        lambda told: (
            wrong.append(told.text) if told.type == "error" and not re.search("404|AbortError|Connection errored out", told.text) else None
        ),
    )
    opened.on("request", lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else wrong.append(sent.url))
    opened.goto(address)
    yield opened
    context.close()
    assert wrong == []
