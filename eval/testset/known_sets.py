"""The test sets that are at hand, for whoever chooses one without a command line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import WRITTEN_CASES
from eval.testset.cases import QUESTIONS

CORPORA = QUESTIONS.parent / "corpora"


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set by its name: its file of questions, the folder of its articles ("" for the seed articles), and how many cases it has.

    One that is `standing` has no articles of its own: it is asked of those that are in use.
    """

    name: str
    questions: str
    corpus: str
    cases: int
    standing: bool = False


def known_sets(own: Path) -> list[KnownSet]:
    """The project's sets on the seed articles and on its corpora, those in the folders below `own`, and beside `own` what evaluators
    wrote in the page."""
    return list(_known(own))


def _known(own: Path) -> Iterator[KnownSet]:
    for file in (QUESTIONS / "jimo_2023.jsonl", QUESTIONS / "open" / "jimo_2023.jsonl"):
        name = file.stem if file.parent == QUESTIONS else f"{file.stem} ({file.parent.name})"
        yield KnownSet(name, str(file), "", _count(file))
    for folder in (*sorted(CORPORA.glob("*")), *sorted(own.glob("*"))):
        file = folder / "questions.jsonl"
        if file.is_file():
            yield KnownSet(folder.name, str(file), str(folder), _count(file))
    written = own.parent / WRITTEN_CASES
    if written.is_file() and _count(written):
        yield KnownSet(written.stem, str(written), "", _count(written), standing=True)


def _count(file: Path) -> int:
    return sum(bool(line.strip()) for line in file.read_text("utf-8").splitlines())
