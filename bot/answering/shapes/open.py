"""Questions that clauses answer, rather than one sentence: what there is, what something is, how it is done, how two things differ."""

from collections.abc import Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.comparison import sides
from bot.answering.shapes.evidence import ClauseHit, Library, run_of, stretch_of, within_passages
from bot.answering.shapes.stated import Extent
from bot.answering.shapes.summary import summarise
from bot.question.wants import Shape
from bot.reading.reader import Reading

REACH: dict[Shape, Extent] = {
    Shape.DIGEST: Extent(260, 0.3, 1.0, 8),
    Shape.SUMMARY: Extent(120, 0.3, 2.0, 8),
    Shape.COMPARISON: Extent(260, 0.3, 2.0, 2),
    Shape.LIST: Extent(400, 0.3, 0.0, 1),
    Shape.DEFINITION: Extent(260, 0.3, 0.0, 1),
    Shape.PROCEDURE: Extent(400, 0.3, 0.0, 1),
}
_RUN = 700  # characters of a list that is shown whole, its items and steps together
_BESIDE = 1 / 3  # of the probability that what comes nearest is on the topic: so much is asked of what stands beside it
_LIKELY = 0.5
_WITH_RUN = frozenset({Shape.LIST, Shape.PROCEDURE})


def help_score(reading: Reading) -> float:
    """What sentences are ranked by for an open question."""
    return reading.help_score


def close_clauses(hits: Sequence[ClauseHit], shape: Shape, question: str, library: Library, least: float = 0.0) -> list[ClauseHit]:
    """The clauses that belong in an answer, the best first: the first, and those that rank near it and help with the probability `least`."""
    extent = REACH[shape]
    if shape is Shape.COMPARISON:
        return sides(hits, question, library, extent.margin, extent.most)
    return [hit for hit in hits if hit is hits[0] or (hit.score >= hits[0].score - extent.margin and hit.readings[0].helps >= least)]


def compose_clauses(
    hits: Sequence[ClauseHit], shape: Shape, question: str, library: Library, least: float = 0.0
) -> tuple[list[Chosen], int]:
    """What is quoted of the clauses that answer, the best one first, or for a summary in the order of the article; and how many more there
    are than are shown. Lists and steps are shown whole."""
    extent = REACH[shape]
    if shape is Shape.SUMMARY:
        return summarise(hits, question, library, extent.margin, extent.most), 0
    close = close_clauses(hits, shape, question, library, least)
    chosen: list[Chosen] = []
    for hit in close[: extent.most]:
        run = run_of(hit, library, _RUN) if shape in _WITH_RUN else None
        if run:
            chosen += within_passages(hit.clause.article, run, library)
        else:
            chosen += stretch_of(hit, library, extent.whole, help_score, extent.nearly)
    return chosen, max(0, len(close) - extent.most) if extent.most > 1 else 0


def nearest(hits: Sequence[ClauseHit], least: float, most: int = 3) -> list[Chosen]:
    """What comes nearest to a question that is not answered: the best sentence of each of the best clauses, where one of them is on its topic
    with the probability `least`; those beside it may be so less surely."""
    best = [(hit.readings[0], _on_topic(hit.readings[0])) for hit in hits]
    if not any(on_topic >= least for _, on_topic in best):
        return []
    return [Chosen(reading.passage, reading.sentence) for reading, on_topic in best if on_topic >= _BESIDE * least][:most]


def _on_topic(reading: Reading) -> float:
    """The probability that a sentence is on the topic: what is likelier than not to state or help is, though it may share no word with a
    question that is misspelt or in another language."""
    return max(reading.related, *(found for found in (reading.probability, reading.helps) if found >= _LIKELY), 0.0)
