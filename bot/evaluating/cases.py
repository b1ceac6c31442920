"""What the cases of a set cover at a glance."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many cases ask what (the kinds, by column) of which measure of an article, or in which wording (by row); "" is a case that
    names none."""

    kinds: tuple[str, ...]
    measures: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    @property
    def gaps(self) -> int:
        """How many measures no case of a kind asks of, over all kinds."""
        return sum(not self.counts.get((measure, kind)) for measure in self.measures if measure for kind in self.kinds)


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The lines of a file of questions, each an object."""
    return [json.loads(line) for line in file.read_text("utf-8-sig").splitlines() if line.strip()]


def coverage(rows: Sequence[Mapping[str, Any]], by: Literal["measure", "wording"] = "measure") -> Coverage:
    """What the cases cover; kinds and what stands in the rows in the order in which the set brings them."""
    places = [(str(row.get(by) or ""), str(row.get("kind") or row.get("meta", {}).get("kind") or "question")) for row in rows]
    measures = dict.fromkeys(measure for measure, _ in places)
    ordered = (*(measure for measure in measures if measure), *([""] if "" in measures else []))
    return Coverage(tuple(dict.fromkeys(kind for _, kind in places)), ordered, Counter(places))
