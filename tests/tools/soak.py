"""Questions all the while the index is written again and again: `python -m tests.tools.soak [--cycles 30] [--at-once 20] [--server]`."""

import argparse
import random
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Answered
from bot.app import live_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from index.settings import StoreSettings
from tests.support.chroma_server import chroma_server
from tests.support.fakes import BigramEncoder
from tests.support.writer import state_of
from tests.tools.kills import start_writer

NAMES = [f"事项{letter}" for letter in "甲乙丙丁戊己庚辛"]


@dataclass
class Observations:
    """What the questioners saw: answer times in seconds, the versions that answered, and what was wrong."""

    times: list[float] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]


def ask(assistant: LiveAssistant, root: Path, seen: Observations, draw: random.Random) -> None:
    """One question; the answer and each of its citations must be of one version."""
    start = time.perf_counter()
    try:
        outcome = assistant.ask(f"{draw.choice(NAMES)}的补贴标准是每人多少元")
        seen.times.append(time.perf_counter() - start)
        seen.versions.add(outcome.version)
        (serial,) = set(state_of(root / outcome.version).values())
        assert isinstance(outcome, Answered), outcome
        assert {citation.title.split()[1] for citation in outcome.citations} == {str(serial)}, (outcome.version, outcome.text)
    except Exception as error:
        seen.wrong.append(repr(error))


def under_load(assistant: LiveAssistant, root: Path, at_once: int, pause: float, until: threading.Event) -> Observations:
    """What `at_once` questioners saw, each asking again `pause` seconds after an answer on average, until they are told to stop."""
    seen = Observations()

    def questioner(number: int) -> None:
        draw = random.Random(number)
        while not until.wait(draw.uniform(0, 2 * pause)):
            ask(assistant, root, seen, draw)

    threads = [threading.Thread(target=questioner, args=(n,)) for n in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def soak(
    folder: Path, url: str, cycles: int, at_once: int, pause: float, quiet: float, pace: float
) -> tuple[Observations, Observations, float]:
    """What was seen while nothing was written, for `quiet` seconds, and through `cycles` versions; seconds until the last one answered."""
    settings = Settings(
        data=folder, store=StoreSettings(chroma_url=url), answering=AnsweringSettings(least_probability=0)
    )  # the encoder is no real one
    start_writer(settings.index, "1", "1", "--together", "--url", url).communicate()
    assistant = live_assistant(BigramEncoder(), settings, SentenceReader)
    assistant.start()
    try:
        stop = threading.Event()
        threading.Timer(quiet, stop.set).start()
        calm = under_load(assistant, settings.index, at_once, pause, stop)
        stop, lag = threading.Event(), [0.0]

        def write() -> None:
            writer = start_writer(settings.index, "1", str(cycles), "--together", "--pace", str(pace), "--url", url)
            writer.communicate()
            done = time.monotonic()
            last = (settings.index / "CURRENT").read_text("utf-8").strip()
            while assistant.version != last and time.monotonic() < done + 10:
                time.sleep(0.01)
            lag[0] = time.monotonic() - done
            stop.set()

        threading.Thread(target=write).start()
        return calm, under_load(assistant, settings.index, at_once, pause, stop), lag[0]
    finally:
        assistant.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cycles", type=int, default=30)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between an answer and a questioner's next question")
    parser.add_argument("--pace", type=float, default=2.0, help="seconds between two versions")
    parser.add_argument("--quiet", type=float, default=20.0, help="seconds that the quiet value is measured for")
    parser.add_argument("--server", action="store_true", help="with a Chroma server in place of files")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(chroma_server(folder)) if options.server else ""
        calm, busy, lag = soak(folder, url, options.cycles, options.at_once, options.pause, options.quiet, options.pace)
    print(
        f"quiet: {len(calm.times)} answers, p50 {statistics.median(calm.times) * 1000:.0f} ms, p95 {calm.p95 * 1000:.0f} ms, wrong {calm.wrong[:2]}"
    )
    print(
        f"through {options.cycles} versions: {len(busy.times)} answers from {len(busy.versions)} versions, "
        f"p50 {statistics.median(busy.times) * 1000:.0f} ms, p95 {busy.p95 * 1000:.0f} ms ({busy.p95 / calm.p95:.1f} of quiet), "
        f"wrong: {len(busy.wrong)} {busy.wrong[:2]}; the last version answered {lag:.1f} s after it was made"
    )


if __name__ == "__main__":
    main()
