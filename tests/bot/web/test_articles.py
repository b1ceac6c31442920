"""Whole articles as the page opens them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.settings import Settings
from bot.web.articles import GoneError, Place, blocks, holdings, look_for, metadata, open_article, places
from bot.web.render import amended
from index.build import BuildOptions, build
from index.plan import BuildRequest
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

TODAY = date(2026, 6, 1)


def test_article_is_opened_in_the_version_that_was_cited(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("garden", GARDEN), source("harbour", HARBOUR)]), settings.index, encoder, SplitSettings())
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings(), BuildOptions(keep=2))
    live, old = (open_article(settings.index, "garden", version) for version in ("", "v000001"))
    assert (live.version, live.live, old.version, old.live) == ("v000002", True, "v000001", False)
    assert ["15处" in opened.article.text for opened in (live, old)] == [False, True]
    assert live.passages[0].start == 0
    with pytest.raises(GoneError, match="article") as gone:
        open_article(settings.index, "harbour", "")
    assert not gone.value.live
    assert open_article(settings.index, "harbour", "v000001").article.id == "harbour"
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings(), BuildOptions(keep=1))
    for name, version, held in (("garden", "v000001", True), ("harbour", "v000001", False), ("garden", "../../etc", True)):
        with pytest.raises(GoneError, match="version") as gone:
            open_article(settings.index, name, version)
        assert gone.value.live == held


def test_amended_article_says_by_which_one(settings: Settings, encoder: BigramEncoder) -> None:
    rules = "# 白河市停车办法\n\n第五条 每小时1元。\n"
    change = "# 关于修改《白河市停车办法》的决定\n\n将第五条修改为：“第五条 每小时2元。”\n"
    later, earlier = source("later", change, published="2024-01"), source("earlier", change, published="2019")
    build(BuildRequest([source("rules", rules, published="2021")]), settings.index, encoder, SplitSettings())
    build(BuildRequest([later, earlier], keep_others=True), settings.index, encoder, SplitSettings())
    for version in ("", "v000001"):
        (one,) = open_article(settings.index, "rules", version).about(TODAY)["amendments"]
        assert (one.article, one.clauses) == ("later", ("第五条",))
    link = '<a class="open" href="?article=later" lang="zh-CN">《关于修改{}《白河市停车办法》的决定》</a>'
    assert amended(one, "zh") == f"第五条已由{link.format('')}修改（2024年1月）。"
    evil = replace(one, clauses=(), title=one.title.replace("修改", "修改<b>"))
    assert amended(evil, "en") == f"This article was amended by {link.format('&lt;b&gt;')} (2024-01)."
    assert open_article(settings.index, "later", "").amendments == ()


def test_what_is_held_is_told(settings: Settings, encoder: BigramEncoder) -> None:
    assert holdings(settings.index).count == 0
    build(
        BuildRequest([source("garden", GARDEN, published="2022-05"), source("harbour", HARBOUR)]), settings.index, encoder, SplitSettings()
    )
    held = holdings(settings.index)
    assert (held.version, held.count, held.year) == ("v000001", 2, "2022")
    assert [meta.id for meta in metadata(require_live(settings.index))] == ["garden", "harbour"]


def test_places_of_an_address_are_marked_in_the_blocks_that_hold_them(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings())
    opened = open_article(settings.index, "garden", "")
    text = opened.article.text
    sentence = text.index("15处")
    marked = places(opened, f"2:{sentence}-{sentence + 3},1:0-2,9:5-4,8:1-999999999", "")
    assert marked == [Place(1, 0, 2), Place(2, sentence, sentence + 3)]
    parts = [part for block in blocks(opened, marked) for part in block["parts"]]
    assert [part["text"] for part in parts if part["place"] == 1] == ["15处"]
    shown = "".join(part["text"] for part in parts)
    assert shown in "".join(text.split("\n"))
    passage = opened.passages[0]
    assert places(opened, "", "0") == [Place(0, passage.start, passage.end)]
    assert places(opened, "nonsense", "99") == places(opened, "", "") == []
    assert look_for(opened, {3: "15处", 4: "不在里面", 5: ""}) == [Place(3, sentence, sentence + 3)]


def test_article_tells_what_the_cleaner_changed(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("a", "责编 张三 李四\n\n# 标题\n\n补贴3000元,当月发放。\n")]), settings.index, encoder, SplitSettings())
    changes = open_article(settings.index, "a", "").about(TODAY)["changes"]
    assert ("editors' line", "责编 张三 李四") in [(change["rule"], change["removed"]) for change in changes]
    assert ("half-width punctuation", "，") in [(change["rule"], change["inserted"]) for change in changes]
    folder = require_live(settings.index)
    (file,) = (folder / "articles").iterdir()
    values = json.loads(file.read_text("utf-8"))
    del values["changes"]  # as a version has it that is older than this record
    file.unlink()
    file.write_text(json.dumps(values), "utf-8")
    assert open_article(settings.index, "a", "").about(TODAY)["changes"] == []
