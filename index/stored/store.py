"""The vectors of one index version in Chroma, on disk or on a server; Chroma's types stay here and in `index/stored/place.py`."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.documents import BlockKind, Passage, Span
from index.encoding.encoder import Vectors
from index.errors import IndexDamagedError
from index.progress import steps
from index.stored.place import Place, connect

_PASSAGES, _SENTENCES = "passages", "sentences"
_DATABASE = "chroma.sqlite3"
_PAGE = 4000  # rows a call: Chroma takes at most 5,461 at once, and reads fail above 32,766


class Store:
    """Passages with their vectors, and the vectors of their sentences, of one version."""

    def __init__(self, client: Any, place: Place) -> None:
        self._client, self._place = client, place
        self._copied: tempfile.TemporaryDirectory[str] | None = None
        self._passages = client.get_collection(place.collection(_PASSAGES), embedding_function=None)
        self._sentences = client.get_collection(place.collection(_SENTENCES), embedding_function=None)

    @classmethod
    def create(cls, place: Place) -> "Store":
        """A new, empty store. Vectors are always handed in: Chroma's own model would be a download."""
        client = connect(place)
        for what in (_PASSAGES, _SENTENCES):
            configuration = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 200}}
            client.create_collection(place.collection(what), embedding_function=None, configuration=configuration)
        return cls(client, place)

    @classmethod
    def open(cls, place: Place) -> "Store":
        """The store in a place; raises `IndexDamagedError` when it cannot be opened, `StoreError` when the server does not answer."""
        # Chroma would make a new, empty store in a folder that has none.
        if not place.url and not (place.folder / _DATABASE).is_file():
            raise IndexDamagedError("store-missing", place=place)
        if not place.url and not os.access(place.folder, os.W_OK):
            return cls._open_copy(place)
        client = connect(place)
        try:
            return cls(client, place)
        except Exception as error:  # Chroma raises errors of its own, of SQLite and of its compiled part
            client.close()
            raise IndexDamagedError("store-unreadable", place=place, error=error) from error

    @classmethod
    def _open_copy(cls, place: Place) -> "Store":
        """The store in a folder that cannot be written, as a copy that is removed when it is closed: Chroma opens none without writing."""
        copied = tempfile.TemporaryDirectory(prefix="liangce-store-")
        try:
            shutil.copytree(place.folder, copied.name, dirs_exist_ok=True, copy_function=shutil.copyfile)
            store = cls.open(Place(Path(copied.name)))
        except BaseException:
            copied.cleanup()
            raise
        store._copied = copied
        return store

    @classmethod
    def copy(cls, old: Place, new: Place) -> "Store":
        """A store on disk with all that another one on disk holds, which may be read meanwhile but not written.

        The files are copied: adding 57,000 articles again takes minutes, since their graph would be built anew. Chroma has no call for
        it and promises nothing about its files, so pyproject.toml names its exact version, and tests/index/test_chroma_files.py says
        what this relies on: beside the SQLite database one folder a graph, no place named in either, and nothing else.
        """
        shutil.copytree(old.folder, new.folder, ignore=shutil.ignore_patterns(_DATABASE + "*"))
        source, target = (sqlite3.connect(place.folder / _DATABASE) for place in (old, new))
        with closing(source), closing(target):
            source.backup(target)  # a whole state, with what a journal beside it may hold
        return cls.open(new)

    def write(self, passages: Sequence[Passage], vectors: Vectors, sentence_vectors: Vectors, progress: bool = False) -> None:
        """Store passages with their vectors and those of their sentences, (sum of sentences, dimension) in the passages' order."""
        rows = [(passage.id, _to_metadata(passage), passage.text) for passage in passages]
        for part in steps(list(_parts(len(rows))), "storing passages", progress):
            ids, metadatas, documents = zip(*rows[part], strict=True)
            self._passages.upsert(ids=list(ids), embeddings=vectors[part], metadatas=list(metadatas), documents=list(documents))
        owners = [(sentence, {"passage": passage.id}) for passage in passages for sentence in _sentence_ids(passage)]
        for part in steps(list(_parts(len(owners))), "storing sentences", progress):
            ids, metadatas = zip(*owners[part], strict=True)
            self._sentences.upsert(ids=list(ids), embeddings=sentence_vectors[part], metadatas=list(metadatas))

    def take_over(self, other: "Store", ids: Sequence[str], progress: bool = False) -> NDArray[np.float64]:
        """Store what another store holds of those passages, a page at a time; the sum of the vectors of their sentences.

        Raises `IndexDamagedError` where some are missing.
        """
        total = np.zeros(1)
        for part in steps(list(_parts(len(ids), _PAGE // 4)), "taking over passages", progress):
            passages = list(other.passages(ids[part]).values())
            if len(passages) < len(ids[part]):
                raise IndexDamagedError("store-passages-missing", place=other._place)
            sentence_vectors = other.sentence_vectors(passages)
            self.write(passages, other.vectors(passages), sentence_vectors)
            total = total + sentence_vectors.sum(axis=0, dtype=np.float64)
        return total

    def delete(self, passages: Sequence[Passage]) -> None:
        """Take passages and their sentences out."""
        for collection, ids in (
            (self._passages, [passage.id for passage in passages]),
            (self._sentences, [sentence for passage in passages for sentence in _sentence_ids(passage)]),
        ):
            for part in _parts(len(ids)):
                collection.delete(ids=ids[part])

    def count(self) -> tuple[int, int]:
        """How many passages and how many sentences are stored; raises `IndexDamagedError` when they cannot be counted."""
        try:
            return self._passages.count(), self._sentences.count()
        except Exception as error:  # as above
            raise IndexDamagedError("store-uncounted", place=self._place, error=error) from error

    def probe(self) -> None:
        """Raise `IndexDamagedError` unless a vector that is stored is found again."""
        for collection in (self._passages, self._sentences):
            rows = collection.get(limit=1, include=["embeddings"])
            if rows["ids"]:
                vector = np.asarray(rows["embeddings"][0], np.float32)
                if all(score < 0.99 for _, score, _ in self._nearest(collection, vector, 1, {})):
                    raise IndexDamagedError("store-not-found-again", place=self._place, id=rows["ids"][0])

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
        return _vectors_of(self._sentences, [sentence for passage in passages for sentence in _sentence_ids(passage)])

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()
        if self._copied:
            self._copied.cleanup()


def _parts(size: int, page: int = _PAGE) -> Iterator[slice]:
    return (slice(start, start + page) for start in range(0, size, page))


def _sentence_ids(passage: Passage) -> list[str]:
    return [f"{passage.id}/{n:03d}" for n in range(len(passage.sentences))]


def _vectors_of(collection: Any, ids: Sequence[str]) -> Vectors:
    stored: dict[str, Any] = {}
    for part in _parts(len(ids)):
        rows = collection.get(ids=list(ids[part]), include=["embeddings"])
        stored.update(zip(rows["ids"], rows["embeddings"], strict=True))
    if missing := [row for row in ids if row not in stored]:
        raise IndexDamagedError("store-vectors-missing", count=len(missing), id=missing[0])
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
        kind=BlockKind(metadata["kind"]),
        title=metadata["title"],
        leads=tuple(json.loads(metadata["leads"])),
    )
