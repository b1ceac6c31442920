"""The search as a LangChain retriever, so that it can stand in anybody's chain."""

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from bot.timing import stage
from index.documents import Hit
from index.encoding.encoder import Encoder
from index.search import Index, search
from index.validity import InForce


class PassageDocument(Document):
    """A passage as LangChain knows it; `hit` carries it whole, with its scores, and is left out when the document is serialised."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    hit: Hit = Field(exclude=True)


class PassageRetriever(BaseRetriever):
    """Question -> the `k` passages that fit it best, best first, of the articles that are in force.

    Without `in_force`, what is in force today counts. Metadata of each document: `article`, `title`, `publisher`, `published`,
    `region`, `status`, `effective`, `expires`, `section`, `start` and `end` (characters in the article's text), `score`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Any  # an opened Index; pydantic would copy a declared class's fields into its schema
    encoder: Any  # an Encoder
    k: int = 8
    within: frozenset[str] | None = None  # ids of the articles that are searched; None: all
    in_force: Any = None  # an InForce: asked with each question for the ids of the articles that are in force

    def model_post_init(self, context: Any) -> None:
        """What is in force today counts, unless the call says otherwise."""
        if self.in_force is None:
            self.in_force = InForce(self.index.manifest.articles, date.today)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        index: Index = self.index
        encoder: Encoder = self.encoder
        with stage("encode"):
            vector = encoder.encode_queries([query])[0]
        with stage("search"):
            return [to_document(index, hit) for hit in search(index, query, vector, self.k, within=self._allowed())]

    def _allowed(self) -> frozenset[str] | None:
        in_force: frozenset[str] | None = self.in_force()
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
