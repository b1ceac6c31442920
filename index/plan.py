"""What a change of the index will do, known before anything is written: one pure function for every command and for its dry run."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.documents import Article, Status
from index.errors import CallError, InvalidValueError
from index.reading.sources import ArticleSource
from index.stored.manifest import ArticleEntry


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What the index is to hold: `sources`, and with `keep_others` what it held besides, save the articles of `remove`.

    A source may be an article that is read already. `status` gives articles that stay another standing, until they are given from a file again. `anew` asks that nothing of the
    live version be used again, which only a full build can do: articles that no source gives would be lost.
    """

    sources: Sequence[ArticleSource | Article] = ()
    keep_others: bool = False
    remove: Collection[str] = ()
    status: Mapping[str, Status] = field(default_factory=dict)
    anew: bool = False

    def __post_init__(self) -> None:
        if self.anew and self.keep_others:
            raise InvalidValueError("request-anew")


@dataclass(frozen=True, slots=True)
class Holding:
    """What the live version holds, as far as a plan needs it; `unusable` says why nothing of it can be used again, "" where it can."""

    articles: tuple[ArticleEntry, ...] = ()
    unusable: str = "nothing is indexed yet"


class Cause(StrEnum):
    """Why the text of an article is encoded."""

    ADDED = "the index does not hold it"
    CHANGED = "its file or what is known of it has changed"
    ANEW = "nothing of the live version is used again"


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """The ids of articles by what becomes of them; each article that the index holds or is to hold stands in one of the four."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePlan(ArticleChanges):
    """What will be done: which articles are encoded and why, which get another status at no cost, and which stay with their vectors.

    `encoded` is in the order of the sources, `kept` and `restated` in that of the live version; an article of `restated` is one of
    `kept`. `anew` says why nothing of the live version is used again, "" where it is. `writes` is False where there is nothing to do.
    """

    encoded: Mapping[str, Cause] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    restated: Mapping[str, Status] = field(default_factory=dict)
    anew: str = ""
    writes: bool = True

    def change_of(self, article: str) -> str:
        """What a person is shown of an article that is given: "new", "changed" or "unchanged"."""
        return "new" if article in self.added else "changed" if article in self.changed else "unchanged"


def plan(request: BuildRequest, holding: Holding) -> ChangePlan:
    """What becomes of each article; raises `CallError` where one of `request.remove` or `request.status` is not there."""
    held = {article.id: article for article in holding.articles}
    if unknown := [name for name in (*request.remove, *request.status) if name not in held]:
        raise CallError("article-unknown", article=unknown[0])
    given = {source.meta.id: source for source in request.sources}
    anew = "asked for with --anew" if request.anew else holding.unusable

    def stays(article: ArticleEntry) -> bool:
        if anew or article.id in request.remove:
            return False
        return given[article.id].sha256 == article.sha256 if article.id in given else request.keep_others

    kept = {name for name, article in held.items() if stays(article)}
    restated = {name: request.status[name] for name in held if name in kept and _restates(request, held[name])}
    added = _in_order(given, without=held)
    changed = tuple(name for name in held if name in restated or (name in given and name not in kept))
    removed = _in_order(held, without={*given, *kept})
    return ChangePlan(
        added=added,
        changed=changed,
        removed=removed,
        unchanged=tuple(name for name in held if name in kept and name not in restated),
        encoded={name: _cause(name in held, anew) for name in given if name not in kept},
        kept=tuple(name for name in held if name in kept),
        restated=restated,
        anew=anew,
        writes=bool(added or changed or removed or anew),
    )


def _restates(request: BuildRequest, article: ArticleEntry) -> bool:
    return article.id in request.status and request.status[article.id].value != article.status


def _cause(is_held: bool, anew: str) -> Cause:
    if not is_held:
        return Cause.ADDED
    return Cause.ANEW if anew else Cause.CHANGED


def _in_order(names: Iterable[str], without: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in without)
