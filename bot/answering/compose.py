"""What the shapes of an answer are put together from: what was read for each thing that is asked, and stretches of articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.reader import Reading
from index.documents import Passage, Span


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question asks, and what was read for it, best first."""

    question: str
    readings: tuple[Reading, ...]

    @property
    def probability(self) -> float:
        """That the articles state it: the best reading's."""
        return self.readings[0].probability if self.readings else 0.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stretch of an article that is quoted, and in it what is shown in bold, as places in the article."""

    passage: Passage
    sentence: Span
    spans: tuple[Span, ...] = ()


def in_order(parts: Sequence[Part]) -> list[Reading]:
    """The readings of all parts, the surest part's first, each sentence once: what is read for the whole question."""
    found: dict[tuple[str, Span], Reading] = {}
    for part in sorted(parts, key=lambda part: -part.probability):
        for reading in part.readings:
            found.setdefault((reading.passage.id, reading.sentence), reading)
    if len(parts) == 1:
        return list(found.values())
    leaders = {(part.readings[0].passage.id, part.readings[0].sentence) for part in parts if part.readings}
    return sorted(found.values(), key=lambda reading: (reading.passage.id, reading.sentence) not in leaders)
