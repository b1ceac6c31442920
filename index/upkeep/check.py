"""Whether an opened index is whole: its parts agree with its manifest, and it finds what it holds."""

from index.encoding.encoder import Encoder
from index.errors import IndexDamagedError
from index.language import Message
from index.search import Index, search


def check_index(index: Index, encoder: Encoder) -> str:
    """A line that says what was checked; raises `IndexDamagedError` when a part is missing, altered or not found again."""
    articles = index.manifest.articles
    expected = (sum(article.passages for article in articles), sum(article.sentences for article in articles))
    if (stored := index.store.count()) != expected:
        raise _damaged(
            Message("check-counts", passages=stored[0], sentences=stored[1], expected_passages=expected[0], expected_sentences=expected[1])
        )
    passages = index.store.passages(index.lexicon.ids)
    if len(passages) != expected[0]:
        raise _damaged(Message("check-passages", count=expected[0] - len(passages)))
    for passage in passages.values():
        if index.article(passage.article).text[passage.start : passage.end] != passage.text:
            raise _damaged(Message("check-place", id=passage.id, start=passage.start, end=passage.end))
    for article in articles[:1]:
        probe = passages[f"{article.id}#0000"]
        question = probe.quote(probe.sentences[0]) if probe.sentences else probe.text
        if probe.id not in [hit.passage.id for hit in search(index, question, encoder.encode_queries([question])[0], k=10)]:
            raise _damaged(Message("check-search", id=probe.id))
    return f"whole: version {index.version}, {len(articles)} articles, {expected[0]} passages, {expected[1]} sentences"


def _damaged(problem: Message) -> IndexDamagedError:
    return IndexDamagedError("index-unsound", problem=problem)
