"""What came of each case of a run."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    `error` is the traceback of a crash, and then nothing else is known. `outcome` is the object of the machine contract; `cites`
    are the citation numbers of each sentence of the answer, `standing` says of each citation whether its quote stands at its
    offsets. `readings` are the best sentences, `would_say` those that are shown where nothing is refused, both as
    {"article", "quote", "probability"}. `rankings` are the ids of articles and passages by leg of the search, best first;
    `relevant` those of the passages that state a need, and `uncovered` how many needs no passage states.
    """

    id: str
    error: str = ""
    outcome: dict[str, Any] = field(default_factory=dict)
    cites: list[list[int]] = field(default_factory=list)
    standing: list[bool] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    would_say: list[dict[str, Any]] = field(default_factory=list)
    rankings: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    relevant: list[str] = field(default_factory=list)
    uncovered: int = 0


def record(file: TextIO, result: CaseResult) -> None:
    """Add one result, on the disk before the next case is asked."""
    file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
    file.flush()
