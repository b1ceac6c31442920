"""The live version as a writer finds it: what it holds, and whether its vectors can be used again."""

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexDamagedError, IndexMismatchError
from index.stored import versions
from index.stored.lexicon import Lexicon
from index.stored.manifest import Manifest, read_background
from index.stored.place import Place
from index.stored.store import Store

log = logging.getLogger(__name__)

_MUST_FIT = ("format", "fingerprint", "dimension", "split")  # the name of the encoder does not matter where its weights are the same


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """The folder of the live version, its manifest, and why nothing of it can be used again, "" where it can."""

    folder: Path
    manifest: Manifest
    unusable: str = ""


def read_live(root: Path, wanted: Manifest, chroma_url: str, *, required: bool) -> LiveVersion | None:
    """The live version against the settings of `wanted`; None where nothing is indexed yet, or its manifest is lost.

    With `required` it must be whole and fit: raises `IndexDamagedError` or `IndexMismatchError` where it does not.
    """
    try:
        folder = versions.live(root)
        if folder is None:
            return None
        manifest = Manifest.read(folder)
    except IndexDamagedError:
        if required:
            raise
        return None
    if required:
        manifest.require(wanted)
    return LiveVersion(folder, manifest, _why_unusable(folder, manifest, wanted, chroma_url, required=required))


def _why_unusable(folder: Path, manifest: Manifest, wanted: Manifest, chroma_url: str, *, required: bool) -> str:
    if differences := manifest.differences(wanted, _MUST_FIT):
        return "; ".join(map(str, differences))
    try:
        _check_parts(folder, manifest, versions.place_of(folder, manifest, chroma_url))
    except (IndexDamagedError, IndexMismatchError) as error:
        if required:
            raise
        log.warning("the live version cannot be used again, all is encoded anew: %s", error)
        return str(error)
    return ""


def _check_parts(folder: Path, manifest: Manifest, place: Place) -> None:
    """Raise `IndexDamagedError` unless every part of a version is there and of the size that its manifest says."""
    with closing(Store.open(place)) as store:
        stored = store.count()
    lexicon = Lexicon.load(folder / "lexicon")
    read_background(folder)
    articles = len(list((folder / "articles").glob("*.json")))
    if (*stored, len(lexicon.ids), articles) != (*manifest.sizes, manifest.sizes[0], len(manifest.articles)):
        raise IndexDamagedError(
            "version-parts",
            version=folder.name,
            stored=stored,
            texts=len(lexicon.ids),
            articles=articles,
            expected=manifest.sizes,
            expected_articles=len(manifest.articles),
        )
