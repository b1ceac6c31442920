"""What an evaluator does in the page, from the login to a compared pair of runs, without a shell. In a real browser."""

from typing import Any

import pytest

from bot.settings import Settings
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
