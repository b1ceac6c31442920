"""The part of the evaluators' page where cases are written: a form beside the article, files in and out, and who changed what."""

from pathlib import Path
from typing import Any

import gradio as gr

from bot.evaluating import article, render
from bot.evaluating.render import problem, word
from bot.evaluating.writing import FIELDS, LINES, Writing, form_of
from bot.evaluating.written import Change
from bot.settings import Settings
from bot.web.accounts.entrance import user_of
from bot.web.accounts.users import Role
from index.errors import CallError, LiangceError

_TOLD = 50  # changes that are shown
# Sentences are clicked, or pressed by the keyboard as buttons are.
_CLICKS = """
const tell = (event) => { const one = event.target.closest('.sentence'); if (one) trigger('click', { n: Number(one.dataset.n) }); };
element.addEventListener('click', tell);
element.addEventListener('keydown', (event) => {
  if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('.sentence')) { event.preventDefault(); tell(event); }
});
"""
_NOTHING = (None, "", 0)  # no case is edited

State = tuple[str | None, str, int]  # which choice the form was filled from, the id of the case in it, and its last change


class WritingHandlers:
    """The functions behind the buttons."""

    def __init__(self, writing: Writing, settings: Settings) -> None:
        self._writing, self._settings = writing, settings

    def opened(self) -> tuple[Any, ...]:
        """The tab as it opens: a notice, the cases, the questions to begin from, kinds, wordings, the articles, who changed what."""
        try:
            kinds, wordings = ([(render.label(name), name) for name in self._writing.names(field)] for field in ("kind", "wording"))
            notice = self._stale()
            return notice, *self._listed(), gr.Dropdown(choices=kinds), gr.Dropdown(choices=wordings), self._articles(), self._changes()
        except LiangceError as error:
            return problem(error), *[gr.skip()] * 6

    def choose(self, name: str | None) -> tuple[Any, ...]:
        """The chosen case in the form."""
        change = self._writing.cases.latest().get(name or "")
        if change is None:
            return "", _NOTHING, *_fill({})
        if "outcome" in change.row:
            return problem(CallError("case-open", id=change.name)), _NOTHING, *_fill({})
        return "", (name, change.name, change.id), *_fill(change.row)

    def begin(self, question: str | None) -> tuple[Any, ...]:
        """A new case of a question that was asked."""
        draft = next((draft for draft in self._writing.begun() if draft["question"] == question), None)
        return "", _NOTHING, *_fill(draft or {})

    def look(self, name: str | None, gold: str | None) -> str:
        """An article, with the quoted sentences marked."""
        if not name:
            return ""
        text, spans = article.sentences(self._settings.index, name)
        return article.shown(text, spans, _lines(gold))

    def pick(self, name: str | None, gold: str | None, event: gr.EventData) -> tuple[str, str]:
        """The sentence that was clicked joins the quoted ones, or leaves them."""
        text, spans = article.sentences(self._settings.index, name or "")
        n = (event._data or {}).get("n")
        lines = _lines(gold)
        if isinstance(n, int) and 0 <= n < len(spans):
            quote = article.as_line(text[spans[n].start : spans[n].end])
            lines = [line for line in lines if line != quote] if quote in lines else [*lines, quote]
        return "\n".join(lines), article.shown(text, spans, lines)

    def save(self, request: gr.Request, state: State, *values: Any) -> tuple[Any, ...]:
        """Keep what stands in the form."""
        _, name, seen = state
        try:
            saved = self._writing.save(dict(zip(FIELDS, values, strict=True)), name, seen, _who(request))
        except LiangceError as error:
            return problem(error), state, *[gr.skip()] * (2 + 1 + len(FIELDS))
        return render.status(word("evaluate.case-saved", id=saved)), _NOTHING, *self._listed(), self._changes(), *_fill({})

    def retire(self, request: gr.Request, state: State) -> tuple[Any, ...]:
        """Take the chosen case out of the set."""
        _, name, _ = state
        try:
            if not name:
                raise CallError("case-first")
            self._writing.cases.retire(name, _who(request))
        except LiangceError as error:
            return problem(error), state, *[gr.skip()] * (2 + 1 + len(FIELDS))
        return render.status(word("evaluate.case-retired", id=name)), _NOTHING, *self._listed(), self._changes(), *_fill({})

    def take_in(self, request: gr.Request, path: str | None) -> tuple[Any, ...]:
        """Keep the cases of a file."""
        try:
            if not path:
                raise CallError("cases-file-first")
            count = self._writing.take_in(Path(path), _who(request))
        except LiangceError as error:
            return problem(error), gr.skip(), gr.skip(), gr.skip()
        return render.status(word("evaluate.cases-taken", n=count)), *self._listed(), self._changes()

    def _listed(self) -> tuple[gr.Dropdown, gr.Dropdown]:
        """The written cases, and the questions that one can begin from."""
        cases = [(_named(change), name) for name, change in self._writing.cases.latest().items()]
        begun = [(draft["question"], draft["question"]) for draft in self._writing.begun()]
        return gr.Dropdown(choices=cases[::-1], value=None), gr.Dropdown(choices=begun, value=None)

    def _articles(self) -> gr.Dropdown:
        found = article.choices(self._settings.index)
        return gr.Dropdown(choices=found, value=found[0][1] if len(found) == 1 else None)

    def _changes(self) -> str:
        return render.case_changes(self._writing.cases.changes()[: -_TOLD - 1 : -1])

    def _stale(self) -> str:
        wrong = self._writing.not_well()
        told = "；".join(f"{name}：{what}" for name, what in list(wrong.items())[:5])
        return problem(word("evaluate.cases-stale", n=len(wrong), told=told)) if wrong else ""


def add_writing(handlers: WritingHandlers, tab: gr.Tab, address: str) -> None:
    """The components in the tab that is open, wired."""
    notice = gr.HTML(elem_id="write-notice")
    state = gr.State(_NOTHING)
    with gr.Row():
        cases = gr.Dropdown(
            label=word("evaluate.write-case"), info=word("evaluate.write-case-hint"), choices=[], min_width=240, elem_id="write-case"
        )
        begun = gr.Dropdown(
            label=word("evaluate.write-begin"), info=word("evaluate.write-begin-hint"), choices=[], min_width=240, elem_id="write-begin"
        )
    with gr.Row(elem_id="write"):
        with gr.Column():
            boxes = _form()
            with gr.Row():
                save = gr.Button(word("evaluate.write-save"), variant="primary", elem_id="write-save")
                retire = gr.Button(word("evaluate.write-retire"), elem_id="write-retire")
        with gr.Column():
            articles = gr.Dropdown(label=word("evaluate.write-article"), choices=[], elem_id="write-article")
            shown = gr.HTML("", elem_id="write-text", apply_default_css=False, js_on_load=_CLICKS)
    with gr.Accordion(word("evaluate.write-files"), open=False):
        gr.HTML(render.files("written", address))
        file = gr.File(label=word("evaluate.write-file"), file_types=[".jsonl", ".xlsx"], elem_id="write-file")
        take = gr.Button(word("evaluate.write-take"), elem_id="write-take")
    with gr.Accordion(word("evaluate.write-changes"), open=False, elem_id="write-log"):
        changes = gr.HTML(elem_id="write-changes")
    gold = boxes[FIELDS.index("gold")]
    filled = [notice, state, *boxes]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    opened = [notice, cases, begun, boxes[FIELDS.index("kind")], boxes[FIELDS.index("wording")], articles, changes]
    tab.select(handlers.opened, None, opened, api_visibility="private", show_progress_on=[notice])
    for chosen, fill in ((cases, handlers.choose), (begun, handlers.begin)):
        chosen.input(fill, chosen, filled, **quiet).then(handlers.look, [articles, gold], shown, **quiet)
    articles.change(handlers.look, [articles, gold], shown, **quiet)
    shown.click(handlers.pick, [articles, gold], [gold, shown], **quiet)
    done = [notice, state, cases, begun, changes, *boxes]
    waiting: dict[str, Any] = {"api_visibility": "private", "show_progress_on": [notice]}
    for button, act, given in ((save, handlers.save, [state, *boxes]), (retire, handlers.retire, [state])):
        button.click(act, given, done, **waiting).then(handlers.look, [articles, gold], shown, **quiet)
    take.click(handlers.take_in, file, [notice, cases, begun, changes], **waiting)


def _form() -> list[Any]:
    """A component for each of `FIELDS`."""
    made: list[Any] = []
    for name in FIELDS:
        label, about = word(f"evaluate.field-{name}"), word(f"evaluate.field-{name}-hint")
        place = f"write-{name.replace('_', '-')}"
        if name in ("kind", "wording"):
            made.append(gr.Dropdown(label=label, info=about, choices=[], value=None, elem_id=place))
        elif name == "answerable":
            choices = [(word("evaluate.answerable-yes"), True), (word("evaluate.answerable-no"), False)]
            made.append(gr.Radio(choices, label=label, info=about, value=None, elem_id=place))
        else:
            rows = 3 if name == "gold" else 1
            made.append(gr.Textbox(label=label, info=about, lines=rows, max_lines=8 if name in LINES else 3, elem_id=place))
    return made


def _fill(row: dict[str, Any]) -> list[Any]:
    """The values of the form's components."""
    form = form_of(row)
    return [form[name] if name in ("kind", "wording", "answerable") else form[name] or "" for name in FIELDS]


def _named(change: Change) -> str:
    retired = word("evaluate.retired") if change.what == "retire" else ""
    return f"{change.name} · {change.row.get('question', '')}{retired}"


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _who(request: gr.Request) -> str:
    """Who is logged in as an evaluator; raises `CallError` for anybody else."""
    user = user_of(request)
    if user is None or not user.may(Role.EVALUATE):
        raise CallError("role-missing", role=Role.EVALUATE.value)
    return user.name
