"""The pages that everybody sees, in Gradio: the conversation, the articles and who stands behind them, in one language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Navbar

from bot.answering.messages import status_note
from bot.settings import Settings
from bot.web.articles import holdings, metadata
from bot.web.handlers import LONGEST_COMMENT, Handlers
from bot.web.render import fill, html_lang, page_word, script_words
from index.errors import LiangceError
from index.language import LANGUAGES, Language, look_up
from index.stored.versions import require_live

# Gradio keeps a conversation encrypted in the browser. With a key of its own for each start it would be lost with the server.
_STORED, _KEY = "liangce-2", "liangce"
_SAID = (
    "unreachable",
    "loading",
    "article",
    "close",
    "copied",
    "copy_failed",
    "shared",
    "link_copied",
    "rename",
    "rename_to",
    "delete",
    "export",
    "none_yet",
    "clear_sure",
    "not_heard",
)  # what the page's script says; fmt: skip
REASONS = ("wrong", "incomplete", "not found", "unclear")


@dataclass(frozen=True, slots=True)
class Links:
    """What the pages link to, where it is served."""

    evaluate: bool = False
    report: bool = False
    maintain: bool = False


def build_pages(handlers: Handlers, settings: Settings, language: Language, links: Links) -> gr.Blocks:
    """The pages in one language; the first is the chat."""

    def text(key: str) -> str:
        return page_word(key, language)

    pages = gr.Blocks(title=settings.page.title_in(language), analytics_enabled=False, fill_width=True)
    with pages:
        _bar(settings, language, links)
        _header(pages, settings, language, chat=True)
        parts = _chat(handlers, settings, language)
        _wire(pages, parts, handlers)
        _keep(parts, handlers)
    for path, key, content in (("articles", "articles", _articles), ("about", "about", _about)):
        with pages.route(text(key), path):
            _bar(settings, language, links)
            _header(pages, settings, language, chat=False)
            _shown(pages, content(settings, language, links), elem_id=path, elem_classes="reading-matter")
            _panel(handlers, language)
    # What has a queue is reached through it only. `Admission` says whose turn it is, so all that may wait are handed to it at once.
    pages.max_threads = settings.server.queue + settings.server.concurrency + _AT_ONCE
    pages.queue(max_size=settings.server.queue, default_concurrency_limit=settings.server.concurrency, api_open=False)
    return pages


_AT_ONCE = 40  # what else Gradio does at once: its own default


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the chat that events name; `told` are those that `Handlers` sets, in its order."""

    current: gr.BrowserState
    past: gr.BrowserState
    search: gr.Textbox
    listing: gr.HTML
    clear: gr.Button
    chat: gr.Chatbot
    box: gr.Textbox
    why: gr.Column
    reason: gr.Radio
    comment: gr.Textbox
    explain: gr.Button
    cancel: gr.Button
    handing: gr.Column
    hand_over: gr.Button

    @property
    def told(self) -> list[Any]:
        return [self.chat, self.current, self.box, self.why, self.handing]


def _chat(handlers: Handlers, settings: Settings, language: Language) -> _Parts:
    def text(key: str, /, **fields: object) -> str:
        return page_word(key, language, **fields)

    current = gr.BrowserState({}, storage_key=f"{_STORED}-current", secret=_KEY)
    past = gr.BrowserState([], storage_key=_STORED, secret=_KEY)
    search, listing, clear = _sidebar(handlers, language)
    with gr.Row(elem_id="frame"):
        with gr.Column(elem_id="main", scale=1):
            chat = gr.Chatbot(
                [], show_label=False, label=text("conversation"), container=False, height=None, layout="panel", buttons=[], autoscroll=False,
                latex_delimiters=[], allow_tags=False, elem_id="conversation", **handlers.start(),
            )  # fmt: skip
            with gr.Column(visible=False, elem_id="why") as why:
                reason = gr.Radio([(text(reason), reason) for reason in REASONS], label=text("why"))
                comment = gr.Textbox(label=text("comment"), max_length=LONGEST_COMMENT, lines=2)
                with gr.Row():
                    explain = gr.Button(text("send_feedback"), variant="primary", elem_id="explain", size="sm")
                    cancel = gr.Button(text("cancel"), size="sm")
            with gr.Column(visible=False, elem_id="hand-over") as handing:
                hand_over = gr.Button(text("hand_over"), elem_id="hand", size="sm")
                gr.HTML(fill("hint", language, hint=text("hand_over_hint", hotline=settings.page.hotline)), apply_default_css=False)
            voice = gr.Button(text("voice"), elem_id="voice", size="sm")
            box = gr.Textbox(
                label=text("your_question"), placeholder=text("placeholder"), submit_btn=text("send"), lines=1, max_lines=6,
                max_length=settings.answering.question_length, elem_id="question", html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"), buttons=[voice],
            )  # fmt: skip
        voice.click(None, js="liangce.voice")
        _panel(handlers, language)
    return _Parts(current, past, search, listing, clear, chat, box, why, reason, comment, explain, cancel, handing, hand_over)


def _sidebar(handlers: Handlers, language: Language) -> tuple[gr.Textbox, gr.HTML, gr.Button]:
    def export(given: dict[str, Any]) -> dict[str, str]:  # Gradio marks the functions that a browser may call, which a method does not bear
        return handlers.export(given)

    with gr.Sidebar(open=False, elem_id="past", label=page_word("conversations", language)):
        gr.HTML(fill("past", language), elem_id="past-head", apply_default_css=False)
        name = page_word("search", language)
        search = gr.Textbox(show_label=False, label=name, placeholder=name, max_lines=1, elem_id="search")
        listing = gr.HTML(
            "", elem_id="listing", apply_default_css=False, server_functions=[export], words=script_words(_SAID, language),
            js_on_load="liangce.listing(element, props, (event) => trigger(event), server, 'merge')",
        )  # fmt: skip
        clear = gr.Button(page_word("clear", language), elem_id="clear", size="sm")
    return search, listing, clear


def _wire(pages: gr.Blocks, parts: _Parts, handlers: Handlers) -> None:
    """What calls which handler."""
    chat, box, current, told = parts.chat, parts.box, parts.current, parts.told
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    at_once = quiet | {"queue": False}
    asked = [
        box.submit(handlers.begin, [box, current], [box, *told], **at_once),
        chat.retry(handlers.again, current, told, **at_once),
        pages.load(handlers.linked, current, told, **at_once),
    ]
    chat.undo(handlers.undo, current, [box, *told], **at_once)
    for chosen in (chat.example_select, chat.option_select):
        clicked = chosen(handlers.chosen, None, box, **at_once)
        asked.append(clicked.then(handlers.begin, [box, current], [box, *told], **at_once))
    answering = [
        step.then(handlers.answer_in_turn, current, told, **quiet, concurrency_limit=None) for step in asked
    ]  # in turn by `Admission`
    for step, answer in zip(asked, answering, strict=True):
        step.then(None, None, None, js="liangce.asked")
        answer.failure(handlers.busy, current, told, **at_once)  # whatever else goes wrong is told as the answer
    box.stop(handlers.stopped, current, told, **at_once, cancels=answering)
    chat.like(handlers.rate, current, told, **quiet)
    parts.explain.click(handlers.explain, [current, parts.reason, parts.comment], told, **quiet)
    parts.cancel.click(handlers.cancel, current, told, **quiet)
    parts.hand_over.click(handlers.hand_over, current, told, **quiet)


def _keep(parts: _Parts, handlers: Handlers) -> None:
    """What stays in the browser: `past` is never sent to the server."""
    past, current, told = parts.past, parts.current, parts.told
    listed: dict[str, Any] = {"inputs": [past, current, parts.search], "outputs": parts.listing, "js": "liangce.list"}
    shown: dict[str, Any] = {"inputs": current, "outputs": told, "api_visibility": "private", "show_progress": "hidden", "queue": False}
    current.change(None, [past, current], past, js="liangce.keep").then(None, **listed)
    parts.listing.merge(None, past, past, js="liangce.merge").then(None, **listed)
    parts.search.change(None, **listed)  # its input event misses what an input method writes
    for changed, js in ((parts.listing.click, "liangce.act"), (parts.clear.click, "liangce.clear")):
        changed(None, [past, current], [past, current], js=js).then(handlers.show, **shown).then(None, **listed)


def _bar(settings: Settings, language: Language, links: Links) -> None:
    up = "" if language == "zh" else "../"
    more = [(page_word("maintain", language), f"{up}maintain/")] if links.maintain else []
    more += [(page_word("evaluate", language), f"{up}evaluate/")] if links.evaluate else []
    Navbar(more, main_page_name=page_word("ask", language))


def _header(pages: gr.Blocks, settings: Settings, language: Language, *, chat: bool) -> None:
    def header() -> str:
        return fill(
            "header", language, title=settings.page.title_in(language), greeting=settings.page.greeting, root=settings.server.root_path, chat=chat,
            other=html_lang("en" if language == "zh" else "zh"), holdings=holdings(settings.index),
        )  # fmt: skip

    _shown(pages, header, elem_id="top", js_on_load="liangce.header(element)")


def _shown(pages: gr.Blocks, content: Callable[[], str], **more: Any) -> None:
    """HTML that is there at once, and made anew whenever the page is loaded."""
    shown = gr.HTML(content(), apply_default_css=False, **more)
    pages.load(content, None, shown, api_visibility="private", show_progress="hidden", queue=False)


def _panel(handlers: Handlers, language: Language) -> None:
    def article(query: dict[str, Any]) -> str:
        return handlers.article(query)

    gr.HTML(
        "", html_template='<dialog id="article" aria-labelledby="article-name"></dialog>', elem_id="panel", server_functions=[article],
        apply_default_css=False,
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
