"""The versions that are kept: what each is, going back to one, what differs between two, and letting old ones go."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.errors import CallError, IndexDamagedError, IndexMissingError
from index.search import Index
from index.stored import versions
from index.stored.locks import only_writer
from index.stored.manifest import ArticleEntry, Manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Version:
    """One version that is kept: when it was made, by which command, from which version, and how much it holds."""

    name: str
    live: bool
    made: str
    command: str
    parent: str
    articles: int
    passages: int
    draft: bool = False


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What must be done to the articles of one version to have those of another."""

    added: tuple[ArticleEntry, ...]
    changed: tuple[ArticleEntry, ...]
    removed: tuple[ArticleEntry, ...]


def listed(root: Path) -> list[Version]:
    """The versions that are kept, newest first."""
    current = root / versions.pointed(root)
    found = []
    for folder in versions.kept(root):
        name, is_live = folder.name, folder == current
        try:
            manifest = Manifest.read(folder)
        except IndexDamagedError:  # the others are what one needs to see then
            log.warning("the manifest of version %s cannot be read: go back to another one, or rebuild", name)
            found.append(Version(name, is_live, "", "", "", 0, 0))
        else:
            found.append(
                Version(
                    name,
                    is_live,
                    manifest.made,
                    manifest.command,
                    manifest.parent,
                    len(manifest.articles),
                    manifest.sizes[0],
                    manifest.draft,
                )
            )
    return found


def rollback(root: Path, name: str | None = None, chroma_url: str = "") -> str:
    """Make a version live that is kept, or without a `name` the one that the live one was made from; the name of the one that is live now.

    It is opened and counted first. Raises `CallError` where there is no such version, `IndexBusyError` while another process writes.
    """
    if not versions.kept(root):
        raise IndexMissingError("version-none-kept", root=root)
    with only_writer(root):
        folder = versions.require(root, name) if name else _before(root)
        if _is_draft(folder):
            raise CallError("version-draft", version=folder.name)
        _check_counts(folder, chroma_url)
        versions.point_to(root, folder)
        return folder.name


def prune(root: Path, keep: int, chroma_url: str = "") -> list[str]:
    """Remove all but the newest `keep` versions and the live one; the names of those that are gone. One that is being read stays."""
    versions.require_live(root)
    with only_writer(root):
        return versions.sweep(root, keep, chroma_url)


def discard(root: Path, names: Collection[str], chroma_url: str = "") -> list[str]:
    """Remove versions by their names, but for the live one and those that are being read; the names of those that are gone."""
    with only_writer(root):
        return versions.discard(root, names, chroma_url)


def difference(root: Path, old: str, new: str) -> VersionDifference:
    """What differs between two versions that are kept."""
    before, after = ({article.id: article for article in Manifest.read(versions.require(root, name)).articles} for name in (old, new))
    return VersionDifference(
        added=tuple(article for name, article in after.items() if name not in before),
        changed=tuple(article for name, article in after.items() if name in before and before[name].sha256 != article.sha256),
        removed=tuple(article for name, article in before.items() if name not in after),
    )


def _before(root: Path) -> Path:
    """The version that the live one was made from; where that is not kept or the live one is damaged, the newest older one."""
    current = versions.pointed(root)
    try:
        parent = Manifest.read(root / current).parent
    except IndexDamagedError:
        parent = ""
    older = [folder for folder in versions.kept(root) if folder.name < current and not _is_draft(folder)]
    found = next((folder for folder in older if folder.name == parent), older[0] if older else None)
    if found is None:
        raise CallError("version-none-before", version=current)
    return found


def _is_draft(folder: Path) -> bool:
    try:
        return Manifest.read(folder).draft
    except IndexDamagedError:
        return False


def _check_counts(folder: Path, chroma_url: str) -> None:
    opened = Index.open(folder, chroma_url=chroma_url)
    try:
        if (stored := opened.store.count()) != opened.manifest.sizes:
            raise IndexDamagedError("version-not-whole", version=folder.name, stored=stored, expected=opened.manifest.sizes)
    finally:
        opened.close()
