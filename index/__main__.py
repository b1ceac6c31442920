"""The maintainer's program: `python -m index`. Nothing heavy is imported before a command needs it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, print_error, print_message, speaks_plainly
from index.upkeep import version_commands
from index.upkeep.version_commands import load_encoder_of, settings_of

if TYPE_CHECKING:
    from index.plan import ArticleChanges, BuildRequest, ChangePlan
    from index.reading.sources import ArticleSource, Intake
    from index.settings import IndexSettings
    from index.stored.manifest import ArticleEntry

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

Paths = Annotated[
    list[Path],
    typer.Argument(
        help="Files, folders or globs of articles, as docs/maintaining.md lists them; a .zip counts as a folder.",
        metavar="PATH...",
        show_default=False,
    ),
]

app = application("Put articles into the index, list them, and check it.")
app.add_typer(version_commands.app)


@app.command()
@speaks_plainly
def build(
    path: Annotated[
        Path, typer.Argument(help="A file or a folder of articles, with an articles.toml beside them.", show_default="seeds")
    ] = SEEDS,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing when there is an index already.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Encode and store every article again, also those that have not changed.")] = False,
    data: Data = None,
) -> None:
    """Make the index hold exactly the articles of PATH."""
    from index.plan import BuildRequest
    from index.reading.sources import read_path
    from index.stored import versions

    settings = settings_of(data)
    if if_missing and versions.live(settings.index):
        return
    _build(settings, BuildRequest(read_path(path, settings.files.limits), anew=anew))


@app.command()
@speaks_plainly
def add(
    paths: Paths,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Add the good files even where others are bad; ends with 1.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be indexed, and change nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace articles of the same id, whose text is another one.")] = False,
    article_id: Annotated[str | None, typer.Option("--id", help="The article's id; for one file.", show_default=False)] = None,
    title: Annotated[str | None, typer.Option(help="The article's title; for one file.", show_default=False)] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(help="When: YYYY, YYYY-MM or YYYY-MM-DD.", show_default=False)] = None,
    region: Annotated[str | None, typer.Option(help="Where it applies.", show_default=False)] = None,
    status: Annotated[str | None, typer.Option(help="in force, superseded by …, or withdrawn.", show_default=False)] = None,
    effective: Annotated[str | None, typer.Option(help="The first day on which it is in force.", show_default=False)] = None,
    expires: Annotated[str | None, typer.Option(help="The last day on which it is in force.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option(help="Where it comes from.", show_default=False)] = None,
    licence: Annotated[str | None, typer.Option(help="Under what licence.", show_default=False)] = None,
    data: Data = None,
) -> None:
    """Add articles, or with --replace put other texts in the place of those of the same id; all others stay."""
    from index.language import Message
    from index.plan import BuildRequest
    from index.reading.knowledge import known
    from index.upkeep.preview import take_in
    from index.upkeep.replacing import check_replaced

    settings = settings_of(data)
    options = {
        "id": article_id, "title": title, "publisher": publisher, "published": published, "region": region, "status": status,
        "effective": effective, "expires": expires, "source": source, "licence": licence,
    }  # fmt: skip
    given = known({name: value for name, value in options.items() if value is not None}, Message("place.call"))
    intake = take_in(paths, given, settings.files.limits)
    request = BuildRequest(intake.sources, keep_others=True)
    if dry_run:
        _print_previews(intake.sources, settings, _plan(settings, request) if intake.sources else None)
    elif intake.sources and (keep_going or not intake.failures):
        if not replace:
            check_replaced(intake.sources, settings.index)
        _build(settings, request)
    _end(intake, "cli.shown" if dry_run else "cli.added" if keep_going else "cli.nothing-added")


@app.command()
@speaks_plainly
def preview(
    paths: Paths,
    full: Annotated[bool, typer.Option("--full", help="Print the cleaned text and each passage whole.")] = False,
    data: Data = None,
) -> None:
    """Show what would be indexed of files: sections, passages, and what the cleaner changed by which rule. Needs no index."""
    from index.upkeep.preview import take_in

    settings = settings_of(data)
    intake = take_in(paths, {}, settings.files.limits)
    _print_previews(intake.sources, settings, full=full)
    _end(intake, "cli.shown")


@app.command()
@speaks_plainly
def sync(
    folder: Annotated[Path, typer.Argument(help="A folder of articles.", metavar="FOLDER")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added, changed and removed, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Make the index equal to a folder: what is not in it any more is removed; what has not changed costs nothing.

    Where one file is bad nothing is changed, since its article would be taken for a removed one.
    """
    from index.errors import CallError
    from index.plan import BuildRequest
    from index.upkeep.preview import take_in

    if not folder.is_dir():
        raise CallError("folder-missing", path=folder)
    settings = settings_of(data)
    intake = take_in([folder], {}, settings.files.limits, _known(settings))
    request = BuildRequest(intake.sources)
    if dry_run:
        planned = _plan(settings, request)
        _print_changes(planned, planned.anew)
    elif not intake.failures:
        _build(settings, request)
    _end(intake, "cli.shown" if dry_run else "cli.nothing-changed")


@app.command()
@speaks_plainly
def upgrade(data: Data = None) -> None:
    """Make an index that another version of this program wrote fit this one; where it fits already, nothing is done.

    Originals that are kept in DATA/articles are read again; of other articles the cleaned text is used, until their files are synced.
    """
    from index.plan import BuildRequest
    from index.upkeep.originals import SHELF
    from index.upkeep.upgrade import kept_sources

    settings = settings_of(data)
    _build(settings, BuildRequest(kept_sources(settings.index, settings.data / SHELF, settings.files.limits)))


@app.command()
@speaks_plainly
def remove(
    articles: Annotated[list[str], typer.Argument(help="Ids, as list prints them.", metavar="ARTICLE...")], data: Data = None
) -> None:
    """Take articles out of the index; all others stay."""
    from index.plan import BuildRequest

    _build(settings_of(data), BuildRequest(keep_others=True, remove=frozenset(articles)))


@app.command()
@speaks_plainly
def withdraw(
    articles: Annotated[list[str], typer.Argument(help="Ids, as list prints them.", metavar="ARTICLE...")],
    undo: Annotated[bool, typer.Option("--undo", help="Put them in force again.")] = False,
    data: Data = None,
) -> None:
    """Take articles out of answers; they stay in the index, until their file is added or synced with another status."""
    from index.documents import Status
    from index.plan import BuildRequest

    status = dict.fromkeys(articles, Status.IN_FORCE if undo else Status.WITHDRAWN)
    _build(settings_of(data), BuildRequest(keep_others=True, status=status))


def _build(settings: "IndexSettings", request: "BuildRequest") -> None:
    """Make the index hold what is requested, put the change into the audit list, and print what was done."""
    from index.build import BuildOptions
    from index.build import build as build_index
    from index.stored.locks import own_command

    options = BuildOptions(settings.store.keep_versions, settings.store.chroma_url, progress=True)
    report = build_index(request, settings.index, load_encoder_of(settings), settings.passage.split, options)
    if changed := (*report.added, *report.changed, *report.removed):
        version_commands.note(settings, own_command(), changed, report.version)
    _print_changes(report, report.anew)
    print(f"live: version {report.version}, {report.passages} passages")


def _plan(settings: "IndexSettings", request: "BuildRequest") -> "ChangePlan":
    """What `_build` would do. Where nothing is indexed yet the encoder has nothing to fit, and is not loaded."""
    from index.build import plan_build
    from index.plan import Holding, plan
    from index.stored import versions

    if not versions.pointed(settings.index):
        return plan(request, Holding())
    return plan_build(request, settings.index, load_encoder_of(settings), settings.passage.split, settings.store.chroma_url)


def _end(intake: "Intake", done: str) -> None:
    """One line for each bad file, and where there are good ones too what became of them, by its code; ends with 1 where one is bad."""
    from index.language import Message

    for failure in intake.failures:
        print_error(failure)
    if intake.failures:
        if good := len(intake.sources):
            print_message(Message(done, good=good, bad=len(intake.failures)))
        raise typer.Exit(1)


def _print_previews(
    sources: "Sequence[ArticleSource]", settings: "IndexSettings", planned: "ChangePlan | None" = None, full: bool = False
) -> None:
    """The articles as they would be indexed; with a plan also whether each is new, changed or unchanged."""
    from index.upkeep.preview import described, preview_of

    indexed = _indexed(settings) if planned else ()
    for source in sources:
        change = planned.change_of(source.meta.id) if planned else ""
        for line in described(preview_of(source, settings.passage.split, indexed), change=change, full=full):
            typer.echo(line)


def _known(settings: "IndexSettings") -> dict[str, str]:
    """The hash of each article of the live version by its id."""
    return {article.id: article.sha256 for article in _indexed(settings)}


def _indexed(settings: "IndexSettings") -> "tuple[ArticleEntry, ...]":
    """The articles of the live version."""
    from index.stored import versions
    from index.stored.manifest import Manifest

    folder = versions.live(settings.index)
    return Manifest.read(folder).articles if folder else ()


def _print_changes(changes: "ArticleChanges", anew: str) -> None:
    """How many articles were added, changed, removed and left, the ids of a few, and why those that have not changed are encoded anew."""
    for what in ("added", "changed", "removed", "unchanged"):
        names = getattr(changes, what)
        print(f"{what}: {len(names)}{'  ' + ', '.join(names) if 0 < len(names) <= 10 else ''}")
    if anew and changes.changed:
        print(f"encoded anew: all, {anew}")


if __name__ == "__main__":
    os.nice(15)  # a page on the same machine goes first
    app(prog_name="python -m index")
