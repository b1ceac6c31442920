"""The commands that fit the assistant to labelled cases; `eval/__main__.py` puts them beside the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli import Chosen, Corpus, Limit, OwnDocument, Questions, Split, open_encoder, open_settings, run_evaluation, show_progress
from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eval.calibrating.network import Estimate
    from eval.calibrating.thresholds import Threshold
    from eval.measuring.statistics import Rows

app = application("")

Reader = Annotated[Path | None, typer.Option("--reader", help="The folder of the weights; default: the project's own.", show_default=False)]
Note = Annotated[bool, typer.Option("--note", help="Keep the figures in the card.")]


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what each threshold would do.")] = False,
    data: Data = None,
) -> None:
    """Choose the probability below which the assistant refuses, on labelled cases, and write it to DATA/settings.toml."""
    from datetime import UTC, datetime

    from eval.calibrating.thresholds import choose_threshold, describe_threshold, find_strictest, list_thresholds, write_setting
    from eval.evaluation import EvaluationRequest
    from eval.measuring.catalogue import BY_KEY
    from eval.measuring.statistics import as_array
    from index.errors import LiangceError

    evaluation = run_evaluation(EvaluationRequest(questions, corpus, None, "extract", own_document, False, split.value, limit), data)

    def rows(key: str) -> "Rows":
        return as_array(BY_KEY[key].rows(evaluation.cases, evaluation.results, {}).values())

    thresholds = list_thresholds(rows("risk_coverage"))
    chosen = choose_threshold(thresholds, wrong_rate) if wrongly_refused is None else None
    print("threshold | answered | wrong | share wrong | at most, with 95 % sureness\n--- | --- | --- | --- | ---")
    for threshold in thresholds:
        print(_line(threshold) + ("  <- chosen" if threshold == chosen else ""))
    if wrongly_refused is not None:
        least, reason = find_strictest(rows("auc"), wrongly_refused)
    elif chosen is not None:
        least, reason = chosen.least_probability, describe_threshold(chosen, wrong_rate)
    else:
        best = min((threshold.at_most for threshold in thresholds), default=1.0)
        raise LiangceError("threshold-none", rate=wrong_rate, least=best)
    print(f"\nleast_probability = {least}: {reason}")
    if not dry_run:
        when = datetime.now(UTC).date().isoformat()
        path = write_setting(open_settings(data).data, least, f"python -m eval calibrate, {when}: {evaluation.report['set']}, {reason}")
        print(f"written to {path}; the page takes it up when it is started again")


def _line(threshold: "Threshold") -> str:
    share, counts = threshold.wrong / threshold.answered, f"{threshold.answered} of {threshold.n}"
    return f"{threshold.least_probability:.6f} | {counts} | {threshold.wrong} | {share:.3f} | {threshold.at_most:.3f}"


@app.command()
@speaks_plainly
def candidates(
    out: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    questions: Questions = None,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Write what the reader could answer each labelled case with, and what is known of it: what `fit` is fitted on."""
    from eval.calibrating.candidates import collect, write
    from eval.evaluation import EvaluationRequest, open_bench

    settings = open_settings(data)
    with open_bench(EvaluationRequest(questions, corpus), settings, open_encoder(settings)) as (cases, bench):
        print(f"{write(collect(show_progress(cases), bench), out)} cases written to {out}")


@app.command()
@speaks_plainly
def stretches(
    policies: Annotated[Path, typer.Argument(help="The folder with corpus.jsonl of the real policies.", metavar="POLICIES")],
    out: Annotated[Path, typer.Argument(help="The folder to write corpus.jsonl and questions.jsonl to.", metavar="FOLDER")],
) -> None:
    """Write stretches of policies that were kept from training as a set, which `candidates --corpus FOLDER` takes."""
    from eval.calibrating.stretches import write_stretches

    articles, cases = write_stretches(policies, out)
    print(f"{articles} articles and {cases} cases written to {out}")


@app.command()
@speaks_plainly
def fit(
    files: Annotated[list[Path], typer.Argument(help="What `candidates` wrote, of several sets.", metavar="FILE…")],
    reader: Reader = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how a fit does on the sets that it did not see.")] = False,
) -> None:
    """Fit how sentences rank and how sure the reader is of them, on the dev halves of labelled sets, and keep it in its card."""
    from dataclasses import asdict

    from bot.reading.checkpoint import add_to_card
    from bot.reading.pair_reader import WEIGHTS
    from eval.calibrating import fitting
    from eval.calibrating.candidates import read_file

    sets = {file.stem: read_file(file) for file in files}
    if len(sets) > 1:
        print("set not seen | questions | cases | first sentence right | AUC of the probability\n--- | --- | --- | --- | ---")
        for found in fitting.leave_one_out(sets):
            print(f"{found.name} | {found.kind} | {found.n} | {found.first_right:.3f} | {found.auc:.3f}")
    confidence = fitting.fit(sets)
    for name, model in asdict(confidence).items():
        print(f"{name}: {model}")
    if not dry_run:
        add_to_card(reader or WEIGHTS, "confidence", {**asdict(confidence), "fitted_on": [f"{name}, dev" for name in sets]})


@app.command()
@speaks_plainly
def heads(
    data_folder: Annotated[Path, typer.Argument(help="The folder that holds the sets of the sampling plan.", metavar="DATA")],
    reader: Reader = None,
    limit: Annotated[int, typer.Option("--limit", min=10, help="At most N examples of each set.")] = 600,
    note: Note = False,
    data: Data = None,
) -> None:
    """What each head of the network tells apart, on what was kept from its training."""
    from bot.reading.checkpoint import add_to_card
    from bot.reading.pair_reader import WEIGHTS, load_marker
    from eval.calibrating.heads import measure_heads

    settings = open_settings(data)
    place = reader or WEIGHTS
    marker, card = load_marker(open_encoder(settings), place)
    kept = {**card.get("heads", {}), **_print_figures("figure", measure_heads(marker, data_folder, limit))}
    if note:
        add_to_card(place, "heads", kept)


def _print_figures(title: str, figures: "Iterable[tuple[str, Estimate]]") -> dict[str, list[float | int]]:
    """Print figures as they come, in a table under a title; returns them as a card keeps them."""
    print(f"{title} | value | 95 % interval | n\n--- | --- | --- | ---")
    kept: dict[str, list[float | int]] = {}
    for name, found in figures:
        print(f"{name} | {found.value:.3f} | {found.low:.3f} to {found.high:.3f} | {found.n}", flush=True)
        kept[name] = [round(found.value, 4), round(found.low, 4), round(found.high, 4), found.n]
    return kept


@app.command()
@speaks_plainly
def reading(
    folders: Annotated[list[Path], typer.Argument(help="Sets with marked answers, or judged by people.", metavar="FOLDER…")],
    reader: Reader = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Read only the first N questions of each set.", show_default=False)
    ] = None,
    note: Note = False,
    data: Data = None,
) -> None:
    """What the reader's network does by itself: spans, and telling what is stated from what is not, each against its own text."""
    from bot.reading.checkpoint import add_to_card
    from bot.reading.pair_reader import WEIGHTS, load_marker
    from eval.calibrating.network import measure_readings, read_texts
    from eval.calibrating.questions import read_questions

    settings = open_settings(data)
    place = reader or WEIGHTS
    marker, card = load_marker(open_encoder(settings), place)
    sets = {folder.resolve().name: read_texts(marker, read_questions(folder, limit)) for folder in folders}
    noted: dict[str, dict[str, list[float | int]]] = dict(card.get("figures", {}))
    for name, readings in sets.items():
        noted.setdefault(name, {}).update(_print_figures(f"{name}: figure", measure_readings(readings).items()))
    if note:
        add_to_card(place, "figures", noted)
