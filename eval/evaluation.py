"""One evaluation from beginning to end: test set -> index -> cases -> results -> report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import ModelServices, choose_reader, model_services
from bot.settings import Settings
from eval.measuring.compare import compare
from eval.measuring.judge import judge, open_judge, read_labels
from eval.measuring.summary import summarise
from eval.reporting.page import render_page
from eval.running.bench import FUSED, LEGS, READ, Bench, inputs
from eval.running.folder import RunFolder, last_finished, read_report
from eval.running.results import CaseResult
from eval.running.run import run
from eval.testset.cases import QUESTIONS, Case
from eval.testset.corpus import TestSet, open_index, outside_set, seed_set, standing_set
from eval.testset.selection import select_cases
from index.__main__ import SEEDS
from index.build import manifest_for
from index.encoding.encoder import Encoder
from index.errors import CallError
from index.search import Index, Weights
from index.stored.versions import require_live


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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run."""

    folder: Path
    report: dict[str, Any]
    cases: Sequence[Case]
    results: Mapping[str, CaseResult]


def work_folder(settings: Settings) -> Path:
    """Where the evaluation keeps its indexes and drafts, and in `runs` its reports; all of it may be deleted."""
    return settings.data / "eval"


def evaluate(
    wanted: EvaluationRequest,
    settings: Settings,
    load: Callable[[], Encoder],
    progress: Callable[[Sequence[Case]], Iterable[Case]],
    out: Path | None = None,
    against: Path | None = None,
) -> Evaluation:
    """Run what is wanted, write the report into the run's folder, compared with `against` or else the last run of the same set.

    `load` gives the encoder; it is called when all else is known to be well.
    """
    previous = read_report(against) if against else None
    test_set = _test_set(wanted)
    cases = _chosen(test_set, wanted)
    encoder = load()
    opened = _index(wanted, test_set, settings, encoder)
    services = model_services(settings) if wanted.mode == "llm" else ModelServices()
    try:
        reader_for = choose_reader(encoder, settings)
        bench = Bench(opened, encoder, settings, _legs(wanted, settings), reader_for, wanted.own_document, services)
        folder = RunFolder.open(settings.runs, out, inputs(test_set, bench, cases, wanted.mode))
        results = run(cases, bench, folder, progress)
    finally:
        services.close()
        opened.close()
    made = summarise(folder.inputs, cases, results)
    if wanted.mode == "llm" and (asked := open_judge(settings)):
        try:
            made["judge"] = judge(asked, results, read_labels())
        finally:
            asked.close()
    comparison = compare(previous, made) if previous else None
    if previous is None and (against := last_finished(settings.runs, folder)):
        with suppress(CallError):  # the other half of the set was the last that was run: there is nothing to compare
            comparison = compare(read_report(against), made)
    folder.finish(made, render_page(made, cases, results, comparison, against.name if comparison and against else ""))
    return Evaluation(folder.path, made, cases, results)


def _test_set(wanted: EvaluationRequest) -> TestSet:
    if wanted.corpus and wanted.index:
        raise CallError("give either --corpus or --index: the first brings its own articles")
    if wanted.index:
        return standing_set(require_live(wanted.index), wanted.questions or own_questions())
    return outside_set(wanted.corpus, wanted.questions) if wanted.corpus else seed_set(SEEDS, wanted.questions)


def _index(wanted: EvaluationRequest, test_set: TestSet, settings: Settings, encoder: Encoder) -> Index:
    if wanted.index:
        return Index.open_live(wanted.index, manifest_for(encoder, settings.passage.split), settings.store.chroma_url)
    return open_index(test_set.corpus, test_set.sources, work_folder(settings), encoder, settings.passage.split)


def _legs(wanted: EvaluationRequest, settings: Settings) -> Mapping[str, Weights]:
    """The rankings to take: the fused one alone, or all of them; reading again is for a reader that knows more than the search."""
    if not wanted.ablate:
        return {FUSED: LEGS[FUSED]}
    return {leg: weights for leg, weights in LEGS.items() if leg != READ or settings.answering.reader == "trained"}


def own_questions() -> Path:
    """The project's own file of cases."""
    return QUESTIONS / "jimo_2023.jsonl"


def _chosen(test_set: TestSet, wanted: EvaluationRequest) -> list[Case]:
    """The cases of the wanted split, at most as many as wanted; raises `CallError` when none is left."""
    cases = select_cases(test_set.cases, wanted.split, wanted.own_document, wanted.limit)
    if not cases:
        raise CallError(f"{', '.join(map(str, test_set.files))} leaves no case to run with these options")
    return cases
