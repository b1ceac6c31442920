"""What each head of the network tells apart on what was kept from its training."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from bot.reading.marking import Marker
from bot.reading.network import HEADS
from bot.reading.training.examples import Example
from bot.reading.training.sources import claims, gap_sets, policies, service_items, statutes, windows
from eval.calibrating.network import Estimate, estimate
from eval.measuring.statistics import area_under_curve

_SEED = 11
_CLEAR = 0.5  # a label below or above it counts as no or yes

# Each set: its folder, what makes the kept examples, and which heads are measured on it.
_KEPT: tuple[tuple[str, str, Callable[[Path, Random], list[Example]], tuple[str, ...]], ...] = (
    ("gd_service_items", "gd_service_items", lambda folder, random: service_items.read(folder, random, kept=True), ("stated", "relevant")),
    ("squad2_en", "squad2_en", lambda folder, random: gap_sets.read(folder, random, kept=True), ("stated",)),
    ("idk_mrc", "idk_mrc", lambda folder, random: gap_sets.read(folder, random, kept=True), ("stated",)),
    ("policies", "gov_policies", lambda folder, random: policies.read(folder, random, kept=True), ("stated", "relevant")),
    ("windows", "gov_policies", lambda folder, random: windows.read(folder, random, kept=True), ("stated", "relevant")),
    ("lecoqa", "lecoqa", lambda folder, random: statutes.read(folder, random, kept=True), ("relevant",)),
    ("cmnli_zh", "cmnli_zh", lambda folder, random: claims.read_pairs(folder, random, kept=True), ("supported",)),
    ("snli_zh", "snli_zh", lambda folder, random: claims.read_pairs(folder, random, kept=True), ("supported",)),
    ("claims on policies", "gov_policies", lambda folder, random: claims.read_policies(folder, random, kept=True), ("supported",)),
)  # fmt: skip


def measure_heads(marker: Marker, data: Path, limit: int) -> Iterator[tuple[str, Estimate]]:
    """AUC of each head on each set that is there, of at most `limit` examples, by its name."""
    for name, folder, make, heads in _KEPT:
        if not (data / folder).is_dir():
            continue
        random = Random(_SEED)
        examples = make(data / folder, random)
        examples = random.sample(examples, min(limit, len(examples)))
        yield from _measure(marker, name, examples, heads)


def _measure(marker: Marker, name: str, examples: Sequence[Example], heads: Sequence[str]) -> Iterator[tuple[str, Estimate]]:
    passages = [f"{example.head}\n{example.passage}" if example.head else example.passage for example in examples]
    judged = marker.judge([example.text for example in examples], passages)
    for head in heads:
        labels = [getattr(example, head) for example in examples]
        known = np.array([label is not None for label in labels])
        truth = np.array([float(label is not None and label > _CLEAR) for label in labels])
        rows = np.column_stack([judged[:, HEADS.index(head)], truth]).astype(float)[known]
        if 0 < rows[:, 1].sum() < len(rows):
            yield f"{name}: AUC {head}", estimate(rows, area_under_curve)
