"""Which articles are in force on a day, and that others stay out of the answers."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering import messages
from bot.answering.outcomes import Answered
from bot.answering.retriever import PassageRetriever
from bot.app import make_assistant
from bot.checking.citations import cite
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from bot.web.view import view
from index.build import build
from index.documents import Metadata, Passage, Span, Status
from index.errors import CallError
from index.plan import BuildRequest
from index.search import Index, search
from index.settings import read_settings
from index.stored.versions import require_live
from index.text.split import SplitSettings
from index.validity import InForce, earliest, in_force, latest
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("known", "today", "in_2023"),
    [
        ({}, True, True),
        ({"published": "2023"}, True, True),
        ({"published": "2024"}, True, False),
        ({"effective": "2023-06-01"}, True, True),
        ({"effective": "2023-06-02"}, True, False),
        ({"effective": "2027"}, False, False),
        ({"expires": "2026-11"}, True, True),
        ({"expires": "2026-11-22"}, False, True),
        ({"expires": "2023-05-31"}, False, False),
        ({"status": Status.WITHDRAWN}, False, True),
        ({"status": Status.SUPERSEDED, "expires": "2023-05"}, False, False),
        ({"status": Status.SUPERSEDED, "expires": "2023-06", "effective": "2020"}, False, True),
    ],
)
def test_article_is_in_force_between_its_dates(known: dict[str, str], today: bool, in_2023: bool) -> None:
    meta = Metadata("a", **known)  # type: ignore[arg-type]
    assert in_force(meta, TODAY) is today
    assert in_force(meta, TODAY, date(2023, 6, 1)) is in_2023


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
        ("2023-02-29", None, None),
        ("", None, None),
    ],
)
def test_date_known_in_part_has_a_first_and_a_last_day(said: str, first: date | None, last: date | None) -> None:
    assert (earliest(said), latest(said)) == (first, last)


def test_filter_is_asked_anew_each_day_and_is_none_where_all_are_in_force() -> None:
    days = [TODAY, TODAY, date(2027, 1, 1)]
    allowed = InForce([Metadata("a", expires="2026"), Metadata("b")], lambda: days.pop(0))
    assert [allowed(), allowed(), allowed()] == [None, None, frozenset({"b"})]


@pytest.mark.parametrize(
    ("known", "years", "found"),
    [
        ({"published": "2024-03", "expires": "2025-01"}, {2024}, True),
        ({"published": "2024-03", "expires": "2025-01"}, {2025}, False),
        ({"published": "2024-03", "effective": "2025-01-01", "expires": "2025-06"}, {2025}, True),
        ({"published": "2021", "status": Status.SUPERSEDED}, {2023, 2030}, True),
        ({"published": "2021", "status": Status.WITHDRAWN}, {2021}, False),
        ({"published": "2026-02", "status": Status.SUPERSEDED}, {2026}, False),
    ],
)
def test_past_year_that_is_named_brings_what_was_in_force_then(known: dict[str, str], years: set[int], found: bool) -> None:
    allowed = InForce([Metadata("a", **known), Metadata("b")], lambda: TODAY)  # type: ignore[arg-type]
    assert allowed() == {"b"}
    assert ("a" in (allowed(years) or ())) is found
    assert InForce([Metadata("a", **known), Metadata("b", expires="2020")], lambda: TODAY, TODAY)(years) == frozenset()  # type: ignore[arg-type]


@pytest.fixture
def aged_index(root: Path, encoder: BigramEncoder) -> Index:
    articles = [source("garden", GARDEN, status=Status.SUPERSEDED, superseded_by="新办法", expires="2024"), source("harbour", HARBOUR)]
    build(BuildRequest(articles), root, encoder, SplitSettings())
    return Index.open(require_live(root))


def test_old_article_is_left_out_unless_asked_for(aged_index: Index, encoder: BigramEncoder) -> None:
    def found(as_of: date | None, question: str = "口袋公园") -> set[str]:
        allowed = InForce(aged_index.manifest.articles, lambda: TODAY, as_of)
        retriever = PassageRetriever(index=aged_index, encoder=encoder, k=9, in_force=allowed)
        return {document.metadata["article"] for document in retriever.invoke(question)}

    assert found(None) == {"harbour"}
    assert found(None, "2024年的口袋公园") == {"garden", "harbour"}
    assert found(date(2023, 6, 1)) == {"garden", "harbour"}
    assert found(date(2025, 1, 1)) == {"harbour"}
    aged_index.close()


def test_assistant_answers_as_of_the_day_in_the_settings(aged_index: Index, encoder: BigramEncoder) -> None:
    def cited(as_of: date | None = None) -> list[str]:
        settings = Settings(answering=AnsweringSettings(least_probability=0, as_of=as_of))
        outcome = make_assistant(aged_index, encoder, settings, SentenceReader).ask("花园城市行动新建口袋公园几处")
        return [citation.status_note for citation in outcome.citations if citation.passage.article == "garden"]

    assert cited() == []
    assert cited(date(2023, 6, 1))[0][0] == "已被新办法取代，有效期至2024年"
    aged_index.close()


@pytest.mark.parametrize("most", [0, 10_000])
def test_filter_by_ids_and_by_leaving_out_find_the_same(
    small_index: Index, encoder: BigramEncoder, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search._MOST_IDS", most)
    vector = encoder.encode_queries(["口袋公园"])[0]
    hits = search(small_index, "口袋公园", vector, 9, within={"garden"})
    assert [hit.passage.id for hit in hits[:1]] == ["garden#0000"]
    assert {hit.passage.article for hit in hits} == {"garden"}


def test_wrong_day_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="LIANGCE_AS_OF is wrong"):
        read_settings(Settings, data=tmp_path, as_of="last May")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, ("", "")),
        ({"status": Status.WITHDRAWN}, ("已废止", "withdrawn")),
        ({"status": Status.SUPERSEDED, "superseded_by": "《新办法》"}, ("已被《新办法》取代", "superseded by 《新办法》")),
        (
            {"effective": "2023-01-01", "expires": "2027"},
            ("自2023年1月1日起施行，有效期至2027年", "in force from 2023-01-01, in force until 2027"),
        ),
    ],
)
def test_standing_is_said_in_both_languages(known: dict[str, str], said: tuple[str, str]) -> None:
    assert messages.status_note(Metadata("a", **known)) == said  # type: ignore[arg-type]


def test_page_says_how_old_and_notes_dates_outside_the_quote() -> None:
    text = "今年共办结130件。"
    passage = Passage("a", 0, (), text, 0, len(text), (Span(0, len(text)),), title="题")
    citation = cite(1, passage, passage.sentences[0], "报", "2023", ("已废止", "withdrawn"))
    from bot.checking.citations import Sentence

    outcome = Answered("问", (Sentence(text, (1,)),), (citation,), 0.9)
    shown = view(outcome, TODAY)
    (sentence,), (cited,) = shown.sentences, shown.citations
    assert sentence.parts == [(text, False)]
    assert [(note.words, note.means) for note in sentence.notes] == [("今年", ("2023年", "2023"))]
    assert (cited.published, cited.years, cited.standing, cited.quote) == ("2023", 3, ("已废止", "withdrawn"), text)
