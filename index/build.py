"""The article path: read -> clean -> split -> encode -> store. Each change makes a new version beside the live one."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.documents import Article, BlockKind, Change, Metadata, Passage, Status
from index.encoding.encoder import Encoder, Vectors
from index.errors import SourceError
from index.plan import ArticleChanges, BuildRequest, ChangePlan, Holding, plan
from index.progress import steps
from index.reading.sources import ArticleSource, with_found
from index.stored import versions
from index.stored.articles import read_article
from index.stored.live import LiveVersion, read_live
from index.stored.locks import own_command
from index.stored.manifest import FORMAT, Manifest
from index.stored.versions import KEPT
from index.stored.write import EncodedArticle, NewVersion, ParentVersion, listing, write_version
from index.text.clean import Cleaned, clean
from index.text.split import SplitSettings, split


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How an index is written: the newest `keep` versions stay, and the new one says that `command` made it, by default this process's own.

    A `draft` does not go live. The vectors go to the Chroma server at `chroma_url`, or on disk where it is "".
    """

    keep: int = KEPT
    chroma_url: str = ""
    command: str = ""
    progress: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport(ArticleChanges):
    """What a build did: the version that is live now, why nothing of the one before was used again, and how much the index holds."""

    version: str = ""
    anew: str = ""
    passages: int = 0


def build(request: BuildRequest, root: Path, encoder: Encoder, settings: SplitSettings, options: BuildOptions | None = None) -> BuildReport:
    """Make the index hold what is requested; the new version goes live at the end.

    Articles that have not changed are taken over with their vectors, without being loaded all at once; another status costs nothing.
    Where nothing changed, nothing is written. A full build does without a live version that is damaged.
    Raises `IndexBusyError` while another process writes, `CallError` where the request names an article that is not there, and with
    `keep_others` `IndexMismatchError` when the live version was made with other settings.
    """
    options = options or BuildOptions()
    wanted = manifest_for(encoder, settings)
    with versions.writing(root, keep=options.keep, chroma_url=options.chroma_url, draft=options.draft) as folder:
        live = read_live(root, wanted, options.chroma_url, required=request.keep_others)
        planned = plan(request, _holding(live))
        if live and not planned.writes:
            return _report(planned, live.folder, live.manifest)
        sources = [source for source in request.sources if source.meta.id in planned.encoded]
        articles = _clean(sources, options.progress)
        passages = _split(articles, settings, options.progress)
        encoded = _encode(articles, passages, encoder, options.progress)
        parent = _parent(live, planned, options.chroma_url) if live and planned.kept else None
        made = replace(
            wanted,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            command=options.command or own_command(),
            parent=live.folder.name if live else "",
            draft=options.draft,
            collections=f"{versions.identity(root)}-{folder.name}" if options.chroma_url else "",
        )
        made = listing(made, [article.id for article in live.manifest.articles] if live else [], parent, encoded)
        write_version(NewVersion(folder, made, versions.place_of(folder, made, options.chroma_url)), parent, encoded, options.progress)
        return _report(planned, folder, made)


def plan_build(request: BuildRequest, root: Path, encoder: Encoder, settings: SplitSettings, chroma_url: str = "") -> ChangePlan:
    """What `build` would do now: nothing is changed, and no lock is taken. Raises what `build` would raise before it writes."""
    return plan(request, _holding(read_live(root, manifest_for(encoder, settings), chroma_url, required=request.keep_others)))


def manifest_for(encoder: Encoder, settings: SplitSettings) -> Manifest:
    """The manifest that an index of these settings has, without its articles."""
    return Manifest(FORMAT, encoder.name, encoder.fingerprint, encoder.dimension, settings)


def to_article(source: ArticleSource) -> Article:
    """The cleaned article of a source; raises `SourceError` when nothing of it is left to index."""
    if source.kept:
        return replace(source.kept, sha256=source.sha256)
    cleaned = cleaned_of(source)
    if not any(block.kind is not BlockKind.HEADING for block in cleaned.blocks):
        raise SourceError("article-empty", article=source.meta.id)
    meta = with_found(source.meta, cleaned.found)
    left_out = tuple(Change(reason, 0, removed=words) for reason, words in source.left_out)
    return Article(meta, cleaned.text, cleaned.blocks, source.sha256, (*cleaned.changes, *left_out))


def edited(article: Article, meta: Metadata) -> Article:
    """The article with other things known of it, to be given to `build` as it is. Its hash is another too."""
    digest = hashlib.sha256(f"{article.sha256} {asdict(meta)}".encode()).hexdigest()
    return replace(article, meta=meta, sha256=digest)


def cleaned_of(source: ArticleSource) -> Cleaned:
    """A source's text as the cleaner leaves it, with what it changed."""
    names = tuple(name for name in (source.meta.paper, source.meta.publisher) if name)
    return clean(source.text, names, source.closed, source.recognised)


def _holding(live: LiveVersion | None) -> Holding:
    return Holding(live.manifest.articles, live.unusable) if live else Holding()


def _report(planned: ChangePlan, folder: Path, manifest: Manifest) -> BuildReport:
    return BuildReport(
        planned.added, planned.changed, planned.removed, planned.unchanged, folder.name, planned.anew, passages=manifest.sizes[0]
    )


def _clean(sources: Sequence[ArticleSource | Article], progress: bool) -> list[Article]:
    return [source if isinstance(source, Article) else to_article(source) for source in steps(sources, "cleaning articles", progress)]


def _split(articles: Sequence[Article], settings: SplitSettings, progress: bool) -> list[list[Passage]]:
    return [split(article, settings) for article in steps(articles, "splitting articles", progress)]


def _encode(articles: Sequence[Article], passages: Sequence[Sequence[Passage]], encoder: Encoder, progress: bool) -> list[EncodedArticle]:
    """Each article with its passages and their vectors; the texts of all in one call each, so that batches hold texts of like length."""
    every = [passage for inside in passages for passage in inside]
    vectors = encoder.encode_passages([passage.to_embed() for passage in every], progress)
    sentence_vectors = encoder.encode_passages([text for passage in every for text in passage.sentences_to_embed()], progress)
    return [
        EncodedArticle(article, inside, own, own_sentences)
        for article, inside, own, own_sentences in zip(
            articles,
            passages,
            _shared_out(vectors, [len(inside) for inside in passages]),
            _shared_out(sentence_vectors, [sum(len(passage.sentences) for passage in inside) for inside in passages]),
            strict=True,
        )
    ]


def _shared_out(vectors: Vectors, sizes: Sequence[int]) -> list[Vectors]:
    """The vectors of all in parts of those sizes."""
    parts, at = [], 0
    for size in sizes:
        parts.append(vectors[at : at + size])
        at += size
    return parts


def _parent(live: LiveVersion, planned: ChangePlan, chroma_url: str) -> ParentVersion:
    """The live version with what stays of it, what goes, and the articles that get another status."""
    restated = {name: _restated(read_article(live.folder, name), status) for name, status in planned.restated.items()}
    stays = tuple(
        replace(listed, status=restated[listed.id].meta.status.value, sha256=restated[listed.id].sha256)
        if listed.id in restated
        else listed
        for listed in live.manifest.articles
        if listed.id in planned.kept
    )
    goes = tuple(listed for listed in live.manifest.articles if listed.id not in planned.kept)
    place = versions.place_of(live.folder, live.manifest, chroma_url)
    return ParentVersion(live.folder, live.manifest, place, stays, goes, tuple(restated.values()))


def _restated(article: Article, status: Status) -> Article:
    """The article with another status. Its hash is another too, so that the same file given again counts as a change."""
    digest = hashlib.sha256(f"{article.sha256} {status}".encode()).hexdigest()
    return replace(article, meta=replace(article.meta, status=status, superseded_by=""), sha256=digest)
