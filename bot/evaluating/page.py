"""The evaluators' page, in Gradio: running a set, the list of runs, and two of them side by side."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from bot.evaluating import render
from bot.evaluating.blind_page import BlindHandlers, add_blind
from bot.evaluating.cases import coverage, read_rows
from bot.evaluating.exchange import as_workbook
from bot.evaluating.program import Chosen, Program
from bot.evaluating.render import word
from bot.evaluating.runs import list_runs, report_of
from bot.evaluating.writing import Writing
from bot.evaluating.writing_page import WritingHandlers, add_writing
from bot.settings import Settings
from bot.web.mounting import mount_blocks, signed
from bot.web.words import language_asked_for, refusal
from index.errors import CallError, LiangceError
from index.upkeep.history import listed

PATH = "/evaluate"
_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_EVERY = 2.0  # seconds between two looks at the run under way
_TYPES = {"jsonl": "application/jsonl", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_MODES = ("extract", "search")

_ARTICLES = ("own", "live")
_BY = ("measure", "wording")
_CHOICES = 4
_MOST_SENT = 5_000_000  # bytes of a file of cases


class Handlers:
    """The functions behind the buttons."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self._program, self._settings = program, settings
        self._address = f"{settings.server.root_path}{PATH}"

    def opened(self) -> tuple[object, ...]:
        """The page as it opens: a notice, the sets that can be run, and what `look` shows."""
        try:
            choices = self._choices()
        except LiangceError as error:
            return render.problem(error), *[gr.Dropdown(choices=[])] * 2, gr.skip(), *self.look()
        first = choices[0][1] if choices else None
        drafts = [(word("evaluate.on-draft", version=one.name), one.name) for one in listed(self._settings.index) if one.draft]
        own = [(word(f"evaluate.articles-{name}"), name) for name in _ARTICLES]
        return "", *[gr.Dropdown(choices=choices, value=first)] * 2, gr.Radio(choices=[*own, *drafts]), *self.look()

    def sets(self) -> tuple[object, ...]:
        """The sets that can be run, where they are chosen from: there may be other ones since the page was opened."""
        try:
            return (gr.Dropdown(choices=self._choices()),) * 2
        except LiangceError:
            return gr.skip(), gr.skip()

    def _choices(self) -> list[tuple[str, str]]:
        return [(word("evaluate.set", name=_called(one), cases=one["cases"]), one["name"]) for one in self._program.sets()]

    def start(self, chosen: str | None, articles: str, mode: str, limit: float | None) -> tuple[object, ...]:
        """Begin a run: a notice where that cannot be, and what `look` shows."""
        if not chosen:
            return render.problem(word("evaluate.choose")), *self.look()
        try:
            version = "" if articles in _ARTICLES else articles
            self._program.start(Chosen(chosen, articles == "live", mode, int(limit) if limit and limit >= 1 else None, version))
        except CallError as error:
            return render.problem(error), *self.look()
        return "", *self.look()

    def stop(self) -> tuple[object, ...]:
        """End the run under way."""
        self._program.stop()
        return "", *self.look()

    def look(self, known: str = "") -> tuple[object, ...]:
        """What is under way, the runs, the choices of two of them in each tab, and the list as it is now known to the page.

        What stands there already is left alone, so that a menu that is open stays open.
        """
        program = self._program
        state = render.state(program.progress, running=program.is_running, failure=program.failure)
        found = list_runs(self._settings.runs)
        table = render.runs(found, self._address)
        if table == known:
            return state, *[gr.skip()] * (_CHOICES + 2)
        names = [render.choice(run) for run in found if run.finished]
        return state, table, *[gr.Dropdown(choices=names)] * _CHOICES, table

    def covered(self, name: str | None, by: Literal["measure", "wording"] = "measure") -> str:
        """What the cases of a set cover: of each measure, or in each wording."""
        if not name:
            return render.problem(word("evaluate.choose"))
        try:
            return render.covered(coverage(read_rows(Path(self._program.find_set(name)["questions"])), by), name, self._address)
        except LiangceError as error:
            return render.problem(error)

    def compare(self, before: str | None, after: str | None) -> str:
        """Two runs side by side, in a frame that holds the page itself: what is private here is shown in no frame by its address."""
        if not before or not after or before == after:
            return render.problem(word("evaluate.choose-two"))
        try:
            compared = self._program.compare(before, after)
        except LiangceError as error:
            return render.problem(error)
        place = f"{self._address}/compare/{quote(before)}/{quote(after)}"
        title = html.escape(word("evaluate.compare"))
        # A frame in a process of its own does not always know which language its browser speaks, and this page speaks one.
        compared = compared.replace("<html ", f'<html data-language="{render.LANGUAGE}" ', 1)
        return f'<p><a href="{place}" target="_blank" rel="noopener">{word("evaluate.alone")}</a></p><iframe sandbox="allow-scripts" srcdoc="{html.escape(compared)}" title="{title}"></iframe>'


def _called(one: dict[str, Any]) -> str:
    return word("evaluate.written") if one.get("standing") else str(one["name"])


def build_page(handlers: Handlers, writing: Writing, settings: Settings) -> gr.Blocks:
    """The page as Gradio blocks."""
    heading = word("evaluate.title", title=settings.page.title)
    page = gr.Blocks(title=heading, analytics_enabled=False, fill_width=True)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    with page:
        gr.HTML(f'<h1>{render.plain(heading)}</h1><p><a href="..">{word("maintain.back")}</a></p>', elem_id="title")
        with gr.Tabs(elem_id="evaluate"):
            with gr.Tab(word("evaluate.tab-run")) as running:
                with gr.Row():
                    chosen = gr.Dropdown(label=word("evaluate.which"), choices=[], elem_id="set")
                    limit = gr.Number(
                        label=word("evaluate.limit"), info=word("evaluate.limit-hint"), value=0, minimum=0, precision=0, elem_id="limit"
                    )
                with gr.Row():
                    articles = gr.Radio(
                        [(word(f"evaluate.articles-{name}"), name) for name in _ARTICLES],
                        value="own",
                        label=word("evaluate.articles"),
                        elem_id="articles",
                    )
                    modes = (*_MODES, "llm") if settings.llm.url else _MODES
                    mode = gr.Radio([(word(f"evaluate.mode-{name}"), name) for name in modes], value="extract", label=word("evaluate.mode"))
                with gr.Row():
                    start = gr.Button(word("evaluate.start"), variant="primary", elem_id="start")
                    stop = gr.Button(word("evaluate.stop"), elem_id="stop")
                notice = gr.HTML(elem_id="notice")
                state = gr.HTML(elem_id="state")
                runs = gr.HTML(elem_id="runs")
            with gr.Tab(word("evaluate.tab-compare")):
                with gr.Row():
                    before = gr.Dropdown(label=word("evaluate.before"), choices=[], elem_id="before")
                    after = gr.Dropdown(label=word("evaluate.after"), choices=[], elem_id="after")
                compare = gr.Button(word("evaluate.compare"), variant="primary", elem_id="compare")
                compared = gr.HTML(elem_id="compared")
            with gr.Tab(word("evaluate.tab-cases")) as tab:
                with gr.Row():
                    of = gr.Dropdown(label=word("evaluate.which"), choices=[], elem_id="cases-set")
                    by = gr.Radio([(word(f"evaluate.by-{name}"), name) for name in _BY], value=_BY[0], label=word("evaluate.by"))
                cases = gr.HTML(elem_id="cases")
                for chooses in (running, tab):
                    chooses.select(handlers.sets, None, [chosen, of], **quiet)
                for event in (tab.select, of.change, by.change):
                    event(handlers.covered, [of, by], cases, api_visibility="private", show_progress_on=[cases])
            with gr.Tab(word("evaluate.tab-write")) as tab:
                add_writing(WritingHandlers(writing, settings), tab, f"{settings.server.root_path}{PATH}")
            with gr.Tab(word("evaluate.tab-blind")):
                blind = add_blind(BlindHandlers(settings))
        known = gr.State("")
        shown = [state, runs, before, after, *blind, known]
        start.click(handlers.start, [chosen, articles, mode, limit], [notice, *shown], **quiet)
        stop.click(handlers.stop, None, [notice, *shown], **quiet)
        compare.click(handlers.compare, [before, after], compared, api_visibility="private", show_progress_on=[compared])
        page.load(handlers.opened, None, [notice, chosen, of, articles, *shown], **quiet)
        gr.Timer(_EVERY).tick(handlers.look, known, shown, **quiet)
    return page


def mount_evaluate(app: FastAPI, program: Program, settings: Settings, who: Callable[[Request], str | None]) -> FastAPI:
    """`app` with the evaluators' page, the reports and comparisons that it opens; `who` names whoever a request comes from, None for
    strangers."""

    @app.get(f"{PATH}/reports/{{name}}", response_class=HTMLResponse)
    def report(name: str, request: Request) -> HTMLResponse:
        page = report_of(settings.runs, name)
        if page is None:
            raise HTTPException(404, refusal("door.report-missing", request))
        return HTMLResponse(page.read_text("utf-8"))

    @app.get(f"{PATH}/cases/{{name}}.{{kind}}")
    def cases(name: str, kind: Literal["jsonl", "xlsx"], request: Request) -> Response:
        try:
            file = Path(program.find_set(name)["questions"])
        except CallError as error:
            raise HTTPException(404, error.in_language(language_asked_for(request.headers.get("accept-language", ""), "en"))) from error
        rows = file.read_text("utf-8").encode() if kind == "jsonl" else as_workbook(read_rows(file))
        called = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
        return Response(rows, media_type=_TYPES[kind], headers={"Content-Disposition": called})

    @app.get(f"{PATH}/compare/{{before}}/{{after}}", response_class=HTMLResponse)
    def comparison(before: str, after: str, request: Request) -> HTMLResponse:
        try:
            return HTMLResponse(program.compare(before, after))
        except CallError as error:
            raise HTTPException(404, refusal("door.report-missing", request)) from error

    page = build_page(Handlers(program, settings), Writing(program, settings), settings)
    page.queue(max_size=settings.server.queue)
    css = (_HERE / "evaluate.css").read_text("utf-8")
    theme = gr.themes.Default(primary_hue="sky", font=_FONTS, font_mono=("ui-monospace", "monospace"))
    return mount_blocks(
        app, page, PATH, settings.server, takes_files=True, head=signed(settings.server), theme=theme, css=css, auth_dependency=who,
        max_file_size=_MOST_SENT,
    )  # fmt: skip
