"""Reading has an end: of a question's time, of a text's length, and of the memory that it takes."""

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import pytest

from bot.answering.contract import to_json
from bot.answering.outcomes import Answered
from bot.app import make_assistant
from bot.reading.marking import WINDOW, Context, Marker, windows
from bot.reading.pair_reader import load_reader
from bot.reading.reader import Reading
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from bot.timing import Stopwatch, is_time_up
from index.documents import Hit, Span
from index.encoding.encoder import SentenceEncoder
from index.search import Index
from tests.support.fakes import BigramEncoder

# A heading that stood in an index made before headings were bounded, and a question of which each character is a token.
ATTACK = """
import resource, sys
from pathlib import Path
from bot.reading.marking import Context
from bot.reading.pair_reader import load_marker
from index.documents import Span
from index.encoding.encoder import load_encoder
from index.settings import IndexSettings

encoding = IndexSettings().encoding
marker, _ = load_marker(load_encoder(encoding.encoder, encoding.model_cache))
text = "企业可以申请补贴。" * 30
context = lambda head: Context(head, text, tuple(Span(at, at + 9) for at in range(0, len(text), 9)))
marker.mark(["补贴多少"], [context("办法")])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = marker.mark([sys.argv[1] * 500] * 8, [context("标题" * 44_000)] * 8)
marker.judge([sys.argv[1] * 500] * 8, ["标题" * 44_000] * 8)
print(len(found), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.model
@pytest.mark.parametrize("char", ["가", "\ufdfa"], ids=["hangul", "one character that is eighteen"])
def test_longest_question_on_the_longest_heading_takes_little_memory_and_time(char: str) -> None:
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", ATTACK, char], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    read, megabytes = map(int, done.stdout.split())
    assert read == 8
    assert megabytes < 1500, f"{megabytes} MB more than for a short question"
    assert time.monotonic() - start < 200


def test_endless_text_without_a_stop_is_read_in_part() -> None:
    text = "字" * 1_000_000
    found = windows(Context("", text, (Span(0, len(text)),)))
    assert (len(found) * WINDOW < 10_000, found[0].start, max(map(len, found))) == (True, 0, WINDOW)


def test_time_that_is_up_is_noticed_by_what_works_for_the_question() -> None:
    watch = Stopwatch(0.01)
    assert not is_time_up(), "nothing is timed"
    with watch.running():
        assert not is_time_up()
        time.sleep(0.02)
        assert is_time_up()
    assert (watch.cut_short, Stopwatch().is_up()) == (True, False)


def test_what_was_read_in_time_is_shown_as_such(small_index: Index, encoder: BigramEncoder) -> None:
    class Dawdling(SentenceReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            asked.append(question)
            time.sleep(0.2)
            return super().read(question, hits)

    asked: list[str] = []
    settings = Settings(answering=AnsweringSettings(seconds=0.1, least_probability=0))
    question = "新建口袋公园多少处？街道在几个工作日内答复？"
    outcome = make_assistant(small_index, encoder, settings, Dawdling).ask(question)
    assert isinstance(outcome, Answered)
    assert (len(asked), outcome.timed_out) == (1, True), "there was no time for the second thing"
    assert to_json(outcome)["note"] == "没有来得及读完找到的全部原文：以下是已经读到的。"
    patient = settings.model_copy(update={"answering": AnsweringSettings(least_probability=0)})
    whole = make_assistant(small_index, encoder, patient, Dawdling).ask(question)
    assert (whole.timed_out, to_json(whole)["note"], len(asked)) == (False, "", 3)


@pytest.mark.model
def test_network_reads_no_further_batch_once_time_is_up(
    bundled_encoder: SentenceEncoder, seed_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    read = Marker._read

    def slow(self: Marker, *given: Any) -> Any:
        batches.append(1)
        time.sleep(0.2)
        return read(self, *given)

    monkeypatch.setattr(Marker, "_read", slow)
    monkeypatch.setattr("bot.reading.marking._BATCH", 2)
    settings = Settings(answering=AnsweringSettings(seconds=0.3))
    outcome = make_assistant(seed_index, bundled_encoder, settings, load_reader(bundled_encoder)).ask("招聘会办了几场")
    hurried = len(batches)
    assert outcome.timed_out
    patient = replace_seconds(settings, 60)
    whole = make_assistant(seed_index, bundled_encoder, patient, load_reader(bundled_encoder)).ask("招聘会办了几场")
    assert (whole.timed_out, hurried < len(batches) - hurried) == (False, True)


def replace_seconds(settings: Settings, seconds: float) -> Settings:
    return settings.model_copy(update={"answering": AnsweringSettings(seconds=seconds)})
