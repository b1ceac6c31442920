"""The page in a real browser, one journey after another; nothing leaves the machine, nothing in a text runs."""

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fakes import source
from served import CHROMIUM, FLAGS, served

from bot.answer import Refused
from bot.feedback import Feedback, add_feedback, read_feedback
from bot.messages import Reason
from bot.settings import Settings
from index.__main__ import SEEDS
from index.build import build
from index.documents import Status
from index.encoder import SentenceEncoder
from index.read import read_path
from index.split import SplitSettings

ASKED = "招聘会办了几场，发布了多少岗位"
RUNS = "<script>window.ran=1</script><img src=x onerror=window.ran=2>"
EVIL = f"# 恶意{RUNS}文章\n\n甲乙丙丁计划{RUNS}发放了九百张卡。"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data=tmp_path_factory.mktemp("page"), reader="sentences", report_password="open sesame", maintainer_password="open sesame 1",  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def address(bundled_encoder: SentenceEncoder, settings: Settings) -> Iterator[str]:
    evil = source("evil", EVIL, publisher=RUNS, region=RUNS, status=Status.IN_FORCE, effective="2020")
    build([*read_path(SEEDS), evil], settings.index, bundled_encoder, SplitSettings())
    with served(settings, bundled_encoder) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page in a browser of its own, in Chinese on a desk unless parametrised; whatever goes wrong in it fails the test."""
    kind = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 850}} | getattr(request, "param", {})
    context = browser.new_context(accept_downloads=True, **kind)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda told: wrong.append(told.text) if told.type == "error" and "404" not in told.text else None)
    opened.on("request", lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else wrong.append(sent.url))
    opened.goto(address)
    yield opened
    context.close()
    assert wrong == []


PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def ask(page: Any, question: str, turn: int = 0) -> Any:
    """The turn of a question, once it is answered or refused."""
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#turn-{turn} .tools")
    return page.locator(f"#turn-{turn}")


def pasted(page: Any) -> str:
    page.wait_for_selector("#told:not(:empty)")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_question_is_answered_with_its_kind_age_and_source(page: Any) -> None:
    turn = ask(page, ASKED)
    text = turn.inner_text()
    assert "37场次" in text
    assert "摘录自原文" in text
    assert "原文发表于2023年，约" in text
    assert "青岛日报/观海新闻" in text
    assert page.locator("#turn-0 .suggestions, #turn-0 .further").count() == 1
    assert page.locator("#told").inner_text().startswith("已回答。")


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
    ask(page, "“拿地即开工”是怎么回事？")
    assert page.locator("#turn-0 a.cite").count() > 1
    page.locator("#turn-0 a.cite").nth(1).click()
    page.wait_for_selector("#article mark.shown")
    assert page.locator("#article .place").inner_text().startswith("第2处")
    page.click("text=下一处")
    page.wait_for_function("document.querySelector('#article .place').textContent.startsWith('第3处')")
    page.click("text=上一处")
    page.wait_for_function("document.querySelector('#article .place').textContent.startsWith('第2处')")


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
    one = read_feedback(settings.data)[-1]
    assert (one.question, one.verdict, one.reason, one.comment, one.refused) == (
        f"养老站有几处{RUNS}",
        "down",
        "incomplete",
        f"还有{RUNS}",
        False,
    )
    assert one.version == "v000001"
    assert page.evaluate("window.ran") is None


def test_refused_question_is_handed_over(page: Any, settings: Settings) -> None:
    turn = ask(page, "如何做红烧肉")
    assert "12345" in turn.inner_text()
    assert turn.locator(".kind").count() == 0
    page.click("text=把这个问题交给维护人员")
    page.wait_for_selector("#turn-0 .done")
    one = read_feedback(settings.data)[-1]
    assert (one.question, one.verdict, one.refused) == ("如何做红烧肉", "handed over", True)


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


def test_everything_can_be_done_with_the_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-0 a.cite")

    def tab_to(selector: str, key: str = "Shift+Tab") -> None:
        for _ in range(60):
            page.keyboard.press(key)
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached")

    tab_to("#turn-0 a.cite")
    assert page.locator("#tip").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_selector("#article mark.shown")
    tab_to("#article button.close")
    page.keyboard.press("Escape")
    assert page.locator("#article").is_hidden()
    assert page.evaluate("document.activeElement.matches('a.cite')"), "the focus is where it was"
    tab_to("#turn-0 button.down", "Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    tab_to("#turn-0 .why button[type=submit]", "Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=维护人员会看到您的评价")
    tab_to("#history")
    page.keyboard.press("Enter")
    page.wait_for_selector("#past[open]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "history"


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_citation_opens_as_a_sheet_on_a_phone(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ask(page, ASKED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#turn-0 a.cite").first.tap()
    page.wait_for_selector("#article:modal mark.shown")
    assert "招聘会37场次" in page.locator("#article mark.shown").inner_text()
    page.go_back()
    page.wait_for_selector("#article", state="hidden")
    assert page.locator("#turn-0 a.cite").first.is_visible()


@pytest.mark.parametrize("page", [{"locale": "en-GB"}], indirect=True, ids=["english"])
def test_interface_is_english_in_an_english_browser_and_can_be_switched(page: Any) -> None:
    assert page.inner_text("#send") == "Ask"
    turn = ask(page, "How many elderly households got home renovation?")
    assert "788户" in turn.inner_text()
    assert "Quoted from the articles" in turn.inner_text()
    page.click("#language")
    assert "摘录自原文" in page.inner_text("#turn-0")
    page.reload()
    page.wait_for_selector("#turn-0")
    assert page.inner_text("#send") == "提问"
    assert page.get_attribute("html", "lang") == "zh-CN"


@pytest.mark.parametrize(
    "page", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], indirect=True, ids=["light", "dark", "phone"]
)
def test_axe_finds_nothing_serious(page: Any, axe: str) -> None:
    def check(state: str) -> None:
        # Into a world of its own, as an extension would, since the page's policy lets in no script of others.
        page.evaluate(axe)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
        told = [(one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
        assert [one for one in told if one[1] in ("serious", "critical")] == [], state

    page.wait_for_selector("#examples .question")
    check("start")
    ask(page, ASKED)
    page.click("#turn-0 button.down")
    check("answer with reasons")
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    page.click("#article details.changes summary")
    check("article")
    page.click("#article button.close")
    ask(page, "如何做红烧肉", 1)
    check("refusal")
    page.click("#history")
    check("conversations")


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The code of axe-core, from npm."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if npm is None:
        pytest.skip("npm is not installed, which axe-core comes from")
    try:
        subprocess.run([npm, "pack", "axe-core@4.10.3", "--silent"], cwd=folder, check=True, capture_output=True, timeout=120)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"axe-core cannot be had from npm: {error}")
    (packed,) = folder.glob("axe-core-*.tgz")
    shutil.unpack_archive(packed, folder, filter="data")
    return (folder / "package" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("narrow", "size"), [({"width": 320, "height": 640}, "100%"), ({"width": 390, "height": 844}, "200%")], ids=["320px", "letters"]
)
def test_nothing_is_cut_off_on_a_narrow_screen_or_with_letters_twice_as_large(page: Any, narrow: dict[str, int], size: str) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.10."""
    page.set_viewport_size(narrow)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", size)

    def check(state: str) -> None:
        beyond = "[...document.querySelectorAll('body *')].filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)"
        outside = page.evaluate(f"{beyond}.map(one => one.outerHTML.slice(0, 80))")
        assert not outside, (state, outside[:3])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state

    check("examples")
    ask(page, ASKED)
    page.click("#turn-0 button.down")
    check("answer")
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    check("article")
    page.click("#article button.close")
    page.click("#history")
    check("conversations")


@pytest.mark.parametrize("page", [{"color_scheme": "dark", "reduced_motion": "reduce"}], indirect=True, ids=["dark"])
def test_dark_and_print_view(page: Any) -> None:
    def ground() -> str:
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return colour

    assert ground() == "rgb(20, 24, 29)"
    page.click("#theme")
    assert ground() == "rgb(255, 255, 255)"
    page.click("#theme")
    ask(page, ASKED)
    page.emulate_media(media="print")
    assert ground() == "rgb(255, 255, 255)"
    assert not any(page.locator(selector).first.is_visible() for selector in ("#ask", ".tools", "nav", ".further"))
    assert page.locator("#turn-0 .sources").is_visible()


def test_first_paint_is_soon(page: Any) -> None:
    page.reload()
    page.wait_for_selector("#examples .question")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted < 1500


class Slow:
    """Finds passages and then works until it is told to stop, as a slow model would."""

    version = "v000001"

    def __init__(self) -> None:
        self.ended: list[str] = []

    def ask(self, question: str, before: Sequence[str] = ()) -> Refused:
        return Refused(question, Reason.NOT_FOUND, "没有")

    def stream(self, question: str, before: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        try:
            yield {"documents": [1, 2]}
            for _ in range(100):
                time.sleep(0.1)
                yield {}
            yield {"outcome": self.ask(question)}
        finally:
            self.ended.append(question)


def test_answer_is_stopped_and_the_server_stops_too(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    slow = Slow()
    with served(settings, bundled_encoder, slow) as at:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(at)
        page.fill("#question", "问")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=找到2段相关原文")
        page.click("#send")
        page.wait_for_selector("text=已停止")
        assert page.inner_text("#send") == "提问"
        assert page.locator("#turn-0 >> text=重新回答").is_visible()
        deadline = time.monotonic() + 5
        while not slow.ended and time.monotonic() < deadline:
            time.sleep(0.05)
        page.context.close()
    assert slow.ended == ["问"]


def test_whole_journey_behind_a_prefix(browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str) -> None:
    own = settings.model_copy(update={"root_path": "/zhengce"})
    with served(own, bundled_encoder) as at:
        assert at.endswith("/zhengce/")
        page = browser.new_context(locale="zh-CN", http_credentials={"username": "王工", "password": "open sesame 1"}).new_page()
        outside: list[str] = []
        page.on("request", lambda sent: None if sent.url.startswith((at, "data:", "blob:")) else outside.append(sent.url))
        page.goto(at)
        ask(page, ASKED)
        page.locator("#turn-0 a.cite").first.click()
        page.wait_for_selector("#article mark.shown")
        assert page.url.startswith(f"{at}?article=")
        page.click("#article button.close")
        page.click('footer a[href="maintain/"]')
        page.wait_for_selector("#look")
        page.context.close()
    assert outside == []


def test_slim_page_is_shown_in_a_frame_of_a_listed_site_only(
    browser: Any, bundled_encoder: SentenceEncoder, settings: Settings, address: str
) -> None:
    with site() as listed, site() as other:
        own = settings.model_copy(update={"embed_hosts": listed})
        with served(own, bundled_encoder) as at:
            for host, shown in ((listed, True), (other, False)):
                page = browser.new_context(locale="zh-CN").new_page()
                page.goto(f"{host}/?{at}?embed=1")
                page.wait_for_load_state("networkidle")
                frame = page.frame_locator("iframe")
                assert frame.locator("#question").count() == shown, host
                if shown:
                    frame.locator("#question").fill(ASKED)
                    frame.locator("#question").press("Enter")
                    frame.locator("#turn-0 a.cite").first.click(timeout=20_000)
                    frame.locator("#article mark.shown").wait_for()
                    assert frame.locator("header.top p").is_hidden()
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


def test_uploads_are_refused_and_the_policy_is_set(address: str) -> None:
    import httpx

    assert httpx.post(address + "gradio_api/upload", files={"files": b"x"}).status_code == 403
    answer = httpx.get(address + "health")
    assert answer.json() == {"status": "ok", "index": "v000001"}
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_maintainer_looks_publishes_withdraws_and_reads_the_feedback(
    address: str, browser: Any, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "rules.md"
    file.write_text("# 白河创业补贴办法\n\n登记未满三年的企业,可以申请<b onclick=x>补贴</b>。\n\n每户补贴8642元。\n", "utf-8")
    said = Feedback(time="2026-11-23T08:00:00+00:00", question=RUNS, answer=RUNS, refused=True, verdict="handed over", comment=RUNS)
    add_feedback(settings.data, said)
    context = browser.new_context(http_credentials={"username": "王工", "password": "open sesame 1"}, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.click('footer a[href="maintain/"]')
    page.set_input_files('#maintain input[type="file"]', file)
    page.wait_for_selector("text=rules.md")
    page.click("#look")
    page.wait_for_selector("#preview section")
    assert "半角标点" in page.inner_text("#preview")
    page.click("#publish")
    page.wait_for_selector("#told .done")
    assert "已发布1篇" in page.inner_text("#told")
    asking = context.new_page()
    asking.goto(address)
    time.sleep(1)
    assert "每户补贴8642元" in ask(asking, "创业补贴每户补多少钱").inner_text()
    page.get_by_role("tab", name="文章").click()
    page.click("#article input")
    page.get_by_role("option", name="白河创业补贴办法").click()
    page.click("#withdraw")
    page.wait_for_selector("text=已撤下：rules")
    page.get_by_role("tab", name="记录").click()
    assert "王工" in page.inner_text("#deeds")
    page.get_by_role("tab", name="反馈").click()
    assert "请维护人员处理" in page.inner_text("#feedback")
    assert RUNS in page.inner_text("#feedback")
    assert page.evaluate("window.ran") is None
    context.close()
