"""Whole articles as the pages show them, in the version of the index that was cited while that is kept, else in the live one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.answering.messages import status_note
from bot.chinese.dates import years_since
from index.documents import Article, Block, BlockKind, Metadata, Passage
from index.errors import IndexDamagedError, LiangceError
from index.stored import versions
from index.stored.articles import read_article
from index.stored.manifest import Manifest
from index.text.amendments import Amendment, amendments_of
from index.text.split import split

_MOST_LISTED = 500
_PLACE = re.compile(r"(\d{1,4}):(\d{1,9})-(\d{1,9})")


class GoneError(Exception):
    """The article or the version is not kept any more; `live` says whether the live version has an article of that id."""

    def __init__(self, what: str, *, live: bool) -> None:
        super().__init__(what)
        self.what, self.live = what, live


@dataclass(frozen=True, slots=True)
class Opened:
    """An article of a version, the passages that were indexed of it, and what the live version holds that amended it since."""

    article: Article
    passages: tuple[Passage, ...]
    version: str
    live: bool
    amendments: tuple[Amendment, ...] = ()

    def about(self, today: date, now: Metadata | None = None) -> dict[str, Any]:
        """What is known of it, as the page shows it; `now` is what the live version says of the same article."""
        meta = self.article.meta
        return {
            "publisher": meta.publisher,
            "published": meta.published,
            "years": years_since(meta.published, today),
            "region": meta.region,
            "standing": status_note(now or meta),
            "amendments": [amendment for amendment in self.amendments if amendment.is_later_than(meta.published)],
            "version": self.version,
            "live": self.live,
            "changes": [asdict(change) for change in self.article.changes],
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an article that is marked; `n` is the number of its citation, 0 for a passage."""

    n: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a version holds: when it was made, how many articles, and the year of the latest, "" where no date is known."""

    version: str = ""
    made: str = ""
    count: int = 0
    year: str = ""


def open_article(root: Path, name: str, version: str) -> Opened:
    """The article of that id in a version, "" for the live one; raises `GoneError` where there is none.

    The article is read straight from the version's folder: the store of vectors, which is slow to open, is not needed for it.
    """
    live = versions.pointed(root)
    wanted = version or live
    folder = next((kept for kept in versions.kept(root) if kept.name == wanted), None)
    try:
        if folder is None:
            raise GoneError("version", live=_holds(root / live, name))
        manifest = Manifest.read(folder)
        if not any(listed.id == name for listed in manifest.articles):
            raise GoneError("article", live=wanted != live and _holds(root / live, name))
        article = read_article(folder, name)
        # Splitting is a pure function of the article and the settings of its version, so it gives the passages that were indexed.
        passages = tuple(split(article, manifest.split))
        return Opened(article, passages, wanted, wanted == live, _amendments(root / live).get(name, ()))
    except IndexDamagedError as error:  # a writer removed the version meanwhile
        raise GoneError("version", live=wanted != live and _holds(root / live, name)) from error


def metadata_now(root: Path, name: str) -> Metadata | None:
    """What the live version knows of an article, None where it does not hold it."""
    try:
        return open_article(root, name, "").article.meta
    except GoneError:
        return None


@lru_cache(maxsize=2)
def _amendments(folder: Path) -> dict[str, tuple[Amendment, ...]]:
    """The amendments of a version, by the article that they change. A version does not change once it is made."""
    return amendments_of(Manifest.read(folder).articles)


def _holds(folder: Path, name: str) -> bool:
    try:
        return any(listed.id == name for listed in Manifest.read(folder).articles)
    except IndexDamagedError:
        return False


def holdings(root: Path) -> Holdings:
    """What the live version holds; nothing where nothing is indexed yet."""
    try:
        folder = versions.require_live(root)
        manifest = Manifest.read(folder)
    except LiangceError:
        return Holdings()
    return Holdings(
        folder.name, manifest.made[:10], len(manifest.articles), max((one.published[:4] for one in manifest.articles), default="")
    )


@lru_cache(maxsize=2)
def metadata(folder: Path) -> tuple[Metadata, ...]:
    """What is known of the articles of a version, newest first; at most the newest 500. A version does not change once it is made."""
    newest = sorted(Manifest.read(folder).articles, key=lambda listed: listed.published, reverse=True)[:_MOST_LISTED]
    return tuple(read_article(folder, listed.id).meta for listed in newest)


def places(opened: Opened, at: str, passage: str) -> list[Place]:
    """What an address marks, as "number:start-end,…": the cited stretches in the article's order, or else the passage of that ordinal."""
    length = len(opened.article.text)
    cited = [Place(*map(int, found.groups())) for found in _PLACE.finditer(at)]
    if cited := sorted((place for place in cited if place.start < place.end <= length), key=lambda place: place.start):
        return cited
    if passage.isdigit() and int(passage) < len(opened.passages):
        whole = opened.passages[int(passage)]
        return [Place(0, whole.start, whole.end)]
    return []


def look_for(opened: Opened, quotes: Mapping[int, str]) -> list[Place]:
    """Where sentences of another version stand in this one, those that it does not hold left out."""
    text = opened.article.text
    found = [(n, text.find(quote), len(quote)) for n, quote in quotes.items() if quote]
    return sorted((Place(n, start, start + length) for n, start, length in found if start >= 0), key=lambda place: place.start)


def blocks(opened: Opened, marked: Sequence[Place]) -> list[dict[str, Any]]:
    """The blocks of an article as the page shows them, in parts that are marked or not.

    The title stands above already; the outermost headings below it are of the third level, all within them of the fourth.
    """
    article = opened.article
    own = [block for n, block in enumerate(article.blocks) if n or article.text[block.start : block.end] != article.title]
    outermost = min((block.level for block in own if block.kind is BlockKind.HEADING), default=0)
    tags = {block.start: ("h3" if block.level <= outermost else "h4") if block.kind is BlockKind.HEADING else "p" for block in own}
    return [{"tag": tags[block.start], "kind": block.kind.value, "parts": _parts(article.text, block, marked)} for block in own]


def _parts(text: str, block: Block, marked: Sequence[Place]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    at = block.start
    for n, place in enumerate(marked):
        start, end = max(place.start, at), min(place.end, block.end)
        if start < end:
            parts.append({"text": text[at:start], "place": None})
            parts.append({"text": text[start:end], "place": n, "number": place.n if start == place.start and place.n else 0})
            at = end
    parts.append({"text": text[at : block.end], "place": None})
    return [part for part in parts if part["text"]]


def address_of(query: object) -> dict[str, str]:
    """What an address names of an article, {article, v, at, passage}, bounded; "" for what it does not name."""
    given = query if isinstance(query, dict) else {}
    return {key: str(given.get(key, ""))[:500] for key in ("article", "v", "at", "passage")}


def quotes_of(given: object) -> dict[int, str]:
    """Sentences that a browser sends along, by the numbers of their citations, bounded."""
    if not isinstance(given, dict):
        return {}
    return {int(n): str(quote)[:20_000] for n, quote in list(given.items())[:60] if str(n).isdigit()}


def quotes_at(root: Path, address: Mapping[str, str]) -> dict[int, str]:
    """The sentences that an address marks, by the numbers of their citations; none where its version is not kept."""
    if not address["v"] or not address["at"]:
        return {}
    try:
        opened = open_article(root, address["article"], address["v"])
    except GoneError:
        return {}
    return {place.n: opened.article.text[place.start : place.end] for place in places(opened, address["at"], "")}
