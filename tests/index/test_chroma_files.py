"""How Chroma lays its files: `Store.copy` copies them, which its documentation does not promise, so another version must be looked at first."""

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from index.documents import Passage, Span
from index.stored.place import Place
from index.stored.store import Store

TOP = Path(__file__).resolve().parents[2]
PINNED = "1.5.9"
SIZE = 1200  # more than the 1000 after which Chroma writes its graph of vectors from memory into files
GRAPH = {"data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin"}
TABLES = {
    "acquire_write", "collection_metadata", "collections", "databases", "embedding_fulltext_search", "embedding_metadata",
    "embedding_metadata_array", "embeddings", "embeddings_queue", "embeddings_queue_config", "maintenance_log", "max_seq_id", "migrations",
    "segment_metadata", "segments", "tenants",
}  # fmt: skip


def passages(name: str, size: int) -> list[Passage]:
    return [Passage(name, n, (), f"第{n}条", 0, 3, (Span(0, 3),)) for n in range(size)]


def vectors(size: int) -> np.ndarray:
    drawn = np.random.default_rng(1).normal(size=(size, 8)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("chroma") / "chroma")
    with closing(Store.create(place)) as store:
        store.write(passages("a", SIZE), vectors(SIZE), vectors(SIZE))
    return place


@pytest.fixture
def database(place: Place) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place.folder / "chroma.sqlite3")) as opened:
        yield opened


def test_chroma_is_the_version_whose_files_are_known() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"chromadb=={PINNED}" in project["dependencies"]
    assert re.search(rf"^chromadb=={re.escape(PINNED)} ", (TOP / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert version("chromadb") == PINNED


def test_store_is_a_database_and_a_folder_for_each_graph(place: Place, database: sqlite3.Connection) -> None:
    graphs = {segment for (segment,) in database.execute("SELECT id FROM segments WHERE scope = 'VECTOR'")}
    assert len(graphs) == 2
    files = {path.relative_to(place.folder).as_posix() for path in place.folder.rglob("*") if path.is_file()}
    assert files == {"chroma.sqlite3"} | {f"{graph}/{file}" for graph in graphs for file in GRAPH}


def test_database_holds_the_tables_that_are_known_and_no_place(place: Place, database: sqlite3.Connection) -> None:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name in tables if not name.startswith("embedding_fulltext_search_")} == TABLES
    assert not [line for line in database.iterdump() if str(place.folder) in line], (
        "a copy would go on writing into the store it was made of"
    )


def test_copy_holds_the_same_and_leaves_the_old_store_alone(place: Place, tmp_path: Path) -> None:
    more = passages("b", 3)
    with closing(Store.open(place)) as old, closing(Store.copy(place, Place(tmp_path / "copied"))) as new:
        assert new.count() == old.count() == (SIZE, SIZE)
        np.testing.assert_array_equal(new.vectors(passages("a", SIZE)), old.vectors(passages("a", SIZE)))
        before = old.nearest_passages(vectors(SIZE)[7], 3)
        assert new.nearest_passages(vectors(SIZE)[7], 3) == before
        new.delete(passages("a", 9))
        new.write(more, vectors(3), vectors(3))
        assert (old.count(), new.count()) == ((SIZE, SIZE), (SIZE - 6, SIZE - 6))
        assert old.nearest_passages(vectors(SIZE)[7], 3) == before
        assert "b#0002" in new.nearest_passages(vectors(3)[2], 1)
