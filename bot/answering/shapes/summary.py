"""What an article says in short: a line from each of its parts that matter, in its own order."""

from collections.abc import Sequence

from bot.answering.shapes.evidence import ClauseHit


def lines_of(hits: Sequence[ClauseHit], margin: float, most: int) -> list[ClauseHit]:
    """The clauses of the article of the first one that rank within `margin` of it, at most `most`, in the order of the article."""
    article = hits[0].clause.article
    own = [hit for hit in hits if hit.clause.article == article and hit.score >= hits[0].score - margin]
    return sorted(own[:most], key=lambda hit: hit.clause.start)
