"""Two things set side by side: the clauses that together speak of most of what a question names."""

from collections.abc import Mapping, Sequence

from bot.answering.shapes.evidence import ClauseHit, Library
from index.stored.lexicon import coverage
from index.text.terms import terms

# What it counts, beside a clause's rank, that it holds words of the question that no clause before it holds; of the question's weight.
_NEW_WORDS = 0.5


def sides(hits: Sequence[ClauseHit], question: str, library: Library, margin: float, most: int) -> list[ClauseHit]:
    """The first clause, and those that bring most of what is missing in the question's words, each within `margin` of the first."""
    weights = library.lexicon.weights(question)
    near = [hit for hit in hits if hit.score >= hits[0].score - margin]
    chosen, left = near[:1], near[1:]
    while left and len(chosen) < most:
        held = set[str]().union(*(_terms(hit, library) for hit in chosen))
        best = max(left, key=lambda hit: hit.score + _NEW_WORDS * _gain(weights, held, hit, library))
        left.remove(best)
        chosen.append(best)
    return chosen


def _gain(weights: Mapping[str, float], held: set[str], hit: ClauseHit, library: Library) -> float:
    return coverage(weights, held | _terms(hit, library)) - coverage(weights, held)


def _terms(hit: ClauseHit, library: Library) -> set[str]:
    text = library.article(hit.clause.article).text
    return set(terms("\n".join((*hit.clause.path, text[hit.clause.start : hit.clause.end]))))
