"""The maintainer's program: `python -m index`. Nothing heavy is imported before a command needs it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index import version_commands
from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.encoder import Encoder
    from index.read import Source
    from index.settings import IndexSettings

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

app = application("Put articles into the index, list them, and check it.")
app.add_typer(version_commands.app)

Version = Annotated[str | None, typer.Option("--version", help="A version that is kept; default: the live one.", show_default=False)]


@app.command()
@speaks_plainly
def build(
    path: Annotated[
        Path, typer.Argument(help="A file or a folder of articles (.txt, .md), with an articles.toml beside them.", show_default="seeds")
    ] = SEEDS,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing when there is an index already.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Encode and store every article again, also those that have not changed.")] = False,
    data: Data = None,
) -> None:
    """Make the index hold exactly the articles of PATH."""
    from index import versions
    from index.read import read_path

    settings = _settings(data)
    if if_missing and versions.live(settings.index):
        return
    _print_report(_index(settings, path_sources=read_path(path), keep_others=False, anew=anew))


@app.command()
@speaks_plainly
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of articles (.txt, .md).", metavar="FILE...")],
    data: Data = None,
) -> None:
    """Add articles, or replace those of the same id; all others stay."""
    from index.errors import SourceError
    from index.read import read_path

    sources = [source for path in paths for source in read_path(path)]
    names = [source.meta.id for source in sources]
    if len(set(names)) < len(names):
        raise SourceError(f"the same id comes twice among {names}: name each article once")
    _print_report(_index(_settings(data), path_sources=sources, keep_others=True))


@app.command()
@speaks_plainly
def sync(folder: Annotated[Path, typer.Argument(help="A folder of articles.", metavar="FOLDER")], data: Data = None) -> None:
    """Make the index equal to a folder: what is not in it any more is removed; what has not changed costs nothing."""
    from index.errors import CallError
    from index.read import read_path

    if not folder.is_dir():
        raise CallError(f"{str(folder)!r} is no folder: name one that holds all articles; a single file is put in by python -m index add")
    _print_report(_index(_settings(data), path_sources=read_path(folder), keep_others=False))


@app.command()
@speaks_plainly
def remove(
    articles: Annotated[list[str], typer.Argument(help="Ids, as list prints them.", metavar="ARTICLE...")], data: Data = None
) -> None:
    """Take articles out of the index; all others stay."""
    _print_report(_index(_settings(data), path_sources=[], keep_others=True, remove=frozenset(articles)))


@app.command("list")
@speaks_plainly
def list_articles(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False, version: Version = None, data: Data = None
) -> None:
    """List the articles of the live index."""
    from index import versions

    root = _settings(data).index
    manifest = versions.Manifest.read(versions.require(root, version) if version else versions.require_live(root))
    rows = [{"id": a.id, "title": a.title, "published": a.published, "status": a.status, "passages": a.passages} for a in manifest.articles]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['id']}  {row['published'] or '(date unknown)'}  {row['status']}  {row['passages']} passages  {row['title']}")


@app.command()
@speaks_plainly
def show(
    article: Annotated[str, typer.Argument(help="An article's id, as list prints it.")], version: Version = None, data: Data = None
) -> None:
    """Print the cleaned text of an article: what the offsets of citations count in."""
    typer.echo(version_commands.article_of(_settings(data), article, version).text, nl=False)


@app.command()
@speaks_plainly
def check(data: Data = None) -> None:
    """Open the live index as the assistant does, count it, and ask it one question."""
    from index import versions
    from index.build import manifest_for
    from index.check import check_index
    from index.search import Index

    settings = _settings(data)
    versions.require_live(settings.index)
    encoder = _encoder(settings)
    opened = Index.open_live(settings.index, manifest_for(encoder, settings.split), settings.chroma_url)
    try:
        print(check_index(opened, encoder))
    finally:
        opened.close()


def _settings(data: Path | None) -> "IndexSettings":
    from index.settings import IndexSettings, read_settings

    return read_settings(IndexSettings, data=data)


def _encoder(settings: "IndexSettings") -> "Encoder":
    from index.encoder import load_encoder

    return load_encoder(settings.encoder, settings.model_cache, dtype=settings.dtype, device=settings.device)


def _index(
    settings: "IndexSettings", path_sources: "list[Source]", keep_others: bool, remove: frozenset[str] = frozenset(), anew: bool = False
) -> "BuildReport":
    import os

    from index.build import build as build_index

    os.nice(5)  # a page on the same machine goes first
    return build_index(
        path_sources, settings.index, _encoder(settings), settings.split, keep_others=keep_others, remove=remove,
        anew=anew, keep=settings.keep_versions, chroma_url=settings.chroma_url, progress=True,
    )  # fmt: skip


def _print_report(report: "BuildReport") -> None:
    for what, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed), ("unchanged", report.unchanged)):
        print(f"{what}: {len(names)}{'  ' + ', '.join(names) if 0 < len(names) <= 10 else ''}")
    print(f"live: version {report.version}, {report.passages} passages")


if __name__ == "__main__":
    app(prog_name="python -m index")
