"""Questions that clauses answer, rather than one sentence: what there is, what something is, how it is done, how two things differ."""

from collections.abc import Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.evidence import ClauseHit, Library, stretch_of
from bot.question.wants import Shape

# How far in score a clause may be behind the first one, and how many are shown, by shape; chosen on the open cases of the seed
# and of the made-up district (both halves). What is further behind is on another matter.
REACH: dict[Shape, tuple[float, int]] = {
    Shape.DIGEST: (0.02, 4),
    Shape.SUMMARY: (0.10, 8),
    Shape.COMPARISON: (0.05, 3),
    Shape.LIST: (0.0, 1),
    Shape.DEFINITION: (0.0, 1),
    Shape.PROCEDURE: (0.0, 1),
}


def compose_clauses(hits: Sequence[ClauseHit], shape: Shape, library: Library) -> list[Chosen]:
    """The clauses that answer, the best one first."""
    margin, most = REACH[shape]
    return [choice for hit in hits[:most] if hit.score >= hits[0].score - margin for choice in stretch_of(hit, library)]


def nearest(hits: Sequence[ClauseHit], least: float, most: int = 3) -> list[Chosen]:
    """What comes nearest to a question that is not answered: the best sentence of each of the best clauses that are on its topic with
    the probability `least`."""
    best = [hit.readings[0] for hit in hits]
    return [Chosen(reading.passage, reading.sentence) for reading in best if reading.related >= least][:most]
