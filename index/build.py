"""The article path: read -> clean -> split -> encode -> store. Each change makes a new version beside the live one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from index import versions
from index.articles import read_article, write_articles
from index.clean import Cleaned, clean
from index.documents import Article, Kind, Passage
from index.encoder import Encoder, Vectors
from index.errors import IndexDamagedError, SourceError
from index.lexicon import Lexicon
from index.read import Source, with_found
from index.split import SplitSettings, split
from index.store import Store
from index.versions import BACKGROUND, FORMAT, Listed, Manifest


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ids of articles by what became of them, and how much the index holds now."""

    version: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    passages: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article with its passages and, once encoded, their vectors and those of their sentences."""

    article: Article
    passages: list[Passage]
    vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))
    sentence_vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))


def build(
    sources: Sequence[Source], root: Path, encoder: Encoder, settings: SplitSettings, *, keep_others: bool = False, progress: bool = False
) -> BuildReport:
    """Make the index hold `sources`, and with `keep_others` what it held besides; the new version goes live at the end.

    Articles that have not changed are taken over with their vectors. Where nothing changed, nothing is written. Raises
    `IndexBusyError` while another process writes, and with `keep_others` `IndexMismatchError` when the live version was made
    with other settings.
    """
    wanted = manifest_for(encoder, settings)
    with versions.writing(root) as folder:
        current = versions.live(root)
        live = _fitting(current, wanted, required=keep_others)
        known = {listed.id: listed for listed in live.articles} if live else {}
        given = {source.meta.id: source for source in sources}
        same = [
            name for name in known if (name in given and given[name].sha256 == known[name].sha256) or (keep_others and name not in given)
        ]
        fresh = [source for name, source in given.items() if name not in same]
        report = BuildReport(
            version=folder.name,
            added=tuple(name for name in given if name not in known),
            changed=tuple(name for name in given if name in known and name not in same),
            removed=() if keep_others else tuple(name for name in known if name not in given),
            unchanged=tuple(same),
            passages=sum(listed.passages for listed in known.values()),
        )
        if live and current and not fresh and not report.removed:
            return replace(report, version=current.name)
        articles = [to_article(source) for source in fresh]
        prepared = [_Prepared(article, split(article, settings)) for article in articles]
        encoded = _encode(prepared, encoder, progress)
        taken = _take_over(current, same) if current else []
        order = {name: place for place, name in enumerate([*known, *(name for name in given if name not in known)])}
        whole = sorted([*taken, *encoded], key=lambda one: order[one.article.id])
        _store(whole, folder, wanted)
        return replace(report, passages=sum(len(one.passages) for one in whole))


def manifest_for(encoder: Encoder, settings: SplitSettings) -> Manifest:
    """The manifest that an index of these settings has, without its articles."""
    return Manifest(FORMAT, encoder.name, encoder.fingerprint, encoder.dimension, settings)


def _fitting(current: Path | None, wanted: Manifest, *, required: bool) -> Manifest | None:
    """The live manifest where its vectors can be used again. A full build does without an index that is damaged or of other settings."""
    if current is None:
        return None
    try:
        live = Manifest.read(current)
    except IndexDamagedError:
        if required:
            raise
        return None
    if required:
        live.require(wanted)
    fits = (live.format, live.fingerprint, live.dimension, live.split) == (
        wanted.format,
        wanted.fingerprint,
        wanted.dimension,
        wanted.split,
    )
    return live if fits else None


def to_article(source: Source) -> Article:
    """The cleaned article of a source; raises `SourceError` when nothing of it is left to index."""
    cleaned = cleaned_of(source)
    if not any(block.kind is not Kind.HEADING for block in cleaned.blocks):
        raise SourceError(f"article {source.meta.id!r} has no text besides headings and page furniture: check the file")
    meta = with_found(source.meta, cleaned.found)
    return Article(meta, cleaned.text, cleaned.blocks, source.sha256)


def cleaned_of(source: Source) -> Cleaned:
    """A source's text as the cleaner leaves it, with what it changed."""
    names = tuple(name for name in (source.meta.paper, source.meta.publisher) if name)
    return clean(source.text, names, source.closed)


def _encode(prepared: list[_Prepared], encoder: Encoder, progress: bool) -> list[_Prepared]:
    """All texts of all articles in one call each, so that batches hold texts of like length."""
    passages = [passage for one in prepared for passage in one.passages]
    vectors = encoder.encode_passages([passage.to_embed() for passage in passages], progress)
    sentences = [text for passage in passages for text in passage.sentences_to_embed()]
    return _shared_out(prepared, vectors, encoder.encode_passages(sentences, progress))


def _shared_out(prepared: list[_Prepared], vectors: Vectors, sentence_vectors: Vectors) -> list[_Prepared]:
    """Each article with its own rows of the vectors of all."""
    encoded, at, sentence_at = [], 0, 0
    for one in prepared:
        until, sentence_until = at + len(one.passages), sentence_at + sum(len(passage.sentences) for passage in one.passages)
        encoded.append(replace(one, vectors=vectors[at:until], sentence_vectors=sentence_vectors[sentence_at:sentence_until]))
        at, sentence_at = until, sentence_until
    return encoded


def _take_over(current: Path, names: Sequence[str]) -> list[_Prepared]:
    """The articles of the live version that stay, with their stored vectors."""
    sizes = {listed.id: listed.passages for listed in Manifest.read(current).articles}
    ids = [f"{name}#{ordinal:04d}" for name in names for ordinal in range(sizes[name])]
    store = Store.open(current / "chroma")
    try:
        found = store.passages(ids)
        if missing := [one for one in ids if one not in found]:
            raise IndexDamagedError(
                f"{len(missing)} passages are missing from the live index, the first {missing[0]!r}: rebuild it with python -m index build"
            )
        passages = [found[one] for one in ids]
        vectors, sentence_vectors = store.vectors(passages), store.sentence_vectors(passages)
    finally:
        store.close()
    own = groupby(passages, key=lambda passage: passage.article)
    return _shared_out([_Prepared(read_article(current, name), list(parts)) for name, parts in own], vectors, sentence_vectors)


def _store(whole: list[_Prepared], folder: Path, wanted: Manifest) -> None:
    passages = [passage for one in whole for passage in one.passages]
    store = Store.create(folder / "chroma")
    try:
        if passages:
            store.write(passages, np.concatenate([one.vectors for one in whole]), np.concatenate([one.sentence_vectors for one in whole]))
        stored = store.count()
    finally:
        store.close()
    Lexicon.build({passage.id: passage.to_embed() for passage in passages}).save(folder / "lexicon")
    np.save(
        folder / BACKGROUND,
        np.concatenate([one.sentence_vectors for one in whole]).mean(axis=0) if stored[1] else np.zeros(wanted.dimension, np.float32),
    )
    write_articles(folder, [one.article for one in whole])
    listed = tuple(_listed(one) for one in whole)
    if stored != (len(passages), sum(article.sentences for article in listed)):
        raise IndexDamagedError(
            f"the store took {stored} passages and sentences of {len(passages)}: the disk may be full; the old version stays live"
        )
    replace(wanted, articles=listed).write(folder)


def _listed(one: _Prepared) -> Listed:
    meta = one.article.meta
    sentences = sum(len(passage.sentences) for passage in one.passages)
    return Listed(
        meta.id,
        meta.title,
        meta.published,
        meta.status.value,
        len(one.passages),
        sentences,
        one.article.sha256,
        meta.effective,
        meta.expires,
    )
