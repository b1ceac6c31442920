"""The page in a real browser, one journey after another; nothing leaves the machine, nothing in a text runs."""

import re
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.web.feedback import read_feedback
from tests.support.browsing import ASKED, MARKS, RUNS, ask, pasted

pytestmark = MARKS


def test_question_is_answered_with_its_kind_age_and_source(page: Any) -> None:
    turn = ask(page, ASKED)
    text = turn.inner_text()
    assert "37场次" in text
    assert "摘录自原文" in text
    assert "原文发表于2023年，约" in text
    assert "青岛日报/观海新闻" in text
    assert page.locator("#turn-0 .suggestions, #turn-0 .further").count() == 1
    assert page.locator("#told").inner_text().startswith("已回答。")


def test_numbers_that_help_can_be_dialled(page: Any) -> None:
    turn = ask(page, "着火了，怎么办")
    assert [link.get_attribute("href") for link in turn.locator(".message a").all()] == ["tel:119", "tel:110", "tel:120"]
    assert turn.inner_text().count("119") == 1
    ask(page, "我不想活了", 1)
    assert "tel:12356" in [link.get_attribute("href") for link in page.locator("#turn-1 .message a").all()]
    assert page.locator("#turn-0 a.cite, #turn-1 a.cite").count() == 0


def test_personal_data_is_masked_in_what_is_shown_and_kept(page: Any) -> None:
    turn = ask(page, "我手机号13812345678，帮我查社保")
    assert "［手机号］" in turn.locator("h2").inner_text()
    assert "遮盖" in turn.inner_text()
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "［手机号］" in kept
    assert "13812345678" not in kept + page.content()


def test_citation_shows_its_sentence_and_opens_the_article(page: Any) -> None:
    ask(page, ASKED)
    cite = page.locator("#turn-0 a.cite").first
    cite.hover()
    tip = page.locator("#tip")
    assert "招聘会" in tip.inner_text()
    assert cite.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    cite.click()
    page.wait_for_selector("#article mark.shown")
    assert "招聘会37场次" in page.locator("#article mark.shown").inner_text()
    assert page.locator("#article h3").count() >= 5
    assert page.evaluate("document.activeElement.matches('mark.shown')")
    assert page.evaluate(
        "(() => { const r = document.querySelector('mark.shown').getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight })()"
    )
    page.click("#article details.changes summary")
    assert "半角标点" in page.locator("#article .changes").inner_text()
    page.click("#article button.close")
    assert page.locator("#article").is_hidden()
    assert "article=" not in page.url


def test_citations_are_gone_through_one_after_the_other(page: Any) -> None:
    ask(page, "总结一下即墨区优化营商环境的主要做法")
    assert page.locator("#turn-0 a.cite").count() >= 3
    page.locator("#turn-0 a.cite").nth(1).click()
    page.wait_for_selector("#article mark.shown")
    # Places count in the article's order, the answer's citations stand in that of their help.
    at, of = map(int, re.findall(r"\d+", page.locator("#article .place").inner_text()))
    assert 1 <= at <= of
    there, back, beside = ("上一处", "下一处", at - 1) if at == of else ("下一处", "上一处", at + 1)
    for button, place in ((there, beside), (back, at)):
        page.click(f"text={button}")
        page.wait_for_function(f"document.querySelector('#article .place').textContent.startsWith('第{place}处')")


def test_address_of_a_citation_opens_there_after_a_reload_and_in_another_browser(page: Any, browser: Any) -> None:
    ask(page, ASKED)
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    marked = page.locator("#article mark.shown").inner_text()
    page.reload()
    page.wait_for_selector("#article mark.shown")
    assert page.locator("#article mark.shown").inner_text() == marked
    page.click("text=复制链接")
    link = pasted(page)
    assert re.search(r"\?article=\w+&passage=\d+&v=v000001&at=", link)
    other = browser.new_context(locale="zh-CN").new_page()
    other.goto(link)
    other.wait_for_selector("#article mark.shown")
    assert other.locator("#article mark.shown").inner_text() == marked
    other.goto(re.sub("&at=.*", "", link))
    other.wait_for_selector("#article mark.shown")
    assert "招聘会37场次" in "".join(other.locator("#article mark.shown").all_inner_texts()), "the passage, where no place in it is named"
    other.goto(link.replace("v000001", "v000099"))
    other.click("text=打开现行版本")
    other.wait_for_selector("#article .text")
    assert "已不再保存" not in other.locator("#article").inner_text()
    other.context.close()


def test_sentence_of_a_version_that_is_gone_is_found_in_the_live_one(page: Any) -> None:
    ask(page, ASKED)
    page.route("**/article?*v=v000001*", lambda route: route.fulfill(status=404, json={"gone": "version", "live_has_it": True}))
    quote = page.locator("#turn-0 .said").first.evaluate("one => [...one.childNodes].find((part) => part.nodeType === 3).textContent")
    page.locator("#turn-0 a.cite").first.click()
    page.click("#article button:has-text('打开现行版本')")
    page.wait_for_selector("#article mark.shown")
    assert quote.strip() in page.locator("#article mark.shown").inner_text()
    assert "at=" in page.url
    assert page.locator("#article .warning:has-text('已经改动或删去')").count() == 0


def test_sentence_that_the_live_version_lacks_is_said_to_be_gone(page: Any) -> None:
    ask(page, ASKED)
    page.route("**/article?*v=v000001*", lambda route: route.fulfill(status=404, json={"gone": "version", "live_has_it": True}))
    changed = {"kind": "paragraph", "level": 0, "start": 0, "text": "这篇文章已经重写。"}
    live = {"article": "a", "title": "题", "publisher": "", "published": "", "years": 0, "region": "", "source": "", "standing": ["", ""]}
    live |= {"blocks": [changed], "passages": [[0, 9]], "changes": [], "version": "v000002", "live": True}
    page.route(re.compile(r"/article\?(?!.*v=v)"), lambda route: route.fulfill(json=live))
    page.locator("#turn-0 a.cite").first.click()
    page.click("#article button:has-text('打开现行版本')")
    page.wait_for_selector("#article .warning:has-text('已经改动或删去')")
    assert page.locator("#article mark").count() == 0


def test_conversation_survives_a_reload_and_a_follow_up_is_understood(page: Any) -> None:
    ask(page, "招聘会办了几场？")
    page.reload()
    page.wait_for_selector("#turn-0 a.cite")
    turn = ask(page, "那发布了多少个岗位？", 1)
    assert "招聘会，发布了" not in turn.inner_text(), "shown on demand"
    turn.locator("summary:has-text('问题已按上文补全')").click()
    assert "招聘会，发布了多少个岗位" in turn.inner_text()
    assert "15831个" in turn.inner_text()


def test_refused_question_is_left_out_of_those_that_a_follow_up_leans_on(page: Any) -> None:
    ask(page, "招聘会办了几场？")
    ask(page, "如何做红烧肉", 1)
    turn = ask(page, "那发布了多少个岗位？", 2)
    turn.locator("summary").first.click()
    assert "招聘会，发布了多少个岗位" in turn.inner_text()


def test_conversations_are_kept_apart_exported_and_cleared(page: Any) -> None:
    ask(page, "招聘会办了几场？")
    page.click("#new")
    ask(page, "一业一证<b>现在有多少个行业")
    page.click("#history")
    assert page.locator("#past li").count() == 2
    with page.expect_download() as started:
        page.locator("#past li").first.locator("text=导出为 Markdown").click()
    exported = Path(started.value.path()).read_text("utf-8")
    assert "## 一业一证\\<b\\>现在有多少个行业" in exported
    assert re.search(r"\[1\] 《.*》.*“全面推行.*” <http://127.0.0.1.*article=", exported)
    page.locator("#past li").nth(1).locator(".question").click()
    assert "招聘会办了几场" in page.locator("#turn-0 h2").inner_text()
    page.click("#history")
    page.click("text=全部清除")
    page.click("text=再按一次")
    assert page.locator(".turn").count() == 0
    assert page.evaluate("Object.values(localStorage).join().includes('招聘会')") is False
    page.reload()
    page.wait_for_selector("#examples .question")
    assert page.locator(".turn").count() == 0


def test_answer_is_copied_with_its_citations_and_shared(page: Any, browser: Any) -> None:
    ask(page, ASKED)
    page.click("#turn-0 >> text=复制")
    text = pasted(page)
    assert text.startswith(ASKED)
    assert "[1]" in text
    assert "“截至目前，共举办" in text
    page.click("#turn-0 >> text=分享链接")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('?q='))")
    other = browser.new_context(locale="zh-CN").new_page()
    other.goto(page.evaluate("navigator.clipboard.readText()"))
    other.wait_for_selector("#turn-0 a.cite")
    assert "?q=" not in other.url
    other.context.close()


def test_suggestion_is_answered_when_clicked(page: Any) -> None:
    ask(page, ASKED)
    page.locator("#turn-0 .further .question").first.click()
    page.wait_for_selector("#turn-1 a.cite")
    assert page.locator("#turn-1 .refused").count() == 0
    assert page.locator("#turn-0 .further").count() == 0, "only below the latest answer"


def test_example_is_answered_when_clicked_and_answered_again(page: Any) -> None:
    page.locator("#examples .question").first.click()
    page.wait_for_selector("#turn-0 a.cite")
    page.click("#turn-0 >> text=重新回答")
    page.wait_for_selector("#turn-0 a.cite")
    assert page.locator(".turn").count() == 1


def test_thumb_down_asks_why_and_lands_in_the_feedback(page: Any, settings: Settings) -> None:
    ask(page, f"养老站有几处{RUNS}")
    page.click("#turn-0 button.down")
    page.click("#turn-0 >> text=不完整")
    page.fill("#turn-0 .why textarea", f"还有{RUNS}")
    page.click("#turn-0 .why button[type=submit]")
    page.wait_for_selector("text=维护人员会看到您的评价")
    assert page.locator("#turn-0 button.down").get_attribute("aria-pressed") == "true"
    feedback = read_feedback(settings.data)[-1]
    assert (feedback.question, feedback.verdict, feedback.reason, feedback.comment, feedback.refused) == (
        f"养老站有几处{RUNS}",
        "down",
        "incomplete",
        f"还有{RUNS}",
        False,
    )
    assert feedback.version == "v000001"
    assert page.evaluate("window.ran") is None


def test_refused_question_is_handed_over(page: Any, settings: Settings) -> None:
    turn = ask(page, "如何做红烧肉")
    assert "12345" in turn.inner_text()
    assert turn.locator(".kind").count() == 0
    page.click("text=把这个问题交给维护人员")
    page.wait_for_selector("#turn-0 .done")
    feedback = read_feedback(settings.data)[-1]
    assert (feedback.question, feedback.verdict, feedback.refused) == ("如何做红烧肉", "handed over", True)


def test_nothing_in_a_question_article_or_title_runs(page: Any) -> None:
    turn = ask(page, f"{RUNS}甲乙丙丁计划发放了多少张卡")
    assert RUNS in turn.locator("h2").inner_text()
    assert RUNS in turn.locator(".said").first.inner_text()
    turn.locator("a.cite").first.hover()
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    assert RUNS in page.locator("#article h2").inner_text()
    page.reload()
    page.wait_for_selector("#article mark.shown")
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, #article img").count() == 0
