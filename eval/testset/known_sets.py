"""The test sets that are at hand, for whoever chooses one without a command line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.testset.cases import QUESTIONS

CORPORA = QUESTIONS.parent / "corpora"


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set by its name: its file of questions, the folder of its articles ("" for the seed articles), and how many cases it has."""

    name: str
    questions: str
    corpus: str
    cases: int


def known_sets(own: Path) -> list[KnownSet]:
    """The project's sets on the seed articles and on its corpora, and those in the folders below `own`."""
    return list(_known(own))


def _known(own: Path) -> Iterator[KnownSet]:
    for file in (QUESTIONS / "jimo_2023.jsonl", QUESTIONS / "open" / "jimo_2023.jsonl"):
        name = file.stem if file.parent == QUESTIONS else f"{file.stem} ({file.parent.name})"
        yield KnownSet(name, str(file), "", _count(file))
    for folder in (*sorted(CORPORA.glob("*")), *sorted(own.glob("*"))):
        file = folder / "questions.jsonl"
        if file.is_file():
            yield KnownSet(folder.name, str(file), str(folder), _count(file))


def _count(file: Path) -> int:
    return sum(bool(line.strip()) for line in file.read_text("utf-8").splitlines())
