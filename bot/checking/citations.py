"""Sentences of articles as numbered citations, the text that carries their numbers, and whether they stand in their articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.documents import Article, Passage, Span


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted sentence: number `n` in its answer, and `quote == article.text[start:end]`."""

    n: int
    passage: Passage
    quote: str
    start: int
    end: int
    title: str
    publisher: str
    published: str
    status_note: tuple[str, str] = ("", "")  # what became of its article, in Chinese and in English, such as 已废止, withdrawn
    confidence: float | None = None  # of the words, where they were recognised in a picture


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that it rests on; `bold` are the places of the words that answer."""

    text: str
    cites: tuple[int, ...]
    bold: tuple[Span, ...] = ()

    def marked(self) -> str:
        """The sentence with its numbers behind it, such as 共办结3000余件。[1]"""
        return self.text + "".join(f"[{n}]" for n in self.cites)


def cite(
    n: int, passage: Passage, sentence: Span, publisher: str = "", published: str = "", status_note: tuple[str, str] = ("", "")
) -> Citation:
    """Citation number `n` of a sentence of a passage."""
    return Citation(n, passage, passage.quote(sentence), sentence.start, sentence.end, passage.title, publisher, published, status_note)


def marked_text(sentences: Sequence[Sentence]) -> str:
    """The sentences of an answer, one a line, each with its numbers."""
    return "\n".join(sentence.marked() for sentence in sentences)


def stands(citation: Citation, article: Article) -> bool:
    """Whether the quote is found at its place in the article."""
    return bool(citation.quote) and article.text[citation.start : citation.end] == citation.quote


def keep_supported(sentences: Sequence[Sentence], citations: Sequence[Citation], article: Callable[[str], Article]) -> list[Sentence]:
    """The sentences that cite at least one citation, all of whose citations stand, and whose words are one of the quotes."""
    quotes = {citation.n: citation.quote for citation in citations if stands(citation, article(citation.passage.article))}
    return [
        sentence
        for sentence in sentences
        if sentence.cites and all(n in quotes for n in sentence.cites) and any(sentence.text in quotes[n] for n in sentence.cites)
    ]
