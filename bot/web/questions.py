"""What the page needs of Gradio, whose types stay in this module and in `bot.maintain.page`: a queue that takes questions and streams
what becomes of them, and the looks of the maintainers' page."""

import logging
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.answering.assistant import Answering
from bot.answering.events import Concluded, Decided, Drafted, Read, Retrieved
from bot.question.follow_up import MOST_BEFORE
from bot.settings import Settings
from bot.web.suggestions import Suggestions
from bot.web.view import view

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


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
        yield {"state": "done", "outcome": view(outcome, date.today(), further)}
    except Exception:  # whatever went wrong, the questioner is told, and the maintainers find it in the log
        log.exception("a question could not be answered")
        yield {"state": "failed"}


def mount_questions(app: FastAPI, assistant: Answering, settings: Settings, suggestions: Suggestions) -> FastAPI:
    """`app` with the queue of questions at /gradio_api/call/ask. Routes that `app` has already come before Gradio's."""
    gr = gradio()

    # Gradio makes a description of the call from these hints; what it hands in is not checked by it.
    def ask(question: str, before: list[Any]) -> Any:
        said = [one[: settings.answering.question_length] for one in before if isinstance(one, str)] if isinstance(before, list) else []
        yield from respond(assistant, question if isinstance(question, str) else "", said[-MOST_BEFORE:], suggestions)

    with gr.Blocks(title=settings.page.title, analytics_enabled=False) as queue:
        gr.api(ask, api_name="ask")
    queue.queue(max_size=settings.server.queue, default_concurrency_limit=settings.server.concurrency)
    return _mounted(app, queue, "/", settings)


def styled(app: FastAPI, page: Any, path: str, settings: Settings, **more: Any) -> FastAPI:
    """`app` with Gradio blocks at a path, in the looks of this product."""
    theme = gradio().themes.Default(primary_hue="sky", font=_FONTS, font_mono=("ui-monospace", "monospace"))
    return _mounted(app, page, path, settings, theme=theme, css=(_HERE.parent / "maintain" / "maintain.css").read_text("utf-8"), **more)


def _mounted(app: FastAPI, page: Any, path: str, settings: Settings, **more: Any) -> FastAPI:
    mounted: FastAPI = gradio().mount_gradio_app(
        app, page, path, server_name=settings.server.host, server_port=settings.server.port, footer_links=[], run_history=False, show_error=False,
        ssr_mode=False, **more,
    )  # fmt: skip
    return mounted


def gradio() -> Any:
    """The library, imported so that it asks no host outside."""
    # Read by Gradio when it is imported: without it the start asks a host outside for the newest version.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as library

    return library
