"""What a browser keeps of a conversation, and what is made of it when it comes back."""

from datetime import date
from typing import Any

import pytest

from bot.answering.live import LiveAssistant
from bot.web.conversation import MOST_TURNS, Conversation
from bot.web.view import view


def test_conversation_comes_back_as_it_was(assistant: LiveAssistant) -> None:
    outcome = view(assistant.ask("新建口袋公园多少处"), date(2026, 6, 1), ["还有吗"])
    conversation = Conversation().asked("新建口袋公园多少处").with_last(outcome=outcome, verdict="up")
    assert Conversation.read(conversation.model_dump(mode="json")) == conversation


@pytest.mark.parametrize(
    "kept", [None, [], "x", {"id": ""}, {"turns": [{}]}, {"turns": [{"question": "q", "outcome": {"outcome": "<b>"}}]}]
)
def test_what_is_no_conversation_is_a_new_one(kept: Any) -> None:
    found = Conversation.read(kept)
    assert found.turns == []
    assert found.id != Conversation.read(kept).id


def test_oldest_turns_make_room() -> None:
    conversation = Conversation()
    for n in range(MOST_TURNS + 5):
        conversation = conversation.asked(f"第{n}问")
    assert (len(conversation.turns), conversation.turns[0].question) == (MOST_TURNS, "第5问")


def test_follow_up_leans_on_what_was_answered_only(assistant: LiveAssistant) -> None:
    conversation = Conversation()
    for question in ("新建口袋公园多少处", "", "渔港"):
        conversation = conversation.asked(question or "？").with_last(outcome=view(assistant.ask(question), date(2026, 6, 1)))
    earlier = [turn.outcome for turn in conversation.turns[:-1] if turn.outcome]
    assert [outcome.outcome for outcome in earlier] == ["answered", "refused"]
    assert conversation.before() == ["新建口袋公园多少处"]
