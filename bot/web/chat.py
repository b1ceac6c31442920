"""The pages that everybody sees, in Gradio: the conversation, the articles and who stands behind them, in one language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from bot.answering.messages import status_note
from bot.settings import Settings
from bot.web.articles import holdings, metadata
from bot.web.handlers import LONGEST_COMMENT, Handlers
from bot.web.render import fill, html_lang, script_words, word
from index.errors import LiangceError
from index.language import LANGUAGES, Language, look_up
from index.stored.versions import require_live

# Gradio keeps a conversation encrypted in the browser. With a key of its own for each start it would be lost with the server.
_STORED, _KEY = "liangce-2", "liangce"
_SAID = ("unreachable", "loading", "copied", "copy_failed", "shared", "link_copied", "rename", "rename_to", "delete", "export", "none_yet",
         "clear_sure", "quiet", "aloud")  # fmt: skip
REASONS = ("wrong", "incomplete", "not found", "unclear")


@dataclass(frozen=True, slots=True)
class Links:
    """What the pages link to, where it is served."""

    report: bool = False
    maintain: bool = False


def build_pages(handlers: Handlers, settings: Settings, language: Language, links: Links) -> gr.Blocks:
    """The pages in one language; the first is the chat."""

    def text(key: str) -> str:
        return word(key, language)

    pages = gr.Blocks(title=settings.page.title, analytics_enabled=False, fill_width=True)
    with pages:
        _bar(settings, language, links)
        _header(settings, language, chat=True)
        _chat(pages, handlers, settings, language)
    for path, key, content in (("articles", "articles", _articles), ("about", "about", _about)):
        with pages.route(text(key), path):
            _bar(settings, language, links)
            _header(settings, language, chat=False)
            gr.HTML(content(settings, language, links), elem_id=path, elem_classes="reading-matter")
            _panel(handlers, language)
    pages.queue(max_size=settings.server.queue, default_concurrency_limit=settings.server.concurrency)
    return pages


def _chat(pages: gr.Blocks, handlers: Handlers, settings: Settings, language: Language) -> None:
    def text(key: str, /, **fields: object) -> str:
        return word(key, language, **fields)

    def export(given: dict[str, Any]) -> str:  # Gradio marks the functions that a browser may call, which a method does not bear
        return handlers.export(given)

    current = gr.BrowserState({}, storage_key=f"{_STORED}-current", secret=_KEY)
    past = gr.BrowserState([], storage_key=_STORED, secret=_KEY)
    with gr.Sidebar(open=False, elem_id="past", label=text("conversations")):
        gr.HTML(fill("past", language), elem_id="past-head")
        search = gr.Textbox(show_label=False, label=text("search"), placeholder=text("search"), max_lines=1, elem_id="search")
        listing = gr.HTML(
            "", elem_id="listing", js_on_load="liangce.listing(element, props, trigger, server)", server_functions=[export],
            words=script_words(_SAID, language), conversations=text("conversations"),
        )  # fmt: skip
        clear = gr.Button(text("clear"), elem_id="clear", size="sm")
    with gr.Row(elem_id="frame"):
        with gr.Column(elem_id="main", scale=1):
            chat = gr.Chatbot(
                [], show_label=False, label=text("conversation"), container=False, height=None, layout="panel", buttons=[], autoscroll=False,
                latex_delimiters=[], allow_tags=False, elem_id="conversation", examples=handlers.examples(), placeholder=text("examples"),
            )  # fmt: skip
            with gr.Column(visible=False, elem_id="why") as why:
                reason = gr.Radio([(text(reason), reason) for reason in REASONS], label=text("why"))
                comment = gr.Textbox(label=text("comment"), max_length=LONGEST_COMMENT, lines=2)
                with gr.Row():
                    explain = gr.Button(text("send_feedback"), variant="primary", elem_id="explain", size="sm")
                    cancel = gr.Button(text("cancel"), size="sm")
            with gr.Column(visible=False, elem_id="hand-over") as handing:
                hand_over = gr.Button(text("hand_over"), elem_id="hand", size="sm")
                gr.HTML(fill("hint", language, hint=text("hand_over_hint", hotline=settings.page.hotline)))
            box = gr.Textbox(
                label=text("your_question"), placeholder=text("placeholder"), submit_btn=text("send"), lines=1, max_lines=6,
                max_length=settings.answering.question_length, elem_id="question", html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
            )  # fmt: skip
        _panel(handlers, language)

    told = [chat, current, box, why, handing]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asked = [
        box.submit(handlers.begin, [box, current], [box, *told], **quiet, queue=False),
        chat.retry(handlers.again, current, told, **quiet, queue=False),
        pages.load(handlers.linked, current, told, **quiet, queue=False),
    ]
    for chosen in (chat.example_select, chat.option_select):
        clicked = chosen(handlers.chosen, None, box, **quiet, queue=False)
        asked.append(clicked.then(handlers.begin, [box, current], [box, *told], **quiet, queue=False))
    answering = [step.then(handlers.answer, current, told, **quiet) for step in asked]
    for step in asked:
        step.then(None, None, None, js="liangce.asked")
    box.stop(handlers.stopped, current, told, **quiet, queue=False, cancels=answering)
    chat.like(handlers.rate, current, told, **quiet)
    explain.click(handlers.explain, [current, reason, comment], told, **quiet)
    cancel.click(handlers.cancel, current, told, **quiet)
    hand_over.click(handlers.hand_over, current, told, **quiet)

    # What follows stays in the browser: `past` is never sent.
    listed = {"fn": None, "inputs": [past, current, search], "outputs": listing, "js": "liangce.list"}
    current.change(None, [past, current], past, js="liangce.keep").then(**listed)
    search.input(**listed)
    listing.click(None, [past, current], [past, current], js="liangce.act").then(handlers.show, current, told, **quiet, queue=False)
    clear.click(None, [past, current], [past, current], js="liangce.clear").then(handlers.show, current, told, **quiet, queue=False)


def _bar(settings: Settings, language: Language, links: Links) -> None:
    more = [(word("maintain", language), f"{settings.server.root_path}/maintain/")] if links.maintain else []
    gr.Navbar(more, main_page_name=word("ask", language))


def _header(settings: Settings, language: Language, *, chat: bool) -> None:
    def header() -> str:
        return fill(
            "header", language, title=settings.page.title, greeting=settings.page.greeting, root=settings.server.root_path, chat=chat,
            other=html_lang("en" if language == "zh" else "zh"), holdings=holdings(settings.index),
        )  # fmt: skip

    gr.HTML(header, elem_id="top", js_on_load="liangce.header(element)")


def _panel(handlers: Handlers, language: Language) -> None:
    def article(query: dict[str, Any]) -> str:
        return handlers.article(query)

    gr.HTML(
        "", html_template='<dialog id="article" aria-labelledby="article-name"></dialog>', elem_id="panel", server_functions=[article],
        js_on_load="liangce.panel(element, props, server)", words=script_words(_SAID, language),
    )  # fmt: skip


def _articles(settings: Settings, language: Language, _: Links) -> Callable[[], str]:
    def content() -> str:
        try:
            listed = metadata(require_live(settings.index))
        except LiangceError:
            listed = ()
        shown = [(one, look_up(f"in-force.{one.status.value}", language), status_note(one)[LANGUAGES.index(language)]) for one in listed]
        return fill("articles", language, articles=shown)

    return content


def _about(settings: Settings, language: Language, links: Links) -> Callable[[], str]:
    def content() -> str:
        page = settings.page
        return fill(
            "about", language, operator=page.operator, contact=page.contact, hotline=page.hotline, llm=bool(settings.llm.url),
            report=links.report, root=settings.server.root_path, holdings=holdings(settings.index),
        )  # fmt: skip

    return content
