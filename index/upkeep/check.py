"""Whether an opened index is whole: its parts agree with its manifest, and it finds what it holds."""

from index.encoding.encoder import Encoder
from index.errors import IndexDamagedError
from index.search import Index, search


def check_index(index: Index, encoder: Encoder) -> str:
    """A line that says what was checked; raises `IndexDamagedError` when a part is missing, altered or not found again."""
    articles = index.manifest.articles
    expected = (sum(article.passages for article in articles), sum(article.sentences for article in articles))
    if (stored := index.store.count()) != expected:
        raise _damaged(f"it holds {stored[0]} passages and {stored[1]} sentences, its manifest says {expected[0]} and {expected[1]}")
    passages = index.store.passages(index.lexicon.ids)
    if len(passages) != expected[0]:
        raise _damaged(f"{expected[0] - len(passages)} passages of the lexical index are not in the store")
    for passage in passages.values():
        if index.article(passage.article).text[passage.start : passage.end] != passage.text:
            raise _damaged(f"passage {passage.id!r} does not stand in its article at [{passage.start}, {passage.end})")
    for article in articles[:1]:
        probe = passages[f"{article.id}#0000"]
        question = probe.quote(probe.sentences[0]) if probe.sentences else probe.text
        if probe.id not in [hit.passage.id for hit in search(index, question, encoder.encode_queries([question])[0], k=10)]:
            raise _damaged(f"a sentence of passage {probe.id!r} does not find it again")
    return f"whole: version {index.version}, {len(articles)} articles, {expected[0]} passages, {expected[1]} sentences"


def _damaged(what: str) -> IndexDamagedError:
    return IndexDamagedError(f"the index is damaged: {what}; rebuild it with python -m index build")
