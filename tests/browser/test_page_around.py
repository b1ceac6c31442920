"""What is around the page: a prefix, a frame, stopping, uploads, the maintainers. In a real browser."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.answering.events import Concluded, Event, Question, Read, Retrieved, Understood
from bot.answering.outcomes import Refused
from bot.question.admission import Reason
from bot.settings import Settings
from index.encoding.encoder import SentenceEncoder
from tests.support.browsing import ASKED, BOX, MARKS, ask, log_in_there, ready
from tests.support.served import served

pytestmark = MARKS


class Slow:
    """Finds passages and then works until it is told to stop, as a slow model would."""

    version = "v000001"

    def __init__(self) -> None:
        self.ended: list[str] = []

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Refused:
        return Refused(question, Reason.NOT_FOUND, "没有")

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        try:
            understood = Understood(Question(question), question)
            yield Retrieved(understood, ("one", "two"))  # how many there are is shown
            for _ in range(100):
                time.sleep(0.1)
                yield Read(Retrieved(understood, ()), ())
            yield Concluded(self.ask(question))
        finally:
            self.ended.append(question)


def test_answer_is_stopped_and_the_server_stops_too(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    slow = Slow()
    with served(settings, bundled_encoder, slow) as at:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(at)
        page.wait_for_selector(BOX)
        page.fill(BOX, "问")
        page.press(BOX, "Enter")
        page.wait_for_selector("text=找到2段相关原文")
        page.click("#question .stop-button")
        page.wait_for_selector("text=已停止")
        assert page.inner_text("#question .submit-button") == "提问"
        assert page.locator("#conversation button[aria-label='重试']").is_visible()
        deadline = time.monotonic() + 5
        while not slow.ended and time.monotonic() < deadline:
            time.sleep(0.05)
        page.context.close()
    assert slow.ended == ["问"]


def test_whole_journey_behind_a_prefix(browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str) -> None:
    own = settings.model_copy(update={"server": settings.server.model_copy(update={"root_path": "/zhengce"})})
    with served(own, bundled_encoder) as at:
        assert at.endswith("/zhengce/")
        page = browser.new_context(locale="zh-CN").new_page()
        outside: list[str] = []
        page.on("request", lambda sent: None if sent.url.startswith((at, "data:", "blob:")) else outside.append(sent.url))
        page.goto(at)
        ask(page, ASKED)
        page.locator("#turn-0 a.cite").first.click()
        page.wait_for_selector("#article mark.shown")
        assert page.url.startswith(f"{at}?article=")
        page.click("#article button.close")
        page.click("nav a:has-text('文章')")
        page.wait_for_selector("#articles li")
        assert page.url == f"{at}articles"
        page.click("#language")
        page.wait_for_selector("#turn-0")
        assert page.url == f"{at}en/"
        page.click("nav a:has-text('Maintenance')")
        page.wait_for_selector("#name")
        log_in_there(page, "王工", "open sesame 1")
        page.wait_for_selector("#files")
        assert page.url == f"{at}maintain/"
        page.context.close()
    assert outside == []


def test_slim_page_is_shown_in_a_frame_of_a_listed_site_only(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    with site() as listed, site() as other:
        own = settings.model_copy(update={"server": settings.server.model_copy(update={"embed_hosts": listed})})
        with served(own, bundled_encoder) as at:
            for host, shown in ((listed, True), (other, False)):
                page = browser.new_context(locale="zh-CN").new_page()
                page.goto(f"{host}/?{at}?embed=1")
                frame = page.frame_locator("iframe")
                if shown:
                    frame.locator(BOX).fill(ASKED, timeout=40_000)
                    frame.locator(BOX).press("Enter")
                    frame.locator("#turn-0 a.cite").first.click(timeout=40_000)
                    frame.locator("#article mark.shown").wait_for()
                    assert not any(frame.locator(part).first.is_visible() for part in ("header.top p", "nav", "#history", ".sidebar"))
                else:
                    page.wait_for_load_state("networkidle")
                    assert frame.locator(BOX).count() == 0, host
                page.context.close()


@contextmanager
def site() -> Iterator[str]:
    """Another site's address, every page of which frames the address behind its question mark."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{self.path.partition("?")[2]}" width="800" height="600"></iframe>'.encode())

        def log_message(self, *told: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_conversation_survives_the_server_and_goes_on_when_it_is_back(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    with served(settings, bundled_encoder) as at:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(at)
        ask(page, ASKED)
        port = int(at.rsplit(":", 1)[1].strip("/"))
    page.fill(BOX, "养老站有几处")
    page.press(BOX, "Enter")
    page.wait_for_timeout(1500)
    assert page.input_value(BOX) == "养老站有几处", "the question is not lost"
    page.evaluate("window.before = true")
    with served(settings, bundled_encoder, port=port):
        page.wait_for_function(f"!window.before && document.querySelector('{BOX}')?.value === '养老站有几处'", timeout=60_000)
        page.wait_for_selector("#turn-0 a.cite", timeout=40_000)
        page.press(BOX, "Enter")
        page.wait_for_selector("#turn-1 a.cite", timeout=40_000)
        page.reload()
        page.wait_for_selector("#turn-1 a.cite", timeout=40_000)
        page.context.close()


def test_page_that_is_open_says_that_the_server_cannot_be_reached(browser: Any, address: str) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(address)
    ask(page, ASKED)
    page.context.set_offline(True)
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article [role=alert]:has-text('连不上服务器')")
    page.click("#article button.close")
    page.context.set_offline(False)
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    page.context.close()


def test_two_tabs_do_not_lose_each_others_conversations(page: Any) -> None:
    ready(page)
    other = page.context.new_page()
    other.goto(page.url)
    ask(other, "招聘会办了几场？")
    ask(page, "养老站有几处")
    page.reload()
    ready(page)
    page.click("#history")
    page.wait_for_function("document.querySelectorAll('#listing li').length === 2")


def test_uploads_are_refused_and_the_policy_is_set(address: str) -> None:
    import httpx

    assert httpx.post(address + "gradio_api/upload", files={"files": b"x"}).status_code == 403
    answer = httpx.get(address + "health")
    assert answer.json() == {"status": "ok", "index": "v000001", "suggestions": True}
    assert "default-src 'self'" in answer.headers["content-security-policy"]
