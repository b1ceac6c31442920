"""Versions of the index: what a change takes over, going back, letting go, who writes and who reads; on both kinds of store."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildOptions, BuildReport, build, manifest_for
from index.errors import CallError, IndexBusyError, IndexDamagedError, IndexMismatchError, StoreError
from index.plan import BuildRequest
from index.search import Index, search
from index.stored import versions
from index.stored.locks import Holder, lease, unread
from index.stored.manifest import FORMAT, Manifest
from index.stored.place import Place, forget
from index.stored.versions import live, require_live
from index.text.split import SplitSettings
from index.upkeep import history
from index.upkeep.check import check_index
from tests.support.chroma_server import both_stores
from tests.support.fakes import BigramEncoder
from tests.support.writer import article
from tests.tools.kills import kill_once

TOP = Path(__file__).resolve().parents[2]
chroma_url = pytest.fixture(params=["disk", "server"])(both_stores)


def contents(root: Path, version: str) -> dict[str, str]:
    return {article.id: article.title for article in Manifest.read(root / version).articles}


def collections(url: str, root: Path) -> set[str]:
    import chromadb

    client = chromadb.HttpClient("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        own = versions.identity(root) + "-"
        return {collection.name.removeprefix(own) for collection in client.list_collections() if collection.name.startswith(own)}
    finally:
        client.close()


def test_rollback_goes_back_and_forth_and_no_number_comes_twice(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    for serial in (1, 2, 3):
        change(article("甲", serial))
    assert history.rollback(root, chroma_url=chroma_url) == "v000002"
    assert change(article("乙", 1), keep_others=True).version == "v000004"
    assert contents(root, "v000004") == {"甲": "甲 2", "乙": "乙 1"}
    assert history.rollback(root, chroma_url=chroma_url) == "v000002"  # which it was made from, not the one numbered before
    assert history.rollback(root, "v000003", chroma_url) == "v000003"
    assert set(history.prune(root, 1, chroma_url)) == {"v000001", "v000002"}  # the newest and the live one stay
    history.rollback(root, "v000004", chroma_url)
    history.prune(root, 1, chroma_url)
    assert change(article("丙", 1)).version == "v000005"
    with pytest.raises(CallError, match="no version 'v000001': expected one of"):
        history.rollback(root, "v000001", chroma_url)


def test_number_of_a_version_that_was_let_go_is_not_used_again(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    for serial in (1, 2, 3):
        change(article("甲", serial))
    history.rollback(root, "v000001", chroma_url)
    (root / "v000003" / "manifest.json").unlink()  # as if its removal had been cut short
    assert change(article("甲", 4)).version == "v000004"


def test_difference_of_two_versions(change: Callable[..., BuildReport], root: Path) -> None:
    change(article("甲", 1), article("乙", 1), article("丙", 1))
    change(article("甲", 1), article("乙", 2), article("丁", 1))
    found = history.difference(root, "v000001", "v000002")
    assert [[article.id for article in part] for part in (found.added, found.changed, found.removed)] == [["丁"], ["乙"], ["丙"]]
    back = history.difference(root, "v000002", "v000001")
    assert (back.added, back.removed) == (history.difference(root, "v000001", "v000002").removed, found.added)


def test_damaged_version_is_not_gone_back_to(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    change(article("甲", 1))
    change(article("甲", 2))
    (root / "v000001" / "lexicon" / "ids.json").write_text("[", "utf-8")
    with pytest.raises(IndexDamagedError, match="lexical index"):
        history.rollback(root, chroma_url=chroma_url)
    assert require_live(root).name == "v000002"


@pytest.mark.parametrize("part", ["manifest.json", "lexicon/counts.npy", "chroma/chroma.sqlite3", "background.npy", "articles", ""])
def test_full_build_mends_an_index_that_is_damaged(root: Path, encoder: BigramEncoder, part: str) -> None:
    build(BuildRequest([article("甲", 1), article("乙", 1)]), root, encoder, SplitSettings())
    shutil.move(root / "v000001" / part, root / "lost")
    with pytest.raises(IndexDamagedError, match="build"):
        build(BuildRequest([article("丙", 1)], keep_others=True), root, encoder, SplitSettings())
    assert build(BuildRequest([article("甲", 1), article("乙", 1)]), root, encoder, SplitSettings()).version == "v000002"
    index = Index.open(require_live(root))
    assert check_index(index, encoder)
    index.close()


def test_full_build_does_without_the_server_that_held_the_vectors(root: Path, encoder: BigramEncoder, chroma_address: str) -> None:
    build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings(), BuildOptions(chroma_url=chroma_address))
    report = build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    assert (report.changed, report.unchanged) == (("甲",), ())
    index = Index.open(require_live(root))
    assert check_index(index, encoder)
    index.close()


def test_full_build_anew_encodes_what_has_not_changed(change: Callable[..., BuildReport], encoder: BigramEncoder) -> None:
    change(article("甲", 1))
    encoder.encoded.clear()
    assert change(article("甲", 1), anew=True).changed == ("甲",)
    assert encoder.encoded


def test_version_of_an_older_form_is_refused_and_a_full_build_makes_it_anew(root: Path, encoder: BigramEncoder) -> None:
    build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    manifest = root / "v000001" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(f'"format": {FORMAT}', '"format": 2'), "utf-8")
    (root / "v000001" / "lexicon" / "counts.npy").unlink()  # as form 2 had none
    for refused in (
        lambda: Index.open(require_live(root)),
        lambda: Index.open(require_live(root), manifest_for(encoder, SplitSettings())),
        lambda: build(BuildRequest([article("乙", 1)], keep_others=True), root, encoder, SplitSettings()),
        lambda: history.rollback(root, "v000001"),
    ):
        with pytest.raises(IndexMismatchError, match=f"format: the index has 2, the settings say {FORMAT}.*python -m index build"):
            refused()
    report = build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    assert (report.version, report.changed) == ("v000002", ("甲",))
    assert report.anew == f"format: the index has 2, the settings say {FORMAT}"
    index = Index.open(require_live(root))
    assert check_index(index, encoder)
    index.close()


def test_version_that_is_read_is_not_removed(
    change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str
) -> None:
    change(article("甲", 1))
    index = Index.open_live(root, chroma_url=chroma_url)
    for serial in (2, 3, 4):
        change(article("甲", serial), keep=1)
    assert [folder.name for folder in versions.kept(root)] == ["v000004", "v000001"]
    assert search(index, "甲的补贴", encoder.encode_queries(["甲的补贴"])[0], 1)[0].passage.title == "甲 1"
    assert index.article("甲").title == "甲 1"
    index.close()
    assert history.prune(root, 1, chroma_url) == ["v000001"]
    if chroma_url:
        assert collections(chroma_url, root) == {"v000004-passages", "v000004-sentences"}


def test_version_that_is_being_removed_is_not_opened(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    change(article("甲", 1))
    with unread(require_live(root)) as free:
        assert free
        with pytest.raises(IndexDamagedError, match="is being removed"):
            Index.open(require_live(root), chroma_url=chroma_url)
    held = lease(require_live(root))
    assert held is not None
    with unread(require_live(root)) as free:
        assert not free
    os.close(held)


def test_interruption_leaves_the_old_version_live(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    change(article("甲", 1))

    class Interrupted(BigramEncoder):
        def encode_passages(self, texts: object, progress: bool = False) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(BuildRequest([article("甲", 2)]), root, Interrupted(), SplitSettings(), BuildOptions(chroma_url=chroma_url))
    assert [folder.name for folder in root.glob("v*")] == ["v000001"]
    assert change(article("甲", 2)).version == "v000002"


def test_lock_of_a_killed_writer_is_free_and_one_that_lives_is_named(root: Path, encoder: BigramEncoder) -> None:
    script = (
        "import sys, time; from pathlib import Path; from index.stored.versions import writing\n"
        f"with writing(Path({str(root)!r})) as folder: print(folder.name, flush=True); time.sleep(60)"
    )
    writer = subprocess.Popen([sys.executable, "-c", script], cwd=TOP, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "v000001\n"
    with pytest.raises(IndexBusyError, match=f"by process {writer.pid} on "):
        build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert Holder(**json.loads((root / "writer.json").read_text("utf-8"))).gone
    assert build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings()).version == "v000001"
    assert not (root / "writer.json").exists()


def test_index_moves_from_disk_to_a_server_with_the_next_change(root: Path, encoder: BigramEncoder, chroma_address: str) -> None:
    build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    encoder.encoded.clear()
    build(BuildRequest([article("乙", 1)], keep_others=True), root, encoder, SplitSettings(), BuildOptions(chroma_url=chroma_address))
    assert not any("甲" in text for text in encoder.encoded)
    with pytest.raises(IndexMismatchError, match="v000002 is on a Chroma server: say which in LIANGCE_CHROMA_URL"):
        Index.open(require_live(root))
    index = Index.open(require_live(root), chroma_url=chroma_address)
    assert check_index(index, encoder)
    index.close()
    assert history.rollback(root, chroma_url=chroma_address) == "v000001"
    Index.open(require_live(root), chroma_url=chroma_address).close()


def test_indexes_that_share_a_server_leave_each_other_alone(tmp_path: Path, encoder: BigramEncoder, chroma_address: str) -> None:
    for name in ("one", "two", "one"):
        build(
            BuildRequest([article("甲", random.randrange(10**9))]),
            tmp_path / name,
            encoder,
            SplitSettings(),
            BuildOptions(keep=1, chroma_url=chroma_address),
        )
    assert collections(chroma_address, tmp_path / "one") == {"v000002-passages", "v000002-sentences"}
    assert collections(chroma_address, tmp_path / "two") == {"v000001-passages", "v000001-sentences"}


def test_server_that_does_not_answer_is_named(root: Path, encoder: BigramEncoder) -> None:
    with pytest.raises(StoreError, match=r"'http://127\.0\.0\.1:9' does not answer"):
        forget("http://127.0.0.1:9", "x", [])
    with pytest.raises(StoreError, match="LIANGCE_CHROMA_URL"):
        build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings(), BuildOptions(chroma_url="http://127.0.0.1:9"))
    assert live(root) is None
    assert str(Place(Path("a"), "http://h", "n")) == "'n' on the Chroma server http://h"


def test_killed_writer_leaves_a_whole_version_that_answers(root: Path, chroma_url: str) -> None:
    draw, done = random.Random(7), 0
    for seed in range(9):
        within = 2.0 if seed < 3 else 3.0 * seed  # on a busy machine the first may all be killed before they have done anything
        done += kill_once(root, chroma_url, seed, draw, within)["done"]
        if seed >= 2 and done:
            break
    assert done > 0
