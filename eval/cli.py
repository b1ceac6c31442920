"""What the commands of the evaluation share: their options, and how they come to settings, an encoder and a run."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from eval.evaluation import Evaluation, EvaluationRequest
    from eval.testset.case import Case
    from index.encoding.encoder import SentenceEncoder
    from index.encoding.graph_encoder import GraphEncoder


class Split(StrEnum):
    """Which half of a test set."""

    ALL = "all"
    DEV = "dev"
    TEST = "test"


class Mode(StrEnum):
    """How answers are worded."""

    EXTRACT = "extract"
    LLM = "llm"
    SEARCH = "search"  # no assistant at all: the first passage of the search, to compare with


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
Limit = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="Run only N cases, drawn evenly over the kinds of question.", show_default=False),
]


def run_evaluation(request: "EvaluationRequest", data: Path | None, out: Path | None = None, against: Path | None = None) -> "Evaluation":
    """A finished run of what is asked for; raises `CallError` where answers are to be worded by a model and none is set."""
    from eval.evaluation import evaluate
    from index.errors import CallError

    settings = open_settings(data)
    if request.mode == Mode.LLM and not settings.llm.url:
        raise CallError("run-needs-endpoint")
    return evaluate(request, settings, lambda: open_encoder(settings), show_progress, out, against)


def show_progress(cases: Sequence["Case"]) -> Iterable["Case"]:
    """The cases as they come, with a bar that says how far they are."""
    from tqdm import tqdm

    yield from tqdm(cases, unit="case", disable=None)


def open_settings(data: Path | None) -> "Settings":
    """The settings of the assistant, with another data folder where one is named."""
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)


def open_encoder(settings: "Settings") -> "SentenceEncoder | GraphEncoder":
    """The encoder of the settings."""
    from index.encoding.encoder import load_encoder

    encoding = settings.encoding
    return load_encoder(encoding.encoder, encoding.model_cache, dtype=encoding.dtype, device=encoding.device, runtime=encoding.runtime)
