"""The files that a maintainer gives, as they would be indexed: archives unfolded, what was said of the old one kept, the texts compared."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.documents import Article, Metadata, Status
from index.errors import CallError, SourceError
from index.language import Message
from index.plan import BuildRequest, Holding, plan
from index.reading.formats.parsed import ParseLimits
from index.reading.knowledge import CATALOGUE, known, read_catalogue
from index.reading.sources import ArticleSource
from index.reading.unpack import ARCHIVE, unpack
from index.stored.manifest import ArticleEntry
from index.text.facts import FactKind
from index.text.split import SplitSettings
from index.upkeep.preview import Preview, preview_of, take_in

FIELDS = ("title", "publisher", "published", "region", "level", "number", "status", "effective", "expires", "source", "id")
SUPERSEDES = "supersedes"  # in a form: the ids of the articles that are ticked, one a line
MOST = 30  # files at once, each with a form: more are a matter for the command line
_OWN_WORD = ".md"  # what such a file says of itself was written by whoever corrected it, so it counts before what was said of the old one


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was given, or one of an archive: its name, where it is, and what the archive's catalogue says of it."""

    name: str
    path: Path
    entry: Mapping[str, Any] = field(default_factory=dict)
    problem: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was looked at: its source and preview, or why it cannot go in.

    `form` is what is known of it, by the fields of the form; `said` is what was said of it, in the form or of the old one; `before` is the article that it would replace.
    `repeals` are the titles of held articles in force that it says it repeals, by id, and `supersedes` those of them that were ticked.
    """

    file: str
    source: ArticleSource | None = None
    preview: Preview | None = None
    change: str = ""  # "new", "changed" or "unchanged" against the live version
    problem: SourceError | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    before: Article | None = None
    repeals: Mapping[str, str] = field(default_factory=dict)
    supersedes: tuple[str, ...] = ()

    @property
    def replaces(self) -> bool:
        """Whether another text is held under its id."""
        return bool(self.before and self.preview and self.before.text != self.preview.article.text)


@dataclass(frozen=True, slots=True)
class Held:
    """What is held already: the live articles, and what was said of each that is kept as a file."""

    entries: Sequence[ArticleEntry]
    article: Any  # (id) -> Article
    typed: Any  # (id) -> what was typed of it


def look(files: Sequence[Path], forms: Sequence[Mapping[str, str]], held: Held, limits: ParseLimits, settings: SplitSettings) -> list[Seen]:
    """The files as they would be indexed, those of archives one by one; `forms` say what is known of each, in the same order.

    Without a form, what was said of an article that is held under the same id is said of the file too.
    """
    found: list[Seen] = []
    with unfolded(files, limits) as uploads:
        if len(uploads) > MOST:
            raise CallError("files-many", count=len(uploads), most=MOST)
        for n, upload in enumerate(uploads):
            try:
                seen = _look_at(upload, forms[n] if n < len(forms) else None, held, limits, settings)
                name = seen.preview.article.id if seen.preview else ""
                if name and any(other.preview and other.preview.article.id == name for other in found):
                    raise SourceError("file-id-twice", id=name)
            except SourceError as error:
                seen = Seen(upload.name, problem=error)
            found.append(seen)
    return found


@contextmanager
def unfolded(files: Sequence[Path], limits: ParseLimits) -> Iterator[list[Upload]]:
    """The files, with those of an archive in its place, which are there for as long as the block lasts."""
    with TemporaryDirectory(prefix="liangce-unpacked-") as folder:
        yield [upload for n, file in enumerate(files) for upload in _unfold(file, Path(folder) / str(n), limits)]


def _unfold(file: Path, folder: Path, limits: ParseLimits) -> Iterator[Upload]:
    if file.suffix.lower() != ARCHIVE:
        yield Upload(file.name, file)
        return
    try:
        found = unpack(file, folder, limits)
        said = read_catalogue(folder / CATALOGUE)
    except SourceError as error:
        yield Upload(file.name, file, problem=error)
        return
    for inside in found:
        place = inside.path.relative_to(folder).as_posix()
        yield Upload(f"{file.name}/{place}", inside.path, said.get(place, {}), inside.problem)


def _look_at(upload: Upload, form: Mapping[str, str] | None, held: Held, limits: ParseLimits, settings: SplitSettings) -> Seen:
    if upload.problem:
        raise upload.problem
    said: Mapping[str, Any] = upload.entry if form is None else check_form({name: form.get(name, "") for name in FIELDS})
    source = _read(upload, said, limits)
    entries = {entry.id: entry for entry in held.entries}
    if form is None and source.meta.id in entries:
        said = {**said, **_kept(source, upload, held)}
        source = _read(upload, said, limits)
    change = plan(BuildRequest([source], keep_others=True), Holding(tuple(held.entries), unusable="")).change_of(source.meta.id)
    before = held.article(source.meta.id) if change == "changed" else None
    preview = preview_of(source, settings, held.entries)
    repeals = {
        other.article: other.title
        for other in preview.touched
        if other.fact.kind is FactKind.REPEALS and entries[other.article].status == Status.IN_FORCE
    }
    ticked = (form or {}).get(SUPERSEDES, "").splitlines()
    return Seen(
        upload.name, source, preview, change, form=form or form_of(preview.article.meta), said=said, before=before, repeals=repeals,
        supersedes=tuple(name for name in repeals if name in ticked),
    )  # fmt: skip


def _read(upload: Upload, given: Mapping[str, Any], limits: ParseLimits) -> ArticleSource:
    intake = take_in([upload.path], given, limits)
    for failure in intake.failures:
        raise failure.problem
    return intake.sources[0]


def _kept(source: ArticleSource, upload: Upload, held: Held) -> dict[str, Any]:
    """What was said of the article that is held, and is to be said of the new file: what was typed, and what the file is silent on."""
    own, meta = source.meta, held.article(source.meta.id).meta
    typed = {name: value for name, value in held.typed(own.id).items() if name in (*FIELDS, "superseded_by")}
    if upload.path.suffix.lower() == _OWN_WORD:
        typed = {name: value for name, value in typed.items() if not getattr(own, name) or name in ("status", "source")}
    silent = {
        name: value
        for name in ("publisher", "published", "region", "level", "number", "effective", "expires", "source")
        if (value := getattr(meta, name)) and (not getattr(own, name) or (name == "source" and "://" in value))
    }
    status = {"status": meta.status, "superseded_by": meta.superseded_by} if own.status is Status.IN_FORCE else {}
    return {name: value for name, value in (silent | status | typed).items() if value}


def check_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form that say something, checked; raises `SourceError` naming the wrong one."""
    return known({name: value for name, value in form.items() if value.strip()}, Message("place.form"))


def form_of(meta: Metadata) -> dict[str, str]:
    """What is known of an article, by the fields of the form."""
    fields = {name: str(getattr(meta, name)) for name in FIELDS}
    if meta.status is Status.SUPERSEDED:
        fields["status"] = f"superseded by {meta.superseded_by}" if meta.superseded_by else Status.SUPERSEDED.value
    return fields
