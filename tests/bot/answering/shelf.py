"""A library of one article, and readings of its sentences, without an index or a reader."""

from bot.reading.reader import Reading
from index.build import to_article
from index.documents import Article, Metadata, Passage, Span
from index.reading.sources import ArticleSource
from index.stored.lexicon import Lexicon
from index.text.clauses import ClauseMap, clauses_of
from index.text.split import split


class Shelf:
    """A library of one article, which is split as the index splits it."""

    def __init__(self, text: str) -> None:
        self._article = to_article(ArticleSource(Metadata("a", title="题"), text, ""))

    @property
    def lexicon(self) -> Lexicon:
        return Lexicon.build({passage.id: passage.to_embed() for passage in self.passages("a")})

    def article(self, name: str) -> Article:
        return self._article

    def clauses(self, name: str) -> ClauseMap:
        return clauses_of(self._article)

    def passages(self, name: str) -> tuple[Passage, ...]:
        return tuple(split(self._article))

    def read(self, words: str, score: float = 1.0, probability: float = 0.9, answer: str = "") -> Reading:
        """A reading of the sentence that holds `words`, in which `answer` is marked."""
        for passage in self.passages("a"):
            for sentence in passage.sentences:
                if words in passage.quote(sentence):
                    start = passage.start + passage.text.index(answer, sentence.start - passage.start) if answer else 0
                    return Reading(passage, sentence, Span(start, start + len(answer)) if answer else None, probability, score)
        raise AssertionError(words)
