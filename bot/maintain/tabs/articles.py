"""The tab of what is published: what ends soon, what is known of an article and editing it, withdrawing, deleting for good."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import gradio as gr

from bot.maintain import render
from bot.maintain.losses import Loss
from bot.maintain.maintenance import Maintenance
from bot.maintain.notices import notices
from bot.maintain.render import word
from bot.maintain.tabs.parts import WRITER, Ask, ask_panel, form_boxes, form_fields, spell_status, who
from bot.maintain.uploads import FIELDS
from index.documents import Status
from index.errors import LiangceError
from index.language import Message


class Articles:
    """What the buttons of the tab do."""

    def __init__(self, maintenance: Maintenance) -> None:
        self._maintenance = maintenance

    def listed(self) -> tuple[gr.Dropdown, str, str]:
        """The choice of articles, those that end soon, and all of them; where the index is damaged, why."""
        try:
            entries, ending = self._maintenance.articles(), self._maintenance.ending(date.today())
        except LiangceError as error:
            return gr.Dropdown(choices=[], value=None), "", render.unreadable(error)
        names = [
            (word("maintain.choice", title=entry.title or entry.id, status=render.status_of(entry.status)), entry.id) for entry in entries
        ]
        return gr.Dropdown(choices=names, value=None), render.ending(ending, date.today()), render.articles(entries)

    def chosen(self, article: str | None) -> tuple[Any, ...]:
        """The form of the chosen article, shown; hidden where none is chosen."""
        try:
            form = self._maintenance.form(article) if article else {}
        except LiangceError:  # somebody deleted it meanwhile
            form = {}
        values = [spell_status(form.get(name, "")) if name == "status" else form.get(name, "") for name in FIELDS]
        return gr.Column(visible=bool(form)), *values, *Ask.closed()

    def ask(self, deed: str, article: str | None) -> tuple[Any, ...]:
        """What would be lost by withdrawing or deleting the chosen article."""
        if not article:
            return render.problem(word("maintain.article-first")), *Ask.closed()
        try:
            lost = self._maintenance.lost_by_deleting(article) if deed == "delete" else self._lost_by_withdrawing(article)
        except LiangceError as error:
            return render.refused(error), *Ask.closed()
        return "", *Ask.asked(deed, lost)

    def do(self, request: gr.Request, deed: str, article: str | None, *values: str) -> Iterator[tuple[Any, ...]]:
        """Withdraw, reinstate, delete or edit the chosen article."""
        if not article:
            yield render.problem(word("maintain.article-first")), *Ask.closed(), *(gr.skip(),) * 3
            return

        def run() -> str:
            if deed == "delete":
                held = self._maintenance.delete(article, who(request))
                if held:
                    return word("maintain.deleted-but-read", article=article, versions=held)
            elif deed == "edit":
                self._maintenance.edit(article, form_fields(values), who(request))
            else:
                status = Status.WITHDRAWN if deed == "withdraw" else Status.IN_FORCE
                self._maintenance.restate(article, status, who(request))
            return word(f"maintain.done-{deed}", article=article)

        for notice in notices(run):
            yield notice.html, *Ask.closed(), *(self.listed() if notice.ended else (gr.skip(),) * 3)

    def _lost_by_withdrawing(self, article: str) -> list[Loss]:
        entry = next(entry for entry in self._maintenance.articles() if entry.id == article)
        return [Loss(Message("loss.withdrawn", passages=entry.passages), (entry.title or entry.id,))]


def articles_tab(maintenance: Maintenance, notice: gr.HTML, tab: gr.Tab) -> None:
    """The tab's components."""
    handlers = Articles(maintenance)
    ending = gr.HTML(elem_id="ending")
    article = gr.Dropdown(label=word("head.article"), choices=[], elem_id="article")
    with gr.Column(visible=False, elem_id="edit") as form:
        boxes = form_boxes(prefix="edit-")
        boxes[-1].interactive = False
        with gr.Row():
            save = gr.Button(word("maintain.save"), variant="primary", elem_id="save")
            withdraw = gr.Button(word("maintain.withdraw"), elem_id="withdraw")
            reinstate = gr.Button(word("maintain.reinstate"), elem_id="reinstate")
            delete = gr.Button(word("maintain.delete"), variant="stop", elem_id="delete")
    ask = ask_panel("article", word("maintain.sure"))
    listing = gr.HTML(elem_id="articles")
    state = [article, ending, listing]
    article.change(handlers.chosen, article, [form, *boxes, *ask.told], api_visibility="private", show_progress="hidden")
    for button, deed in ((withdraw, "withdraw"), (delete, "delete")):
        button.click(
            lambda chosen, deed=deed: handlers.ask(deed, chosen), article, [notice, *ask.told], api_visibility="private",
            show_progress="hidden",
        )  # fmt: skip
    does = ((ask.yes, ask.deed), (reinstate, gr.State("reinstate")), (save, gr.State("edit")))
    for button, what in does:
        button.click(
            handlers.do, [what, article, *boxes], [notice, *ask.told, *state], api_visibility="private", show_progress="hidden",
            concurrency_id=WRITER, concurrency_limit=1,
        )  # fmt: skip
    tab.select(handlers.listed, None, state, api_visibility="private", show_progress="hidden")
