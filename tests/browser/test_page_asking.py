"""Around a question in a real browser: how long it may be, taking it back, voice, a full queue, and what a link says of a withdrawn article."""

import re
import time
from typing import Any

from bot.settings import Settings
from index.build import build
from index.documents import Status
from index.encoding.encoder import SentenceEncoder
from index.plan import BuildRequest
from tests.browser.test_page_around import Slow
from tests.support.browsing import ASKED, BOX, MARKS, ask, ready
from tests.support.served import served

pytestmark = MARKS


def test_counter_stands_below_a_question_near_the_limit_only(page: Any, settings: Settings) -> None:
    ready(page)
    most = settings.answering.question_length
    shown = "getComputedStyle(document.querySelector('#question'), '::after').content"
    page.fill(BOX, "问" * (most // 2))
    assert page.evaluate(shown) in ("none", '""')
    page.fill(BOX, "问" * (most - 3))
    assert page.evaluate(shown) == f'"{most - 3} / {most}"'
    page.fill(BOX, "")
    page.locator(BOX).press_sequentially("甲")
    page.evaluate(f"navigator.clipboard.writeText('问'.repeat({2 * most}))")
    page.press(BOX, "Control+v")
    assert len(page.input_value(BOX)) == most, "no more can be written"


def test_last_question_is_taken_back_and_put_in_another_way(page: Any) -> None:
    ask(page, "招聘会办了几场？")
    ask(page, "如何做红烧肉", 1)
    page.click("#conversation button[aria-label='撤销']")
    page.wait_for_selector("#turn-1", state="detached")
    assert page.input_value(BOX) == "如何做红烧肉"
    assert "15831个" in ask(page, "那发布了多少个岗位？", 1).inner_text(), "it follows on the question that is left"


def test_answer_is_read_aloud_and_hushed(page: Any) -> None:
    turn = ask(page, ASKED)
    page.evaluate(
        """(() => {
            window.heard = [];
            const spoken = speechSynthesis;
            Object.defineProperty(spoken, 'speaking', { configurable: true, get: () => window.heard.length > 0 });
            spoken.speak = (one) => window.heard.push([one.text, one.lang]);
            spoken.cancel = () => { window.hushed = (window.hushed || 0) + 1; };
        })()"""
    )
    turn.locator(".aloud").click()
    ((text, language),) = page.evaluate("window.heard")
    assert language == "zh-CN"
    assert "招聘会37场次" in text
    assert not re.search(r"\[\d+\]|助手注|http", text), "neither citations nor notes"
    turn.locator(".aloud").click()
    assert page.evaluate("[window.heard.length, window.hushed]") == [1, 2]


def test_question_is_spoken_where_the_browser_listens(browser: Any, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    context.add_init_script(
        """window.SpeechRecognition = class {
            start() { window.listener = this; }
            stop() { this.onend(); }
        }"""
    )
    page = context.new_page()
    page.goto(address)
    ready(page)
    page.fill(BOX, "请问")
    page.click("#question .custom-button")
    page.wait_for_function("window.listener")
    assert page.evaluate("window.listener.lang") == "zh-CN"
    page.evaluate("window.listener.onresult({ results: [[{ transcript: '招聘会' }], [{ transcript: '办了几场' }]] })")
    assert page.input_value(BOX) == "请问招聘会办了几场"
    page.click("#question .custom-button")
    page.wait_for_selector("#question .custom-button:not([aria-pressed])")
    page.press(BOX, "Enter")
    page.wait_for_selector("#turn-0 a.cite")
    assert page.inner_text("#asked-0") == "请问招聘会办了几场"
    context.close()


def test_browser_that_does_not_listen_shows_no_button_for_it(browser: Any, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    context.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
    page = context.new_page()
    page.goto(address)
    ready(page)
    assert page.locator("#question .custom-button").is_hidden()
    assert page.locator("#question .submit-button").is_visible()
    context.close()


def test_question_beyond_the_queue_is_said_to_be_one_too_many(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    own = settings.model_copy(update={"server": settings.server.model_copy(update={"queue": 1, "concurrency": 1})})
    with served(own, bundled_encoder, Slow()) as at:
        pages = [browser.new_context(locale="zh-CN").new_page() for _ in range(3)]  # of three people: tabs share their conversation
        for page in pages:
            page.goto(at)
            page.fill(BOX, "问")
        pages[0].press(BOX, "Enter")
        pages[0].wait_for_selector("text=找到2段相关原文")
        for page in pages[1:]:
            page.press(BOX, "Enter")
        deadline = time.monotonic() + 20
        while not (troubled := [page for page in pages[1:] if page.locator(".trouble").count()]) and time.monotonic() < deadline:
            pages[1].wait_for_timeout(50)  # whichever of the two came first waits, and the other one is told
        (refused,) = troubled
        assert "提问的人太多" in refused.inner_text(".trouble")
        assert refused.inner_text("#question .submit-button") == "提问", "it can be asked again"
        for page in pages:
            page.context.close()


def test_link_to_an_article_that_was_withdrawn_since_says_so(page: Any, settings: Settings, bundled_encoder: SentenceEncoder) -> None:
    ready(page)
    link = f"{page.url.partition('?')[0]}?article=evil&v=v000001&at=1:75-85"
    page.goto(link)
    page.wait_for_selector("#article mark.shown")
    assert "已废止" not in page.inner_text("#article")
    build(BuildRequest([], keep_others=True, status={"evil": Status.WITHDRAWN}), settings.index, bundled_encoder, settings.passage.split)
    page.reload()
    page.wait_for_selector("#article mark.shown")
    assert "已废止" in page.inner_text("#article .warning >> nth=0")
    page.click("#article button.live")
    page.wait_for_function("!document.querySelector('#article button.live')")
    assert "已废止" in page.inner_text("#article .warning >> nth=0")
