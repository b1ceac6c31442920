"""The commands that extend the test set; `eval/__main__.py` puts them beside the others."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.cli import open_settings
from index.cli import Data, application, speaks_plainly

app = application("")


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
    from eval.evaluation import own_questions
    from eval.testset.drafts import add_cases

    def ask(prompt: str, default: str) -> str:
        return str(typer.prompt(prompt, default=default, show_default=bool(default)))

    for file in add_cases(questions or own_questions(), row, drafts, ask, print):
        print(f"added to {file}")


@app.command()
@speaks_plainly
def sets(data: Data = None) -> None:
    """The sets that can be run, as JSON: those of the project, and the folders below DATA/eval/corpora."""
    import json

    from eval.testset.known_sets import known_sets

    own = open_settings(data).data / "eval" / "corpora"
    print(json.dumps([asdict(one) for one in known_sets(own)], ensure_ascii=False))


@app.command()
@speaks_plainly
def check(
    questions: Annotated[Path, typer.Argument(help="A file of cases in our own form, one a line.", metavar="FILE")],
    index: Annotated[
        Path | None,
        typer.Option("--index", help="The folder of an index on whose articles they are; default: the seed articles.", show_default=False),
    ] = None,
) -> None:
    """What is wrong with each line of a file of cases, as JSON by the numbers of the lines: {} where all are well."""
    import json

    from eval.testset.cases import problems
    from eval.testset.corpus import articles_of
    from index.language import language_of_environment

    found, language = problems(questions.read_text("utf-8").splitlines(), articles_of(index)), language_of_environment()
    print(json.dumps({number: problem.in_language(language) for number, problem in found.items()}, ensure_ascii=False))


@app.command("case-form")
@speaks_plainly
def case_form() -> None:
    """The form of a case and of an open case, as JSON Schema."""
    import json

    from eval.testset.cases import CaseRow
    from eval.testset.open_cases import OpenRow

    print(json.dumps({"case": CaseRow.model_json_schema(), "open": OpenRow.model_json_schema()}, ensure_ascii=False))


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
    from eval.evaluation import work_folder
    from eval.testset.corpus import seed_set
    from eval.testset.drafts import drafts_from
    from index.__main__ import SEEDS
    from index.database import open_database
    from index.stored.manifest import replace_file

    settings = open_settings(data)
    drafts = drafts_from(read_feedback(open_database(settings)), [case.question for case in seed_set(SEEDS).cases])
    path = out or work_folder(settings) / "drafts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, "".join(json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts))
    print(f"{len(drafts)} drafts in {path}; finish them with python -m eval add --drafts {path}")
