"""The sampling plan: how many examples of which source a pass over the data has, and which of them are kept to measure on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

from bot.reading.training.data import make_pairs, read_folder
from bot.reading.training.examples import Example, of_pair
from bot.reading.training.sources import claims, gap_sets, policies, service_items, statutes, windows

Maker = Callable[[Path, Random], list[Example]]


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of the data, what makes examples of it, and how many of them a pass takes; `files` are what it reads."""

    folder: str
    make: Maker
    examples: int
    files: tuple[str, ...] = ("corpus.jsonl", "questions.jsonl")
    licence: str = ""


def marked_pairs(folder: Path, random: Random) -> list[Example]:
    """The pairs that rules make of a set with marked answers."""
    return [of_pair(pair) for pair in make_pairs(read_folder(folder, random), random)]


# Policies and service items are the field that the product reads; encyclopedias keep the spans sharp; Latin sets bring near misses that
# people wrote. What licence a set has is said in its folder.
SOURCES: tuple[Source, ...] = (
    Source("cmrc2018_train", marked_pairs, 3000, licence="CC BY-SA 4.0"),
    Source("drcd", marked_pairs, 2000, licence="CC BY-SA 3.0"),
    Source("squad2_en", gap_sets.read, 3000, licence="CC BY-SA 4.0"),
    Source("idk_mrc", gap_sets.read, 1000, licence="CC BY-SA 4.0 (published so, not verified)"),
    Source("gd_service_items", service_items.read, 3000, ("corpus.jsonl", "aliases.jsonl"), "MIT; government data"),
    Source("lecoqa", statutes.read, 1500, licence="MIT; statutes are not under copyright"),
    Source("gov_policies", policies.read, 8000, ("corpus.jsonl",), "government text; the questions are the project's own"),
    Source("gov_policies", windows.read, 14000, ("corpus.jsonl",), "government text; the questions are the project's own"),
    Source("gov_policies", claims.read_policies, 2500, ("corpus.jsonl",), "government text"),
    Source("cmnli_zh", claims.read_pairs, 2500, ("pairs.jsonl",), "MultiNLI, mixed, permissive"),
    Source("snli_zh", claims.read_pairs, 800, ("pairs.jsonl",), "CC BY-SA 4.0"),
    Source("fever_symmetric", claims.read_pairs, 600, ("pairs.jsonl",), "CC BY-SA 3.0"),
    Source("pawsx_zh", claims.read_pairs, 700, ("pairs.jsonl",), "free use"),
)  # fmt: skip


def examples(data: Path, random: Random, sources: tuple[Source, ...] = SOURCES) -> list[Example]:
    """One pass in a random order. Of a source that has more examples than it is given a part is drawn; none is taken twice."""
    found: list[Example] = []
    for source in sources:
        made = source.make(data / source.folder, random)
        found += random.sample(made, min(source.examples, len(made)))
    random.shuffle(found)
    return found


def batches(make: Callable[[Random], list[Example]], seed: int, size: int, pool: int) -> Iterator[list[Example]]:
    """Batches of `size` without end: each pass draws its examples anew. Those of like length stand together, of `pool` batches."""
    for epoch in count():
        random = Random(seed + epoch)
        drawn = make(random)
        for at in range(0, len(drawn) - size + 1, size * pool):
            ordered = sorted(drawn[at : at + size * pool], key=lambda example: example.characters)
            cut = [ordered[n : n + size] for n in range(0, len(ordered) - size + 1, size)]
            random.shuffle(cut)
            yield from cut
