"""The maintainers' page, in Gradio: its tabs, and what a browser needs besides."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.maintain import render
from bot.maintain.maintenance import Maintenance
from bot.maintain.render import plain_html, word
from bot.maintain.tabs.articles import articles_tab
from bot.maintain.tabs.publish import publish_tab
from bot.maintain.tabs.questions import Questions, feedback_tab, gaps_tab, trial_tab
from bot.maintain.tabs.versions import versions_tab
from bot.settings import Settings
from bot.web.mounting import mount_blocks, signed
from bot.web.pages import Changed, policy
from index.errors import LiangceError

PATH = "/maintain"
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_HERE = Path(__file__).parent


def build_page(maintenance: Maintenance, title: str) -> gr.Blocks:
    """The page as Gradio blocks; `title` is that of the page that everybody sees."""
    heading = word("maintain.title", title=title)
    page = gr.Blocks(title=heading, analytics_enabled=False, fill_width=True)
    questions = Questions(maintenance)
    with page:
        gr.HTML(f'<h1>{plain_html(heading)}</h1><p><a href="..">{word("maintain.back")}</a></p>', elem_id="title")
        notice = gr.HTML(elem_id="told")
        with gr.Tabs(elem_id="maintain"):
            with gr.Tab(word("maintain.tab-publish")):
                publish_tab(maintenance, notice)
            with gr.Tab(word("maintain.tab-articles")) as tab:
                articles_tab(maintenance, notice, tab)
            with gr.Tab(word("maintain.tab-trial")) as tab:
                trial_tab(questions, tab)
            with gr.Tab(word("maintain.tab-gaps")) as tab:
                gaps_tab(questions, tab)
            with gr.Tab(word("maintain.tab-feedback")) as tab:
                feedback_tab(questions, tab)
            with gr.Tab(word("maintain.tab-versions")) as tab:
                versions_tab(maintenance, notice, tab)
            with gr.Tab(word("maintain.tab-log")) as tab:
                deeds = gr.HTML(elem_id="deeds")
                tab.select(lambda: _audit(maintenance), None, deeds, api_visibility="private", show_progress="hidden")
    return page


def mount_maintain(app: FastAPI, maintenance: Maintenance, settings: Settings, who: Callable[[Request], str | None]) -> FastAPI:
    """`app` with the maintainers' page; `who` names whoever a request comes from, None for strangers."""
    page = build_page(maintenance, settings.page.title)
    page.queue(max_size=settings.server.queue)
    theme = gr.themes.Default(primary_hue="sky", font=_FONTS, font_mono=("ui-monospace", "monospace"))
    css = (_HERE / "maintain.css").read_text("utf-8")
    most = settings.files.file_megabytes * 1_000_000
    mounted = mount_blocks(
        app, page, PATH, settings.server, takes_files=True, head=signed(settings.server), theme=theme, css=css, auth_dependency=who,
        max_file_size=most,
    )  # fmt: skip
    mounted.add_middleware(Spoken)
    return mounted


class Spoken:
    """An ASGI application whose page speaks Chinese wherever Gradio's own words would be the browser's, with times in its reader's zone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._script = f"<script>{(_HERE / 'maintain.js').read_text('utf-8')}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", "")).rstrip("/")
        if scope["type"] != "http" or scope["method"] != "GET" or path != PATH:
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, Changed(send, self._dress, False, policy()))

    def _dress(self, html: str) -> str:
        return html.replace('lang="en"', 'lang="zh-CN"', 1).replace("<head>", f"<head>{self._script}", 1)


def _audit(maintenance: Maintenance) -> str:
    try:
        return render.audit_table(maintenance.audit())
    except LiangceError as error:
        return render.unreadable(error)
