"""The cases of a test set through the assistant: case -> outcome, readings and rankings -> CaseResult."""

import hashlib
import json
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.answering.assistant import Assistant, conclusion
from bot.answering.compose import Part, compose, in_order
from bot.answering.contract import to_json
from bot.answering.events import Read
from bot.app import ModelServices, make_assistant
from bot.checking.citations import Citation, stands
from bot.reading.reader import ReaderFor, Reading
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from eval.running.runs import CaseResult, RunFolder, record
from eval.testset.cases import Case
from eval.testset.corpus import TOP, TestSet, code_digest
from eval.testset.matching import holds, states
from index.documents import Hit, Passage
from index.encoding.encoder import Encoder
from index.search import Index, Weights, search

log = logging.getLogger(__name__)

FUSED, READ = "fused", "fused, read again"
LEGS: dict[str, Weights] = {
    FUSED: Weights(),
    READ: Weights(),
    "lexical": Weights(0, 0, 1),
    "dense": Weights(lexical=0),
    "dense, passages only": Weights(1, 0, 0),
}
_CODE = ("index", "bot", "prompts", "eval")  # folders whose text may change a result
_TEXTS = frozenset({".py", ".jinja", ".json", ".md", ".po", ".txt"})  # the card of the reader names its weights by their hash
_DEPTH = 60  # passages searched for each question: enough for ten different articles
_KEPT = 10  # of each ranking and of the readings: what the measures look at


@dataclass(frozen=True)
class Bench:
    """What cases are run on: an opened index, its encoder and the settings; `legs` are the rankings to take besides the answer."""

    index: Index
    encoder: Encoder
    settings: Settings
    legs: Mapping[str, Weights]
    reader_for: ReaderFor = SentenceReader
    own_document: bool = False
    services: ModelServices = field(default_factory=ModelServices)
    _assistants: dict[frozenset[str] | None, Assistant] = field(default_factory=dict, init=False, repr=False)
    _passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict, init=False, repr=False)

    def within(self, case: Case) -> frozenset[str] | None:
        """The articles that a case is asked of: its own, or all of them."""
        return case.articles if self.own_document else None

    def assistant(self, case: Case) -> Assistant:
        """The assistant for a case; cases on one document follow each other, so only the last one is kept."""
        within = self.within(case)
        if within not in self._assistants:
            self._assistants.clear()
            self._assistants[within] = make_assistant(self.index, self.encoder, self.settings, self.reader_for, within, self.services)
        return self._assistants[within]

    def passages(self, article: str) -> tuple[Passage, ...]:
        """The passages of an article, none where it is not indexed; kept, since several cases ask of one article."""
        if article not in self._passages:
            self._passages[article] = tuple(self.index.store.passages(self.index.passage_ids([article])).values())
        return self._passages[article]


def inputs(test_set: TestSet, bench: Bench, cases: Sequence[Case], mode: str) -> dict[str, Any]:
    """All that the results follow from; two runs with the same inputs have the same results, times apart."""
    manifest = bench.index.manifest
    made_of = [manifest.fingerprint, manifest.format, str(manifest.split), [(one.id, one.sha256) for one in manifest.articles]]
    settings = bench.settings
    return {
        "set": test_set.name,
        "mode": mode,
        "cases": _digest([(case.id, case.digest()) for case in cases]),
        "index": _digest(made_of),
        "code": code_digest(file for name in _CODE for file in sorted((TOP / name).rglob("*")) if file.suffix in _TEXTS)[:16],
        "legs": sorted(bench.legs),
        "own_document": bench.own_document,
        "settings": {
            "encoder": settings.encoding.encoder,
            "passages": settings.answering.passages,
            "question_length": settings.answering.question_length,
            "least_probability": settings.answering.least_probability,
            "reader": settings.answering.reader,
            "as_of": str(settings.answering.as_of or ""),
            **_model(bench),
        },
    }


def _model(bench: Bench) -> dict[str, Any]:
    """What the words of a language model follow from; nothing where none is asked."""
    writer = bench.services.writer
    if writer is None:
        return {}
    return {"model": writer.model.name, "prompt": writer.prompt.hash, "llm_least_probability": bench.settings.llm.least_probability}


def run(
    cases: Sequence[Case], bench: Bench, folder: RunFolder, progress: Callable[[Sequence[Case]], Iterable[Case]]
) -> dict[str, CaseResult]:
    """The results of all cases, in their order; those that the folder holds already are not asked again, save crashes."""
    known = {name: result for name, result in folder.results().items() if not result.error}
    with folder.recorder() as file:
        for case in progress([case for case in cases if case.id not in known]):
            known[case.id] = _guarded(case, bench)
            record(file, known[case.id])
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
        readings=[_quoted(one.passage, one.quote, one.probability) for one in readings[:_KEPT]],
        would_say=[_quoted(one.passage, one.passage.quote(one.sentence)) for one in compose(parts, 0.0)[0]],
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
    return any(holds(passage.text, one) for one in need) or any(states(passage.quote(span), need) for span in passage.sentences)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
