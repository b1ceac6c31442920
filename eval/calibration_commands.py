"""The commands that fit the assistant to labelled cases; `eval/__main__.py` puts them beside the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli import Chosen, Corpus, Limit, OwnDocument, Questions, Split, open_settings, run_evaluation
from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from eval.calibrating.thresholds import Threshold
    from eval.measuring.statistics import Rows

app = application("")


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

    from eval.calibrating.thresholds import choose_threshold, describe_threshold, find_strictest, list_thresholds, write_setting
    from eval.evaluation import EvaluationRequest
    from eval.measuring.catalogue import BY_KEY
    from eval.measuring.statistics import as_array
    from index.errors import LiangceError

    evaluation = run_evaluation(EvaluationRequest(questions, corpus, None, "extract", own_document, False, split.value, limit), data)

    def rows(key: str) -> "Rows":
        return as_array(BY_KEY[key].rows(evaluation.cases, evaluation.results, {}).values())

    if rescale_reader:
        _rescale(rows("calibration_error"), f"{evaluation.report['set']}, {split.value}", dry_run)
        return
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


def _rescale(rows: "Rows", cases: str, dry_run: bool) -> None:
    from bot.reading.calibration import Calibration
    from bot.reading.checkpoint import add_to_card, read_card
    from bot.reading.pair_reader import WEIGHTS
    from eval.calibrating.probability import rescale

    kept = read_card(WEIGHTS).get("calibration", {})
    now = Calibration.of_card(read_card(WEIGHTS))
    scale, shift = rescale(rows)
    new = {"scale": round(now.scale * scale, 4), "shift": round(now.shift * scale + shift, 4)}
    print(f"scale {now.scale} -> {new['scale']}, shift {now.shift} -> {new['shift']}, fitted on {len(rows)} cases: {cases}")
    if not dry_run:
        add_to_card(WEIGHTS, "calibration", {**kept, **new, "cases": cases})


@app.command()
@speaks_plainly
def reading(
    folders: Annotated[list[Path], typer.Argument(help="Sets with marked answers, or judged by people.", metavar="FOLDER…")],
    reader: Annotated[
        Path | None, typer.Option("--reader", help="The folder of the weights; default: the project's own.", show_default=False)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Read only the first N questions of each set.", show_default=False)
    ] = None,
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
    from eval.calibrating.network import measure_readings, read_texts
    from eval.calibrating.probability import fit_calibration
    from eval.calibrating.questions import read_questions
    from index.encoding.encoder import load_encoder

    settings = open_settings(data)
    place = reader or WEIGHTS
    marker, card = load_marker(load_encoder(settings.encoding.encoder, settings.encoding.model_cache), place)
    sets = {folder.resolve().name: read_texts(marker, read_questions(folder, limit)) for folder in folders}
    calibration = Calibration.of_card(card)
    if calibrate_:
        calibration = fit_calibration([reading for readings in sets.values() for reading in readings])
        add_to_card(place, "calibration", {"stated": calibration.stated, "margin": calibration.margin, "even": calibration.even})
    noted: dict[str, dict[str, list[float | int]]] = dict(card.get("figures", {}))
    for name, readings in sets.items():
        print(f"{name}: figure | value | 95 % interval | n\n--- | --- | --- | ---")
        for figure, found in measure_readings(readings, calibration).items():
            print(f"{figure} | {found.value:.3f} | {found.low:.3f} to {found.high:.3f} | {found.n}", flush=True)
            noted.setdefault(name, {})[figure] = [round(found.value, 4), round(found.low, 4), round(found.high, 4), found.n]
    if note:
        add_to_card(place, "figures", noted)
