"""A maintainer who never rests, as a process of its own: `python -m tests.support.writer ROOT SEED CYCLES [--together] [--pace SECONDS] [--url URL]`.

Each line that it prints is JSON: {"doing": {id: serial}} before a change, {"done": {id: serial}, "version": …} once it is reported done.
The articles are made up: each has a serial number in its title and in its text, so that one can tell which state an answer comes from.
"""

import argparse
import json
import os
import random
import tempfile
import time
from pathlib import Path

from index.build import BuildOptions, build
from index.plan import BuildRequest
from index.reading.sources import ArticleSource
from index.stored.manifest import Manifest
from index.stored.versions import kept, require
from index.text.split import SplitSettings
from index.upkeep import history
from tests.support.fakes import BigramEncoder, source

State = dict[str, int]  # the serial number of each article
KEEP = 6


def article(name: str, serial: int) -> ArticleSource:
    text = f"# 关于{name}的规定\n\n第{serial}号规定。{name}的补贴标准是每人{serial}元。\n\n## 办法\n\n{name}的申请由第{serial}办公室受理。"
    return source(name, text, title=f"{name} {serial}")


def state_of(folder: Path) -> State:
    """What a version holds, by its manifest."""
    return {article.id: int(article.title.split()[1]) for article in Manifest.read(folder).articles}


def change(root: Path, draw: random.Random, url: str, now: State) -> tuple[str, State, str]:
    """One change that was drawn: what it is, the state that it leads to, and for a rollback the version."""
    versions = [folder for folder in kept(root) if state_of(folder) != now]
    kind = draw.choice(["add", "sync", "rollback", "rollback"] if versions else ["add", "sync"])
    if kind == "rollback":
        folder = draw.choice(versions)
        return kind, state_of(folder), folder.name
    serial = max(now.values(), default=0) + draw.randint(1, 9)
    names = [f"事项{letter}" for letter in "甲乙丙丁戊己庚辛"]
    if kind == "add":
        return kind, now | dict.fromkeys(draw.sample(names, 2), serial), ""
    stay = [name for name in now if draw.random() < 0.7] or names[:1]
    return kind, {name: draw.choice([now.get(name, serial), serial]) for name in stay} | {draw.choice(names): serial}, ""


def work(root: Path, draw: random.Random, url: str, together: bool, cycles: int, pace: float) -> None:
    encoder = BigramEncoder()
    with tempfile.TemporaryDirectory() as scratch:  # what is loaded once is loaded before the first change, which is timed
        build(BuildRequest([article("热身", 1)]), Path(scratch), encoder, SplitSettings())
    current = root / "CURRENT"
    now = state_of(require(root, current.read_text("utf-8").strip())) if current.is_file() else {}
    for _ in range(cycles):
        kind, then, version = change(root, draw, url, now)
        if together:  # all articles of a version have one serial number: an answer from two versions would show two
            serial = max(now.values(), default=0) + 1
            kind, then = "sync", {f"事项{letter}": serial for letter in "甲乙丙丁戊己庚辛"}
        print(json.dumps({"doing": then, "kind": kind}), flush=True)
        if kind == "rollback":
            done = history.rollback(root, version, url)
        else:
            changed = [article(name, serial) for name, serial in then.items() if kind == "sync" or now.get(name) != serial]
            keep = cycles + 10 if together else KEEP
            done = build(
                BuildRequest(changed, keep_others=kind == "add"), root, encoder, SplitSettings(), BuildOptions(keep=keep, chroma_url=url)
            ).version
        print(json.dumps({"done": then, "version": done}), flush=True)
        now = then
        time.sleep(pace)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("cycles", type=int)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--url", default="")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between two changes")
    options = parser.parse_args()
    os.nice(15)  # as `python -m index` does
    work(options.root, random.Random(options.seed), options.url, options.together, options.cycles, options.pace)
