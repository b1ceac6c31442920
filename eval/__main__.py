"""The evaluator's program: `python -m eval`. Nothing heavy is imported before a command needs it."""

from pathlib import Path
from typing import Annotated

import typer

from index.cli import Data, application, speaks_plainly

app = application("Measure the assistant.")


@app.callback()
def _program() -> None:
    # Keeps the command's name in the call while there is only one command.
    pass


@app.command()
@speaks_plainly
def retrieval(
    corpora: Annotated[list[Path], typer.Argument(help="Folders with corpus.jsonl and questions.jsonl.", metavar="CORPUS...")],
    data: Data = None,
) -> None:
    """Document hit@1 and hit@5 of each leg of the search and of their fusion, on outside test sets."""
    from bot.settings import Settings
    from eval.corpus import open_corpus, read_questions
    from eval.retrieval import LEGS, hit_rates
    from index.encoder import load_encoder
    from index.settings import read_settings

    settings = read_settings(Settings, data=data)
    sets = [(folder, read_questions(folder / "questions.jsonl")) for folder in corpora]
    encoder = load_encoder(settings.encoder, settings.model_cache, dtype=settings.dtype, device=settings.device)
    print("set | leg | n | hit@1 | hit@5\n--- | --- | --- | --- | ---")
    for folder, questions in sets:
        index = open_corpus(folder, settings.data, encoder, settings.split)
        for leg, weights in LEGS.items():
            rates = hit_rates(index, encoder, questions, weights)
            print(f"{folder.resolve().name} | {leg} | {rates.n} | {rates.at_1:.3f} | {rates.at_5:.3f}", flush=True)
        index.close()


if __name__ == "__main__":
    app(prog_name="python -m eval")
