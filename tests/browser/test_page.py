"""The chat page in a real browser, one journey after another; nothing leaves the machine, nothing in a text runs."""

import re
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.web.feedback import read_feedback
from index.database import open_database
from tests.support.browsing import ASKED, MARKS, RUNS, ask, pasted, ready

pytestmark = MARKS


def test_question_is_answered_with_its_kind_age_and_source(page: Any) -> None:
    turn = ask(page, ASKED)
    text = turn.inner_text()
    assert "37场次" in text
    assert "摘录自原文" in text
    assert "原文发表于2023年，约" in text
    assert "青岛日报/观海新闻" in text
    assert page.locator("#conversation .option").count() > 0
    assert page.locator("#conversation .asked").inner_text() == ASKED


def test_five_seconds_tell_who_answers_and_what_is_held(page: Any) -> None:
    ready(page)
    top = page.locator("#top").inner_text()
    assert "机器" in top
    assert "收录2篇文章，最近2023年" in top
    page.click("#top a:has-text('关于')")
    page.wait_for_selector("#about dl")
    about = page.inner_text("#about")
    assert "v000001" in about
    assert "只保存在您的浏览器里" in about
    page.click("nav a:has-text('问答')")
    ready(page)


def test_articles_are_listed_and_each_opens_whole(page: Any) -> None:
    ready(page)
    page.click("nav a:has-text('文章')")
    page.wait_for_selector("#articles li")
    listed = page.locator("#articles li").filter(has_text="青岛日报/观海新闻")
    assert "有效" in listed.inner_text()
    listed.locator("a").click()
    page.wait_for_selector("#article .text")
    assert page.locator("#article h3").count() >= 5
    assert "article=" in page.url
    page.reload()
    page.wait_for_selector("#article .text")


def test_outcomes_look_different(page: Any) -> None:
    kinds = [ask(page, question, n).get_attribute("class") for n, question in enumerate(("如何做红烧肉", ASKED, "你好"))]
    assert kinds == ["turn refused", "turn answered", "turn said-by-us"]
    assert page.locator(".refused strong, .said-by-us strong, .refused a.cite, .said-by-us a.cite").count() == 0


def test_numbers_that_help_can_be_dialled(page: Any) -> None:
    turn = ask(page, "着火了，怎么办")
    assert [link.get_attribute("href") for link in turn.locator(".statement a").all()] == ["tel:119", "tel:110", "tel:120"]
    assert turn.inner_text().count("119") == 1
    ask(page, "我不想活了", 1)
    assert "tel:12356" in [link.get_attribute("href") for link in page.locator("#turn-1 .statement a").all()]
    assert page.locator("#turn-0 a.cite, #turn-1 a.cite").count() == 0


def test_personal_data_is_masked_in_what_is_sent_on_shown_and_kept(page: Any) -> None:
    sent: list[str] = []
    turn = ask(page, "我手机号13812345678，帮我查社保")
    page.on("request", lambda request: sent.append(request.post_data or ""))
    assert "［手机号］" in page.locator("#asked-0").inner_text()
    assert "遮盖" in turn.inner_text()
    ask(page, "你好", 1)
    assert sent
    assert not any("13812345678" in body for body in sent)
    assert "13812345678" not in page.content()


def test_citation_shows_its_sentence_and_opens_the_article(page: Any) -> None:
    ask(page, ASKED)
    cite = page.locator("#turn-0 a.cite").first
    cite.hover()
    tip = page.locator("#turn-0 .tip").first
    assert "招聘会" in tip.inner_text()
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
    page.wait_for_function("!location.search.includes('article=')")


def test_citations_are_gone_through_one_after_the_other(page: Any) -> None:
    ask(page, "总结一下即墨区优化营商环境的主要做法")
    assert page.locator("#turn-0 a.cite").count() >= 3
    page.locator("#turn-0 a.cite").nth(1).click()
    page.wait_for_selector("#article mark.shown")
    # Places count in the article's order, the answer's citations stand in that of their help.
    at, of = map(int, re.findall(r"\d+", page.locator("#article .place").inner_text()))
    assert 1 <= at <= of
    there, back, beside = ("previous", "next", at - 1) if at == of else ("next", "previous", at + 1)
    for button, place in ((there, beside), (back, at)):
        page.click(f"#article button.{button}")
        page.wait_for_function(f"document.querySelector('#article .place').textContent.startsWith('第{place}处')")


def test_address_of_a_citation_opens_there_after_a_reload_and_in_another_browser(page: Any, browser: Any) -> None:
    ask(page, ASKED)
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    marked = page.locator("#article mark.shown").inner_text()
    page.reload()
    page.wait_for_selector("#article mark.shown")
    assert page.locator("#article mark.shown").inner_text() == marked
    page.click("#article button.copy-link")
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
    other.click("#article button.live")
    other.wait_for_selector("#article .text")
    assert "已不再保存" not in other.locator("#article").inner_text()
    other.context.close()


def gone(page: Any, live: str = "") -> None:
    """From now on the version that was cited is not kept, and the live one is `live` where that is given."""

    def answer(route: Any) -> None:
        asked = route.request.post_data_json
        if "was" in asked["data"]:
            asked["data"]["was"]["v"] = "v000099"
        if asked["fn_name"] == "article" and asked["data"].get("v") == "v000001":
            route.fulfill(json='<h2 id="article-name">文章</h2><button type="button" class="live">打开现行版本</button>')
        elif asked["fn_name"] == "article" and live:
            route.continue_(post_data=asked | {"data": asked["data"] | {"article": live}})
        else:
            route.continue_(post_data=asked)

    page.route("**/component_server**", answer)


def test_sentence_of_a_version_that_is_gone_is_found_in_the_live_one(page: Any) -> None:
    ask(page, ASKED)
    quote = page.locator("#turn-0 .tip q").first.text_content()
    gone(page)
    page.locator("#turn-0 a.cite").first.click()
    page.click("#article button.live")
    page.wait_for_selector("#article mark.shown")
    assert quote in page.locator("#article mark.shown").inner_text()
    assert page.locator("#article .warning:has-text('已经改动或删去')").count() == 0


def test_sentence_that_the_live_version_lacks_is_said_to_be_gone(page: Any) -> None:
    ask(page, ASKED)
    gone(page, "evil")
    page.locator("#turn-0 a.cite").first.click()
    page.click("#article button.live")
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


def test_new_question_goes_to_the_top_of_the_view(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    ask(page, ASKED)
    ask(page, "招聘会办了几场？", 1)
    page.wait_for_function(
        "(() => { const top = document.querySelector('#asked-1').getBoundingClientRect().top; return top >= 0 && top < 200 })()"
    )
    assert page.evaluate("document.querySelector('#turn-1 .said').getBoundingClientRect().top < innerHeight - 100"), "the answer is seen"


def test_conversations_are_kept_apart_searched_renamed_exported_deleted_and_cleared(page: Any) -> None:
    ask(page, "招聘会办了几场？")
    page.click("#new")
    page.wait_for_selector("#turn-0", state="detached")
    ask(page, "一业一证<b>现在有多少个行业")
    page.click("#history")
    rows = page.locator("#listing li")
    assert rows.count() == 2
    with page.expect_download() as started:
        rows.first.locator("[data-do=export]").click()
    assert "一业一证" in started.value.suggested_filename
    exported = Path(started.value.path()).read_text("utf-8")
    assert "## 一业一证\\<b\\>现在有多少个行业" in exported
    assert re.search(r"\[1\] 《.*》.*“全面推行.*” <http://127.0.0.1.*article=", exported)
    page.once("dialog", lambda dialog: dialog.accept("证照<i>"))
    rows.first.locator("[data-do=rename]").click()
    page.wait_for_selector("#listing .pick:has-text('证照<i>')")
    page.fill("#search :is(input, textarea)", "招聘")
    page.wait_for_function("document.querySelectorAll('#listing li').length === 1")
    rows.first.locator(".pick").click()
    page.wait_for_function("document.querySelector('#asked-0').textContent.includes('招聘会办了几场')")
    page.fill("#search :is(input, textarea)", "")
    page.wait_for_function("document.querySelectorAll('#listing li').length === 2")
    rows.filter(has_text="证照").locator("[data-do=delete]").click()
    page.wait_for_function("document.querySelectorAll('#listing li').length === 1")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#clear")
    page.wait_for_selector(".turn", state="detached")
    page.reload()
    ready(page)
    page.wait_for_selector("#conversation .example")
    page.click("#history")
    assert rows.count() == 0


def test_answer_is_copied_with_its_citations_and_shared(page: Any, browser: Any) -> None:
    ask(page, ASKED)
    page.click("#turn-0 button.copy")
    text = pasted(page)
    assert text.startswith(ASKED)
    assert "[1]" in text
    assert f"“{page.locator('#turn-0 .tip q').first.text_content()}”" in text
    assert re.search(r"<http://127\.0\.0\.1:\d+/\?article=", text)
    page.click("#turn-0 a.share")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('?q='))")
    other = browser.new_context(locale="zh-CN").new_page()
    other.goto(page.evaluate("navigator.clipboard.readText()"))
    other.wait_for_selector("#turn-0 a.cite")
    other.wait_for_function("!location.search.includes('q=')")
    assert "37场次" in other.inner_text("#turn-0")
    other.context.close()


def test_suggestion_is_answered_when_clicked(page: Any) -> None:
    ask(page, ASKED)
    page.locator("#conversation .option").first.click()
    page.wait_for_selector("#turn-1 a.cite")
    assert page.locator("#turn-1.refused").count() == 0


def test_example_is_answered_when_clicked_and_answered_again(page: Any) -> None:
    page.locator("#conversation .example").first.click()
    page.wait_for_selector("#turn-0 a.cite")
    page.wait_for_selector("#question .submit-button")
    page.click("#conversation button[aria-label='重试']")
    page.wait_for_selector("#turn-0.pending", state="attached")
    page.wait_for_selector("#turn-0 a.cite")
    assert page.locator(".turn").count() == 1


def test_thumbs_land_in_the_feedback_and_a_thumb_down_asks_why(page: Any, settings: Settings) -> None:
    ask(page, f"养老站有几处{RUNS}")
    page.click("#conversation button[aria-label='赞']")
    page.wait_for_selector("text=维护人员会看到您的评价")
    page.click("#conversation button[aria-label='踩']")
    page.click("#why label:has-text('不完整')")
    page.fill("#why textarea", f"还有{RUNS}，电话13812345678")
    page.click("#explain")
    page.wait_for_selector("#why", state="hidden")
    up, down = read_feedback(open_database(settings))[-2:]
    assert (up.verdict, up.reason) == ("up", "")
    assert (down.question, down.verdict, down.reason, down.refused) == (f"养老站有几处{RUNS}", "down", "incomplete", False)
    assert down.comment == f"还有{RUNS}，电话［手机号］"
    assert down.version == "v000001"
    assert page.evaluate("window.ran") is None


def test_refused_question_is_handed_over(page: Any, settings: Settings) -> None:
    turn = ask(page, "如何做红烧肉")
    assert "12345" in turn.inner_text()
    assert turn.locator(".kind").count() == 0
    page.click("#hand")
    page.wait_for_selector("#turn-0 .done")
    feedback = read_feedback(open_database(settings))[-1]
    assert (feedback.question, feedback.verdict, feedback.refused) == ("如何做红烧肉", "handed over", True)
    page.wait_for_selector("#hand", state="hidden")


def test_nothing_in_a_question_article_or_title_runs(page: Any) -> None:
    turn = ask(page, f"{RUNS}甲乙丙丁计划发放了多少张卡${{window.ran=3}}")
    assert RUNS in page.locator("#asked-0").inner_text()
    assert RUNS in turn.locator(".said").first.inner_text()
    turn.locator("a.cite").first.hover()
    turn.locator("a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    assert RUNS in page.locator("#article h2").inner_text()
    page.reload()
    page.wait_for_selector("#article mark.shown")
    page.click("#article button.close")
    page.click("#history")
    page.wait_for_selector("#listing .pick")
    assert RUNS in page.locator("#listing li").first.inner_text()
    assert page.evaluate("window.ran") is None
    assert page.locator("#main img, #article img, #listing img").count() == 0
    page.click("nav a:has-text('文章')")
    page.wait_for_selector("#articles li")
    assert RUNS in page.inner_text("#articles")
    assert page.evaluate("window.ran") is None


def test_address_where_nothing_is_says_so_in_both_languages(page: Any, address: str) -> None:
    page.goto(address + "nowhere")
    assert "没有这个页面" in page.inner_text("body")
    assert "There is no such page" in page.inner_text("body")
    page.click("a[href='/']")
    ready(page)
