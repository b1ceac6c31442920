"""The commands that look at the index and its versions and change no article; `index/__main__.py` puts them behind those that do."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from index.documents import Article
    from index.encoding.encoder import Encoder
    from index.settings import IndexSettings

app = application("")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeptVersion = Annotated[str | None, typer.Option("--version", help="A version that is kept; default: the live one.", show_default=False)]


@app.command("list")
@speaks_plainly
def list_articles(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False, version: KeptVersion = None, data: Data = None
) -> None:
    """List the articles of the live index."""
    from index.stored import versions
    from index.stored.manifest import Manifest

    root = settings_of(data).index
    manifest = Manifest.read(versions.require(root, version) if version else versions.require_live(root))
    rows = [{"id": a.id, "title": a.title, "published": a.published, "status": a.status, "passages": a.passages} for a in manifest.articles]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['id']}  {row['published'] or '(date unknown)'}  {row['status']}  {row['passages']} passages  {row['title']}")


@app.command()
@speaks_plainly
def show(
    article: Annotated[str, typer.Argument(help="An article's id, as list prints it.")], version: KeptVersion = None, data: Data = None
) -> None:
    """Print the cleaned text of an article: what the offsets of citations count in."""
    typer.echo(article_of(settings_of(data), article, version).text, nl=False)


@app.command()
@speaks_plainly
def check(data: Data = None) -> None:
    """Open the live index as the assistant does, count it, and ask it one question."""
    from index.build import manifest_for
    from index.search import Index
    from index.stored import versions
    from index.upkeep.check import check_index

    settings = settings_of(data)
    versions.require_live(settings.index)
    encoder = load_encoder_of(settings)
    opened = Index.open_live(settings.index, manifest_for(encoder, settings.passage.split), settings.store.chroma_url)
    try:
        print(check_index(opened, encoder))
    finally:
        opened.close()


@app.command("versions")
@speaks_plainly
def list_versions(as_json: AsJson = False, data: Data = None) -> None:
    """List the versions that are kept, newest first, and which one is live."""
    from index.upkeep.history import listed

    found = listed(settings_of(data).index)
    if as_json:
        print(json.dumps([asdict(version) for version in found], ensure_ascii=False))
        return
    for version in found:
        size = f"{version.articles} articles, {version.passages} passages"
        print(f"{version.name}  {'live' if version.live else '    '}  {version.made or '(time unknown)'}  {size}  {version.command}")


@app.command()
@speaks_plainly
def rollback(
    version: Annotated[
        str | None, typer.Argument(help="A version, as versions prints it; default: the one before the live one.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Make an older version live again; nothing is lost, so that a newer one can be made live in the same way."""
    from index.stored.locks import own_command
    from index.upkeep import history

    settings = settings_of(data)
    live = history.rollback(settings.index, version, settings.store.chroma_url)
    note(settings, own_command(), (), live)
    print(f"live: version {live}")


@app.command()
@speaks_plainly
def diff(
    old: Annotated[str, typer.Argument(help="A version.", metavar="A")],
    new: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """List the articles that B has and A has not, that are other in B, and that A has and B has not."""
    from index.upkeep.history import difference

    found = difference(settings_of(data).index, old, new)
    groups = (("added", found.added), ("changed", found.changed), ("removed", found.removed))
    if as_json:
        print(json.dumps({what: [article.id for article in articles] for what, articles in groups}, ensure_ascii=False))
        return
    for what, articles in groups:
        for article in articles:
            print(f"{what}  {article.id}  {article.passages} passages  {article.title}")


@app.command()
@speaks_plainly
def prune(
    keep: Annotated[int | None, typer.Option(min=1, help="How many stay [default: LIANGCE_KEEP_VERSIONS]", show_default=False)] = None,
    data: Data = None,
) -> None:
    """Remove all but the newest versions; the live one and those that are being read stay."""
    from index.upkeep import history

    settings = settings_of(data)
    gone = history.prune(settings.index, keep or settings.store.keep_versions, settings.store.chroma_url)
    print(f"removed: {len(gone)}{'  ' + ', '.join(gone) if gone else ''}")


@app.command()
@speaks_plainly
def audit(as_json: AsJson = False, data: Data = None) -> None:
    """List who changed the index, when and how, oldest first."""
    from index.database import open_database
    from index.journal import read_audit

    entries = read_audit(open_database(settings_of(data)))
    if as_json:
        print(json.dumps([entry.model_dump() for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        print(
            f"{entry.time}  {entry.who}  {entry.version}  {entry.what}  {', '.join(entry.articles[:10])}{' …' if len(entry.articles) > 10 else ''}"
        )


def note(settings: "IndexSettings", what: str, articles: Sequence[str], version: str) -> None:
    """Put a change by whoever runs this program into the audit list."""
    import getpass

    from index import journal
    from index.database import open_database

    try:
        who = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        who = f"uid {os.getuid()}"
    journal.note(open_database(settings), who, what, articles, version)


def article_of(settings: "IndexSettings", name: str, version: str | None) -> "Article":
    """An article of a version that is kept, the live one where none is named; raises `CallError` where it is not there."""
    from index.errors import CallError
    from index.stored import versions
    from index.stored.articles import read_article
    from index.stored.manifest import Manifest

    folder = versions.require(settings.index, version) if version else versions.require_live(settings.index)
    known = [listed.id for listed in Manifest.read(folder).articles]
    if name not in known:
        raise CallError("article-not-in-version", article=name, version=folder.name, known=known[:5], more=" …" if len(known) > 5 else "")
    return read_article(folder, name)


def settings_of(data: object) -> "IndexSettings":
    """The settings of a program that was given the folder `data`, or none."""
    from index.settings import IndexSettings, read_settings

    return read_settings(IndexSettings, data=data)


def load_encoder_of(settings: "IndexSettings") -> "Encoder":
    """The encoder that the settings name."""
    from index.encoding.encoder import load_encoder

    encoding = settings.encoding
    return load_encoder(encoding.encoder, encoding.model_cache, dtype=encoding.dtype, device=encoding.device, runtime=encoding.runtime)
