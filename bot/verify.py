"""What may be shown: only sentences whose citations stand in the articles word for word. Pure functions."""

from collections.abc import Callable, Sequence

from bot.citations import Citation, Sentence
from index.documents import Article


def stands(citation: Citation, article: Article) -> bool:
    """Whether the quote is found at its place in the article."""
    return bool(citation.quote) and article.text[citation.start : citation.end] == citation.quote


def keep_supported(sentences: Sequence[Sentence], citations: Sequence[Citation], article: Callable[[str], Article]) -> list[Sentence]:
    """The sentences that cite at least one citation, all of whose citations stand, and whose words are one of the quotes."""
    standing = {citation.n: citation.quote for citation in citations if stands(citation, article(citation.passage.article))}
    return [
        one for one in sentences if one.cites and all(n in standing for n in one.cites) and any(one.text in standing[n] for n in one.cites)
    ]
