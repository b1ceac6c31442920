"""How long answering and indexing take on this machine, and how much memory they need."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answering.assistant import Assistant
from bot.app import choose_reader, make_assistant
from bot.settings import EXAMPLES, Settings
from index.__main__ import SEEDS
from index.build import build, manifest_for, to_article
from index.encoding.encoder import Encoder
from index.plan import BuildRequest
from index.reading.sources import ArticleSource, read_path
from index.search import Index
from index.settings import read_settings
from index.stored.versions import require_live
from index.text.split import SplitSettings, split


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a warm answer over `n` answers."""

    n: int
    p50: float
    p95: float


def measure_latency(assistant: Assistant, questions: Sequence[str], rounds: int = 10) -> Latency:
    """Times of answers after one round that does not count."""
    for question in questions:
        assistant.ask(question)
    times = [assistant.ask(question).timings_ms["total"] for _ in range(rounds) for question in questions]
    return Latency(len(times), statistics.median(times), statistics.quantiles(times, n=20)[-1])


def measure_on_seeds(settings: Settings, encoder: Encoder) -> Iterator[str]:
    """Each figure in a line of its own, of the seed article in an index that is thrown away afterwards."""
    questions = [question for group in EXAMPLES.values() for question in group]
    sources = read_path(SEEDS)
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(type(settings), data=Path(folder))
        build(BuildRequest(sources), settings.index, encoder, settings.passage.split)
        index = Index.open(require_live(settings.index), manifest_for(encoder, settings.passage.split))
        warm = measure_latency(make_assistant(index, encoder, settings, choose_reader(encoder, settings)), questions)
        yield f"warm answer: p50 {warm.p50:.0f} ms, p95 {warm.p95:.0f} ms (n={warm.n})"
        index.close()
        seconds, memory = measure_cold_start(questions[0], settings.data)
        yield f"cold start to the first answer: {seconds:.1f} s; peak memory {memory:.0f} MiB"
        yield measure_indexing(sources, encoder, settings.passage.split)


def measure_indexing(sources: Sequence[ArticleSource], encoder: Encoder, settings: SplitSettings, rounds: int = 3) -> str:
    """The speed of the whole article path, and as a share of the speed of encoding the same texts alone: a ratio of medians.

    The two take turns, so that both see the same other load on the machine.
    """
    passages = [passage for source in sources for passage in split(to_article(source), settings)]
    texts = [[passage.to_embed() for passage in passages], [passage.quote(span) for passage in passages for span in passage.sentences]]
    raw, whole = list[float](), list[float]()
    for _ in range(rounds):
        raw.append(_seconds(lambda: [encoder.encode_passages(some) for some in texts]))
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            whole.append(_seconds(lambda: build(BuildRequest(sources), root, encoder, settings)))  # noqa: B023  # called at once
    seconds, share = statistics.median(whole), statistics.median(raw) / statistics.median(whole)
    rows = f"{len(sources)} articles, {len(passages)} passages with {len(texts[1])} sentences in {seconds:.1f} s"
    return f"indexing: {rows}, {len(passages) / seconds:.1f} passages a second; {share:.2f} of the encoder's own speed"


def measure_cold_start(question: str, data: Path) -> tuple[float, float]:
    """Seconds from starting the program to its first answer, and the peak of its memory in MiB."""
    script = (
        "import resource, sys; from bot.__main__ import app\n"
        f"try: app(['ask', {question!r}, '--data', {str(data.resolve())!r}])\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603  # our own program
    return time.perf_counter() - start, float(done.stderr.split()[-1])


def _seconds(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start
