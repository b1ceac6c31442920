"""Open questions: what there is for somebody. The clauses that help most, each by the sentences that matter."""

from collections.abc import Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.evidence import ClauseHit, Library, sentences_of, unique

MOST_CLAUSES = 8
MOST_SENTENCES = 8
_FIRST, _OTHERS = 4, 2  # sentences that are shown of the first clause, and of each other one
_MARGIN = 0.10  # of the score: a clause further behind the first one is on another matter


def compose_digest(hits: Sequence[ClauseHit], library: Library, margin: float = _MARGIN) -> list[Chosen]:
    """The sentences of the clauses that help, the best clause's first."""
    chosen: list[Chosen] = []
    for place, hit in enumerate(hits[:MOST_CLAUSES]):
        if hit.score < hits[0].score - margin:
            break
        own = sentences_of(hit, library, _OTHERS if place else _FIRST)
        if len(chosen) + len(own) > MOST_SENTENCES:
            break
        chosen += own
    return unique(chosen)
