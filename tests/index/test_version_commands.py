"""The commands that change the index and tell of its versions."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.__main__ import app
from index.build import build, manifest_for
from index.documents import Status
from index.plan import BuildRequest
from index.reading.sources import read_path
from index.search import Index
from index.stored.articles import read_article
from index.stored.versions import live, require_live
from index.text.split import SplitSettings
from index.upkeep.check import check_index
from index.upkeep.originals import SHELF, put
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source
from tests.support.writer import article


def test_commands_list_compare_go_back_and_show_old_articles(tmp_path: Path, encoder: BigramEncoder) -> None:
    root = tmp_path / "index"
    for serial in (1, 2):
        build(BuildRequest([article("甲", serial)]), root, encoder, SplitSettings())

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
        assert done.exit_code == code, done.output
        return done.output

    rows = json.loads(run("versions", "--json"))
    assert [(row["name"], row["live"], row["parent"]) for row in rows] == [("v000002", True, "v000001"), ("v000001", False, "")]
    assert run("diff", "v000001", "v000002").startswith("changed  甲  ")
    assert "每人1元" in run("show", "甲", "--version", "v000001")
    assert "每人2元" in run("show", "甲")
    assert run("rollback") == "live: version v000001\n"
    assert "甲 1" in run("list")
    assert "甲 2" in run("list", "--version", "v000002")
    assert run("prune", "--keep", "1").startswith("removed: 0")
    assert "no version 'v000009'" in run("rollback", "v000009", code=2)
    assert "no folder" in run("sync", str(tmp_path / "nowhere"), code=2)


def test_commands_tell_what_sync_would_do_withdraw_and_list_who_did_what(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.__main__.load_encoder_of", lambda settings: encoder)
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
    refused = run("sync", str(folder), code=1)
    assert "'" + str(folder / "empty.md") + "' is empty" in refused
    assert "nothing was changed" in refused
    assert "changed: 1  garden\nremoved: 1  harbour" in run("sync", str(folder), "--dry-run", code=1)
    assert "no folder" in run("sync", str(folder / "garden.md"), code=2)
    run("withdraw", "garden")
    assert "garden  (date unknown)  withdrawn" in run("list")
    run("withdraw", "garden", "--undo")
    assert "there is no article 'nowhere'" in run("withdraw", "nowhere", code=2)
    run("rollback", "v000001")
    entries = json.loads(run("audit", "--json"))
    assert [(entry["articles"], entry["version"]) for entry in entries] == [
        (["garden", "harbour"], "v000001"), (["garden"], "v000002"), (["garden"], "v000003"), ([], "v000001"),
    ]  # fmt: skip
    assert all(entry["who"] for entry in entries)
    assert "v000003" in run("audit")


def test_add_replaces_another_text_only_where_it_is_told_to(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.__main__.load_encoder_of", lambda settings: encoder)
    data = tmp_path / "data"

    def add(folder: str, text: str, *options: str) -> tuple[int, str]:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "通知.md").write_text(text, "utf-8")
        done = CliRunner().invoke(app, ["add", str(tmp_path / folder), *options, "--data", str(data)])
        return done.exit_code, done.stderr

    assert add("a", GARDEN) == (0, "")
    code, told = add("b", HARBOUR)
    assert code == 2
    assert "1 of these articles are held already, with another text: 通知" in told
    assert "say --replace" in told
    assert "口袋公园" in CliRunner().invoke(app, ["show", "通知", "--data", str(data)]).output
    assert add("b", HARBOUR, "--replace") == (0, "")
    assert "口袋公园" not in CliRunner().invoke(app, ["show", "通知", "--data", str(data)]).output
    assert add("b", HARBOUR, "--region", "青山区") == (0, ""), "the same text with other things known of it"


def test_index_of_an_older_form_is_upgraded_from_what_is_kept(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, shelf = tmp_path / "index", tmp_path / SHELF
    (tmp_path / "page.txt").write_text(HARBOUR, "utf-8")
    put(shelf, "page", tmp_path / "page.txt", {})
    page, gone = read_path(shelf)[0], source("gone", GARDEN, published="2022", status=Status.WITHDRAWN)
    build(BuildRequest([gone, page]), root, encoder, SplitSettings())
    before = {name: read_article(require_live(root), name) for name in ("gone", "page")}
    manifest = root / "v000001" / "manifest.json"
    values = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(values | {"format": 3, "of_old": 1}), "utf-8")  # a field that is no more
    monkeypatch.setattr("index.__main__.load_encoder_of", lambda settings: encoder)
    done = CliRunner().invoke(app, ["upgrade", "--data", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (0, "")
    index = Index.open(require_live(root), manifest_for(encoder, SplitSettings()))
    assert check_index(index, encoder)
    index.close()
    after = {name: read_article(require_live(root), name) for name in before}
    assert [(each.meta, each.text, each.blocks) for each in after.values()] == [
        (each.meta, each.text, each.blocks) for each in before.values()
    ]
    assert (after["page"].sha256, after["gone"].sha256 == before["gone"].sha256) == (before["page"].sha256, False)
    assert "unchanged: 2" in CliRunner().invoke(app, ["upgrade", "--data", str(tmp_path)]).output
    assert build(BuildRequest([gone], keep_others=True), root, encoder, SplitSettings()).changed == ("gone",), (
        "its file is read once it is there"
    )
