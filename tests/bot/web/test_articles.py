"""Whole articles as the page opens them."""

import json
from datetime import date

import pytest

from bot.settings import Settings
from bot.web.articles import GoneError, open_article
from index.build import BuildOptions, build
from index.plan import BuildRequest
from index.stored.articles import read_article
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

TODAY = date(2026, 6, 1)


def test_article_is_opened_in_the_version_that_was_cited(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("garden", GARDEN), source("harbour", HARBOUR)]), settings.index, encoder, SplitSettings())
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings(), BuildOptions(keep=2))
    live, old = (open_article(settings.index, "garden", version, TODAY) for version in ("", "v000001"))
    assert (live["version"], live["live"], old["version"], old["live"]) == ("v000002", True, "v000001", False)
    assert [any("15处" in block["text"] for block in shown["blocks"]) for shown in (live, old)] == [False, True]
    text = read_article(require_live(settings.index), "garden").text
    for block in live["blocks"]:
        assert text[block["start"] :].startswith(block["text"])
    assert live["passages"][0][0] == 0
    with pytest.raises(GoneError, match="article") as gone:
        open_article(settings.index, "harbour", "", TODAY)
    assert not gone.value.live
    assert open_article(settings.index, "harbour", "v000001", TODAY)["article"] == "harbour"
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings(), BuildOptions(keep=1))
    for name, version, held in (("garden", "v000001", True), ("harbour", "v000001", False), ("garden", "../../etc", True)):
        with pytest.raises(GoneError, match="version") as gone:
            open_article(settings.index, name, version, TODAY)
        assert gone.value.live == held


def test_article_tells_what_the_cleaner_changed(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("a", "责编 张三 李四\n\n# 标题\n\n补贴3000元,当月发放。\n")]), settings.index, encoder, SplitSettings())
    changes = open_article(settings.index, "a", "", TODAY)["changes"]
    assert ("editors' line", "责编 张三 李四") in [(change["rule"], change["removed"]) for change in changes]
    assert ("half-width punctuation", "，") in [(change["rule"], change["inserted"]) for change in changes]
    folder = require_live(settings.index)
    (file,) = (folder / "articles").iterdir()
    values = json.loads(file.read_text("utf-8"))
    del values["changes"]  # as a version has it that is older than this record
    file.unlink()
    file.write_text(json.dumps(values), "utf-8")
    assert open_article(settings.index, "a", "", TODAY)["changes"] == []
