"""Which questions the page suggests."""

from dataclasses import replace

import pytest

from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Answered, Outcome
from bot.settings import Settings
from bot.web.suggestions import Suggestions
from index.build import build
from index.plan import BuildRequest
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source


def suggestions(assistant: LiveAssistant, settings: Settings, examples: dict[str, list[str]] | None = None) -> Suggestions:
    return Suggestions(assistant, examples or {}, lambda: require_live(settings.index))


def test_only_answered_questions_are_suggested(assistant: LiveAssistant, settings: Settings) -> None:
    wanted = {"公园": ["新建口袋公园多少处"], "坏的": ["", "   ？"]}
    made = suggestions(assistant, settings, wanted)
    assert (made.version, made.examples()) == ("", {})
    made.check()
    assert (made.version, made.examples()) == ("v000001", {"公园": ["新建口袋公园多少处"]})
    outcome = assistant.ask("企业提交材料几天办结")
    offered = made.after(outcome, ["“红叶计划”是怎么回事"])
    assert "“红叶计划”是怎么回事？" not in offered, "it was asked already"
    shown = {citation.quote for citation in outcome.citations}
    for question in made.after(outcome):
        assert assistant.ask(question).citations[0].quote not in shown, "the same sentence has been shown"
        assert isinstance(assistant.ask(question), Answered)


def test_weak_or_other_answer_is_not_suggested(assistant: LiveAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = assistant.ask

    def weak(question: str, *, may_write: bool) -> Outcome:
        outcome = real(question, may_write=may_write)
        return replace(outcome, confidence=0.1) if isinstance(outcome, Answered) else outcome

    monkeypatch.setattr(assistant, "ask", weak)
    made = suggestions(assistant, settings)
    made.check()
    assert (made.version, made.examples()) == ("v000001", {})


def test_suggestions_follow_the_live_version(assistant: LiveAssistant, settings: Settings, encoder: BigramEncoder) -> None:
    made = suggestions(assistant, settings, {"公园": ["新建口袋公园多少处"]})
    made.check()
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings())
    assistant.look()
    made.start(0.05)
    for _ in range(200):
        if made.version == "v000002":
            break
        made._end.wait(0.05)
    made.close()
    assert made.version == "v000002"
