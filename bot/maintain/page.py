"""The maintainers' page, in Gradio: its tabs, its form, and which button calls which handler."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request

from bot.maintain import render
from bot.maintain.handlers import Handlers
from bot.maintain.maintenance import Maintenance
from bot.maintain.render import plain_html
from bot.settings import Settings
from bot.web.mounting import mount_blocks
from index.reading.files import SUFFIXES

PATH = "/maintain"
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


def build_page(maintenance: Maintenance, title: str) -> gr.Blocks:
    """The page as Gradio blocks; `title` is that of the page that everybody sees."""
    handlers = Handlers(maintenance)
    page = gr.Blocks(title=f"维护 · {title}", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(f'<h1>维护 · {plain_html(title)}</h1><p><a href="..">回到问答</a></p>', elem_id="title")
        notice = gr.HTML(elem_id="told")
        with gr.Tabs(elem_id="maintain"):
            with gr.Tab("发布"):
                files = gr.File(
                    label="文章文件（.txt .md .html .docx .pdf），可以一次选几个", file_count="multiple", file_types=list(SUFFIXES)
                )
                with gr.Accordion("这些文件的说明（都可不填，文件里写明的会自动读出）", open=False):
                    form = _form()
                with gr.Row():
                    look, publish = gr.Button("预览", elem_id="look"), gr.Button("发布", variant="primary", elem_id="publish")
                preview = gr.HTML(render.NOTHING, elem_id="preview")
            with gr.Tab("文章"):
                article = gr.Dropdown(label="文章", choices=[], elem_id="article")
                with gr.Row():
                    withdraw, reinstate = gr.Button("撤下", elem_id="withdraw"), gr.Button("恢复", elem_id="reinstate")
                articles = gr.HTML(elem_id="articles")
            with gr.Tab("版本"):
                version = gr.Dropdown(label="版本", choices=[], elem_id="version")
                back = gr.Button("回到这个版本", elem_id="back")
                versions = gr.HTML(elem_id="versions")
            with gr.Tab("记录"):
                audit = gr.HTML(elem_id="deeds")
            with gr.Tab("反馈"):
                gr.HTML('<p class="hint">用 python -m eval from-feedback 把其中没答上来的问题变成测试题草稿。</p>')
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
    return mount_blocks(app, page, PATH, settings.server, theme=theme, css=css, auth_dependency=who, max_file_size=most)


def _form() -> list[gr.Textbox]:
    """The fields that a maintainer may fill in, in the order of `bot.maintain.handlers.FIELDS`."""
    with gr.Row():
        title, publisher = gr.Textbox(label="标题（只有一个文件时）", max_lines=1), gr.Textbox(label="发布单位", max_lines=1)
    with gr.Row():
        published, region = gr.Textbox(label="发布日期", placeholder="2023-05-30", max_lines=1), gr.Textbox(label="适用地区", max_lines=1)
    with gr.Row():
        status = gr.Textbox(label="状态", placeholder="有效、已废止，或：被新文件名取代", max_lines=1)
        effective = gr.Textbox(label="生效日期", placeholder="2023-06-01", max_lines=1)
        expires = gr.Textbox(label="失效日期", placeholder="2025-05-31", max_lines=1)
    with gr.Row():
        source, name = gr.Textbox(label="来源", max_lines=1), gr.Textbox(label="编号（只有一个文件时；同号的文章会被替换）", max_lines=1)
    return [title, publisher, published, region, status, effective, expires, source, name]
