"""The evaluator's program: `python -m eval`. Nothing heavy is imported before a command needs it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from bot.settings import Settings
    from eval.measuring.statistics import Rows
    from eval.running.evaluation import Evaluated, Wanted
    from eval.testset.cases import Case
    from index.encoding.encoder import Encoder

app = application("Measure the assistant on test sets, compare runs, and extend the test set.")


class Split(StrEnum):
    """Which half of a test set."""

    ALL = "all"
    DEV = "dev"
    TEST = "test"


class Mode(StrEnum):
    """How answers are worded."""

    EXTRACT = "extract"
    LLM = "llm"


Questions = Annotated[
    Path | None,
    typer.Option("--questions", help="A file of questions; default: those of the project, or of the corpus.", show_default=False),
]
Corpus = Annotated[
    Path | None,
    typer.Option("--corpus", help="An outside set: a folder with corpus.jsonl and questions.jsonl.", show_default=False),
]
OwnDocument = Annotated[bool, typer.Option("--own-document", help="Ask each question of its own document alone.")]
Chosen = Annotated[Split, typer.Option("--split", help="Tune on dev, report test.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Run only the first N cases.", show_default=False)]


@app.command()
@speaks_plainly
def run(
    questions: Questions = None,
    corpus: Corpus = None,
    mode: Annotated[Mode, typer.Option("--mode", help="How answers are worded.")] = Mode.EXTRACT,
    index: Annotated[
        Path | None, typer.Option("--index", help="The folder of an index that stands, such as data/index.", show_default=False)
    ] = None,
    own_document: OwnDocument = False,
    ablate: Annotated[bool, typer.Option("--ablate", help="Rank with each leg of the search alone, too.")] = False,
    split: Chosen = Split.ALL,
    limit: Limit = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The run's folder; default: a new one in DATA/eval/runs.", show_default=False)
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="The run to compare with; default: the last one of the same set.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Run a test set and write its report; without options, the project's own set on the seed articles."""
    from bot.settings import REPORT_PAGE
    from eval.reporting.report import table
    from eval.running.evaluation import Wanted

    done = _evaluate(Wanted(questions, corpus, index, mode.value, own_document, ablate, split.value, limit), data, out, against)
    print(table(done.report))
    print(f"\nreport: {done.folder / REPORT_PAGE}")


@app.command()
@speaks_plainly
def compare(
    before: Annotated[Path, typer.Argument(help="The folder of a run, or its report.json.", metavar="RUN")],
    after: Annotated[Path, typer.Argument(help="The same of a later run.", metavar="RUN")],
    fail_if_worse: Annotated[bool, typer.Option("--fail-if-worse", help="End with 1 when a measure got worse for sure.")] = False,
) -> None:
    """What changed from one run to another, with paired intervals, and the cases that got better and worse."""
    from eval.measuring.compare import compare as compared
    from eval.reporting.report import differences
    from eval.running.runs import read_report

    comparison = compared(read_report(before), read_report(after))
    print(differences(comparison))
    if fail_if_worse and comparison.is_worse:
        raise typer.Exit(1)


@app.command()
@speaks_plainly
def calibrate(
    wrong_rate: Annotated[float, typer.Option("--wrong-rate", min=0.001, max=0.999, help="The share of answers that may be wrong.")] = 0.1,
    wrongly_refused: Annotated[
        float | None,
        typer.Option(
            "--wrongly-refused", min=0, max=0.5, help="Instead: the share of real questions that may be refused.", show_default=False
        ),
    ] = None,
    questions: Questions = None,
    corpus: Corpus = None,
    own_document: OwnDocument = False,
    split: Chosen = Split.ALL,
    limit: Limit = None,
    rescale_reader: Annotated[
        bool, typer.Option("--rescale-reader", help="Only fit the trained reader's probability to these cases, and keep it in its card.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what each threshold would do.")] = False,
    data: Data = None,
) -> None:
    """Choose the probability below which the assistant refuses, on labelled cases, and write it to DATA/settings.toml."""
    from datetime import UTC, datetime

    from eval.measuring.measures import BY_KEY, as_array, rows_of
    from eval.running.calibrate import choose, strict, thresholds, told, write_setting
    from eval.running.evaluation import Wanted
    from index.errors import LiangceError

    done = _evaluate(Wanted(questions, corpus, None, "extract", own_document, False, split.value, limit), data)

    def rows(key: str) -> "Rows":
        return as_array(rows_of(BY_KEY[key], done.cases, done.results, {}).values())

    if rescale_reader:
        _rescale(rows("calibration_error"), f"{done.report['set']}, {split.value}", dry_run)
        return
    found = thresholds(rows("risk_coverage"))
    chosen = choose(found, wrong_rate) if wrongly_refused is None else None
    print("threshold | answered | wrong | share wrong | at most, with 95 % sureness\n--- | --- | --- | --- | ---")
    for one in found:
        mark = "  <- chosen" if one == chosen else ""
        share = one.wrong / one.answered
        print(f"{one.least_probability:.6f} | {one.answered} of {one.n} | {one.wrong} | {share:.3f} | {one.at_most:.3f}{mark}")
    if wrongly_refused is not None:
        least, reason = strict(rows("auc"), wrongly_refused)
    elif chosen is not None:
        least, reason = chosen.least_probability, told(chosen, wrong_rate)
    else:
        best = min((one.at_most for one in found), default=1.0)
        raise LiangceError("threshold-none", rate=wrong_rate, least=best)
    print(f"\nleast_probability = {least}: {reason}")
    if not dry_run:
        when = datetime.now(UTC).date().isoformat()
        path = write_setting(_settings(data).data, least, f"python -m eval calibrate, {when}: {done.report['set']}, {reason}")
        print(f"written to {path}; the page takes it up when it is started again")


def _rescale(rows: "Rows", cases: str, dry_run: bool) -> None:
    from bot.reading.calibration import Calibration
    from bot.reading.checkpoint import add_to_card, read_card
    from bot.reading.pair_reader import WEIGHTS
    from eval.running.calibrate import rescale

    kept = read_card(WEIGHTS).get("calibration", {})
    now = Calibration.of_card(read_card(WEIGHTS))
    scale, shift = rescale(rows)
    new = {"scale": round(now.scale * scale, 4), "shift": round(now.shift * scale + shift, 4)}
    print(f"scale {now.scale} -> {new['scale']}, shift {now.shift} -> {new['shift']}, fitted on {len(rows)} cases: {cases}")
    if not dry_run:
        add_to_card(WEIGHTS, "calibration", {**kept, **new, "cases": cases})


@app.command()
@speaks_plainly
def add(
    row: Annotated[
        str | None, typer.Argument(help="The case as a JSON object; without it, its fields are asked for.", show_default=False)
    ] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="The file to add to; default: the project's own.", show_default=False)
    ] = None,
    drafts: Annotated[Path | None, typer.Option("--drafts", help="Finish the drafts of a file one by one.", show_default=False)] = None,
) -> None:
    """Add a checked case to the test set on the seed articles."""
    from eval.running.evaluation import own_questions
    from eval.testset.drafts import add_cases

    def ask(said: str, default: str) -> str:
        return str(typer.prompt(said, default=default, show_default=bool(default)))

    for file in add_cases(questions or own_questions(), row, drafts, ask, print):
        print(f"added to {file}")


@app.command("from-feedback")
@speaks_plainly
def from_feedback(
    out: Annotated[
        Path | None, typer.Option("--out", help="The file of drafts; default: DATA/eval/drafts.jsonl.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Turn refused questions and thumbs-down of the page into drafts of cases, which `add --drafts` finishes."""
    import json

    from bot.web.feedback import read_feedback
    from eval.running.evaluation import work_folder
    from eval.running.runs import write
    from eval.testset.corpus import seed_set
    from eval.testset.drafts import drafts_from
    from index.__main__ import SEEDS

    settings = _settings(data)
    drafts = drafts_from(read_feedback(settings.data), [case.question for case in seed_set(SEEDS).cases])
    path = out or work_folder(settings) / "drafts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, "".join(json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts))
    print(f"{len(drafts)} drafts in {path}; finish them with python -m eval add --drafts {path}")


@app.command()
@speaks_plainly
def speed(
    articles: Annotated[
        Path | None, typer.Option("--articles", help="A corpus.jsonl: only how fast it is indexed.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Index only the first N of them.", show_default=False)] = None,
    data: Data = None,
) -> None:
    """Answer times, cold start, memory and indexing speed, on the seed article in a throw-away index."""
    from eval.running.speed import indexing, on_seeds
    from index.reading.sources import read_rows

    settings = _settings(data)
    if articles:
        print(indexing(read_rows(articles)[:limit], _encoder(settings), settings.passage.split, rounds=1))
        return
    for line in on_seeds(settings, _encoder(settings)):
        print(line, flush=True)


@app.command()
@speaks_plainly
def reading(
    folders: Annotated[list[Path], typer.Argument(help="Sets with marked answers, or judged by people.", metavar="FOLDER…")],
    reader: Annotated[
        Path | None, typer.Option("--reader", help="The folder of the weights; default: the project's own.", show_default=False)
    ] = None,
    limit: Limit = None,
    calibrate_: Annotated[
        bool, typer.Option("--calibrate", help="Fit the probability on half of the cases, and keep it in the card.")
    ] = False,
    note: Annotated[bool, typer.Option("--note", help="Keep the figures in the card.")] = False,
    data: Data = None,
) -> None:
    """What the reader's network does by itself: spans, and telling what is stated from what is not, each against its own text."""
    from bot.reading.calibration import Calibration
    from bot.reading.checkpoint import add_to_card
    from bot.reading.pair_reader import WEIGHTS, load_marker
    from eval.running.network import figures, fit, read, rows_of
    from index.encoding.encoder import load_encoder

    settings = _settings(data)
    place = reader or WEIGHTS
    marker, card = load_marker(load_encoder(settings.encoding.encoder, settings.encoding.model_cache), place)
    done = {folder.resolve().name: read(marker, rows_of(folder, limit)) for folder in folders}
    calibration = Calibration.of_card(card)
    if calibrate_:
        calibration = fit([one for rows in done.values() for one in rows])
        add_to_card(place, "calibration", {"stated": calibration.stated, "margin": calibration.margin, "even": calibration.even})
    noted: dict[str, dict[str, list[float | int]]] = dict(card.get("figures", {}))
    for name, rows in done.items():
        print(f"{name}: figure | value | 95 % interval | n\n--- | --- | --- | ---")
        for figure, (value, around, n) in figures(rows, calibration).items():
            low, high = around or (value, value)
            print(f"{figure} | {value:.3f} | {low:.3f} to {high:.3f} | {n}", flush=True)
            noted.setdefault(name, {})[figure] = [round(value, 4), round(low, 4), round(high, 4), n]
    if note:
        add_to_card(place, "figures", noted)


def _evaluate(wanted: "Wanted", data: Path | None, out: Path | None = None, against: Path | None = None) -> "Evaluated":
    from eval.running.evaluation import evaluate
    from index.errors import CallError

    settings = _settings(data)
    if wanted.mode == Mode.LLM and not settings.llm.url:
        raise CallError("run-needs-endpoint")
    return evaluate(wanted, settings, lambda: _encoder(settings), _progress, out, against)


def _progress(cases: Sequence["Case"]) -> Iterable["Case"]:
    from tqdm import tqdm

    yield from tqdm(cases, unit="case", disable=None)


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)


def _encoder(settings: "Settings") -> "Encoder":
    from index.encoding.encoder import load_encoder

    encoding = settings.encoding
    return load_encoder(encoding.encoder, encoding.model_cache, dtype=encoding.dtype, device=encoding.device)


if __name__ == "__main__":
    app(prog_name="python -m eval")
