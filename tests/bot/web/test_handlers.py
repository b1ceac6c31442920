"""The chat page without a browser: a question is taken, answered, stopped, asked again, and an article opened."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web.guarding.addresses import RateLimit
from bot.web.handlers import Handlers
from bot.web.suggestions import Suggestions
from index.build import build
from index.plan import BuildRequest
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source


@pytest.fixture
def page(assistant: LiveAssistant, settings: Settings) -> Handlers:
    suggestions = Suggestions(
        assistant, {"公园": ["新建口袋公园多少处", "公园在哪"], "渔港": ["渔港"]}, lambda: require_live(settings.index)
    )
    return Handlers(assistant, settings, suggestions, RateLimit(3, 600), "zh")


def opening(query: dict[str, str]) -> Any:
    return SimpleNamespace(query_params=query, client=None)


def test_question_is_taken_and_answered_in_stages(page: Handlers) -> None:
    box, chat, kept, *_ = page.begin("  新建口袋公园多少处 ", {})
    assert box == ""
    assert kept["turns"][0]["question"] == "新建口袋公园多少处"
    assert "正在查阅" in chat.value[1]["content"][0]["text"]
    first, *_, last = page.answer(kept)
    assert "找到6段相关原文" in first[0].value[1]["content"][0]["text"]
    assert last[1]["turns"][0]["outcome"]["outcome"] == "answered"
    assert [message["role"] for message in last[0].value] == ["user", "assistant"]


def test_empty_question_is_not_taken(page: Handlers) -> None:
    box, _, kept, *_ = page.begin("   ", {})
    assert (box, kept["turns"]) == ("   ", [])
    assert [told[0]["__type__"] for told in page.answer(kept)] == ["update"], "nothing is changed"


def test_numbers_of_people_are_masked_before_anything_is_kept(page: Handlers) -> None:
    kept = page.begin("我手机号13812345678", {})[2]
    assert kept["turns"][0]["question"] == "我手机号［手机号］"
    linked = page.linked({}, opening({"q": "我手机号13812345678"}))[1]
    assert linked["turns"][0]["question"] == "我手机号［手机号］"


def test_what_was_under_way_is_stopped_by_a_reload_and_can_be_asked_again(page: Handlers) -> None:
    kept = page.begin("新建口袋公园多少处", {})[2]
    shown = page.linked(kept, opening({}))[1]
    assert shown["turns"][0]["trouble"] == page.stopped(kept)[1]["turns"][0]["trouble"] == "stopped"
    assert page.busy(kept)[1]["turns"][0]["trouble"] == "busy"
    again = page.again(shown)[1]
    *_, last = page.answer(again)
    assert last[1]["turns"][0]["outcome"]["outcome"] == "answered"
    assert len(last[1]["turns"]) == 1


def test_last_question_is_taken_back_into_the_box(page: Handlers) -> None:
    kept = page.begin("渔港", {})[2]
    *_, (_, kept, *_) = page.answer(page.begin("新建口袋公园多少处", page.stopped(kept)[1])[2])
    box, _, left, *_ = page.undo(kept)
    assert (box, [turn["question"] for turn in left["turns"]]) == ("新建口袋公园多少处", ["渔港"])
    assert page.undo({})[0] == ""


def test_conversation_is_exported_under_its_name(page: Handlers) -> None:
    kept = page.begin("新建口袋公园/多少处？", {})[2]
    exported = page.export({"conversation": kept, "base": "http://x/"})
    assert exported["name"] == f"{kept['started'][:10]}-新建口袋公园-多少处.md"
    assert "## 新建口袋公园/多少处？" in exported["text"]
    assert page.export({"conversation": {**kept, "name": "公园"}})["name"].endswith("-公园.md")


def test_failure_is_told_and_the_page_goes_on(page: Handlers, assistant: LiveAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(question: str, before: object = ()) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr(assistant, "stream", broken)
    *_, last = page.answer(page.begin("新建口袋公园多少处", {})[2])
    assert last[1]["turns"][0]["trouble"] == "failed"
    assert "出了错" in last[0].value[1]["content"][0]["text"]


def test_address_with_a_question_begins_a_conversation_of_its_own(page: Handlers) -> None:
    kept = page.begin("渔港", {})[2]
    linked = page.linked(kept, opening({"q": "新建口袋公园多少处"}))[1]
    assert [turn["question"] for turn in linked["turns"]] == ["新建口袋公园多少处"]
    assert linked["id"] != kept["id"]


def test_article_is_shown_with_its_places_or_said_to_be_gone(page: Handlers) -> None:
    shown = page.article({"article": "garden", "v": "v000001", "at": "1:20-24"})
    assert 'data-place="0"' in shown
    assert "不再保存" in page.article({"article": "garden", "v": "v000099"})
    assert "已不在库中" in page.article({"article": "nowhere"})
    assert "已经改动或删去" in page.article({"article": "garden", "quotes": {"1": "没有这句话"}})
    text = GARDEN.partition("\n\n")[2]
    was = {"article": "garden", "v": "v000001", "at": "7:20-24"}
    found = page.article({"article": "garden", "was": was, "quotes": {"1": text[:4]}})
    assert '<sup aria-hidden="true">7</sup>' in found, "read from the version that was cited, where it is kept"
    evil = page.article({"article": "evil", "at": "<script>"})
    assert "<script" not in evil.lower()
    assert "&lt;script&gt;" in evil


def test_article_that_another_one_amended_links_to_it(page: Handlers, settings: Settings, encoder: BigramEncoder) -> None:
    assert "已由" not in page.article({"article": "garden"})
    change = "# 关于修改《青山区推出花园城市行动》的决定\n\n将第五条修改为：“第五条 每处2000平方米。”\n"
    build(BuildRequest([source("change", change, published="2023-08")], keep_others=True), settings.index, encoder, SplitSettings())
    shown = page.article({"article": "garden", "v": "v000001"})
    assert '<p class="warning">第五条已由<a class="open" href="?article=change" lang="zh-CN">《关于修改' in shown


def test_examples_come_one_of_each_topic_first(page: Handlers, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = {"公园": ["新建口袋公园多少处", "公园在哪"], "渔港": ["渔港"], "": ["什么"]}
    monkeypatch.setattr(page._suggestions, "examples", lambda: topics)
    shown = [example["display_text"] for example in page.examples()]
    assert shown == ["公园：新建口袋公园多少处", "渔港：渔港", "什么", "公园：公园在哪"]


def test_examples_have_a_heading_only_while_there_are_any(page: Handlers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page._suggestions, "examples", dict)
    assert page.start() == {"examples": [], "placeholder": "&nbsp;"}
    monkeypatch.setattr(page._suggestions, "examples", lambda: {"": ["什么"]})
    assert page.start()["placeholder"] == "可以这样问"
