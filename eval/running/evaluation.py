"""One evaluation from beginning to end: test set -> index -> cases -> results -> report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import ModelServices, choose_reader, model_services
from bot.settings import Settings
from eval.measuring.compare import compare
from eval.measuring.summary import summarise
from eval.reporting import report
from eval.running.judge import judge, labelled, open_judge
from eval.running.run import FUSED, LEGS, READ, Bench, inputs, run
from eval.running.runs import CaseResult, RunFolder, last_finished, read_report
from eval.testset.cases import QUESTIONS, Case
from eval.testset.corpus import TestSet, open_index, outside_set, seed_set, standing_set
from index.__main__ import SEEDS
from index.build import manifest_for
from index.encoding.encoder import Encoder
from index.errors import CallError
from index.search import Index, Weights
from index.stored.versions import require_live


@dataclass(frozen=True, slots=True)
class Wanted:
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
class Evaluated:
    """A finished run."""

    folder: Path
    report: dict[str, Any]
    cases: Sequence[Case]
    results: Mapping[str, CaseResult]


def work_folder(settings: Settings) -> Path:
    """Where the evaluation keeps its indexes and drafts, and in `runs` its reports; all of it may be deleted."""
    return settings.data / "eval"


def evaluate(
    wanted: Wanted,
    settings: Settings,
    load: Callable[[], Encoder],
    progress: Callable[[Sequence[Case]], Iterable[Case]],
    out: Path | None = None,
    against: Path | None = None,
) -> Evaluated:
    """Run what is wanted, write the report into the run's folder, compared with `against` or else the last run of the same set.

    `load` gives the encoder; it is called when all else is known to be well.
    """
    previous = read_report(against) if against else None
    test_set = _test_set(wanted)
    cases = _chosen(test_set, wanted)
    encoder = load()
    opened = _index(wanted, test_set, settings, encoder)
    worded = model_services(settings) if wanted.mode == "llm" else ModelServices()
    try:
        reader_for = choose_reader(encoder, settings)
        bench = Bench(opened, encoder, settings, _legs(wanted, settings), reader_for, wanted.own_document, worded)
        folder = RunFolder.open(settings.runs, out, inputs(test_set, bench, cases, wanted.mode))
        results = run(cases, bench, folder, progress)
    finally:
        worded.close()
        opened.close()
    made = summarise(folder.inputs, cases, results)
    if wanted.mode == "llm" and (asked := open_judge(settings)):
        try:
            made["judge"] = judge(asked, results, labelled())
        finally:
            asked.close()
    comparison = compare(previous, made) if previous else None
    if previous is None and (against := last_finished(settings.runs, folder)):
        with suppress(CallError):  # the other half of the set was the last that was run: there is nothing to compare
            comparison = compare(read_report(against), made)
    folder.finish(made, report.page(made, cases, results, comparison, against.name if comparison and against else ""))
    return Evaluated(folder.path, made, cases, results)


def _test_set(wanted: Wanted) -> TestSet:
    if wanted.corpus and wanted.index:
        raise CallError("corpus-or-index")
    if wanted.index:
        return standing_set(require_live(wanted.index), wanted.questions or own_questions())
    return outside_set(wanted.corpus, wanted.questions) if wanted.corpus else seed_set(SEEDS, wanted.questions)


def _index(wanted: Wanted, test_set: TestSet, settings: Settings, encoder: Encoder) -> Index:
    if wanted.index:
        return Index.open_live(wanted.index, manifest_for(encoder, settings.passage.split), settings.store.chroma_url)
    return open_index(test_set.corpus, test_set.sources, work_folder(settings), encoder, settings.passage.split)


def _legs(wanted: Wanted, settings: Settings) -> Mapping[str, Weights]:
    """The rankings to take: the fused one alone, or all of them; reading again is for a reader that knows more than the search."""
    if not wanted.ablate:
        return {FUSED: LEGS[FUSED]}
    return {leg: weights for leg, weights in LEGS.items() if leg != READ or settings.answering.reader == "trained"}


def own_questions() -> Path:
    """The project's own file of cases."""
    return QUESTIONS / "jimo_2023.jsonl"


def _chosen(test_set: TestSet, wanted: Wanted) -> list[Case]:
    """The cases of the wanted split, at most as many as wanted; raises `CallError` when none is left."""
    cases = [case for case in test_set.cases if wanted.split in ("all", case.split)]
    if wanted.own_document:
        cases = [case for case in cases if case.articles]
    cases = cases[: wanted.limit]
    if not cases:
        raise CallError("cases-none", files=test_set.files)
    return cases
