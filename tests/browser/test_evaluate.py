"""What an evaluator does in the page, from the login to a compared pair of runs, without a shell. In a real browser."""

from typing import Any

import pytest

from bot.settings import Settings
from bot.web.feedback import Feedback, add_feedback
from index.database import open_database
from index.encoding.encoder import SentenceEncoder
from tests.support.browsing import MARKS, log_in_there
from tests.support.served import served

pytestmark = MARKS


def test_evaluator_runs_a_set_twice_opens_a_report_and_compares_them(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANGCE_READER", "sentences")  # the quick one, in the process of the run
    monkeypatch.setattr("bot.evaluating.program._NICE", 0)  # a machine that is busy with other tests would starve it
    with served(settings, bundled_encoder) as at:
        stranger = browser.new_context()
        assert stranger.request.get(f"{at}evaluate/").status == 401
        stranger.close()
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(at)
        page.click("nav a:has-text('评测')")
        log_in_there(page, "李评", "open sesame")
        page.wait_for_selector("#runs :text('还没有评测结果')")
        for done, mode in enumerate(("摘录", "只检索"), 1):
            page.fill("#limit input", "6")
            page.click("#evaluate label:has-text('正在使用的文章')")  # which are indexed already
            page.click(f"#evaluate label:has-text('{mode}')")
            page.click("#start")
            page.wait_for_selector("#state [role=status]")
            page.wait_for_function(f"document.querySelectorAll('#runs tbody a').length === {done}", timeout=150_000)
            page.wait_for_selector("#state :text('没有评测在运行')")  # the report is there before the process has ended
        with context.expect_page() as opened:
            page.locator("#runs tbody a").first.click()
        report = opened.value
        report.wait_for_selector(".verdict li")
        assert report.locator(".verdict li").count() == 3
        assert "十个问题里" in report.inner_text(".verdict")
        assert report.locator(".case:visible").count() <= 30
        report.select_option("select[data-filter=result]", "")
        assert report.locator(".case:visible").count() == 6
        report.click("#language")
        assert "Of ten questions" in report.inner_text(".verdict")
        report.close()
        page.get_by_role("tab", name="比较").click()
        for which, n in (("before", 1), ("after", 0)):
            page.click(f"#{which} input")
            page.get_by_role("option").nth(n).click()
        page.click("#compare")
        frame = page.frame_locator("#compared iframe")
        frame.locator(".case").first.wait_for()
        assert frame.locator(".case").count() == 6
        assert "共有用例6个" in frame.locator(".verdict").inner_text()
        assert frame.locator(".pair del, .pair ins").count() > 0
        context.close()


def test_evaluator_writes_a_case_of_a_question_by_clicking_its_sentence(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    asked = {"time": "2026-11-20T09:00:00+00:00", "question": "养老院盖了几座", "answer": "没有", "refused": True, "verdict": "down"}
    add_feedback(open_database(settings), Feedback.model_validate(asked))
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}evaluate/")
    log_in_there(page, "李评", "open sesame")
    page.get_by_role("tab", name="写题").click()
    choose(page, "#write-begin", "养老院盖了几座")
    page.wait_for_function("document.querySelector('#write-question textarea').value === '养老院盖了几座'")
    choose(page, "#write-kind", "事实")
    choose(page, "#write-wording", "口语")
    page.click("#write-answerable label:has-text('写明了') >> nth=0")
    choose(page, "#write-article", "即墨")
    sentence = page.locator("#write-text .sentence", has_text="养老").first
    quote = sentence.inner_text()
    sentence.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#write-text .sentence[aria-pressed=true]")
    assert page.input_value("#write-gold textarea") == quote
    page.fill("#write-must textarea", "不在里面")
    page.click("#write-save")
    page.wait_for_selector("#write-notice [role=alert]:has-text('不在里面')")
    page.fill("#write-must textarea", "")
    page.click("#write-save")
    page.wait_for_selector("#write-notice [role=status]:has-text('w-001保存好了')")
    page.click("#write-log button")
    assert page.inner_text("#write-changes tbody tr").split("\t")[1:] == ["李评", "新写", "w-001", "养老院盖了几座"]
    page.get_by_role("tab", name="题目").click()
    choose(page, "#cases-set", "在网页里写的题目")
    page.wait_for_selector("#cases a[href$='written.xlsx']")
    assert "事实" in page.inner_text("#cases thead")
    context.close()


def choose(page: Any, box: str, name: str) -> None:
    page.click(f"{box} input")
    page.get_by_role("option", name=name).first.click()
