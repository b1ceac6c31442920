"""What cases are run on, and what a run's results follow from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.answering.assistant import Assistant
from bot.app import ModelServices, make_assistant, make_retriever
from bot.reading.reader import ReaderFor
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from eval.running.search_page import SearchPage
from eval.testset.case import Case
from eval.testset.corpus import TOP, TestSet, code_digest
from index.documents import Passage
from index.encoding.encoder import Encoder
from index.search import Index, Weights

FUSED, READ = "fused", "fused, read again"
LEGS: dict[str, Weights] = {
    FUSED: Weights(),
    READ: Weights(),
    "lexical": Weights(0, 0, 1),
    "dense": Weights(lexical=0),
    "dense, passages only": Weights(1, 0, 0),
}
_CODE = ("index", "bot", "prompts", "eval")  # folders whose text may change a result
_WEIGHTS = ("bot/reading/weights", "bot/question/weights")  # folders whose card names the weights by their hash
_TEXTS = frozenset({".py", ".jinja", ".json", ".md", ".po", ".txt"})  # the card of the reader names its weights by their hash


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
    searches_only: bool = False  # whether a plain search page is asked in the assistant's place
    _assistants: dict[frozenset[str] | None, Assistant | SearchPage] = field(default_factory=dict, init=False, repr=False)
    _passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict, init=False, repr=False)

    def within(self, case: Case) -> frozenset[str] | None:
        """The articles that a case is asked of: its own, or all of them."""
        return case.articles if self.own_document else None

    def assistant(self, case: Case) -> Assistant | SearchPage:
        """The assistant for a case; cases on one document follow each other, so only the last one is kept."""
        within = self.within(case)
        if within not in self._assistants:
            self._assistants.clear()
            self._assistants[within] = (
                SearchPage(self.index, make_retriever(self.index, self.encoder, self.settings, within))
                if self.searches_only
                else make_assistant(self.index, self.encoder, self.settings, self.reader_for, within, self.services)
            )
        return self._assistants[within]

    def passages(self, article: str) -> tuple[Passage, ...]:
        """The passages of an article, none where it is not indexed; kept, since several cases ask of one article."""
        if article not in self._passages:
            self._passages[article] = tuple(self.index.store.passages(self.index.passage_ids([article])).values())
        return self._passages[article]


def inputs(test_set: TestSet, bench: Bench, cases: Sequence[Case], mode: str) -> dict[str, Any]:
    """All that the results follow from; two runs with the same inputs have the same results, times apart."""
    manifest = bench.index.manifest
    made_of = [manifest.fingerprint, manifest.format, str(manifest.split), [(article.id, article.sha256) for article in manifest.articles]]
    settings = bench.settings
    return {
        "set": test_set.name,
        "mode": mode,
        "cases": _digest([(case.id, case.digest()) for case in cases]),
        "index": _digest(made_of),
        "code": code_digest(file for name in _CODE for file in sorted((TOP / name).rglob("*")) if file.suffix in _TEXTS)[:16],
        "weights": code_digest([TOP / name / "card.json" for name in _WEIGHTS])[:16],
        "prompts": code_digest(sorted((TOP / "prompts").glob("*.txt")))[:16],
        "articles": {article.id: article.sha256[:12] for article in manifest.articles},
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


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
