"""What the reader could answer a case with, sentence by sentence, with what is known of each: what its confidence is fitted on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.answering.decide import is_closed, settled_shape
from bot.answering.events import Read
from bot.answering.shapes.evidence import Library
from bot.reading.reader import Reading
from eval.measuring.open_scoring import is_to_the_point
from eval.running.bench import Bench
from eval.testset.case import Case
from eval.testset.matching import holds
from index.errors import CallError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was read for a case: its features and conditions by name (`bot.reading.confidence.NAMES`), whether it states
    what is asked, and whether its clause helps."""

    features: dict[str, float]
    states: bool
    helps: bool


@dataclass(frozen=True, slots=True)
class CandidateList:
    """The candidates of a case; `closed` is whether only what states the answer answers it, as the assistant takes it."""

    case: str
    split: str
    answerable: bool
    closed: bool
    candidates: tuple[Candidate, ...]


def collect(cases: Iterable[Case], bench: Bench) -> Iterator[CandidateList]:
    """The candidates of each case that is asked of the articles; none of one that is taken for something said to the assistant."""
    for case in cases:
        if case.open and case.open.outcome == "said":
            continue
        events = [event for event in bench.assistant(case).stream(case.question, case.history) if isinstance(event, Read)]
        for read in events:
            understood = read.retrieved.understood
            closed = is_closed(settled_shape(understood.text, understood.shape, len(read.parts)))
            yield CandidateList(case.id, case.split, case.answerable, closed, tuple(_candidates(case, read, bench.index)))


def _candidates(case: Case, read: Read, library: Library) -> Iterator[Candidate]:
    for reading in read.readings:
        if reading.features is None:
            raise CallError("fit-needs-network")
        features = {name: float(value) for name, value in asdict(reading.features).items()}
        features |= dict.fromkeys(reading.conditions, 1.0)
        yield Candidate(features, *_labels(case, reading, library))


def _labels(case: Case, reading: Reading, library: Library) -> tuple[bool, bool]:
    """Whether the sentence states what is asked, and whether its clause helps."""
    if not case.answerable:
        return False, False
    clause = library.clauses(reading.passage.article).at(reading.sentence.start)
    whole = library.article(reading.passage.article).text[clause.start : clause.end] if clause else reading.quote
    if case.open is None:
        return case.stated_in(reading.quote), case.stated_in(whole)
    states = is_to_the_point(reading.quote, case.open.relevant) and any(
        holds(reading.quote, words) for facet in case.open.facets for words in facet
    )
    return states, is_to_the_point(whole, case.open.relevant)


def write(lists: Iterable[CandidateList], path: Path) -> int:
    """Write one line a case; returns how many."""
    lines = [json.dumps(asdict(found), ensure_ascii=False) for found in lists]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)


def read_file(path: Path) -> list[CandidateList]:
    """What `write` wrote; raises `CallError` where the file is of another form."""
    try:
        return [_list_of(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CallError("fit-file", path=path, error=error) from error


def _list_of(row: dict[str, Any]) -> CandidateList:
    candidates = tuple(Candidate(**candidate) for candidate in row.pop("candidates"))
    return CandidateList(**row, candidates=candidates)
