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
        """How many measures no case of a kind asks of, over all kinds that ask of measures at all."""
        return sum(self.is_gap(measure, kind) for measure in self.measures for kind in self.kinds)

    def is_gap(self, measure: str, kind: str) -> bool:
        """Whether a case is missing: none of the kind asks of the measure, while some ask of others, as greetings do not."""
        asks = any(self.counts.get((other, kind)) for other in self.measures if other)
        return bool(measure) and asks and not self.counts.get((measure, kind))


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The lines of a file of questions, each an object."""
    return [json.loads(line) for line in file.read_text("utf-8-sig").splitlines() if line.strip()]


def coverage(rows: Sequence[Mapping[str, Any]], by: Literal["measure", "wording"] = "measure") -> Coverage:
    """What the cases cover; kinds and what stands in the rows in the order in which the set brings them."""
    places = [(str(row.get(by) or ""), str(row.get("kind") or row.get("meta", {}).get("kind") or "question")) for row in rows]
    measures = dict.fromkeys(measure for measure, _ in places)
    ordered = (*(measure for measure in measures if measure), *([""] if "" in measures else []))
    return Coverage(tuple(dict.fromkeys(kind for _, kind in places)), ordered, Counter(places))
