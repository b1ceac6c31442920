"""The evaluator's program: `python -m eval`. Nothing heavy is imported before a command needs it."""

from pathlib import Path
from typing import Annotated

import typer

from eval import calibration_commands, case_commands
from eval.cli import Chosen, Corpus, Limit, Mode, OwnDocument, Questions, Split, open_encoder, open_settings, run_evaluation
from index.cli import Data, application, speaks_plainly

app = application("Measure the assistant on test sets, compare runs, and extend the test set.")
app.add_typer(calibration_commands.app)
app.add_typer(case_commands.app)


@app.command()
@speaks_plainly
def run(
    questions: Questions = None,
    corpus: Corpus = None,
    mode: Annotated[Mode, typer.Option("--mode", help="How answers are worded.")] = Mode.EXTRACT,
    index: Annotated[
        Path | None, typer.Option("--index", help="The folder of an index that stands, such as data/index.", show_default=False)
    ] = None,
    version: Annotated[
        str, typer.Option("--version", help="One of its versions, such as a draft; default: the live one.", show_default=False)
    ] = "",
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
    fail_if_worse: Annotated[bool, typer.Option("--fail-if-worse", help="End with 1 when a measure got worse for sure.")] = False,
    data: Data = None,
) -> None:
    """Run a test set and write its report; without options, the project's own set on the seed articles."""
    from bot.settings import REPORT_PAGE
    from eval.evaluation import EvaluationRequest
    from eval.reporting.tables import render_table

    done = run_evaluation(
        EvaluationRequest(questions, corpus, index, mode.value, own_document, ablate, split.value, limit, version), data, out, against
    )
    print(render_table(done.report))
    print(f"\nreport: {done.folder / REPORT_PAGE}")
    if fail_if_worse and done.comparison and done.comparison.is_worse:
        raise typer.Exit(1)


@app.command()
@speaks_plainly
def compare(
    before: Annotated[Path, typer.Argument(help="The folder of a run, or its report.json.", metavar="RUN")],
    after: Annotated[Path, typer.Argument(help="The same of a later run.", metavar="RUN")],
    fail_if_worse: Annotated[bool, typer.Option("--fail-if-worse", help="End with 1 when a measure got worse for sure.")] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write it as a page too, the answers side by side.", show_default=False)
    ] = None,
) -> None:
    """What changed from one run to another, with paired intervals, and the cases that got better and worse."""
    from eval.measuring.changes import changed_inputs
    from eval.measuring.compare import compare as compared
    from eval.reporting.side_by_side import render_comparison
    from eval.reporting.tables import render_changes, render_differences
    from eval.running.folder import read_report

    reports = read_report(before), read_report(after)
    comparison = compared(*reports)
    print(render_changes(changed_inputs(*reports)))
    print(render_differences(comparison))
    if page:
        page.write_text(render_comparison(before, after), "utf-8")
    if fail_if_worse and comparison.is_worse:
        raise typer.Exit(1)


@app.command()
@speaks_plainly
def schema() -> None:
    """The form of report.json, as JSON Schema."""
    import json

    from eval.measuring.schema import Report

    print(json.dumps(Report.model_json_schema(), ensure_ascii=False, indent=1))


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
    from eval.running.speed import measure_indexing, measure_on_seeds
    from index.reading.sources import read_rows

    settings = open_settings(data)
    if articles:
        print(measure_indexing(read_rows(articles)[:limit], open_encoder(settings), settings.passage.split, rounds=1))
        return
    for line in measure_on_seeds(settings, open_encoder(settings)):
        print(line, flush=True)


if __name__ == "__main__":
    app(prog_name="python -m eval")
