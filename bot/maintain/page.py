"""The maintainers' page, in Gradio: its tabs, its form, and which button calls which handler."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request

from bot.maintain import render
from bot.maintain.handlers import Handlers
from bot.maintain.maintenance import Maintenance
from bot.maintain.render import plain_html, word
from bot.settings import Settings
from bot.web.mounting import mount_blocks, signed
from index.reading.files import SUFFIXES

PATH = "/maintain"
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


def build_page(maintenance: Maintenance, title: str) -> gr.Blocks:
    """The page as Gradio blocks; `title` is that of the page that everybody sees."""
    handlers = Handlers(maintenance)
    heading = word("maintain.title", title=title)
    page = gr.Blocks(title=heading, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(f'<h1>{plain_html(heading)}</h1><p><a href="..">{word("maintain.back")}</a></p>', elem_id="title")
        notice = gr.HTML(elem_id="told")
        with gr.Tabs(elem_id="maintain"):
            with gr.Tab(word("maintain.tab-publish")):
                files = gr.File(label=word("maintain.files"), file_count="multiple", file_types=list(SUFFIXES))
                with gr.Accordion(word("maintain.form"), open=False):
                    form = _form()
                with gr.Row():
                    look = gr.Button(word("maintain.preview"), elem_id="look")
                    publish = gr.Button(word("maintain.publish"), variant="primary", elem_id="publish")
                preview = gr.HTML(render.nothing(), elem_id="preview")
            with gr.Tab(word("maintain.tab-articles")):
                article = gr.Dropdown(label=word("head.article"), choices=[], elem_id="article")
                with gr.Row():
                    withdraw = gr.Button(word("maintain.withdraw"), elem_id="withdraw")
                    reinstate = gr.Button(word("maintain.reinstate"), elem_id="reinstate")
                articles = gr.HTML(elem_id="articles")
            with gr.Tab(word("maintain.tab-versions")):
                version = gr.Dropdown(label=word("head.version"), choices=[], elem_id="version")
                back = gr.Button(word("maintain.roll-back"), elem_id="back")
                versions = gr.HTML(elem_id="versions")
            with gr.Tab(word("maintain.tab-log")):
                audit = gr.HTML(elem_id="deeds")
            with gr.Tab(word("maintain.tab-feedback")):
                gr.HTML(f'<p class="hint">{word("maintain.feedback-hint")}</p>')
                feedback = gr.HTML(elem_id="feedback")

        state: list[gr.HTML | gr.Dropdown] = [articles, article, versions, version, audit, feedback]
        changes: list[tuple[gr.Button, Callable[..., object], list[gr.File | gr.Textbox | gr.Dropdown]]] = [
            (publish, handlers.publish, [files, *form]),
            (withdraw, handlers.withdraw, [article]),
            (reinstate, handlers.reinstate, [article]),
            (back, handlers.roll_back, [version]),
        ]
        for button, handler, inputs in changes:
            button.click(
                handler, inputs, [notice, *state], api_visibility="private", show_progress_on=[notice], concurrency_limit=1,
                concurrency_id="writer",
            )  # fmt: skip
        look.click(handlers.preview, [files, *form], preview, api_visibility="private")
        page.load(handlers.state, None, state, api_visibility="private")
    return page


def mount_maintain(app: FastAPI, maintenance: Maintenance, settings: Settings, who: Callable[[Request], str | None]) -> FastAPI:
    """`app` with the maintainers' page; `who` names whoever a request comes from, None for strangers."""
    page = build_page(maintenance, settings.page.title)
    page.queue(max_size=settings.server.queue)
    theme = gr.themes.Default(primary_hue="sky", font=_FONTS, font_mono=("ui-monospace", "monospace"))
    css = (Path(__file__).parent / "maintain.css").read_text("utf-8")
    most = settings.files.file_megabytes * 1_000_000
    return mount_blocks(
        app,
        page,
        PATH,
        settings.server,
        takes_files=True,
        head=signed(settings.server),
        theme=theme,
        css=css,
        auth_dependency=who,
        max_file_size=most,
    )


def _form() -> list[gr.Textbox]:
    """The fields that a maintainer may fill in, in the order of `bot.maintain.handlers.FIELDS`."""
    with gr.Row():
        title, publisher = _box("title"), _box("publisher")
    with gr.Row():
        published, region = _box("published", "2023-05-30"), _box("region")
    with gr.Row():
        status = _box("status", word("maintain.form-status-example"))
        effective, expires = _box("effective", "2023-06-01"), _box("expires", "2025-05-31")
    with gr.Row():
        source, name = _box("source"), _box("id")
    return [title, publisher, published, region, status, effective, expires, source, name]


def _box(field: str, example: str | None = None) -> gr.Textbox:
    return gr.Textbox(label=word(f"maintain.form-{field}"), placeholder=example, max_lines=1)
