"""The vectors of one index version in Chroma on disk. Chroma's types stay in this module."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.documents import Kind, Passage, Span
from index.encoder import Vectors
from index.errors import IndexDamagedError

_PASSAGES, _SENTENCES = "passages", "sentences"
_PAGE = 4000  # rows a call: Chroma takes at most 5,461 at once, and reads fail above 32,766


class Store:
    """Passages with their vectors, and the vectors of their sentences, in one folder."""

    def __init__(self, client: Any, folder: Path) -> None:
        self._client, self._folder = client, folder
        self._passages = client.get_collection(_PASSAGES, embedding_function=None)
        self._sentences = client.get_collection(_SENTENCES, embedding_function=None)

    @classmethod
    def create(cls, folder: Path) -> "Store":
        """A new, empty store in `folder`. Vectors are always handed in: Chroma's own model would be a download."""
        client = _client(folder)
        for name in (_PASSAGES, _SENTENCES):
            configuration = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 200}}
            client.create_collection(name, embedding_function=None, configuration=configuration)
        return cls(client, folder)

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """The store in `folder`; raises `IndexDamagedError` when it cannot be opened."""
        # Chroma would make a new, empty store in a folder that has none.
        if not (folder / "chroma.sqlite3").is_file():
            raise IndexDamagedError(f"there is no Chroma store in {str(folder)!r}: rebuild it with python -m index build")
        try:
            return cls(_client(folder), folder)
        except Exception as error:  # Chroma raises errors of its own, of SQLite and of its compiled part
            raise IndexDamagedError(
                f"the Chroma store in {str(folder)!r} cannot be opened ({error}): rebuild it with python -m index build"
            ) from error

    def write(self, passages: Sequence[Passage], vectors: Vectors, sentence_vectors: Vectors) -> None:
        """Store passages with their vectors and those of their sentences, (sum of sentences, dimension) in the passages' order."""
        rows = [(passage.id, _to_metadata(passage), passage.text) for passage in passages]
        for part in _parts(len(rows)):
            ids, metadatas, documents = zip(*rows[part], strict=True)
            self._passages.upsert(ids=list(ids), embeddings=vectors[part], metadatas=list(metadatas), documents=list(documents))
        owners = [(f"{passage.id}/{n:03d}", {"passage": passage.id}) for passage in passages for n in range(len(passage.sentences))]
        for part in _parts(len(owners)):
            ids, metadatas = zip(*owners[part], strict=True)
            self._sentences.upsert(ids=list(ids), embeddings=sentence_vectors[part], metadatas=list(metadatas))

    def count(self) -> tuple[int, int]:
        """How many passages and how many sentences are stored."""
        return self._passages.count(), self._sentences.count()

    def nearest_passages(self, vector: Vectors, k: int, among: Sequence[str] | None = None) -> dict[str, float]:
        """The ids of the `k` passages nearest to a vector of shape (dimension,), each with its cosine, best first.

        `among` are the ids of the passages that may be found; all of them where it is None.
        """
        only = {} if among is None else {"ids": list(among)}
        return {found: score for found, score, _ in self._nearest(self._passages, vector, k, only)}

    def nearest_sentences(self, vector: Vectors, k: int, among: Sequence[str] | None = None) -> dict[str, float]:
        """The ids of the passages that hold the `k` nearest sentences, each with its best cosine, best first; `among` as above."""
        only = {} if among is None else {"where": {"passage": {"$in": list(among)}}}
        best: dict[str, float] = {}
        for _, score, metadata in self._nearest(self._sentences, vector, k, only):
            best.setdefault(metadata["passage"], score)
        return best

    def _nearest(self, collection: Any, vector: Vectors, k: int, only: dict[str, Any]) -> Iterator[tuple[str, float, Any]]:
        k = min(k, collection.count())
        if not k:
            return
        found = collection.query(query_embeddings=vector[None, :], n_results=k, include=["distances", "metadatas"], **only)
        for row, distance, metadata in zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True):
            yield row, 1.0 - float(distance), metadata  # the one place where Chroma's cosine distance becomes a similarity

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids, by id; an id that is not stored is left out."""
        found: dict[str, Passage] = {}
        for part in _parts(len(ids)):
            rows = self._passages.get(ids=list(ids[part]), include=["metadatas", "documents"])
            for metadata, text in zip(rows["metadatas"], rows["documents"], strict=True):
                passage = _from_metadata(metadata, text)
                found[passage.id] = passage
        return found

    def vectors(self, passages: Sequence[Passage]) -> Vectors:
        """(n_passages, dimension) stored vectors, in the order given."""
        return _vectors_of(self._passages, [passage.id for passage in passages])

    def sentence_vectors(self, passages: Sequence[Passage]) -> Vectors:
        """(sum of sentences, dimension) stored vectors, in the order given."""
        return _vectors_of(self._sentences, [f"{passage.id}/{n:03d}" for passage in passages for n in range(len(passage.sentences))])

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _parts(size: int) -> Iterator[slice]:
    return (slice(start, start + _PAGE) for start in range(0, size, _PAGE))


def _vectors_of(collection: Any, ids: Sequence[str]) -> Vectors:
    stored: dict[str, Any] = {}
    for part in _parts(len(ids)):
        rows = collection.get(ids=list(ids[part]), include=["embeddings"])
        stored.update(zip(rows["ids"], rows["embeddings"], strict=True))
    if missing := [row for row in ids if row not in stored]:
        raise IndexDamagedError(
            f"{len(missing)} vectors are missing from the index, the first {missing[0]!r}: rebuild it with python -m index build"
        )
    return np.array([stored[row] for row in ids], np.float32)


def _to_metadata(passage: Passage) -> dict[str, Any]:
    # Chroma keeps flat values only.
    return {
        "article": passage.article,
        "ordinal": passage.ordinal,
        "title": passage.title,
        "path": json.dumps(passage.path, ensure_ascii=False),
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind.value,
        "sentences": json.dumps([[span.start, span.end] for span in passage.sentences]),
        "leads": json.dumps(passage.leads if any(passage.leads) else (), ensure_ascii=False),
    }


def _from_metadata(metadata: Any, text: str) -> Passage:
    return Passage(
        article=metadata["article"],
        ordinal=metadata["ordinal"],
        path=tuple(json.loads(metadata["path"])),
        text=text,
        start=metadata["start"],
        end=metadata["end"],
        sentences=tuple(Span(*span) for span in json.loads(metadata["sentences"])),
        kind=Kind(metadata["kind"]),
        title=metadata["title"],
        leads=tuple(json.loads(metadata["leads"])),
    )
