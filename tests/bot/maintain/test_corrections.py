"""Correcting what is published: what was typed stays, the texts are compared, and what would be lost is asked about first."""

import threading
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.maintain.changes import difference
from bot.maintain.maintenance import SHELF, Maintenance
from bot.maintain.tabs.articles import Articles
from bot.maintain.tabs.publish import Publishing
from bot.maintain.uploads import FIELDS
from bot.settings import Settings
from bot.web.accounts.users import Role, User
from index.build import build
from index.documents import Status
from index.errors import CallError
from index.plan import BuildRequest
from index.reading.sources import read_path
from index.search import Index
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

RULES = "# 白河创业补贴办法\n\n一、对象\n\n登记未满三年的企业可以申请。\n\n二、标准\n\n每户补贴8000元。\n"
MENDED = RULES.replace("8000", "9000")
TYPED = {"publisher": "白河市人社局", "published": "2021-03", "expires": "2027-12-31", "source": "https://example.test/1"}
WHO: Any = SimpleNamespace(state=SimpleNamespace(user=User("王工", frozenset({Role.PUBLISH}))))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def work(settings: Settings, encoder: BigramEncoder) -> Maintenance:
    build(BuildRequest([source("garden", GARDEN, publisher="青山区", expires="2028")]), settings.index, encoder, SplitSettings())
    return Maintenance(settings, encoder)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def told(events: Any) -> str:
    """What the last event of a button says."""
    *_, last = events
    return str(last[0] if isinstance(last, tuple) else last)


def test_corrected_file_keeps_what_was_typed_of_the_old_one(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    work.publish([write(tmp_path / "a", "rules.txt", RULES)], [TYPED | {"title": "创业补贴办法"}], "王工")
    mended = write(tmp_path / "b", "rules.txt", MENDED)
    (seen,) = work.look([mended])
    assert (seen.change, seen.replaces) == ("changed", True)
    assert {name: seen.form[name] for name in (*TYPED, "title")} == TYPED | {"title": "创业补贴办法"}
    work.publish([mended], [dict(seen.form) | {"published": "2024"}], "王工", confirmed=True)
    meta = work.article("rules").meta
    assert (meta.publisher, meta.published, meta.expires, meta.title) == ("白河市人社局", "2024", "2027-12-31", "创业补贴办法")
    (kept,) = read_path(settings.data / SHELF)
    assert (kept.meta.expires, "9000" in kept.text) == ("2027-12-31", True)


def test_article_that_was_not_put_in_here_keeps_what_is_known_of_it_too(work: Maintenance, tmp_path: Path) -> None:
    (seen,) = work.look([write(tmp_path, "garden.txt", GARDEN + "\n新的一段。\n")])
    assert (seen.form["publisher"], seen.form["expires"]) == ("青山区", "2028")


def test_what_a_corrected_file_says_of_itself_counts_before_what_was_typed(work: Maintenance, tmp_path: Path) -> None:
    work.publish([write(tmp_path / "a", "rules.md", RULES)], [TYPED], "王工")
    (seen,) = work.look([write(tmp_path / "b", "rules.md", "---\nexpires: 2029-01-01\n---\n" + MENDED)])
    assert (seen.form["expires"], seen.form["publisher"]) == ("2029-01-01", "白河市人社局")


def test_withdrawn_article_stays_withdrawn_when_it_is_corrected(work: Maintenance, tmp_path: Path) -> None:
    work.publish([write(tmp_path / "a", "rules.txt", RULES)], [], "王工")
    work.restate("rules", Status.WITHDRAWN, "王工")
    (seen,) = work.look([write(tmp_path / "b", "rules.txt", MENDED)])
    assert seen.form["status"] == "withdrawn"


def test_replacing_is_asked_about_and_cancelling_changes_nothing(work: Maintenance, tmp_path: Path) -> None:
    page = Publishing(work)
    first, mended = write(tmp_path / "a", "rules.txt", RULES), write(tmp_path / "b", "rules.txt", MENDED)
    assert "已发布1篇" in told(page.publish(WHO, [str(first)]))
    (asked,) = page.publish(WHO, [str(mended)])
    assert (asked[2].visible, asked[4]) == (True, "publish")
    assert "1篇已有的文章会换成新的内容" in asked[3]
    with pytest.raises(CallError, match="1 articles are replaced"):
        work.publish([mended], [], "王工")
    assert "8000" in work.article("rules").text
    assert "已发布1篇" in told(page.confirmed(WHO, [str(mended)]))
    assert "9000" in work.article("rules").text


def test_difference_shows_the_words_that_changed() -> None:
    shown = difference(
        work_text := "甲。\n每户补贴8000元。\n乙。\n丙。\n丁。", work_text.replace("8000", "9000").replace("\n丁。", "\n丁。\n<b>。")
    )
    assert "每户补贴<del>8000</del><ins>9000</ins>元。" in shown
    assert "<ins>&lt;b&gt;。</ins>" in shown
    assert "删去或改动1段，新增或改动2段" in shown
    assert "正文没有变" in difference(work_text, work_text)


def test_zip_is_taken_with_a_form_for_each_file(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("a/rules.md", RULES)
        packed.writestr("harbour.txt", HARBOUR)
        packed.writestr("articles.toml", '[[article]]\nid = "port"\nfile = "harbour.txt"\npublisher = "港务局"\n')
        packed.writestr("empty.txt", "")
    seen = {one.file: one for one in work.look([tmp_path / "all.zip"])}
    assert set(seen) == {"all.zip/a/rules.md", "all.zip/harbour.txt", "all.zip/empty.txt"}
    assert (seen["all.zip/harbour.txt"].form["id"], seen["all.zip/harbour.txt"].form["publisher"]) == ("port", "港务局")
    assert "is empty" in str(seen["all.zip/empty.txt"].problem)
    with zipfile.ZipFile(tmp_path / "good.zip", "w") as packed:
        packed.writestr("a/rules.md", RULES)
        packed.writestr("harbour.txt", HARBOUR)
    looked = work.look([tmp_path / "good.zip"])
    forms = [dict(one.form) | {"region": f"第{n}区"} for n, one in enumerate(looked)]
    work.publish([tmp_path / "good.zip"], forms, "王工")
    kept = {one.meta.id: one.meta.region for one in read_path(settings.data / SHELF)}
    assert kept == {one.form["id"]: f"第{n}区" for n, one in enumerate(looked)}


def test_edit_changes_what_is_known_and_keeps_text_and_file(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    work.publish([write(tmp_path, "rules.txt", RULES)], [TYPED], "王工")
    page = Articles(work)
    _, *values = page.chosen("rules")[: 1 + len(FIELDS)]
    values = [
        "白河新标题" if name == "title" else "2030" if name == "expires" else value for name, value in zip(FIELDS, values, strict=True)
    ]
    assert "已修改rules" in told(page.do(WHO, "edit", "rules", *values))
    article = work.article("rules")
    assert (article.meta.title, article.meta.expires, article.meta.publisher) == ("白河新标题", "2030", "白河市人社局")
    assert "每户补贴8000元" in article.text
    index = Index.open(require_live(settings.index))
    try:
        (hit,) = index.store.passages(index.passage_ids(["rules"])[:1]).values()
        assert hit.title == "白河新标题"
    finally:
        index.close()
    (kept,) = read_path(settings.data / SHELF)
    assert (kept.meta.title, kept.meta.expires) == ("白河新标题", "2030")
    assert work.audit()[0].what == "edit"


def test_deleted_article_is_gone_from_index_shelf_and_older_versions(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    work.publish([write(tmp_path, "rules.txt", RULES)], [], "王工")
    work.restate("garden", Status.WITHDRAWN, "王工")
    lost = [loss.what.in_language("zh") for loss in work.lost_by_deleting("rules")]
    assert lost[0].startswith(f"文章和它的{work.articles()[1].passages}个段落会永久删除")
    assert lost[1] == "含有它的1个旧版本也会删除，不能再退回"
    work.delete("rules", "王工")
    assert [entry.id for entry in work.articles()] == ["garden"]
    assert [version.name for version in work.versions()] == ["v000004", "v000001"]
    assert [path.name for path in (settings.data / SHELF).iterdir()] == ["articles.toml"]
    assert not any("8000" in path.read_text("utf-8", "replace") for path in settings.index.rglob("*.json"))


def test_deleting_waits_for_those_who_read_an_older_version(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    work.publish([write(tmp_path, "rules.txt", RULES)], [], "王工")
    reading = Index.open(require_live(settings.index))
    assert work.delete("rules", "王工", patience=0) == ["v000002"]
    reading.close()
    work.publish([write(tmp_path, "rules.txt", RULES)], [], "王工")
    reading = Index.open(require_live(settings.index))
    closing = threading.Timer(0.1, reading.close)
    closing.start()
    assert work.delete("rules", "王工") == []
    closing.join()
    assert {version.articles for version in work.versions()} == {1}


def test_going_back_says_what_is_lost_and_publishing_afterwards_asks(work: Maintenance, tmp_path: Path) -> None:
    files = [write(tmp_path, f"{name}.txt", f"# {name}号办法\n\n{name}号补贴每户8000元。\n") for name in "甲乙丙"]
    work.publish(files, [], "王工")
    (lost,) = work.lost_by_rolling_back("v000001")
    assert (lost.what.in_language("zh"), lost.articles) == ("退回v000001后，这3篇文章没有了", ("甲号办法", "乙号办法", "丙号办法"))
    work.roll_back("v000001", "王工")
    other = write(tmp_path, "harbour.txt", HARBOUR)
    (asked,) = Publishing(work).publish(WHO, [str(other)])
    assert "这3篇文章只在更新的版本里，发布后仍然没有" in asked[3]
    with pytest.raises(CallError, match="3 articles of newer versions will still be missing"):
        work.publish([other], [], "王工")
    work.publish([other], [], "王工", confirmed=True)
    assert work.lost_by_publishing([]) == []


def test_what_ends_soon_is_listed_the_earliest_first(work: Maintenance, settings: Settings, encoder: BigramEncoder) -> None:
    known = {"a": "2026-12-31", "b": "2026-11-01", "c": "2027-12-31", "d": ""}
    sources = [source(name, f"# {name}\n\n{HARBOUR}{name}", expires=expires) for name, expires in known.items()]
    coming = source("e", HARBOUR + "e", effective="2027-01-01")
    gone = source("f", HARBOUR + "f", expires="2026-12-01", status=Status.WITHDRAWN)
    build(BuildRequest([*sources, coming, gone]), settings.index, encoder, SplitSettings())
    assert [entry.id for entry in work.ending(date(2026, 11, 24))] == ["b", "a", "e"]


def test_repealed_article_is_marked_superseded_only_where_it_is_ticked(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    work.publish([write(tmp_path, "rules.txt", RULES)], [], "王工")
    following = write(tmp_path, "new.txt", "# 白河创业新规\n\n第一条 每户补贴9000元。\n\n第二条 《白河创业补贴办法》同时废止。\n")
    page = Publishing(work)
    ((row,), problem) = page.look(WHO, [str(following)])
    assert (row["repeals"], row["ticked"], problem) == ([("《白河创业补贴办法》", "rules")], [], "")
    boxes = [row["form"][name] for name in FIELDS]
    assert "已发布1篇" in told(page.publish(WHO, [str(following)], *boxes, ["garden"])), "what the file does not repeal cannot be ticked"
    assert {entry.id: entry.status for entry in work.articles()} == dict.fromkeys(("garden", "new", "rules"), "in force")
    assert page.look(WHO, [str(following)], *boxes, ["rules"])[0][0]["ticked"] == ["rules"]
    before = len(work.audit())
    told(page.draft(WHO, [str(following)], *boxes, ["rules"]))
    assert (work.article("rules").meta.status, len(work.audit())) == (Status.IN_FORCE, before)
    *_, (_, _, _, asked, _) = page.publish(WHO, [str(following)], *boxes, ["rules"])
    assert "这1篇已有的文章会标为被取代，不再用来回答<br><small>白河创业补贴办法" in asked
    told(page.confirmed(WHO, [str(following)], *boxes, ["rules"]))
    meta = work.article("rules").meta
    assert (meta.status, meta.superseded_by, work.article("new").meta.status) == (Status.SUPERSEDED, "《白河创业新规》", Status.IN_FORCE)
    noted = work.audit()[0]
    assert (noted.who, noted.what, noted.articles) == ("王工", "supersede", ("rules",))
    kept = {original.meta.id: original.meta for original in read_path(settings.data / SHELF)}
    assert (kept["rules"].status, kept["rules"].superseded_by) == (Status.SUPERSEDED, "《白河创业新规》")
    assert page.look(WHO, [str(following)])[0][0]["repeals"] == [], "it is not in force any more"


def test_who_may_only_look_on_has_no_file_parsed(work: Maintenance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, page = str(write(tmp_path, "rules.txt", RULES)), Publishing(work)
    editor, viewer = (SimpleNamespace(state=SimpleNamespace(user=User("李工", frozenset({role})))) for role in (Role.EDIT, Role.VIEW))
    assert page.look(editor, [file])[1] == ""
    assert "需要" in told(page.publish(editor, [file]))
    monkeypatch.setattr(work, "look", lambda *given: pytest.fail("a file was read"))
    rows, problem = page.look(viewer, [file])
    assert (rows, "需要" in problem) == ([], True)
    for press in (page.draft, page.publish, page.confirmed):
        assert "需要" in told(press(viewer, [file]))
