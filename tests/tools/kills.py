"""Kills a writer at random moments, and looks each time whether the index is whole: `python -m tests.tools.kills [--times N] [--server]`."""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.answering.outcomes import Answered
from bot.app import make_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from index.build import manifest_for
from index.search import Index
from index.text.split import SplitSettings
from index.upkeep.check import check_index
from tests.support.chroma_server import chroma_server
from tests.support.fakes import BigramEncoder
from tests.support.writer import article, state_of

TOP = Path(__file__).resolve().parents[2]


def start_writer(root: Path, *options: str) -> "subprocess.Popen[str]":
    """The writer as a process of its own; what it prints can be read."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.writer", str(root), *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TOP,
    )


def kill_once(root: Path, url: str, seed: int, draw: random.Random, within: float = 2.0) -> dict[str, Any]:
    """Start a writer, kill it at a random moment of the first `within` seconds, and check what it left; what it was doing. An assertion fails where the index is not whole."""
    before = state_of(root / (root / "CURRENT").read_text("utf-8").strip()) if (root / "CURRENT").is_file() else None
    writer = start_writer(root, str(seed), "1000", "--url", url)
    assert writer.stdout is not None
    lines = [writer.stdout.readline()]  # it has loaded what it needs, and begins
    time.sleep(draw.uniform(0, within))
    writer.kill()  # SIGKILL: nothing of it runs any more
    lines += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    reports = [json.loads(line) for line in lines if line.endswith("\n")]
    done = [report for report in reports if "done" in report]
    kind = reports[-1].get("kind", "between")
    may_be = [done[-1]["done"] if done else before, reports[-1].get("doing")]
    if not (root / "CURRENT").is_file():
        assert not done, "a change that was reported done is lost"
        return {"kind": kind, "done": 0}
    check_answers(root, url, [state for state in may_be if state is not None])
    return {"kind": kind, "done": len(done)}


def check_answers(root: Path, url: str, may_be: list[dict[str, int]]) -> None:
    """The live version is one of those states, whole, and answers from it."""
    encoder = BigramEncoder()
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), url)
    try:
        state = {article.id: int(article.title.split()[1]) for article in index.manifest.articles}
        assert state in may_be, f"{state} is neither what was reported done nor what was being done: {may_be}"
        assert check_index(index, encoder).startswith("whole: ")
        settings = Settings(answering=AnsweringSettings(least_probability=0))  # the encoder is no real one
        assistant = make_assistant(index, encoder, settings, SentenceReader)
        for name, serial in state.items():
            assert index.article(name).sha256 == article(name, serial).sha256
            outcome = assistant.ask(f"{name}的补贴标准是每人多少元")
            assert isinstance(outcome, Answered), outcome
            assert outcome.version == index.version
            assert f"每人{serial}元" in outcome.text, (outcome.text, serial)
    finally:
        index.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="store_true", help="with a Chroma server in place of files")
    options = parser.parse_args()
    draw, seen = random.Random(options.seed), []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(chroma_server(folder)) if options.server else ""
        for n in range(options.times):
            seen.append(kill_once(folder / "index", url, options.seed * 10_000 + n, draw))
    kinds = {kind: sum(kill["kind"] == kind for kill in seen) for kind in ("add", "sync", "rollback", "between")}
    print(f"{len(seen)} kills ({kinds}), {sum(kill['done'] for kill in seen)} changes reported done: whole and answering each time")


if __name__ == "__main__":
    main()
