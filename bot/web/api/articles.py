"""Articles as other programs get them: the list of a version, and one article whole, with the text that citations count in."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from bot.answering.messages import status_note
from bot.checking.citations import Citation
from bot.settings import Settings
from bot.web.api.problems import ProblemError, prefix_of
from bot.web.articles import GoneError, open_article
from index.errors import IndexDamagedError
from index.stored import versions
from index.stored.manifest import Manifest


def list_articles(root: Path, version: str, start: int, limit: int) -> dict[str, Any]:
    """The articles of a version, "" for the live one, from number `start` on; raises `ProblemError` where it is not kept."""
    folder = _folder(root, version)
    try:
        listed = Manifest.read(folder).articles
    except IndexDamagedError as error:  # a writer removed the version meanwhile
        raise ProblemError("api-version-gone", version=version) from error
    shown = [
        {"article": each.id, "title": each.title, "published": each.published, "status": each.status, "passages": each.passages}
        for each in listed[start : start + limit]
    ]
    following = start + limit
    return {"version": folder.name, "total": len(listed), "next": following if following < len(listed) else None, "articles": shown}


def whole_article(root: Path, name: str, version: str) -> dict[str, Any]:
    """An article with its text, as it stands in a version, "" for the live one; raises `ProblemError` where it is not there."""
    try:
        opened = open_article(root, name, version)
    except GoneError as gone:
        gone_version = version and gone.what == "version"
        raise (
            ProblemError("api-version-gone", version=version) if gone_version else ProblemError("api-article-gone", article=name)
        ) from gone
    article, meta = opened.article, opened.article.meta
    return {
        "article": meta.id,
        "title": meta.title,
        "publisher": meta.publisher,
        "published": meta.published,
        "region": meta.region,
        "source": meta.source,
        "standing": status_note(meta),
        "blocks": [
            {"kind": block.kind.value, "level": block.level, "start": block.start, "text": article.text[block.start : block.end]}
            for block in article.blocks
        ],
        "passages": [[passage.start, passage.end] for passage in opened.passages],
        "version": opened.version,
        "live": opened.live,
        "text": article.text,
    }


def article_address(site: str, citation: Citation, version: str) -> str:
    """Where people find an article, as it was cited: the page opens it, with the sentence marked."""
    place = f"{citation.n}:{citation.start}-{citation.end}"
    return f"{site}/?{urlencode({'article': citation.passage.article, 'passage': citation.passage.ordinal, 'v': version, 'at': place})}"


def site_of(request: Request, settings: Settings) -> str:
    """The address that the whole server has: as it is set, else as it was asked for."""
    return settings.doors.public_url or f"{request.url.scheme}://{request.url.netloc}{prefix_of(request)}"


def _folder(root: Path, version: str) -> Path:
    wanted = version or versions.pointed(root)
    folder = next((kept for kept in versions.kept(root) if kept.name == wanted), None)
    if folder is None:
        raise ProblemError("api-version-gone", version=wanted)
    return folder
