"""The maintainers' page, in Gradio; its types stay in this module and in `bot.web.questions`."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI

from bot.maintain import render
from bot.maintain.maintenance import Maintenance
from bot.maintain.render import plain_html
from bot.maintain.words import status_in_english
from bot.settings import Settings
from bot.web.questions import gradio, styled
from index.documents import Status
from index.errors import LiangceError
from index.progress import LISTENER
from index.reading.files import SUFFIXES

log = logging.getLogger(__name__)

T = TypeVar("T")

PATH = "/maintain"
_FIELDS = ("title", "publisher", "published", "region", "status", "effective", "expires", "source", "id")
_STEPS = {
    "cleaning articles": "清理", "splitting articles": "分段", "encoding": "编码", "storing passages": "存段落", "storing sentences": "存句子",
    "taking over passages": "沿用未变的段落", "taking over articles": "沿用未变的文章", "writing articles": "写文章", "cutting words": "分词",
}  # fmt: skip


class _Handlers:
    """What the page's buttons do; each gives what was done, and how things stand now."""

    def __init__(self, maintenance: Maintenance, gr: Any) -> None:
        self._maintenance, self._gr = maintenance, gr

    def now(self) -> tuple[Any, ...]:
        """How things stand: articles, the choice among them, versions, the choice among them, the audit list, the feedback."""
        listed, articles = _read(self._maintenance.articles, render.articles)
        kept, versions = _read(self._maintenance.versions, render.versions)
        _, deeds = _read(self._maintenance.deeds, render.deeds)
        _, feedback = _read(self._maintenance.feedback, render.feedback)
        names = [(f"{one.title or one.id}（{render.status_of(one.status)}）", one.id) for one in listed]
        others = [one.name for one in kept if not one.live]
        choices = [self._gr.Dropdown(choices=names, value=None), self._gr.Dropdown(choices=others, value=None)]
        return articles, choices[0], versions, choices[1], deeds, feedback

    def look(self, paths: list[str] | None, *said: str) -> str:
        try:
            return render.previews(self._maintenance.look(_files(paths), _given(said)))
        except LiangceError as error:
            return render.refused(error)

    def publish(self, who: str, progress: Callable[..., object], paths: list[str] | None, *said: str) -> tuple[Any, ...]:
        def run() -> str:
            report = self._maintenance.publish(_files(paths), _given(said), who)
            changed = len(report.added) + len(report.changed)
            if not changed:
                return "内容没有变化。"
            return f"已发布{changed}篇，现共{report.passages}段，版本{report.version}。问答页几秒内换到新版本。"

        listening = LISTENER.set(lambda what, n, of: progress((n, of), desc=_STEPS.get(what, what), unit="步"))
        try:
            return _said(run), *self.now()
        finally:
            LISTENER.reset(listening)

    def restate(self, who: str, status: Status, name: str | None) -> tuple[Any, ...]:
        def run() -> str:
            self._maintenance.restate(name or "", status, who)
            return f"{'已撤下' if status is Status.WITHDRAWN else '已恢复'}：{name}"

        return (_said(run) if name else render.problem("请先选一篇文章")), *self.now()

    def roll_back(self, who: str, name: str | None) -> tuple[Any, ...]:
        said = _said(lambda: f"在用的是版本{self._maintenance.roll_back(name or '', who)}。")
        return (said if name else render.problem("请先选一个版本")), *self.now()


def build_maintain(maintenance: Maintenance, settings: Settings) -> Any:
    """The page as Gradio blocks."""
    gr = gradio()
    do = _Handlers(maintenance, gr)
    with gr.Blocks(title=f"维护 · {settings.page.title}", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(f'<h1>维护 · {plain_html(settings.page.title)}</h1><p><a href="..">回到问答</a></p>', elem_id="title")
        told = gr.HTML(elem_id="told")
        with gr.Tabs(elem_id="maintain"):
            with gr.Tab("发布"):
                files = gr.File(
                    label="文章文件（.txt .md .html .docx .pdf），可以一次选几个", file_count="multiple", file_types=list(SUFFIXES)
                )
                with gr.Accordion("这些文件的说明（都可不填，文件里写明的会自动读出）", open=False):
                    boxes = _form(gr)
                with gr.Row():
                    look, publish = gr.Button("预览", elem_id="look"), gr.Button("发布", variant="primary", elem_id="publish")
                shown = gr.HTML(render.NOTHING, elem_id="preview")
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
                deeds = gr.HTML(elem_id="deeds")
            with gr.Tab("反馈"):
                gr.HTML('<p class="hint">用 python -m eval from-feedback 把其中没答上来的问题变成测试题草稿。</p>')
                feedback = gr.HTML(elem_id="feedback")

        # Gradio hands in what is annotated with its own types, which are not known before it is imported.
        def published(request: Any, paths: Any, *said: str, progress: Any = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
            return do.publish(request.username, progress, paths, *said)

        def withdrawn(request: Any, name: Any) -> tuple[Any, ...]:
            return do.restate(request.username, Status.WITHDRAWN, name)

        def reinstated(request: Any, name: Any) -> tuple[Any, ...]:
            return do.restate(request.username, Status.IN_FORCE, name)

        def rolled(request: Any, name: Any) -> tuple[Any, ...]:
            return do.roll_back(request.username, name)

        changed = [told, articles, article, versions, version, deeds, feedback]
        for button, run, given in (
            (publish, published, [files, *boxes]), (withdraw, withdrawn, [article]), (reinstate, reinstated, [article]), (back, rolled, [version]),
        ):  # fmt: skip
            run.__annotations__["request"] = gr.Request
            button.click(run, given, changed, api_name=False, show_progress_on=[told], concurrency_limit=1, concurrency_id="writer")
        look.click(do.look, [files, *boxes], shown, api_name=False)
        page.load(do.now, None, changed[1:], api_name=False)
    page.queue(max_size=settings.server.queue)
    return page


def _files(paths: list[str] | None) -> list[Path]:
    return [Path(path) for path in paths or []]


def _given(said: tuple[str, ...]) -> dict[str, str]:
    given = dict(zip(_FIELDS, (one or "" for one in said), strict=True))
    return given | {"status": status_in_english(given["status"])}


def _form(gr: Any) -> list[Any]:
    """The fields that a maintainer may fill in, in the order of `_FIELDS`."""
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


def _read(read: Callable[[], Sequence[T]], show: Callable[[Sequence[T]], str]) -> tuple[Sequence[T], str]:
    """What is there, and as the page shows it; where it is damaged nothing and why, so that the rest can be used to mend it."""
    try:
        found = read()
        return found, show(found)
    except LiangceError as error:
        return (), render.unreadable(error)


def _said(run: Callable[[], str]) -> str:
    try:
        return render.done(run())
    except LiangceError as error:
        return render.refused(error)
    except Exception:  # whatever went wrong, the maintainer is told, and finds it in the log
        log.exception("a change of the index failed")
        return render.problem("程序出错，详情见日志")


def mount_maintain(app: FastAPI, maintenance: Maintenance, settings: Settings, who: Callable[[Any], str | None]) -> FastAPI:
    """`app` with the maintainers' page; `who` names whoever a request comes from, None for strangers."""
    return styled(
        app,
        build_maintain(maintenance, settings),
        PATH,
        settings,
        auth_dependency=who,
        max_file_size=settings.files.file_megabytes * 1_000_000,
    )
