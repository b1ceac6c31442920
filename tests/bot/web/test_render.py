"""What the pages show: escaped, in one line where Gradio reads Markdown, with nothing bold that is not said to answer."""

import re
from urllib.parse import parse_qs

import pytest
from lxml import html as parser

from bot.web.conversation import Conversation, Turn
from bot.web.render import address, as_markdown, asked_html, dialled, spelt, turn_html
from bot.web.view import CitationView, OutcomeView, SentenceView
from index.language import Language

RUNS = "<script>window.ran=1</script>"


def cited(n: int, section: str = "一节", quote: str = "甲\n\n乙", **more: str) -> CitationView:
    values = {"title": f"题{RUNS}", "publisher": "报", "published": "2023-05", "standing": ("已废止", "withdrawn"), "article": "a&b"}
    return CitationView.model_validate(
        {"n": n, "passage": n, "section": section, "quote": quote, "start": 10 * n, "end": 10 * n + 4, "years": 3} | values | more
    )


def outcome(several: int = 1, **changes: object) -> OutcomeView:
    said = [SentenceView(parts=[(f"句{n}有", False), ("37", True), ("场。", False)], cites=[n]) for n in range(1, several + 1)]
    citations = [cited(n, section="一节" if n < 3 else "二节") for n in range(1, several + 1)]
    return OutcomeView(question=f"问{RUNS}", outcome="answered", version="v000001", sentences=said, citations=citations).model_copy(
        update=changes
    )


def shown(view: OutcomeView, language: Language = "zh") -> str:
    return turn_html(Turn(question="问", outcome=view), 0, language, share=lambda _: "?q=1")


def test_turn_is_one_line_in_which_nothing_runs() -> None:
    text = shown(outcome(note=RUNS, lead=RUNS, understood=f"懂{RUNS}", unanswered=[RUNS]))
    assert "\n" not in text
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 4
    assert "\n" not in asked_html(f"甲\n\n{RUNS}", 0)
    assert "<script" not in asked_html(RUNS, 0)


def test_only_what_is_said_to_answer_is_bold() -> None:
    tree = parser.fromstring(shown(outcome(2)))
    assert [strong.text for strong in tree.iter("strong")] == ["37", "37"]
    related = shown(outcome(1, outcome="related", message="没有写明", sentences=[SentenceView(parts=[("近的。", False)], cites=[1])]))
    assert "<strong" not in related
    assert "first" not in related


def test_citation_leads_to_its_place_with_the_others_beside_it() -> None:
    view = outcome(3)
    query = parse_qs(address(view.citations[1], view).removeprefix("?"))
    assert query == {"article": ["a&b"], "passage": ["2"], "v": ["v000001"], "at": ["2:20-24,1:10-14,3:30-34"]}


def test_digest_stands_under_its_sections_and_the_rest_opens_on_demand() -> None:
    tree = parser.fromstring(shown(outcome(8, shape="digest")))
    assert [heading.text for heading in tree.find_class("section")] == ["一节", "二节", "二节"]
    (more,) = tree.find_class("more")
    assert len(more.find_class("said")) == 2
    assert "另有2项" in more.text_content()
    assert not parser.fromstring(shown(outcome(8))).find_class("section"), "a fact has no headings"


@pytest.mark.parametrize(("language", "told"), [("zh", "已废止"), ("en", "withdrawn")])
def test_what_became_of_an_article_is_told_in_the_pages_language(language: Language, told: str) -> None:
    (warning,) = parser.fromstring(shown(outcome(), language)).find_class("warning")
    assert told in warning.text_content()
    assert "2023" in warning.text_content()


def test_numbers_that_help_are_dialled_and_others_are_not() -> None:
    assert re.findall('href="([^"]*)"', dialled("请拨12345或110，编号91234567，<b>119")) == ["tel:12345", "tel:110", "tel:119"]
    assert "<b>" not in dialled("<b>")


def test_conversation_is_exported_letter_by_letter_with_its_citations() -> None:
    conversation = Conversation().asked("一*业*<b>").with_last(outcome=outcome())
    text = as_markdown(conversation, "zh", "题#", "https://example.gov.cn/")
    assert "# 题\\#" in text
    assert "## 一\\*业\\*\\<b\\>" in text
    assert "句1有37场。\\[1\\]" in text
    assert "“甲 乙” <https://example.gov.cn/?article=a%26b&" in text


def test_dates_are_spelt_as_far_as_they_are_known() -> None:
    assert [spelt(day, "zh") for day in ("2023", "2023-05", "2023-05-30", "")] == ["2023年", "2023年5月", "2023年5月30日", "日期不详"]
    assert spelt("2023-05", "en") == "2023-05"
