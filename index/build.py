"""The article path: read -> clean -> split -> encode -> store. Each change makes a new version beside the live one."""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.documents import Article, Change, Kind, Status
from index.encoding.encoder import Encoder, Vectors
from index.errors import CallError, IndexDamagedError, IndexMismatchError, SourceError
from index.progress import steps
from index.reading.sources import Source, with_found
from index.stored import versions
from index.stored.articles import read_article
from index.stored.locks import own_command
from index.stored.manifest import FORMAT, Listed, Manifest
from index.stored.versions import KEPT
from index.stored.write import Old, Prepared, check_parts, replaced_sentences, write_version
from index.text.clean import Cleaned, clean
from index.text.split import SplitSettings, split

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ids of articles by what became of them, and how much the index holds now."""

    version: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    passages: int = 0


def build(
    sources: Sequence[Source],
    root: Path,
    encoder: Encoder,
    settings: SplitSettings,
    *,
    keep_others: bool = False,
    remove: Collection[str] = (),
    status: Mapping[str, Status] | None = None,
    keep: int = KEPT,
    chroma_url: str = "",
    anew: bool = False,
    command: str = "",
    progress: bool = False,
) -> BuildReport:
    """Make the index hold `sources`, and with `keep_others` what it held besides, save `remove`; the new version goes live at the end.

    `status` gives articles that stay another standing, at no cost, until they are given from a file again.
    Articles that have not changed are taken over with their vectors, without being loaded all at once. Where nothing changed,
    nothing is written. A full build does without a live version that is damaged, and with `anew` without any. The newest `keep`
    versions stay; the new one says that `command` made it, by default this process's own. The vectors go to the Chroma server at `chroma_url`, or on disk where it is "".
    Raises `IndexBusyError` while another process writes, `CallError` where an article of `remove` or `status` is not there, and with
    `keep_others` `IndexMismatchError` when the live version was made with other settings.
    """
    wanted = manifest_for(encoder, settings)
    with versions.writing(root, keep=keep, chroma_url=chroma_url) as folder:
        current, live = _live(root, required=keep_others)
        known = {listed.id: listed for listed in live.articles} if live else {}
        if unknown := [name for name in (*remove, *(status or {})) if name not in known]:
            raise CallError(f"there is no article {unknown[0]!r} in the index: nothing was changed; see python -m index list")
        fits = current is not None and live is not None and not anew and _fits(current, live, wanted, chroma_url, required=keep_others)
        given = {source.meta.id: source for source in sources}
        same = {
            name
            for name in known
            if fits and name not in remove and (given[name].sha256 == known[name].sha256 if name in given else keep_others)
        }
        fresh = [source for name, source in given.items() if name not in same]
        restated = _restated(current, status or {}, same) if current else {}
        report = BuildReport(
            version=folder.name,
            added=tuple(name for name in given if name not in known),
            changed=tuple(name for name in known if name in restated or (name in given and name not in same)),
            removed=tuple(name for name in known if name not in given and name not in same),
            unchanged=tuple(name for name in known if name in same and name not in restated),
            passages=sum(listed.passages for listed in known.values()),
        )
        if current and fits and not report.added and not report.changed and not report.removed:
            return replace(report, version=current.name)
        encoded = _encode(_prepare(fresh, settings, progress), encoder, progress)
        old = None
        if live and current and same:
            stays = tuple(_as_now(listed, restated) for listed in live.articles if listed.id in same)
            goes = tuple(listed for listed in live.articles if listed.id not in same)
            old = Old(current, live, versions.place_of(current, live, chroma_url), stays, goes)
        made = replace(
            wanted,
            articles=_listed(known, old, encoded),
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            command=command or own_command(),
            parent=current.name if current else "",
            collections=f"{versions.identity(root)}-{folder.name}" if chroma_url else "",
        )
        made = replace(made, replaced=replaced_sentences(made, old, encoded))
        write_version(made, versions.place_of(folder, made, chroma_url), old, encoded, list(restated.values()), folder, progress)
        return replace(report, passages=made.sizes[0])


def manifest_for(encoder: Encoder, settings: SplitSettings) -> Manifest:
    """The manifest that an index of these settings has, without its articles."""
    return Manifest(FORMAT, encoder.name, encoder.fingerprint, encoder.dimension, settings)


def _live(root: Path, *, required: bool) -> tuple[Path, Manifest] | tuple[None, None]:
    """The live version and its manifest. A full build does without one that is damaged or of another form."""
    try:
        current = versions.live(root)
        return (current, Manifest.read(current)) if current else (None, None)
    except IndexDamagedError:
        if required:
            raise
        return None, None


def _fits(current: Path, live: Manifest, wanted: Manifest, chroma_url: str, *, required: bool) -> bool:
    """Whether the live version can be used again. The name of the encoder does not matter where its weights are the same."""
    if required:
        live.require(wanted)
    if any(getattr(live, name) != getattr(wanted, name) for name in ("format", "fingerprint", "dimension", "split")):
        return False
    try:
        check_parts(current, live, versions.place_of(current, live, chroma_url))
    except (IndexDamagedError, IndexMismatchError) as error:
        if required:
            raise
        log.warning("the live version cannot be used again, all is encoded anew: %s", error)
        return False
    return True


def _restated(current: Path, status: Mapping[str, Status], same: Collection[str]) -> dict[str, Article]:
    """The articles whose standing changes. Their hash does too, so that the same file given again counts as a change."""
    found = {}
    for name in same:
        if name in status and (article := read_article(current, name)).meta.status is not status[name]:
            digest = hashlib.sha256(f"{article.sha256} {status[name]}".encode()).hexdigest()
            meta = replace(article.meta, status=status[name], superseded_by="")
            found[name] = replace(article, meta=meta, sha256=digest)
    return found


def _as_now(listed: Listed, restated: Mapping[str, Article]) -> Listed:
    article = restated.get(listed.id)
    return replace(listed, status=article.meta.status.value, sha256=article.sha256) if article else listed


def to_article(source: Source) -> Article:
    """The cleaned article of a source; raises `SourceError` when nothing of it is left to index."""
    cleaned = cleaned_of(source)
    if not any(block.kind is not Kind.HEADING for block in cleaned.blocks):
        raise SourceError(f"article {source.meta.id!r} has no text besides headings and page furniture: check the file")
    meta = with_found(source.meta, cleaned.found)
    left_out = tuple(Change(reason, 0, removed=words) for reason, words in source.left_out)
    return Article(meta, cleaned.text, cleaned.blocks, source.sha256, (*cleaned.changes, *left_out))


def cleaned_of(source: Source) -> Cleaned:
    """A source's text as the cleaner leaves it, with what it changed."""
    names = tuple(name for name in (source.meta.paper, source.meta.publisher) if name)
    return clean(source.text, names, source.closed)


def _prepare(sources: Sequence[Source], settings: SplitSettings, progress: bool) -> list[Prepared]:
    articles = [to_article(source) for source in steps(sources, "cleaning articles", progress)]
    return [Prepared(article, split(article, settings)) for article in steps(articles, "splitting articles", progress)]


def _encode(prepared: list[Prepared], encoder: Encoder, progress: bool) -> list[Prepared]:
    """All texts of all articles in one call each, so that batches hold texts of like length."""
    passages = [passage for one in prepared for passage in one.passages]
    vectors = encoder.encode_passages([passage.to_embed() for passage in passages], progress)
    sentences = [text for passage in passages for text in passage.sentences_to_embed()]
    return _shared_out(prepared, vectors, encoder.encode_passages(sentences, progress))


def _shared_out(prepared: list[Prepared], vectors: Vectors, sentence_vectors: Vectors) -> list[Prepared]:
    """Each article with its own rows of the vectors of all."""
    encoded, at, sentence_at = [], 0, 0
    for one in prepared:
        until, sentence_until = at + len(one.passages), sentence_at + sum(len(passage.sentences) for passage in one.passages)
        encoded.append(replace(one, vectors=vectors[at:until], sentence_vectors=sentence_vectors[sentence_at:sentence_until]))
        at, sentence_at = until, sentence_until
    return encoded


def _listed(known: Collection[str], old: Old | None, encoded: Sequence[Prepared]) -> tuple[Listed, ...]:
    """What the new version lists: an article that was known stays in its place, a new one comes last."""
    listed = {listed.id: listed for listed in old.stays} if old else {}
    for one in encoded:
        meta, sentences = one.article.meta, sum(len(passage.sentences) for passage in one.passages)
        listed[meta.id] = Listed(
            meta.id, meta.title, meta.published, meta.status.value, len(one.passages), sentences, one.article.sha256,
            meta.effective, meta.expires,
        )  # fmt: skip
    return tuple(listed[name] for name in dict.fromkeys([*known, *listed]) if name in listed)
