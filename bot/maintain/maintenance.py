"""What maintainers do through the page: look at an article before it goes in, publish, withdraw, go back. Nothing here knows Gradio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from bot.web.feedback import Feedback, read_feedback
from index import journal
from index.build import BuildOptions, BuildReport, build
from index.database import open_database
from index.documents import Status
from index.encoding.encoder import Encoder
from index.errors import CallError, SourceError
from index.journal import AuditEntry
from index.language import Message
from index.plan import BuildRequest, Holding, plan
from index.reading.knowledge import known
from index.reading.sources import ArticleSource
from index.stored import versions
from index.stored.manifest import ArticleEntry, Manifest
from index.upkeep import history
from index.upkeep import originals as shelf
from index.upkeep.preview import Preview, preview_of, take_in
from index.upkeep.replacing import check_replaced

SHELF = "articles"  # folder of the originals, in the data folder


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was looked at: its source and preview, or why it cannot go in."""

    file: str
    source: ArticleSource | None = None
    preview: Preview | None = None
    change: str = ""  # "new", "changed" or "unchanged" against the live version
    problem: SourceError | None = None


class Maintenance:
    """The index in the hands of its maintainers; each change is a new version, and stands in the audit list."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings, self._encoder = settings, encoder

    def look(self, files: Sequence[Path], given: Mapping[str, str]) -> list[Seen]:
        """The files as they would be indexed; `given` is what the maintainer says of them, empty values say nothing."""
        try:
            fields = known({name: value for name, value in given.items() if value.strip()}, Message("place.form"))
        except SourceError as error:
            raise CallError(error.code, **error.fields) from error
        if len(files) > 1 and (own := sorted(set(fields) & {"id", "title"})):
            raise CallError("field-of-one", field=Message(f"field.{own[0]}", name=own[0]), count=len(files))
        indexed = self.articles()
        found: list[Seen] = []
        for file in files:
            intake = take_in([file], fields, self._settings.files.limits)
            found += [Seen(file.name, problem=failure.problem) for failure in intake.failures]
            for source in intake.sources:
                if any(earlier.source and earlier.source.meta.id == source.meta.id for earlier in found):
                    found.append(Seen(file.name, problem=SourceError("file-id-twice", id=source.meta.id)))
                    continue
                change = plan(BuildRequest([source], keep_others=True), Holding(indexed, unusable="")).change_of(source.meta.id)
                found.append(Seen(file.name, source, preview_of(source, self._settings.passage.split), change))
        return found

    def publish(self, files: Sequence[Path], given: Mapping[str, str], who: str, *, replace: bool = False) -> BuildReport:
        """Put the files into the index, all or none, and keep their originals; raises `SourceError` where one is bad, and `CallError`
        (`article-held`) where one would replace another text, unless that is meant."""
        if not files:
            raise CallError("file-not-given")
        seen = self.look(files, given)
        for upload in seen:
            if upload.problem:
                raise SourceError("page-file-problem", file=upload.file, problem=upload.problem)
        sources = [file.source for file in seen if file.source]
        shelf.check(self._settings.data / SHELF)
        if not replace:
            check_replaced(sources, self._settings.index)
        report = self._build(sources, who, "publish")
        fields = {name: value for name, value in given.items() if value.strip()}
        for file, source in zip(files, sources, strict=True):
            shelf.put(self._settings.data / SHELF, source.meta.id, file, fields)
        journal.note(open_database(self._settings), who, "publish", [*report.added, *report.changed], report.version)
        return report

    def restate(self, article: str, status: Status, who: str) -> BuildReport:
        """Take an article out of answers, or back into them; it stays in the index, and its citations can still be opened."""
        shelf.check(self._settings.data / SHELF)
        what = "withdraw" if status is Status.WITHDRAWN else "reinstate"
        report = self._build([], who, what, status={article: status})
        shelf.restate(self._settings.data / SHELF, article, status)
        journal.note(open_database(self._settings), who, what, [article], report.version)
        return report

    def roll_back(self, version: str, who: str) -> str:
        """Make a version live that is kept; its name."""
        live = history.rollback(self._settings.index, version, self._settings.store.chroma_url)
        journal.note(open_database(self._settings), who, "rollback", [], live)
        return live

    def articles(self) -> tuple[ArticleEntry, ...]:
        """The articles of the live version."""
        folder = versions.live(self._settings.index)
        return Manifest.read(folder).articles if folder else ()

    def versions(self) -> list[history.Version]:
        """The versions that are kept, newest first."""
        return history.listed(self._settings.index)

    def audit(self) -> list[AuditEntry]:
        """Who did what when, newest first."""
        return journal.read_audit(open_database(self._settings))[::-1]

    def feedback(self) -> list[Feedback]:
        """What people thought of answers, and the questions that they handed over, newest first."""
        return read_feedback(open_database(self._settings))[::-1]

    def _build(self, sources: Sequence[ArticleSource], who: str, what: str, status: Mapping[str, Status] | None = None) -> BuildReport:
        settings = self._settings
        request = BuildRequest(sources, keep_others=True, status=status or {})
        options = BuildOptions(settings.store.keep_versions, settings.store.chroma_url, f"page: {what} by {who}", progress=True)
        return build(request, settings.index, self._encoder, settings.passage.split, options)
