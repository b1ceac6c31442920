"""Files that a maintainer adds -> those that can be indexed, and why the others cannot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.build import to_article
from index.errors import CallError
from index.reading.formats.parsed import Limits
from index.reading.sources import Intake, Source, read_all


def take_in(paths: Sequence[Path], given: Mapping[str, Any], limits: Limits, known: Mapping[str, str] | None = None) -> Intake:
    """The sources that paths, folders and globs hold, each of them seen to have text that is left after cleaning.

    `given` is known of each and counts most; raises `CallError` when it names one article and several are found. What is indexed
    already, by the hashes in `known`, is not cleaned once more.
    """

    def check(source: Source) -> None:
        if known is None or known.get(source.meta.id) != source.sha256:
            to_article(source)

    intake = read_all(paths, given, limits, check)
    if (own := sorted(set(given) & {"id", "title"})) and len(intake.sources) + len(intake.failures) > 1:
        raise CallError(
            f"--{own[0]} is of one article, and {len(paths)} paths hold several: add that one by itself, or write an articles.toml"
        )
    return intake
