"""The search as a LangChain retriever, so that it can stand in anybody's chain."""

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from bot.question.conditions import years_named
from bot.timing import stage
from index.documents import Hit
from index.encoding.encoder import Vectors
from index.search import Index, search
from index.text.terms import fold
from index.validity import InForce

_KEPT = 64  # vectors of questions


class PassageDocument(Document):
    """A passage as LangChain knows it; `hit` carries it whole, with its scores, and is left out when the document is serialised."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    hit: Hit = Field(exclude=True)


class PassageRetriever(BaseRetriever):
    """Question -> the `k` passages that fit it best, best first, of the articles that are in force; those of a past year that it names
    are searched too.

    Without `in_force`, what is in force today counts. Metadata of each document: `article`, `title`, `publisher`, `published`,
    `region`, `status`, `effective`, `expires`, `section`, `start` and `end` (characters in the article's text), `score`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Any  # an opened Index; pydantic would copy a declared class's fields into its schema
    encoder: Any  # an Encoder
    k: int = 8
    within: frozenset[str] | None = None  # ids of the articles that are searched; None: all
    in_force: Any = None  # an InForce: asked with each question for the ids of the articles that are in force

    _vectors: dict[str, Vectors] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any) -> None:
        """What is in force today counts, unless the call says otherwise."""
        if self.in_force is None:
            self.in_force = InForce(self.index.manifest.articles, date.today)

    def encode(self, query: str) -> Vectors:
        """The vector (dimension,) of a question; those of the last ones are kept, since a question is looked at more than once."""
        if query not in self._vectors:
            self._vectors[query] = self.encoder.encode_queries([query])[0]
            while len(self._vectors) > _KEPT:
                self._vectors.pop(next(iter(self._vectors)), None)
        return self._vectors[query]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        index: Index = self.index
        with stage("encode"):
            vector = self.encode(query)
        with stage("search"):
            return [to_document(index, hit) for hit in search(index, query, vector, self.k, within=self._allowed(query))]

    def _allowed(self, query: str) -> frozenset[str] | None:
        in_force: frozenset[str] | None = self.in_force(years_named(fold(query)))
        if in_force is None or self.within is None:
            return self.within if in_force is None else in_force
        return self.within & in_force


def to_document(index: Index, hit: Hit) -> PassageDocument:
    """A hit as a document: the passage's text, and in its metadata where it stands."""
    passage, meta = hit.passage, index.article(hit.passage.article).meta
    metadata = {
        "article": passage.article,
        "title": meta.title,
        "publisher": meta.publisher,
        "published": meta.published,
        "region": meta.region,
        "status": meta.status.value,
        "effective": meta.effective,
        "expires": meta.expires,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
    }
    return PassageDocument(id=passage.id, page_content=passage.text, metadata=metadata, hit=hit)
