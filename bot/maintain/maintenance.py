"""What maintainers do through the page: look at an article before it goes in, publish, edit, withdraw, delete, go back. Nothing here knows Gradio."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.maintain import losses
from bot.maintain.losses import Loss
from bot.maintain.trial import Opener
from bot.maintain.uploads import FIELDS, Held, Seen, check_form, form_of, look, unfolded
from bot.settings import Settings
from bot.web.feedback import Feedback, read_feedback
from index import journal
from index.build import BuildOptions, BuildReport, build, edited
from index.database import open_database
from index.documents import Article, Status
from index.encoding.encoder import Encoder
from index.errors import CallError, SourceError
from index.journal import AuditEntry
from index.plan import BuildRequest
from index.reading.knowledge import metadata
from index.reading.sources import ArticleSource
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import ArticleEntry, Manifest
from index.upkeep import history
from index.upkeep import originals as shelf
from index.validity import SOON, earliest, latest

SHELF = "articles"  # folder of the originals, in the data folder
PATIENCE = 15.0  # seconds: running pages move on within one, and the answer that is being read out to somebody ends by then
_LOOK_AGAIN = 0.2  # seconds


class Maintenance:
    """The index in the hands of its maintainers; each change is a new version, and stands in the audit list."""

    def __init__(self, settings: Settings, encoder: Encoder, open_version: Opener | None = None) -> None:
        """`open_version` opens a version to ask it questions; without it, none can be tried."""
        self.settings, self.encoder, self.open_version = settings, encoder, open_version
        self.database = open_database(settings)

    def look(self, files: Sequence[Path], forms: Sequence[Mapping[str, str]] = ()) -> list[Seen]:
        """See `bot.maintain.uploads.look`."""
        settings = self.settings
        held = Held(self.articles(), self.article, lambda name: shelf.entry(self._shelf, name))
        return look(files, forms, held, settings.files.limits, settings.passage.split)

    def lost_by_publishing(self, seen: Sequence[Seen]) -> list[Loss]:
        """What is asked about before files are published."""
        return losses.by_publishing(seen, self.settings.index)

    def publish(self, files: Sequence[Path], forms: Sequence[Mapping[str, str]], who: str, *, confirmed: bool = False) -> BuildReport:
        """Put the files into the index, all or none, and keep their originals; the held articles that were ticked become superseded by them.

        Raises `SourceError` where one is bad, and `CallError` (`publish-asks`) where something would be lost and nobody said that it is meant.
        """
        seen = self._all_good(files, forms)
        shelf.check(self._shelf)
        if not confirmed and (lost := self.lost_by_publishing(seen)):
            raise CallError("publish-asks", problems=[loss.what for loss in lost])
        superseded = self._superseded(seen)
        report = self._build(_request(seen, superseded), who, "publish")
        with unfolded(files, self.settings.files.limits) as uploads:
            for upload, file in zip(uploads, seen, strict=True):
                assert file.source is not None, "what cannot be read was refused"
                shelf.put(self._shelf, file.source.meta.id, upload.path, {name: value for name, value in file.said.items() if value})
        for article in superseded:
            shelf.restate(self._shelf, article.id, article.meta.status, article.meta.superseded_by)
        self._discard_drafts()
        others = [article.id for article in superseded]
        report = replace(report, changed=tuple(name for name in report.changed if name not in others))
        self._note(who, "publish", [*report.added, *report.changed], report.version)
        if others:
            self._note(who, "supersede", others, report.version)
        return report

    def draft(self, files: Sequence[Path], forms: Sequence[Mapping[str, str]], who: str) -> str:
        """Make a version with the files that is not live, to be tried, in the place of an earlier one; its name."""
        seen = self._all_good(files, forms)
        self._discard_drafts()
        report = self._build(_request(seen, self._superseded(seen)), who, "draft", draft=True)
        if report.version == versions.pointed(self.settings.index):
            raise CallError("draft-same")
        return report.version

    def draft_name(self) -> str:
        """The version that is a draft, "" for none."""
        return next((version.name for version in self.versions() if version.draft), "")

    def restate(self, article: str, status: Status, who: str) -> BuildReport:
        """Take an article out of answers, or back into them; it stays in the index, and its citations can still be opened."""
        shelf.check(self._shelf)
        what = "withdraw" if status is Status.WITHDRAWN else "reinstate"
        report = self._build(BuildRequest(keep_others=True, status={article: status}), who, what)
        shelf.restate(self._shelf, article, status)
        self._note(who, what, [article], report.version)
        return report

    def edit(self, article: str, form: Mapping[str, str], who: str) -> BuildReport:
        """Say other things of an article that is published; its text stays."""
        shelf.check(self._shelf)
        before = self.article(article)
        given = check_form({name: value for name, value in form.items() if name != "id"})
        rest = {name: getattr(before.meta, name) for name in ("paper", "reporters", "licence", "note")}
        meta = metadata(rest, given, {"id": article})
        report = self._build(BuildRequest([edited(before, meta)], keep_others=True), who, "edit")
        shelf.describe(self._shelf, article, {name: value for name, value in given.items() if name in (*FIELDS, "superseded_by")})
        self._note(who, "edit", [article], report.version)
        return report

    def lost_by_deleting(self, article: str) -> list[Loss]:
        """What is asked about before an article is deleted for good."""
        return losses.by_deleting(self.settings.index, self._entry(article))

    def delete(self, article: str, who: str, patience: float = PATIENCE) -> list[str]:
        """Take an article out for good: its text, its file, and the older versions that hold it.

        The names of those that somebody is still reading after `patience` seconds, and that stay; a running page lets go within about one.
        """
        shelf.check(self._shelf)
        root, chroma_url = self.settings.index, self.settings.store.chroma_url
        report = self._build(BuildRequest(keep_others=True, remove=[article]), who, "delete")
        shelf.drop(self._shelf, article)
        self._note(who, "delete", [article], report.version)
        until = time.monotonic() + patience
        while holding := losses.versions_with(root, article):
            history.discard(root, holding, chroma_url)
            holding = losses.versions_with(root, article)
            if not holding or time.monotonic() > until:
                break
            time.sleep(_LOOK_AGAIN)
        return holding

    def lost_by_rolling_back(self, version: str) -> list[Loss]:
        """What is asked about before a version is gone back to."""
        return losses.by_rolling_back(self.settings.index, version)

    def roll_back(self, version: str, who: str) -> str:
        """Make a version live that is kept; its name."""
        live = history.rollback(self.settings.index, version, self.settings.store.chroma_url)
        self._note(who, "rollback", [], live)
        return live

    def articles(self) -> tuple[ArticleEntry, ...]:
        """The articles of the live version."""
        folder = versions.live(self.settings.index)
        return Manifest.read(folder).articles if folder else ()

    def article(self, name: str) -> Article:
        """An article of the live version; raises `CallError` where there is none of that id."""
        self._entry(name)
        return read_article(versions.require_live(self.settings.index), name)

    def form(self, name: str) -> dict[str, str]:
        """What is known of an article of the live version, by the fields of the form."""
        return form_of(self.article(name).meta)

    def ending(self, today: date) -> list[ArticleEntry]:
        """The articles in force whose last day is past or near, or whose first day is still to come, the earliest first."""
        listed = [entry for entry in self.articles() if entry.status == Status.IN_FORCE]
        near = [entry for entry in listed if (last := latest(entry.expires)) and last <= today + SOON]
        coming = [entry for entry in listed if entry not in near and (first := earliest(entry.effective)) and first > today]
        return [*sorted(near, key=lambda entry: entry.expires), *sorted(coming, key=lambda entry: entry.effective)]

    def versions(self) -> list[history.Version]:
        """The versions that are kept, newest first."""
        return history.listed(self.settings.index)

    def audit(self) -> list[AuditEntry]:
        """Who did what when, newest first."""
        return journal.read_audit(self.database)[::-1]

    def feedback(self) -> list[Feedback]:
        """What people thought of answers, and the questions that they handed over, newest first."""
        return read_feedback(self.database)[::-1]

    @property
    def _shelf(self) -> Path:
        return self.settings.data / SHELF

    def _entry(self, name: str) -> ArticleEntry:
        found = next((entry for entry in self.articles() if entry.id == name), None)
        if found is None:
            raise CallError("article-unknown", article=name)
        return found

    def _superseded(self, seen: Sequence[Seen]) -> list[Article]:
        """The held articles that were ticked, as superseded by the file that says it repeals them; none that is given anew itself."""
        given = {file.source.meta.id for file in seen if file.source}
        by = {name: file for file in seen for name in file.supersedes if name not in given}
        found = []
        for name, file in by.items():
            assert file.preview is not None, "only what was looked at says that it repeals another one"
            article, title = self.article(name), file.preview.article.title or file.preview.article.id
            found.append(edited(article, replace(article.meta, status=Status.SUPERSEDED, superseded_by=f"《{title}》")))
        return found

    def _all_good(self, files: Sequence[Path], forms: Sequence[Mapping[str, str]]) -> list[Seen]:
        if not files:
            raise CallError("file-not-given")
        seen = self.look(files, forms)
        for upload in seen:
            if upload.problem:
                raise SourceError("page-file-problem", file=upload.file, problem=upload.problem)
        return seen

    def _discard_drafts(self) -> None:
        drafts = [version.name for version in self.versions() if version.draft]
        if drafts:
            history.discard(self.settings.index, drafts, self.settings.store.chroma_url)

    def _note(self, who: str, what: str, articles: Sequence[str], version: str) -> None:
        journal.note(self.database, who, what, articles, version)

    def _build(self, request: BuildRequest, who: str, what: str, **more: Any) -> BuildReport:
        settings = self.settings
        options = BuildOptions(settings.store.keep_versions, settings.store.chroma_url, f"page: {what} by {who}", progress=True, **more)
        return build(request, settings.index, self.encoder, settings.passage.split, options)


def _request(seen: Sequence[Seen], superseded: Sequence[Article]) -> BuildRequest:
    sources: list[ArticleSource | Article] = [file.source for file in seen if file.source]
    return BuildRequest([*sources, *superseded], keep_others=True)
