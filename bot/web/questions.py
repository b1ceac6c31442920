"""What becomes of a question as it happens, for the page and for programs."""

import logging
from collections.abc import Generator, Sequence
from contextlib import aclosing
from datetime import date
from typing import Any

import gradio as gr
from gradio.events import api

from bot.answering.assistant import Answering
from bot.answering.events import Concluded, Decided, Drafted, Read, Retrieved
from bot.question.follow_up import MOST_BEFORE
from bot.settings import Settings
from bot.web.guarding.addresses import source_of
from bot.web.guarding.admission import Admission, TooOftenError
from bot.web.guarding.turns import BusyError
from bot.web.suggestions import Suggestions
from bot.web.view import view

log = logging.getLogger(__name__)


def respond(
    assistant: Answering, question: str, before: Sequence[str], suggestions: Suggestions | None = None
) -> Generator[dict[str, Any], None, None]:
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


def add_questions(pages: gr.Blocks, assistant: Answering, settings: Settings, suggestions: Suggestions, admission: Admission) -> None:
    """Let programs ask at /gradio_api/call/ask, through the queue of `pages`."""

    # Gradio makes a description of the call from these hints; what it hands in is not checked by it.
    async def ask(question: str, before: list[Any], request: gr.Request) -> Any:
        earlier = (
            [text[: settings.answering.question_length] for text in before if isinstance(text, str)] if isinstance(before, list) else []
        )
        work = respond(assistant, question if isinstance(question, str) else "", earlier[-MOST_BEFORE:], suggestions)
        try:
            async with aclosing(admission.let_in(work, source_of_page(request), request.session_hash)) as states:
                async for state in states:
                    yield state
        except TooOftenError as error:
            yield {"state": "too often", "wait": error.wait}
        except BusyError:
            yield {"state": "busy"}

    with pages:
        api(ask, api_name="ask", concurrency_limit=None)  # in turn by `admission`


def source_of_page(request: gr.Request) -> str:
    """What is counted as the address that a request of Gradio's comes from, "" if it is not known."""
    return source_of(request.client.host) if request.client else ""
