"""A model's sentences and those of the articles that it words -> both in one answer. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.checking.citations import Citation, Sentence
from bot.llm.drafts import Core, Draft, Place, Reply


@dataclass(frozen=True, slots=True)
class Merged:
    """Sentences with their citations, numbered in the order in which they are cited; `worded` is how many of them are the model's."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    worded: int


def in_order_of(extract: Sequence[Sentence], quoted: Sequence[Citation], reply: Reply, *, whole: bool = False) -> Merged:
    """The model's sentences in the order of what the extract quotes, and where they leave something of that out, the extract's own.

    What they cite of a clause that the extract quotes is shown with the whole of it, since its conditions belong to it. Where the answer
    has to be `whole`, a clause that is said in part only stands in the article's words.
    """
    cited = {citation.n: _within(citation, quoted) for citation in reply.citations}
    rank = {citation: n for n, citation in enumerate(quoted)}
    own = {citation.n: citation for citation in quoted}
    worded = [(sentence, tuple(dict.fromkeys(cited[n] for n in sentence.cites))) for sentence in reply.sentences]
    if whole:
        partly = {citation for citation in quoted if not _is_said(citation, worded)}
        worded = [(sentence, cites) for sentence, cites in worded if not partly.intersection(cites)]
    said = {citation for _, cites in worded for citation in cites}
    left = [(sentence, tuple(own[n] for n in sentence.cites)) for sentence in extract]
    left = [(sentence, cites) for sentence, cites in left if not said.intersection(cites)]
    # Sorting is stable: sentences on one clause keep their order.
    ordered = sorted([*worded, *left], key=lambda entry: min(rank.get(citation, len(rank)) for citation in entry[1]))
    citations = list(dict.fromkeys(citation for _, cites in ordered for citation in cites))
    number = {citation: n for n, citation in enumerate(citations, 1)}
    return Merged(
        tuple(replace(sentence, cites=tuple(number[citation] for citation in cites)) for sentence, cites in ordered),
        tuple(replace(citation, n=n) for citation, n in number.items()),
        len(worded),
    )


def _within(citation: Citation, quoted: Sequence[Citation]) -> Citation:
    """What the extract quotes that the citation stands in, or the citation itself."""
    return next(
        (
            other
            for other in quoted
            if other.passage.article == citation.passage.article and other.start <= citation.start and citation.end <= other.end
        ),
        citation,
    )


def _is_said(citation: Citation, worded: Sequence[tuple[Sentence, tuple[Citation, ...]]]) -> bool:
    """Whether the sentences that rest on a citation say all that it says."""
    place: Place = citation.passage.article, citation.start, citation.end
    own = tuple(sentence for sentence, cites in worded if citation in cites)
    return Core((place,), citation.quote).is_said(Draft(own, ()))
