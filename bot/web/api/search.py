"""The search alone, as other programs ask it: passages of the live version, best first, and no judgement whether they answer."""

from typing import Any

from bot.answering.live import Live
from bot.answering.retriever import PassageRetriever

MOST = 50  # passages that one search may bring

Search = Live[PassageRetriever]


def find_passages(search: Search, query: str, limit: int) -> dict[str, Any]:
    """The passages that fit a query best, best first, with the version that they come from; only of articles that are in force."""
    search.look_now_and_then()
    with search.in_use() as retriever:
        documents = retriever.invoke(query)[:limit] if query.strip() else []
        version = retriever.index.version
    return {
        "query": query,
        "version": version,
        "passages": [
            {**document.metadata, "score": round(document.metadata["score"], 4), "text": document.page_content} for document in documents
        ],
    }
