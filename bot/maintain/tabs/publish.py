"""The tab where files go in: a form for each, the difference to what it replaces, a draft to be tried, and publishing, which asks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from bot.maintain import changes, previews, render
from bot.maintain.maintenance import Maintenance
from bot.maintain.notices import notices
from bot.maintain.render import word
from bot.maintain.tabs.parts import WRITER, Ask, ask_panel, form_boxes, forms_of, who
from bot.maintain.uploads import FIELDS, Seen
from bot.web.accounts.users import Role
from index.errors import LiangceError
from index.reading.files import SUFFIXES
from index.reading.unpack import ARCHIVE

Row = dict[str, Any]  # a file as the page shows it: its name, its form, what is to be read of it


class Publishing:
    """What the buttons of the tab do."""

    def __init__(self, maintenance: Maintenance) -> None:
        self._maintenance = maintenance

    def look(self, request: gr.Request, paths: list[str] | None, *values: Any) -> tuple[list[Row], str]:
        """The chosen files as they would be indexed, and what is wrong with all of them; `values` are those of the forms, if there are any.

        Only for who may prepare: a file is parsed for it.
        """
        if not paths:
            return [], render.nothing()
        try:
            who(request, Role.EDIT)
            return [row_of(seen) for seen in self._maintenance.look(_files(paths), forms_of(values))], ""
        except LiangceError as error:
            return [], render.refused(error)

    def publish(self, request: gr.Request, paths: list[str] | None, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Put the files into the index, or ask about what would be lost by it."""
        try:
            who(request)
            seen = self._maintenance.look(_files(paths), forms_of(values))
            lost = self._maintenance.lost_by_publishing(seen)
        except LiangceError as error:
            yield render.refused(error), gr.skip(), *Ask.closed()
            return
        if lost and not any(upload.problem for upload in seen):
            yield "", gr.skip(), *Ask.asked("publish", lost)
        else:
            yield from self.confirmed(request, paths, *values)

    def confirmed(self, request: gr.Request, paths: list[str] | None, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Put the files into the index, whatever that replaces; once it is done, none is chosen any more."""

        def run() -> str:
            report = self._maintenance.publish(_files(paths), forms_of(values), who(request), confirmed=True)
            changed = len(report.added) + len(report.changed)
            if not changed:
                return word("maintain.unchanged")
            return word("maintain.published", changed=changed, passages=report.passages, version=report.version)

        for notice in notices(run):
            yield notice.html, gr.File(value=None) if notice.done else gr.skip(), *Ask.closed()

    def draft(self, request: gr.Request, paths: list[str] | None, *values: Any) -> Iterator[str]:
        """Make a version with the files that is only tried."""

        def run() -> str:
            return word("maintain.drafted", version=self._maintenance.draft(_files(paths), forms_of(values), who(request, Role.EDIT)))

        for notice in notices(run):
            yield notice.html


def row_of(seen: Seen) -> Row:
    """A file as the page shows it."""
    if seen.problem or not seen.preview:
        return {"name": seen.file, "problem": render.not_taken(seen.problem)}
    compared = changes.difference(seen.before.text, seen.preview.article.text) if seen.before else ""
    return {
        "name": f"{seen.file}（{word(f'change.{seen.change}')}）",
        "problem": "",
        "form": dict(seen.form),
        "repeals": [(word("maintain.repealed-title", title=title), name) for name, title in seen.repeals.items()],
        "offered": {name: fact.value for name, fact in seen.preview.offered.items() if name in FIELDS},
        "ticked": list(seen.supersedes),
        "difference": compared,
        "preview": previews.preview(seen),
    }


def publish_tab(maintenance: Maintenance, notice: gr.HTML) -> None:
    """The tab's components."""
    handlers = Publishing(maintenance)
    files = gr.File(label=word("maintain.files"), file_count="multiple", file_types=[*SUFFIXES, ARCHIVE], elem_id="files")
    problem = gr.HTML(render.nothing(), elem_id="problem")
    looked = gr.State([])
    files.change(handlers.look, files, [looked, problem], api_visibility="private", show_progress_on=[problem])

    @gr.render(inputs=[looked], triggers=[looked.change])  # type: ignore[untyped-decorator]
    def rows(found: list[Row]) -> None:
        if not found:
            return
        boxes = [box for n, row in enumerate(found) for box in _row(row, n, open_=len(found) == 1)]
        if not boxes:
            return
        with gr.Row():
            again = gr.Button(word("maintain.preview"), elem_id="look")
            draft = gr.Button(word("maintain.make-draft"), elem_id="draft")
            publish = gr.Button(word("maintain.publish"), variant="primary", elem_id="publish")
        ask = ask_panel("publish", word("maintain.publish-anyway"))
        again.click(handlers.look, [files, *boxes], [looked, problem], api_visibility="private", show_progress_on=[problem])
        draft.click(
            handlers.draft, [files, *boxes], notice, api_visibility="private", show_progress="hidden", concurrency_id=WRITER,
            concurrency_limit=1,
        )  # fmt: skip
        for button, handler in ((publish, handlers.publish), (ask.yes, handlers.confirmed)):
            button.click(
                handler, [files, *boxes], [notice, files, *ask.told], api_visibility="private", show_progress="hidden",
                concurrency_id=WRITER, concurrency_limit=1,
            )  # fmt: skip


def _row(row: Row, n: int, *, open_: bool) -> list[Component]:
    """The form of a file, what it repeals, to be ticked, and what is to be read of it; nothing but why where it cannot go in."""
    if row["problem"]:
        gr.HTML(render.headed(row["name"], row["problem"]), elem_classes="file")
        return form_hidden()
    with gr.Accordion(row["name"], open=open_, elem_classes="file"):
        boxes = form_boxes(row["form"], f"file{n}-")
        ticks = gr.CheckboxGroup(
            row["repeals"], value=row["ticked"], label=word("maintain.repeals"), visible=bool(row["repeals"]), interactive=True,
            elem_id=f"file{n}-repeals",
        )  # fmt: skip
        if row["offered"]:
            take = gr.Button(word("maintain.take-offered"), size="sm", elem_id=f"file{n}-take")
            known = [row["offered"].get(name) for name in FIELDS]
            take.click(lambda: [value or gr.skip() for value in known], None, boxes, api_visibility="private", show_progress="hidden")
        if row["difference"]:
            with gr.Accordion(word("maintain.difference"), open=True):
                gr.HTML(row["difference"], elem_classes="changes")
        gr.HTML(row["preview"], elem_classes="preview")
    return [*boxes, ticks]


def form_hidden() -> list[Component]:
    """Boxes that nobody sees, so that the forms stand in the order of the files."""
    return [*(gr.Textbox(visible=False) for _ in FIELDS), gr.CheckboxGroup([], visible=False)]


def _files(paths: Sequence[str] | None) -> list[Path]:
    return [Path(path) for path in paths or []]
