"""One evaluation from beginning to end: test set -> index -> cases -> results -> report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import ModelServices, choose_reader, model_services
from bot.settings import Settings
from eval.measuring.changes import changed_inputs
from eval.measuring.compare import RunComparison, compare
from eval.measuring.judge import judge, open_judge, read_labels
from eval.measuring.summary import summarise
from eval.reporting.page import render_page
from eval.running.bench import FUSED, LEGS, READ, Bench, inputs
from eval.running.folder import RunFolder, last_finished, read_report
from eval.running.results import CaseResult
from eval.running.run import run
from eval.testset.case import Case
from eval.testset.cases import QUESTIONS
from eval.testset.corpus import TestSet, open_index, outside_set, seed_set, standing_set
from eval.testset.selection import select_cases
from index.__main__ import SEEDS
from index.build import manifest_for
from index.encoding.encoder import Encoder
from index.errors import CallError
from index.search import Index, Weights
from index.stored.versions import require, require_live


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What the command line asked for; see `python -m eval run --help`."""

    questions: Path | None = None
    corpus: Path | None = None
    index: Path | None = None
    mode: str = "extract"
    own_document: bool = False
    ablate: bool = False
    split: str = "all"
    limit: int | None = None
    version: str = ""  # of `index`; "" for the live one


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run."""

    folder: Path
    report: dict[str, Any]
    cases: Sequence[Case]
    results: Mapping[str, CaseResult]
    comparison: RunComparison | None = None  # with the run before it


def work_folder(settings: Settings) -> Path:
    """Where the evaluation keeps its indexes and drafts, and in `runs` its reports; all of it may be deleted."""
    return settings.data / "eval"


def evaluate(
    request: EvaluationRequest,
    settings: Settings,
    load: Callable[[], Encoder],
    progress: Callable[[Sequence[Case]], Iterable[Case]],
    out: Path | None = None,
    against: Path | None = None,
) -> Evaluation:
    """Run what is asked for, write the report into the run's folder, compared with `against` or else the last run of the same set.

    `load` gives the encoder; it is called when all else is known to be well.
    """
    previous = read_report(against) if against else None
    test_set = _test_set(request)
    cases = _chosen(test_set, request)
    encoder = load()
    index = _index(request, test_set, settings, encoder)
    services = model_services(settings) if request.mode == "llm" else ModelServices()
    try:
        reader_for = choose_reader(encoder, settings)
        searches = request.mode == "search"
        bench = Bench(index, encoder, settings, _legs(request, settings), reader_for, request.own_document, services, searches)
        folder = RunFolder.open(settings.runs, out, inputs(test_set, bench, cases, request.mode))
        results = run(cases, bench, folder, progress)
    finally:
        services.close()
        index.close()
    report = summarise(folder.inputs, cases, results)
    if request.mode == "llm":
        report["judge"] = _judge(settings, results)
    comparison = compare(previous, report) if previous else None
    if previous is None and (against := last_finished(settings.runs, folder)):
        with suppress(CallError):  # the other half of the set was the last that was run: there is nothing to compare
            previous = read_report(against)
            comparison = compare(previous, report)
    changed = changed_inputs(previous, report) if previous and comparison else []
    if comparison and against:
        worse = [difference.measure.key for difference in comparison.differences if difference.verdict == "worse"]
        report["against"] = {"run": against.name, "worse": worse, "crashed": list(comparison.newly_crashed)}
    folder.finish(report, render_page(report, cases, results, comparison, against.name if comparison and against else "", changed))
    return Evaluation(folder.path, report, cases, results, comparison)


@contextmanager
def open_bench(request: EvaluationRequest, settings: Settings, encoder: Encoder) -> Iterator[tuple[list[Case], Bench]]:
    """The cases that are asked for, and what they are run on, without a run's folder."""
    test_set = _test_set(request)
    index = _index(request, test_set, settings, encoder)
    try:
        yield _chosen(test_set, request), Bench(index, encoder, settings, {}, choose_reader(encoder, settings), request.own_document)
    finally:
        index.close()


def _judge(settings: Settings, results: Mapping[str, CaseResult]) -> dict[str, Any] | None:
    """What the judge of the settings says of the worded answers; None where there is no judge."""
    language_judge = open_judge(settings)
    if language_judge is None:
        return None
    try:
        return judge(language_judge, results, read_labels())
    finally:
        language_judge.close()


def _test_set(request: EvaluationRequest) -> TestSet:
    if request.corpus and request.index:
        raise CallError("corpus-or-index")
    if request.version and not request.index:
        raise CallError("version-without-index")
    if request.index:
        return standing_set(_version(request.index, request.version), request.questions or own_questions())
    return outside_set(request.corpus, request.questions) if request.corpus else seed_set(SEEDS, request.questions)


def _index(request: EvaluationRequest, test_set: TestSet, settings: Settings, encoder: Encoder) -> Index:
    if request.index:
        wanted, url = manifest_for(encoder, settings.passage.split), settings.store.chroma_url
        if request.version:
            return Index.open(_version(request.index, request.version), wanted, url)
        return Index.open_live(request.index, wanted, url)
    return open_index(test_set.corpus, test_set.sources, work_folder(settings), encoder, settings.passage.split)


def _version(index: Path, name: str) -> Path:
    return require(index, name) if name else require_live(index)


def _legs(request: EvaluationRequest, settings: Settings) -> Mapping[str, Weights]:
    """The rankings to take: the fused one alone, or all of them; reading again is for a reader that knows more than the search."""
    if not request.ablate:
        return {FUSED: LEGS[FUSED]}
    return {leg: weights for leg, weights in LEGS.items() if leg != READ or settings.answering.reader == "trained"}


def own_questions() -> Path:
    """The project's own file of cases."""
    return QUESTIONS / "jimo_2023.jsonl"


def _chosen(test_set: TestSet, request: EvaluationRequest) -> list[Case]:
    """The cases of the wanted split, at most as many as wanted; raises `CallError` when none is left."""
    cases = select_cases(test_set.cases, request.split, request.own_document, request.limit)
    if not cases:
        raise CallError("cases-none", files=test_set.files)
    return cases
