"""What becomes of a question as it happens, for the page and for programs."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import gradio as gr
from gradio.events import api

from bot.answering.assistant import Answering
from bot.answering.events import Concluded, Decided, Drafted, Read, Retrieved
from bot.question.follow_up import MOST_BEFORE
from bot.settings import Settings
from bot.web.suggestions import Suggestions
from bot.web.view import view

log = logging.getLogger(__name__)


def respond(assistant: Answering, question: str, before: Sequence[str], suggestions: Suggestions | None = None) -> Iterator[dict[str, Any]]:
    """The states of one question as they come: "found" with how many passages, "working", "writing" with the
    sentences so far where a language model words the answer, then "done" with the outcome, or "failed".

    `before` are the questions before it in the same conversation, oldest first; only the browser keeps them.
    """
    outcome = None
    try:
        for event in assistant.stream(question, before):
            if isinstance(event, Retrieved):
                yield {"state": "found", "passages": len(event.documents)}
            elif isinstance(event, Drafted):
                yield {"state": "writing", "sentences": [sentence.text for sentence in event.draft.sentences]}
            elif isinstance(event, Concluded):
                outcome = event.outcome
            elif isinstance(event, Read | Decided):
                yield {"state": "working"}  # only between two states can a question be stopped
        assert outcome is not None, "a stream ends in its outcome"
        further = suggestions.after(outcome, before) if suggestions else []
        yield {"state": "done", "outcome": view(outcome, date.today(), further).model_dump()}
    except Exception:  # whatever went wrong, the questioner is told, and the maintainers find it in the log
        log.exception("a question could not be answered")
        yield {"state": "failed"}


def add_questions(pages: gr.Blocks, assistant: Answering, settings: Settings, suggestions: Suggestions) -> None:
    """Let programs ask at /gradio_api/call/ask, through the queue of `pages`."""

    # Gradio makes a description of the call from these hints; what it hands in is not checked by it.
    def ask(question: str, before: list[Any]) -> Any:
        earlier = (
            [text[: settings.answering.question_length] for text in before if isinstance(text, str)] if isinstance(before, list) else []
        )
        yield from respond(assistant, question if isinstance(question, str) else "", earlier[-MOST_BEFORE:], suggestions)

    with pages:
        api(ask, api_name="ask")
