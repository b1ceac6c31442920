"""Versions of the index: what a change takes over, going back, letting go, who writes and who reads; on both kinds of store."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import both_stores
from fakes import GARDEN, HARBOUR, BigramEncoder, source
from kills import kill_once
from typer.testing import CliRunner
from writer import article

from index import history, versions
from index.__main__ import app
from index.articles import read_article
from index.build import BuildReport, build, manifest_for
from index.check import check_index
from index.documents import Status
from index.errors import CallError, IndexBusyError, IndexDamagedError, IndexMismatchError, StoreError
from index.lexicon import TermTable
from index.locks import Holder, lease, unread
from index.read import Source
from index.search import Index, search
from index.split import SplitSettings
from index.store import Place, forget
from index.validity import ids_in_force
from index.versions import Manifest, live, require_live

TOP = Path(__file__).resolve().parent.parent
chroma_url = pytest.fixture(params=["disk", "server"])(both_stores)


@pytest.fixture
def change(root: Path, encoder: BigramEncoder, chroma_url: str) -> Callable[..., BuildReport]:
    def run(*sources: Source, **how: object) -> BuildReport:
        return build(sources, root, encoder, SplitSettings(), chroma_url=chroma_url, **how)  # type: ignore[arg-type]

    return run


def contents(root: Path, version: str) -> dict[str, str]:
    return {one.id: one.title for one in Manifest.read(root / version).articles}


def collections(url: str, root: Path) -> set[str]:
    import chromadb

    client = chromadb.HttpClient("127.0.0.1", int(url.rpartition(":")[2]))
    try:
        own = versions.identity(root) + "-"
        return {one.name.removeprefix(own) for one in client.list_collections() if one.name.startswith(own)}
    finally:
        client.close()


def test_sync_tells_what_became_of_each_article(change: Callable[..., BuildReport], encoder: BigramEncoder) -> None:
    change(article("甲", 1), article("乙", 1), article("丙", 1))
    encoder.encoded.clear()
    report = change(article("丁", 1), article("甲", 1), article("乙", 2))
    assert (report.added, report.changed, report.removed, report.unchanged) == (("丁",), ("乙",), ("丙",), ("甲",))
    assert {text.split("\n")[0].split()[0] for text in encoder.encoded if "\n" in text} == {"丁", "乙"}


def test_removed_article_leaves_nothing_behind(
    change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str
) -> None:
    change(source("garden", GARDEN), source("harbour", HARBOUR))
    report = change(keep_others=True, remove=["garden"])
    assert (report.removed, report.unchanged) == (("garden",), ("harbour",))
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert check_index(index, encoder)
    assert index.store.passages([f"garden#{n:04d}" for n in range(9)]) == {}
    assert {name.partition("#")[0] for name in index.store.nearest_sentences(encoder.encode_queries(["口袋公园"])[0], 99)} == {"harbour"}
    assert not index.lexicon.holds("口袋公园")
    assert len(list((require_live(root) / "articles").iterdir())) == 1
    index.close()
    with pytest.raises(CallError, match="no article 'garden' in the index: nothing was changed"):
        change(keep_others=True, remove=["garden"])


def test_withdrawn_article_is_left_out_of_answers_at_no_cost(
    change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str
) -> None:
    change(source("garden", GARDEN), source("harbour", HARBOUR))
    encoder.encoded.clear()
    report = change(keep_others=True, status={"garden": Status.WITHDRAWN, "harbour": Status.IN_FORCE})
    assert (report.changed, report.unchanged, encoder.encoded) == (("garden",), ("harbour",), [])
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert index.article("garden").meta.status is Status.WITHDRAWN
    assert ids_in_force(index.manifest.articles, date(2026, 1, 1)) == {"harbour"}
    assert check_index(index, encoder)
    index.close()
    assert read_article(root / "v000001", "garden").meta.status is Status.IN_FORCE, "the version before it is as it was"
    assert change(keep_others=True, status={"garden": Status.WITHDRAWN}).version == report.version
    assert change(source("garden", GARDEN), keep_others=True).changed == ("garden",), "the file says again that it is in force"


def test_last_article_can_be_removed(change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str) -> None:
    change(source("garden", GARDEN))
    change(keep_others=True, remove=["garden"])
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert search(index, "口袋公园", encoder.encode_queries(["口袋公园"])[0], 5) == []
    index.close()
    assert change(source("harbour", HARBOUR), keep_others=True).added == ("harbour",)


def test_version_copied_and_version_written_afresh_answer_alike(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.write._WORTH_COPYING", 0)
    before = [article(name, 1) for name in "甲乙丙丁戊己庚辛壬癸"]
    after = [article("乙", 2), *before[2:], source("harbour", HARBOUR)]
    copied, afresh = tmp_path / "copied", tmp_path / "afresh"
    monkeypatch.setattr("index.write._MOST_REPLACED", 1.0)
    build(before, copied, encoder, SplitSettings())
    build(after, copied, encoder, SplitSettings())
    build(after, afresh, encoder, SplitSettings())
    assert Manifest.read(require_live(copied)).replaced > 0 == Manifest.read(require_live(afresh)).replaced
    one, other = (Index.open(require_live(root)) for root in (copied, afresh))
    assert check_index(one, encoder)
    np.testing.assert_allclose(one.background, other.background, atol=1e-6)
    for question in ("乙的补贴标准是多少", "夜间装卸预约", "丙由哪个办公室受理"):
        vector = encoder.encode_queries([question])[0]
        found, wanted = (search(index, question, vector, 5) for index in (one, other))
        assert [hit.passage for hit in found] == [hit.passage for hit in wanted]
        np.testing.assert_allclose([hit.score for hit in found], [hit.score for hit in wanted], atol=1e-5)
    one.close()
    other.close()


def test_terms_of_texts_that_stay_are_as_if_cut_anew() -> None:
    old, new = {"a": "花园城市", "b": "港口新规", "c": "夜间装卸"}, {"b": "港口旧规", "d": "口袋公园"}
    ids = ["d", "a", "b"]
    merged = TermTable.of(old).in_order(TermTable.of(new), ids)
    anew = TermTable.of({name: {**old, **new}[name] for name in ids})
    assert (merged.ids, set(merged.vocabulary)) == (ids, set(anew.vocabulary))
    for question in ("花园", "港口旧规", "口袋", "夜间装卸"):
        np.testing.assert_allclose(merged.lexicon().scores(question), anew.lexicon().scores(question), rtol=1e-6)


def test_bm25_is_what_bm25s_computes() -> None:
    import bm25s

    from index.lexicon import K1, B, terms

    texts = {"a": "花园城市花园", "b": "港口新规规定夜间装卸", "c": "花园港口"}
    theirs = bm25s.BM25(k1=K1, b=B, method="lucene")
    theirs.index([terms(text) for text in texts.values()], show_progress=False)
    lexicon = TermTable.of(texts).lexicon()
    for question in ("花园", "港口规定", "夜间花园"):
        np.testing.assert_allclose(lexicon.scores(question), theirs.get_scores(terms(question)), rtol=1e-5)


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
    assert [[one.id for one in part] for part in (found.added, found.changed, found.removed)] == [["丁"], ["乙"], ["丙"]]
    back = history.difference(root, "v000002", "v000001")
    assert (back.added, back.removed) == (history.difference(root, "v000001", "v000002").removed, found.added)


def test_damaged_version_is_not_gone_back_to(change: Callable[..., BuildReport], root: Path, chroma_url: str) -> None:
    change(article("甲", 1))
    change(article("甲", 2))
    (root / "v000001" / "lexicon" / "ids.json").write_text("[", "utf-8")
    with pytest.raises(IndexDamagedError, match="lexical index"):
        history.rollback(root, chroma_url=chroma_url)
    assert require_live(root).name == "v000002"


@pytest.mark.parametrize("part", ["manifest.json", "lexicon/terms.npy", "chroma/chroma.sqlite3", "background.npy", "articles", ""])
def test_full_build_mends_an_index_that_is_damaged(root: Path, encoder: BigramEncoder, part: str) -> None:
    build([article("甲", 1), article("乙", 1)], root, encoder, SplitSettings())
    shutil.move(root / "v000001" / part, root / "lost")
    with pytest.raises(IndexDamagedError, match="build"):
        build([article("丙", 1)], root, encoder, SplitSettings(), keep_others=True)
    assert build([article("甲", 1), article("乙", 1)], root, encoder, SplitSettings()).version == "v000002"
    index = Index.open(require_live(root))
    assert check_index(index, encoder)
    index.close()


def test_full_build_does_without_the_server_that_held_the_vectors(root: Path, encoder: BigramEncoder, chroma_address: str) -> None:
    build([article("甲", 1)], root, encoder, SplitSettings(), chroma_url=chroma_address)
    report = build([article("甲", 1)], root, encoder, SplitSettings())
    assert (report.changed, report.unchanged) == (("甲",), ())
    index = Index.open(require_live(root))
    assert check_index(index, encoder)
    index.close()


def test_full_build_anew_encodes_what_has_not_changed(change: Callable[..., BuildReport], encoder: BigramEncoder) -> None:
    change(article("甲", 1))
    encoder.encoded.clear()
    assert change(article("甲", 1), anew=True).changed == ("甲",)
    assert encoder.encoded


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
        build([article("甲", 2)], root, Interrupted(), SplitSettings(), chroma_url=chroma_url)
    assert [folder.name for folder in root.glob("v*")] == ["v000001"]
    assert change(article("甲", 2)).version == "v000002"


def test_lock_of_a_killed_writer_is_free_and_one_that_lives_is_named(root: Path, encoder: BigramEncoder) -> None:
    script = (
        "import sys, time; from pathlib import Path; from index.versions import writing\n"
        f"with writing(Path({str(root)!r})) as folder: print(folder.name, flush=True); time.sleep(60)"
    )
    writer = subprocess.Popen([sys.executable, "-c", script], cwd=TOP, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "v000001\n"
    with pytest.raises(IndexBusyError, match=f"by process {writer.pid} on "):
        build([article("甲", 1)], root, encoder, SplitSettings())
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert Holder(**json.loads((root / "writer.json").read_text("utf-8"))).gone
    assert build([article("甲", 1)], root, encoder, SplitSettings()).version == "v000001"
    assert not (root / "writer.json").exists()


def test_index_moves_from_disk_to_a_server_with_the_next_change(root: Path, encoder: BigramEncoder, chroma_address: str) -> None:
    build([article("甲", 1)], root, encoder, SplitSettings())
    encoder.encoded.clear()
    build([article("乙", 1)], root, encoder, SplitSettings(), keep_others=True, chroma_url=chroma_address)
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
        build([article("甲", random.randrange(10**9))], tmp_path / name, encoder, SplitSettings(), keep=1, chroma_url=chroma_address)
    assert collections(chroma_address, tmp_path / "one") == {"v000002-passages", "v000002-sentences"}
    assert collections(chroma_address, tmp_path / "two") == {"v000001-passages", "v000001-sentences"}


def test_server_that_does_not_answer_is_named(root: Path, encoder: BigramEncoder) -> None:
    with pytest.raises(StoreError, match=r"'http://127\.0\.0\.1:9' does not answer"):
        forget("http://127.0.0.1:9", "x", [])
    with pytest.raises(StoreError, match="LIANGCE_CHROMA_URL"):
        build([article("甲", 1)], root, encoder, SplitSettings(), chroma_url="http://127.0.0.1:9")
    assert live(root) is None
    assert str(Place(Path("a"), "http://h", "n")) == "'n' on the Chroma server http://h"


def test_commands_list_compare_go_back_and_show_old_articles(tmp_path: Path, encoder: BigramEncoder) -> None:
    root = tmp_path / "index"
    for serial in (1, 2):
        build([article("甲", serial)], root, encoder, SplitSettings())

    def said(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
        assert done.exit_code == code, done.output
        return done.output

    rows = json.loads(said("versions", "--json"))
    assert [(row["name"], row["live"], row["parent"]) for row in rows] == [("v000002", True, "v000001"), ("v000001", False, "")]
    assert said("diff", "v000001", "v000002").startswith("changed  甲  ")
    assert "每人1元" in said("show", "甲", "--version", "v000001")
    assert "每人2元" in said("show", "甲")
    assert said("rollback") == "live: version v000001\n"
    assert "甲 1" in said("list")
    assert "甲 2" in said("list", "--version", "v000002")
    assert said("prune", "--keep", "1").startswith("removed: 0")
    assert "no version 'v000009'" in said("rollback", "v000009", code=2)
    assert "no folder" in said("sync", str(tmp_path / "nowhere"), code=2)


def test_killed_writer_leaves_a_whole_version_that_answers(root: Path, chroma_url: str) -> None:
    draw = random.Random(7)
    seen = [kill_once(root, chroma_url, seed, draw) for seed in range(3)]
    assert sum(one["done"] for one in seen) > 0


def test_commands_tell_what_sync_would_do_withdraw_and_list_who_did_what(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.__main__._encoder", lambda settings: encoder)
    folder, data = tmp_path / "folder", tmp_path / "data"
    folder.mkdir()
    (folder / "garden.md").write_text(GARDEN, "utf-8")
    (folder / "harbour.md").write_text(HARBOUR, "utf-8")

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(data)])
        assert done.exit_code == code, done.output
        return done.output

    assert "added: 2  garden, harbour" in run("sync", str(folder), "--dry-run")
    assert live(data / "index") is None
    run("sync", str(folder))
    (folder / "harbour.md").unlink()
    (folder / "garden.md").write_text(GARDEN + "\n新增一处公园。\n", "utf-8")
    (folder / "empty.md").write_text("", "utf-8")
    told = run("sync", str(folder), code=1)
    assert "'" + str(folder / "empty.md") + "' is empty" in told
    assert "nothing was changed" in told
    assert "changed: 1  garden\nremoved: 1  harbour" in run("sync", str(folder), "--dry-run", code=1)
    assert "no folder" in run("sync", str(folder / "garden.md"), code=2)
    run("withdraw", "garden")
    assert "garden  (date unknown)  withdrawn" in run("list")
    run("withdraw", "garden", "--undo")
    assert "there is no article 'nowhere'" in run("withdraw", "nowhere", code=2)
    run("rollback", "v000001")
    deeds = json.loads(run("audit", "--json"))
    assert [(one["articles"], one["version"]) for one in deeds] == [
        (["garden", "harbour"], "v000001"), (["garden"], "v000002"), (["garden"], "v000003"), ([], "v000001"),
    ]  # fmt: skip
    assert all(one["who"] for one in deeds)
    assert "v000003" in run("audit")
