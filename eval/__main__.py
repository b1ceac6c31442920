"""The evaluator's program: `python -m eval`. Nothing heavy is imported before a command needs it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.encoder import Encoder

app = application("Measure the assistant.")

Corpora = Annotated[list[Path], typer.Argument(help="Folders with corpus.jsonl and questions.jsonl.", metavar="CORPUS...")]


@app.command()
@speaks_plainly
def retrieval(corpora: Corpora, data: Data = None) -> None:
    """Document hit@1 and hit@5 of each leg of the search and of their fusion, on outside test sets."""
    from eval.corpus import open_corpus, read_questions
    from eval.retrieval import LEGS, hit_rates

    settings = _settings(data)
    sets = [(folder, read_questions(folder / "questions.jsonl")) for folder in corpora]
    encoder = _encoder(settings)
    print("set | leg | n | hit@1 | hit@5\n--- | --- | --- | --- | ---")
    for folder, questions in sets:
        index = open_corpus(folder, settings.data, encoder, settings.split)
        for leg, weights in LEGS.items():
            rates = hit_rates(index, encoder, questions, weights)
            print(f"{folder.resolve().name} | {leg} | {rates.n} | {rates.at_1:.3f} | {rates.at_5:.3f}", flush=True)
        index.close()


@app.command()
@speaks_plainly
def sentences(corpora: Corpora, data: Data = None) -> None:
    """Hit@1 and hit@3 of the answering sentence, on outside test sets with answers."""
    from bot.reader import SentenceReader
    from eval.corpus import open_corpus, read_questions
    from eval.sentences import sentence_rates

    settings = _settings(data)
    sets = [(folder, read_questions(folder / "questions.jsonl")) for folder in corpora]
    encoder = _encoder(settings)
    print("set | n | sentence hit@1 | sentence hit@3\n--- | --- | --- | ---")
    for folder, questions in sets:
        index = open_corpus(folder, settings.data, encoder, settings.split)
        reader = SentenceReader(index.lexicon, sum(article.sentences for article in index.manifest.articles))
        rates = sentence_rates(index, encoder, reader, questions, settings.passages)
        print(f"{folder.resolve().name} | {rates.n} | {rates.at_1:.3f} | {rates.at_3:.3f}", flush=True)
        index.close()


@app.command()
@speaks_plainly
def speed(data: Data = None) -> None:
    """Answer times, cold start, memory and indexing speed, on the seed article in a throw-away index."""
    import tempfile

    from bot.app import make_assistant
    from bot.messages import EXAMPLES
    from eval.speed import cold_start, indexing_share, latency
    from index.__main__ import SEEDS
    from index.build import build, manifest_for
    from index.read import read_path
    from index.search import Index
    from index.settings import read_settings
    from index.versions import require_live

    questions = [question for group in EXAMPLES.values() for question in group]
    sources = read_path(SEEDS)
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(type(_settings(data)), data=Path(folder))
        encoder = _encoder(settings)
        build(sources, settings.index, encoder, settings.split)
        index = Index.open(require_live(settings.index), manifest_for(encoder, settings.split))
        warm = latency(make_assistant(index, encoder, settings), questions)
        print(f"warm answer: p50 {warm.p50:.0f} ms, p95 {warm.p95:.0f} ms (n={warm.n})", flush=True)
        index.close()
        seconds, memory = cold_start(questions[0], settings.data)
        print(f"cold start to the first answer: {seconds:.1f} s; peak memory {memory:.0f} MiB", flush=True)
        print(f"indexing speed as a share of the encoder's: {indexing_share(sources, encoder, settings.split):.2f}")


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)


def _encoder(settings: "Settings") -> "Encoder":
    from index.encoder import load_encoder

    return load_encoder(settings.encoder, settings.model_cache, dtype=settings.dtype, device=settings.device)


if __name__ == "__main__":
    app(prog_name="python -m eval")
