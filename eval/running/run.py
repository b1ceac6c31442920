"""The cases of a test set through the assistant: case -> outcome, readings and rankings -> CaseResult."""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.answering.assistant import conclusion
from bot.answering.compose import Part, in_order
from bot.answering.contract import to_json
from bot.answering.events import Read
from bot.answering.shapes.stated import compose_stated
from bot.checking.citations import Citation, stands
from bot.reading.reader import Reading
from eval.running.bench import READ, Bench
from eval.running.folder import RunFolder
from eval.running.results import CaseResult, record
from eval.testset.case import Case
from eval.testset.matching import holds, states
from index.documents import Hit, Passage
from index.search import Index, search

log = logging.getLogger(__name__)

_DEPTH = 60  # passages searched for each question: enough for ten different articles
_KEPT = 10  # of each ranking and of the readings: what the measures look at


def run(
    cases: Sequence[Case], bench: Bench, folder: RunFolder, progress: Callable[[Sequence[Case]], Iterable[Case]]
) -> dict[str, CaseResult]:
    """The results of all cases, in their order; those that the folder holds already are not asked again, save crashes."""
    known = {name: result for name, result in folder.results().items() if not result.error}
    start, already, of = time.monotonic(), len(known), len({case.id for case in cases} | set(known))
    folder.note_progress(already, of, 0, 0.0)
    with folder.recorder() as file:
        for asked, case in enumerate(progress([case for case in cases if case.id not in known]), 1):
            known[case.id] = _guarded(case, bench)
            record(file, known[case.id])
            folder.note_progress(already + asked, of, asked, time.monotonic() - start)
    return {case.id: known[case.id] for case in cases}


def _guarded(case: Case, bench: Bench) -> CaseResult:
    try:
        return run_case(case, bench)
    except Exception:  # a crash is a result: it is recorded with its traceback and counted apart
        log.exception("case %s crashed", case.id)
        return CaseResult(case.id, error=traceback.format_exc())


def run_case(case: Case, bench: Bench) -> CaseResult:
    """What the assistant says to one case, asked after those before it, and how the search ranks articles and passages for it alone."""
    parts: tuple[Part, ...] = ()
    for event in bench.assistant(case).stream(case.question, case.history):
        if isinstance(event, Read):
            parts = event.parts
    outcome, readings = conclusion(event), in_order(parts)
    relevant, uncovered = _evidence(case, bench)
    return CaseResult(
        id=case.id,
        outcome=to_json(outcome),
        cites=[list(sentence.cites) for sentence in outcome.sentences],
        standing=[_stands(citation, bench.index) for citation in outcome.citations],
        readings=[_quoted(reading.passage, reading.quote, reading.probability) for reading in readings[:_KEPT]],
        would_say=[
            _quoted(reading.passage, reading.passage.quote(reading.sentence)) for reading in compose_stated(parts, 0.0, bench.index)[0]
        ],
        rankings=_rankings(case, bench, readings),
        relevant=relevant,
        uncovered=uncovered,
    )


def _stands(citation: Citation, opened: Index) -> bool:
    return stands(citation, opened.article(citation.passage.article))


def _quoted(passage: Passage, quote: str, probability: float = 1.0) -> dict[str, Any]:
    return {"article": passage.article, "quote": quote, "probability": round(probability, 6)}


def _rankings(case: Case, bench: Bench, readings: Sequence[Reading]) -> dict[str, dict[str, list[str]]]:
    vector = bench.encoder.encode_queries([case.question])[0]
    found = {}
    for leg, weights in bench.legs.items():
        hits = search(bench.index, case.question, vector, _DEPTH, weights, bench.within(case))
        if leg == READ:
            hits = _read_again(hits, readings)
        articles = list(dict.fromkeys(hit.passage.article for hit in hits))
        found[leg] = {"articles": articles[:_KEPT], "passages": [hit.passage.id for hit in hits[:_KEPT]]}
    return found


def _read_again(hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Hit]:
    """The hits in the order of their best readings; those that the assistant did not read stay behind these."""
    best: dict[str, int] = {}
    for place, reading in enumerate(readings):
        best.setdefault(reading.passage.id, place)
    return sorted(hits, key=lambda hit: best.get(hit.passage.id, len(readings)))


def _evidence(case: Case, bench: Bench) -> tuple[list[str], int]:
    """The ids of the passages of the right articles that state a need, and how many needs none of them states."""
    if not case.answerable or not case.located:
        return [], 0
    passages = [passage for name in sorted(case.articles) for passage in bench.passages(name)]
    stating = [{passage.id for passage in passages if _passage_states(passage, need)} for need in case.needs]
    return sorted(set().union(*stating)), sum(not found for found in stating)


def _passage_states(passage: Passage, need: tuple[str, ...]) -> bool:
    return any(holds(passage.text, alternative) for alternative in need) or any(
        states(passage.quote(span), need) for span in passage.sentences
    )
