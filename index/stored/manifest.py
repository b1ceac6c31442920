"""What a version of the index is made of: its manifest and what is kept beside it."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors
from index.errors import IndexDamagedError, IndexMismatchError
from index.language import Message
from index.text.split import SplitSettings

FORMAT = 6  # raise it whenever the same article would be stored in another way: cleaning, splitting, terms or layout

MANIFEST, _BACKGROUND = "manifest.json", "background.npy"


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article as the manifest lists it; `sha256` is of the file and of what was known about it."""

    id: str
    title: str
    published: str
    status: str
    passages: int
    sentences: int
    sha256: str
    effective: str = ""
    expires: str = ""
    amends: tuple[str, ...] = ()  # titles of what it changes, each with the article [条] where it says which


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index version is made of: everything that must agree with the settings of who opens it, and its articles.

    A `draft` was made to be tried, and is never live. `made` is when (ISO 8601, UTC), by `command`, from the version `parent` ("" for none). `collections` is what its collections'
    names begin with on a Chroma server, "" where it is on disk. `replaced` counts the sentences that were deleted or added since
    its vectors were last written afresh.
    """

    format: int
    encoder: str
    fingerprint: str
    dimension: int
    split: SplitSettings
    articles: tuple[ArticleEntry, ...] = ()
    made: str = ""
    command: str = ""
    parent: str = ""
    collections: str = ""
    replaced: int = 0
    draft: bool = False

    @property
    def sizes(self) -> tuple[int, int]:
        """How many passages and how many sentences the version holds."""
        return sum(article.passages for article in self.articles), sum(article.sentences for article in self.articles)

    def write(self, folder: Path) -> None:
        """Write the manifest, the last thing that makes a version whole."""
        replace_file(folder / MANIFEST, json.dumps(asdict(self), ensure_ascii=False, indent=1))

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a version; raises `IndexDamagedError` when it cannot be read."""
        try:
            values = json.loads((folder / MANIFEST).read_text("utf-8"))
            values["split"] = SplitSettings(**values["split"])
            values["articles"] = tuple(
                ArticleEntry(**{**article, "amends": tuple(article.get("amends", ()))}) for article in values["articles"]
            )
            return cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError("manifest-unreadable", folder=folder, error=error) from error

    def require(self, wanted: "Manifest") -> None:
        """Raise `IndexMismatchError`, naming each difference, unless this version was made with the settings of `wanted`."""
        if differences := self.differences(wanted):
            raise IndexMismatchError("index-unfit", differences=differences)

    def differences(
        self, wanted: "Manifest", names: Sequence[str] = ("format", "encoder", "fingerprint", "dimension", "split")
    ) -> list[Message]:
        """Each setting of `names` that `wanted` has otherwise, with both values."""
        return [
            Message("index-differs", part=Message(f"part.{name}"), stored=getattr(self, name), wanted=getattr(wanted, name))
            for name in names
            if getattr(self, name) != getattr(wanted, name)
        ]


def write_background(folder: Path, mean: NDArray[np.float64]) -> None:
    """Keep the mean of the vectors of a version's sentences, of shape (dimension,)."""
    np.save(folder / _BACKGROUND, mean)


def read_background(folder: Path) -> Vectors:
    """The mean of the vectors of a version's sentences, of shape (dimension,)."""
    try:
        return np.asarray(np.load(folder / _BACKGROUND), np.float32)
    except (OSError, ValueError) as error:
        raise IndexDamagedError("index-file-unreadable", path=folder / _BACKGROUND, error=error) from error


def replace_file(path: Path, text: str) -> None:
    """Write a small file such that it is there whole or as it was, also after a loss of power."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
