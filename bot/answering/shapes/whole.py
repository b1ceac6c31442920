"""Questions that one clause answers whole: what something is, how it is done, which things there are."""

from collections.abc import Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.evidence import ClauseHit, Library, sentences_of, unique

_MARGIN = 0.03  # of the score: a clause this close to the first one may hold the answer as well


def compose_whole(hits: Sequence[ClauseHit], library: Library, most: int, margin: float = _MARGIN, clauses: int = 2) -> list[Chosen]:
    """At most `most` sentences of the best clause, and of those as good."""
    chosen: list[Chosen] = []
    for hit in hits[:clauses]:
        if hit.score >= hits[0].score - margin and len(chosen) < most:
            chosen += sentences_of(hit, library, most - len(chosen))
    return unique(chosen)
