"""The web page, in Gradio; its types stay in this module."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI

from bot import messages, render
from bot.answer import Answered, Answering
from bot.feedback import Feedback, add_feedback
from bot.settings import Settings

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


class Shown(NamedTuple):
    """One turn of a conversation: its panel's HTML, what was asked and said, and from which version of the index."""

    panel: str
    question: str
    answer: str
    refused: bool
    version: str = ""


Turn = tuple[list[dict[str, str]], list[Shown], str]  # the chat's messages, all turns, the panel's HTML


def respond(assistant: Answering, question: str, chat: list[dict[str, Any]], turns: list[Shown]) -> Iterator[Turn]:
    """The page's states for one question, as they come: waiting, passages found, and the answer with its citations."""
    turn = len(turns)
    asked: list[dict[str, Any]] = [*chat, {"role": "user", "content": render.markdown(question) or " "}]
    yield _said(asked, render.WAITING), turns, render.WAITING_PANEL
    try:
        for part in assistant.stream(question, [one.question for one in turns]):
            if "documents" in part:
                yield _said(asked, render.found(len(part["documents"]))), turns, render.WAITING_PANEL
            if "draft" in part:
                yield _said(asked, render.draft(part["draft"].sentences, turn)), turns, render.WAITING_PANEL
            outcome = part.get("outcome")
        assert outcome is not None, "a stream ends in its outcome"
    except Exception:  # whatever went wrong, the questioner is told, and the maintainers find it in the log
        log.exception("a question could not be answered")
        failed = [*turns, Shown(render.FAILED_PANEL, question, render.FAILED, refused=True)]
        yield _said(asked, render.FAILED), failed, render.earlier([one.panel for one in failed])
        return
    shown = [*turns, Shown(render.panel(outcome, turn), question, outcome.text, not isinstance(outcome, Answered), outcome.version)]
    yield _said(asked, render.answer(outcome, turn, date.today())), shown, render.earlier([one.panel for one in shown])


def thumb(data: Path, turns: list[Shown], message: int, liked: bool) -> bool:
    """Keep a thumb up or down on a message of the chat; False where the message answers no turn."""
    turn = message // 2  # each turn is a question and an answer
    if turn >= len(turns):
        return False
    said, when = turns[turn], datetime.now(UTC).isoformat(timespec="seconds")
    add_feedback(
        data,
        Feedback(
            time=when,
            question=said.question,
            answer=said.answer,
            refused=said.refused,
            verdict="up" if liked else "down",
            version=said.version,
        ),
    )
    return True


def _said(asked: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    return [*asked, {"role": "assistant", "content": text}]


def build_page(assistant: Answering, settings: Settings) -> Any:
    """The page as Gradio blocks."""
    gr = gradio()
    with gr.Blocks(title=settings.title, analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            f"<h1>{render.plain_html(settings.title)}</h1><p>只根据已收录的政策文章回答，每句话都附原文出处；文章没有说的，会直说。"
            + (f" {render.REPORT_LINK}" if settings.report_password else "")
            + (f" {render.MAINTAIN_LINK}" if settings.maintainer_password else "")
            + "</p>",
            elem_id="title",
        )
        turns = gr.State([])
        with gr.Row(elem_id="page"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat", label="对话", show_label=False, container=False, height="60vh", buttons=[], feedback_options=("Like", "Dislike"),
                    latex_delimiters=[], placeholder="请在下面写出您想了解的政策，或点选一个问题。", allow_tags=False,
                )  # fmt: skip
                box = gr.Textbox(
                    elem_id="question", label="您的问题", show_label=False, placeholder="请输入您的问题…", max_lines=6, autofocus=True,
                    submit_btn="发送",
                )  # fmt: skip
                buttons = _examples(gr)
            with gr.Column(scale=2, min_width=300, elem_id="sources"):
                gr.HTML("<h2>引文</h2>")
                panel = gr.HTML(render.EMPTY_PANEL)

        def answer(question: str, history: list[dict[str, Any]], shown: list[Shown]) -> Iterator[Turn]:
            yield from respond(assistant, question, history, shown)

        asked = gr.State("")
        run = {"fn": answer, "inputs": [asked, chat, turns], "outputs": [chat, turns, panel], "show_progress": "hidden"}
        # The box is emptied at once, so that the next question can be typed while the answer comes.
        sent = box.submit(lambda question: (question, ""), box, [asked, box], queue=False, show_progress="hidden")
        sent.then(**run, api_name="ask")
        chat.clear(lambda: ([], render.EMPTY_PANEL), None, [turns, panel], queue=False)

        def judge(shown: list[Shown], data: Any) -> None:
            if data.liked is not None and thumb(settings.data, shown, int(data.index), bool(data.liked)):
                gr.Info("谢谢，维护人员会看到您的评价。", duration=4)

        judge.__annotations__["data"] = gr.LikeData  # by which Gradio knows to hand it in
        chat.like(judge, turns, None, show_progress="hidden")  # in the queue: only there does a message reach the page
        for button, question in buttons:
            button.click(lambda text=question: text, None, asked, queue=False, show_progress="hidden").then(**run, api_name=False)
    page.queue(max_size=settings.queue, default_concurrency_limit=settings.concurrency)
    return page


def _examples(gr: Any) -> list[tuple[Any, str]]:
    """A row of questions for each audience; the buttons with what they ask."""
    buttons = []
    with gr.Column(elem_id="examples"):
        for audience, questions in messages.EXAMPLES.items():
            with gr.Row(elem_classes="audience"):
                gr.HTML(f'<span class="name">{audience}</span>', elem_classes="name")
                buttons += [(gr.Button(question, size="sm", variant="secondary"), question) for question in questions]
    return buttons


def mount(app: FastAPI, assistant: Answering, settings: Settings) -> FastAPI:
    """`app` with the page at its root."""
    return styled(app, build_page(assistant, settings), "/", settings)


def styled(app: FastAPI, page: Any, path: str, settings: Settings, **more: Any) -> FastAPI:
    """`app` with Gradio blocks at a path, in the looks of this product."""
    gr = gradio()
    theme = gr.themes.Default(primary_hue="sky", font=_FONTS, font_mono=("ui-monospace", "monospace"))
    mounted: FastAPI = gr.mount_gradio_app(
        app, page, path, server_name=settings.host, server_port=settings.port, footer_links=[], run_history=False, show_error=False,
        ssr_mode=False, theme=theme, css=(_HERE / "page.css").read_text("utf-8"), js=(_HERE / "page.js").read_text("utf-8"), **more,
    )  # fmt: skip
    return mounted


def gradio() -> Any:
    """The library, imported so that it asks no host outside."""
    # Read by Gradio when it is imported: without it the start asks a host outside for the newest version.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as library

    return library
