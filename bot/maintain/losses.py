"""What would be lost by what a maintainer is about to do, said before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.maintain.uploads import Seen
from index.language import Message
from index.stored import versions
from index.stored.manifest import ArticleEntry, Manifest
from index.text.amendments import names_title
from index.upkeep import history

_NAMED = 8  # articles that are named; of more it is said how many


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that would be lost or changed, and the articles that it is about."""

    what: Message
    articles: tuple[str, ...] = ()

    @classmethod
    def of(cls, kind: str, articles: Sequence[ArticleEntry], **fields: object) -> list["Loss"]:
        """The loss of that many articles; nothing where there are none."""
        names = tuple(entry.title or entry.id for entry in articles[:_NAMED])
        return [cls(Message(f"loss.{kind}", count=len(articles), **fields), names)] if articles else []


def by_publishing(seen: Sequence[Seen], root: Path) -> list[Loss]:
    """Texts that are replaced, articles that are marked as superseded, and what a version that was gone back from holds and the next one will not."""
    replaced = [upload for upload in seen if upload.replaces]
    names = tuple(upload.before.title or upload.before.id for upload in replaced if upload.before)
    found = [Loss(Message("loss.replaced", count=len(replaced)), names)] if replaced else []
    superseded = tuple(dict.fromkeys(upload.repeals[name] or name for upload in seen for name in upload.supersedes))
    found += [Loss(Message("loss.superseded", count=len(superseded)), superseded)] if superseded else []
    return [*found, *left_out(root)]


def left_out(root: Path) -> list[Loss]:
    """What the newest version holds that the live one, which was gone back to, does not."""
    kept = [version for version in history.listed(root) if not version.draft and version.articles]
    live = next((version for version in kept if version.live), None)
    if live is None or kept[0].name == live.name:
        return []
    return _by_going_to(root, kept[0].name, live.name, "left-")


def by_rolling_back(root: Path, version: str) -> list[Loss]:
    """What the live version holds otherwise than one that is gone back to."""
    return _by_going_to(root, versions.pointed(root), version)


def _by_going_to(root: Path, live: str, version: str, kind: str = "") -> list[Loss]:
    difference = history.difference(root, live, version)
    return [
        *Loss.of(f"{kind}gone", difference.removed, version=version),
        *Loss.of(f"{kind}older", difference.changed, version=version),
        *Loss.of(f"{kind}back", difference.added, version=version),
    ]


def by_deleting(root: Path, article: ArticleEntry) -> list[Loss]:
    """The versions that hold an article, which go with it, and the articles that name it."""
    holding = versions_with(root, article.id)
    every = Manifest.read(versions.require_live(root)).articles
    naming = [entry for entry in every if entry.id != article.id and any(names_title(title, article.title) for title in entry.amends)]
    told = [Loss(Message("loss.deleted", passages=article.passages), (article.title or article.id,))]
    if holding:
        told.append(Loss(Message("loss.versions", count=len(holding)), tuple(holding)))
    return [*told, *Loss.of("naming", naming)]


def versions_with(root: Path, article: str) -> list[str]:
    """The versions besides the live one that hold an article."""
    live = versions.pointed(root)
    folders = [folder for folder in versions.kept(root) if folder.name != live]
    return [folder.name for folder in folders if any(entry.id == article for entry in Manifest.read(folder).articles)]
