"""Trains the reader: `python -m bot.reading.training`. Nothing heavy is imported before the command needs it."""

from pathlib import Path
from typing import Annotated

import typer

from index.cli import application, speaks_plainly

app = application("Train the network that reads: where the answer is, whether it is stated, what helps, what supports a claim.")


@app.command()
@speaks_plainly
def train(
    data: Annotated[Path, typer.Argument(help="The folder that holds the sets of the sampling plan.", metavar="DATA")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write the weights, the card and checkpoints to.")],
    minutes: Annotated[
        float | None, typer.Option("--minutes", min=0.1, help="End by then, however many steps were made.", show_default=False)
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="How many batches to learn; default: every pair once.", show_default=False)
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", help="A folder with a reader's weights to go on from; default: the bare encoder.", show_default=False),
    ] = None,
    average: Annotated[
        bool, typer.Option("--average", help="Write the mean of the weights that --start names and those after training.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="The seed of pairs, their order and the heads.")] = 20231,
    threads: Annotated[int, typer.Option("--threads", min=0, help="Threads to compute with; 0: as many as torch takes.")] = 0,
) -> None:
    """Train a reader on the encoder that the settings name, and write its weights with a card that says what they are."""
    import logging

    from bot.reading.training.loop import Plan, run
    from index.encoding.encoder import load_sentence_encoder
    from index.errors import CallError
    from index.settings import IndexSettings, read_settings

    if average and start is None:
        raise CallError("training-average")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    settings = read_settings(IndexSettings)
    encoder = load_sentence_encoder(settings.encoding.encoder, settings.encoding.model_cache)
    path = run(encoder, Plan(data, out, minutes, steps, seed, threads, start, average), resume=resume)
    print(f"written: {path}")


if __name__ == "__main__":
    app(prog_name="python -m bot.reading.training")
