"""Feedback from the page: what is kept of it, how much, and what the evaluation makes of it."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web import feedback
from bot.web.conversation import Conversation
from bot.web.feedback import read_feedback
from bot.web.guarding.addresses import RateLimit
from bot.web.handlers import Handlers
from bot.web.suggestions import Suggestions
from eval.__main__ import app as eval_app
from index.database import open_database
from index.stored.versions import require_live

REQUEST: Any = SimpleNamespace(client=SimpleNamespace(host="192.0.2.1"))


@pytest.fixture
def page(assistant: LiveAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    """The handlers of a page in Chinese, whose toasts nobody sees."""
    monkeypatch.setattr("gradio.Info", lambda text: None)
    monkeypatch.setattr("gradio.Warning", lambda text: None)
    suggestions = Suggestions(assistant, {}, lambda: require_live(settings.index))
    return Handlers(assistant, settings, suggestions, RateLimit(3, 600), "zh")


def asked(page: Handlers, question: str) -> dict[str, Any]:
    """The conversation that a browser keeps once a question is answered."""
    kept: dict[str, Any] = page.begin(question, {})[2]
    *_, last = page.answer(kept)
    answered: dict[str, Any] = last[1]
    return answered


def thumb(liked: bool, at: int = 1) -> Any:
    return SimpleNamespace(index=at, liked=liked)


def test_feedback_is_bounded(page: Handlers, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = asked(page, "渔港几点开门")
    verdicts = [Conversation.read(page.rate(kept, thumb(True), REQUEST)[1]).turns[0].verdict for _ in range(4)]
    assert verdicts == ["up", "up", "up", ""]
    assert len(read_feedback(open_database(settings))) == 3
    monkeypatch.setattr(feedback, "MOST_KEPT", 3)
    other: Any = SimpleNamespace(client=SimpleNamespace(host="192.0.2.2"))
    assert Conversation.read(page.rate(kept, thumb(True), other)[1]).turns[0].verdict == ""
    assert len(read_feedback(open_database(settings))) == 3


def test_feedback_is_kept_without_personal_data_and_seen_by_the_evaluation(page: Handlers, settings: Settings, tmp_path: Path) -> None:
    page.hand_over(asked(page, "渔港<b>几点开门，我的电话13812345678"), REQUEST)
    kept = page.rate(asked(page, "新建口袋公园多少处"), thumb(False), REQUEST)[1]
    assert kept["rating"] == 0
    told = page.explain(kept, "wrong", "少了一个零，问13812345678" + "长" * 2000, REQUEST)[1]
    assert (told["rating"], told["turns"][0]["verdict"]) == (None, "down")
    handed, down = read_feedback(open_database(settings))
    assert (handed.question, handed.verdict, handed.version) == ("渔港<b>几点开门，我的电话［手机号］", "handed over", "v000001")
    assert (down.verdict, down.reason, down.comment[:12], len(down.comment)) == ("down", "wrong", "少了一个零，问［手机号］", 1000 - 6)
    out = tmp_path / "drafts.jsonl"
    done = CliRunner().invoke(eval_app, ["from-feedback", "--out", str(out), "--data", str(settings.data)])
    assert done.exit_code == 0, done.output
    notes = [json.loads(line)["note"] for line in out.read_text("utf-8").splitlines()]
    assert "handed over, refused" in notes[0]
    assert "thumbs down (wrong), answered" in notes[1]


@pytest.mark.parametrize("kept", [None, {}, {"turns": "x"}, {"id": "a", "turns": [{"question": "q" * 30_000}]}, [1]])
def test_judging_what_is_not_there_keeps_nothing(page: Handlers, settings: Settings, kept: Any) -> None:
    for told in (page.rate(kept, thumb(True), REQUEST), page.explain(kept, "wrong", "", REQUEST), page.hand_over(kept, REQUEST)):
        assert told[1]["turns"] == []
    assert read_feedback(open_database(settings)) == []
