"""The states of a question, and outcomes as the page gets them."""

import json
from collections.abc import Sequence
from datetime import date

from bot.answering.live import LiveAssistant
from bot.app import make_assistant
from bot.reading.reader import Reading
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from bot.web.questions import respond
from bot.web.view import OutcomeView, view
from index.documents import Hit
from index.search import Index
from index.stored.articles import read_article
from index.stored.versions import require_live
from tests.support.fakes import BigramEncoder

TODAY = date(2026, 6, 1)


def test_answer_is_told_with_places_that_hold_the_quote(assistant: LiveAssistant, settings: Settings) -> None:
    found, *_, done = respond(assistant, "新建口袋公园多少处", ["青山区推出了什么行动"])
    assert found == {"state": "found", "passages": 6}
    shown = done["outcome"]
    assert (shown["refused"], shown["mode"], shown["version"]) == (False, "extract", "v000001")
    cited = shown["citations"][0]
    assert (cited["article"], cited["published"]) == ("garden", "2022-05")
    assert cited["years"] >= 3
    text = read_article(require_live(settings.index), "garden").text
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    json.dumps(done)


def test_refusal_is_told_with_its_reason(assistant: LiveAssistant) -> None:
    shown = view(assistant.ask(""), TODAY)
    assert (shown.outcome, shown.refused, shown.reason, shown.citations) == ("refused", True, "empty_question", [])
    assert shown.message
    assert OutcomeView.model_validate(shown.model_dump()) == shown, "what a browser keeps is read as it was"


def test_what_was_found_is_told_before_it_is_read(small_index: Index, encoder: BigramEncoder) -> None:
    read: list[str] = []

    class Noting(SentenceReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            read.append(question)
            return super().read(question, hits)

    states = respond(make_assistant(small_index, encoder, Settings(), Noting), "新建口袋公园多少处", [])
    assert next(states)["state"] == "found"
    assert read == []
    assert [state["state"] for state in states] == ["working", "working", "done"]
    assert read
