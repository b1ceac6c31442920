"""A shared link shows the answer as it was given, and only what the assistant has given."""

import re
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web.shared import KEY, Shared
from bot.web.view import OutcomeView, SentenceView, view
from index.build import BuildOptions, build
from index.plan import BuildRequest
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source

TODAY = date(2026, 6, 1)


@pytest.fixture
def links(settings: Settings, assistant: LiveAssistant) -> Shared:
    return Shared(settings.data, settings.index)


@pytest.fixture
def given(assistant: LiveAssistant) -> OutcomeView:
    outcome = view(assistant.ask("新建口袋公园多少处"), TODAY)
    (words,) = (sentence.words for sentence in outcome.sentences)
    (cites,) = (sentence.cites for sentence in outcome.sentences)
    before, figure, after = words.partition("15处")
    return outcome.model_copy(
        update={"lead": "是。", "sentences": [SentenceView(parts=[(before, False), (figure, True), (after, False)], cites=cites)]}
    )


def query(links: Shared, outcome: OutcomeView) -> dict[str, str]:
    return dict(parse_qsl(links.query(outcome).removeprefix("?")))


def test_answer_is_shown_as_it_was_given_also_when_the_article_has_changed(
    links: Shared, given: OutcomeView, settings: Settings, encoder: BigramEncoder
) -> None:
    shared = query(links, given)
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings(), BuildOptions(keep=2))
    again = Shared(settings.data, settings.index).read(shared, "zh", TODAY)
    assert again
    assert [sentence.parts for sentence in again.sentences] == [sentence.parts for sentence in given.sentences]
    assert (again.outcome, again.question, again.version) == ("answered", given.question, "v000001")
    first, again_first = given.citations[0], again.citations[0]
    assert (again_first.article, again_first.title, again_first.section) == (first.article, first.title, first.section)
    assert (again.lead, again.message) == ("是。", "")
    assert "v000001" in again.note
    assert OutcomeView.model_validate(again.model_dump()) == again


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "书记是谁"),
        ("o", "related"),
        ("s", "garden:0-5"),
        ("v", "v000002"),
        ("k", ""),
        ("k", "é"),
        ("o", "<b>"),
        ("l", "不是。"),
        ("s", ""),
    ],
)
def test_link_that_was_changed_shows_nothing(links: Shared, given: OutcomeView, name: str, value: str) -> None:
    assert links.read(query(links, given), "zh", TODAY)
    assert links.read(query(links, given) | {name: value}, "zh", TODAY) is None


def test_version_that_is_gone_is_not_shown(links: Shared, given: OutcomeView, settings: Settings, encoder: BigramEncoder) -> None:
    shared = query(links, given)
    build(BuildRequest([source("garden", f"{GARDEN}\n另外。\n")]), settings.index, encoder, SplitSettings())
    shutil.rmtree(settings.index / "v000001")
    assert links.read(shared, "zh", TODAY) is None


def test_what_has_no_sentences_of_articles_is_asked_anew(links: Shared, assistant: LiveAssistant, given: OutcomeView) -> None:
    assert set(query(links, view(assistant.ask(""), TODAY))) <= {"q"}
    worded = given.model_copy(update={"mode": "llm"})
    assert set(query(links, worded)) == {"q"}


def test_key_is_made_once_and_is_nobody_elses(links: Shared, settings: Settings) -> None:
    path: Path = settings.data / KEY
    before = path.read_bytes()
    Shared(settings.data, settings.index)
    assert path.read_bytes() == before
    assert len(before) == 32
    assert re.fullmatch("0o100600", oct(path.stat().st_mode))
