"""What the buttons of the maintainers' page do, and what the page shows afterwards."""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import gradio as gr

from bot.maintain import render
from bot.maintain.maintenance import Maintenance
from bot.maintain.render import word, word_for
from index.documents import Status
from index.errors import CallError, LiangceError
from index.progress import LISTENER

log = logging.getLogger(__name__)

T = TypeVar("T")

PageState = tuple[
    str, gr.Dropdown, str, gr.Dropdown, str, str
]  # articles, the choice of them, versions, the choice of them, audit, feedback
FIELDS = ("title", "publisher", "published", "region", "status", "effective", "expires", "source", "id")


class Handlers:
    """The functions behind the buttons. A button that changes something gives a notice and the state after it."""

    def __init__(self, maintenance: Maintenance) -> None:
        self._maintenance = maintenance
        self._asked = set[tuple[str, ...]]()  # of whom and of which files it was asked whether they are to replace others

    def state(self) -> PageState:
        """What the tabs show; where something is damaged, why, so that the rest can be used to mend it."""
        listed, articles = _read(self._maintenance.articles, render.articles)
        kept, versions = _read(self._maintenance.versions, render.versions)
        _, audit = _read(self._maintenance.audit, render.audit_table)
        _, feedback = _read(self._maintenance.feedback, render.feedback)
        names = [
            (word("maintain.choice", title=article.title or article.id, status=render.status_of(article.status)), article.id)
            for article in listed
        ]
        others = [(version.name, version.name) for version in kept if not version.live]
        return articles, gr.Dropdown(choices=names, value=None), versions, gr.Dropdown(choices=others, value=None), audit, feedback

    def preview(self, paths: list[str] | None, *values: str) -> str:
        """The chosen files as they would be indexed; `values` are those of the form, in the order of `FIELDS`."""
        try:
            return render.previews(self._maintenance.look(_files(paths), form_fields(values)))
        except LiangceError as error:
            return render.refused(error)

    def publish(
        self, request: gr.Request, paths: list[str] | None, *values: str, progress: gr.Progress = gr.Progress()  # noqa: B008
    ) -> tuple[str, *PageState]:  # fmt: skip
        """Put the chosen files into the index."""

        def run() -> str:
            given = (_who(request), *values, *map(_fingerprint, _files(paths)))
            try:
                report = self._maintenance.publish(_files(paths), form_fields(values), _who(request), replace=given in self._asked)
            except CallError as error:
                if error.code == "article-held":
                    self._asked.add(given)
                    raise CallError("page-article-held", problem=error) from error
                raise
            self._asked.discard(given)
            changed = len(report.added) + len(report.changed)
            if not changed:
                return word("maintain.unchanged")
            return word("maintain.published", changed=changed, passages=report.passages, version=report.version)

        unit = word("maintain.step-unit")
        listening = LISTENER.set(lambda what, n, of: progress((n, of), desc=word_for(f"step.{what}", what), unit=unit))
        try:
            return _notice(run), *self.state()
        finally:
            LISTENER.reset(listening)

    def withdraw(self, request: gr.Request, article: str | None) -> tuple[str, *PageState]:
        """Take the chosen article out of answers."""
        return self._restate(_who(request), Status.WITHDRAWN, article)

    def reinstate(self, request: gr.Request, article: str | None) -> tuple[str, *PageState]:
        """Take the chosen article back into answers."""
        return self._restate(_who(request), Status.IN_FORCE, article)

    def roll_back(self, request: gr.Request, version: str | None) -> tuple[str, *PageState]:
        """Make the chosen version live."""
        if not version:
            return render.problem(word("maintain.version-first")), *self.state()
        return _notice(lambda: word("maintain.rolled-back", version=self._maintenance.roll_back(version, _who(request)))), *self.state()

    def _restate(self, who: str, status: Status, article: str | None) -> tuple[str, *PageState]:
        if not article:
            return render.problem(word("maintain.article-first")), *self.state()

        def run() -> str:
            self._maintenance.restate(article, status, who)
            return word("maintain.withdrawn" if status is Status.WITHDRAWN else "maintain.reinstated", article=article)

        return _notice(run), *self.state()


def form_fields(values: Sequence[str]) -> dict[str, str]:
    """The values of the form by the names of their fields."""
    fields = dict(zip(FIELDS, (value or "" for value in values), strict=True))
    return fields | {"status": read_status(fields["status"])}


def read_status(text: str) -> str:
    """A status as the index reads it, from what a maintainer typed, which may be Chinese; anything else stays as it is."""
    text = text.strip()
    if found := re.fullmatch(r"已?被(.+)取代", text):
        return f"superseded by {found[1].strip()}"
    return {"有效": "in force", "现行有效": "in force", "已废止": "withdrawn", "废止": "withdrawn", "已撤下": "withdrawn"}.get(text, text)


def _who(request: gr.Request) -> str:
    """The name that the maintainer gave with the password; `bot.web.access.Gate` lets in nobody without one."""
    return request.username or "?"


def _files(paths: list[str] | None) -> list[Path]:
    return [Path(path) for path in paths or []]


def _fingerprint(file: Path) -> str:
    """What tells a file from others, "" where it is not there."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _read(read: Callable[[], Sequence[T]], show: Callable[[Sequence[T]], str]) -> tuple[Sequence[T], str]:
    """What is there, and as the page shows it; where it is damaged, nothing and why."""
    try:
        found = read()
        return found, show(found)
    except LiangceError as error:
        return (), render.unreadable(error)


def _notice(run: Callable[[], str]) -> str:
    """What was done, or why not."""
    try:
        return render.done(run())
    except LiangceError as error:
        return render.refused(error)
    except Exception:  # whatever went wrong, the maintainer is told, and finds it in the log
        log.exception("a change of the index failed")
        return render.problem(word("maintain.program-failed"))
