"""The page for everybody: keyboard, phone, languages, large letters, dark mode, print, weight. In a real browser."""

import shutil
import subprocess
import tarfile
from typing import Any

import pytest

from tests.support.browsing import ASKED, MARKS, PHONE, ask, ready

pytestmark = MARKS


def test_everything_can_be_done_with_the_keyboard(page: Any) -> None:
    ready(page)

    def tab_to(selector: str, key: str = "Tab") -> None:
        for _ in range(80):
            page.keyboard.press(key)
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached")

    tab_to(".skip")
    page.keyboard.press("Enter")
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-0 a.cite")
    page.wait_for_selector("#question .submit-button")
    tab_to("#turn-0 a.cite", "Shift+Tab")
    assert page.evaluate("document.activeElement.parentNode.querySelector('.tip').checkVisibility()")
    page.keyboard.press("Enter")
    page.wait_for_selector("#article mark.shown")
    tab_to("#article button.close", "Shift+Tab")
    page.keyboard.press("Escape")
    assert page.locator("#article").is_hidden()
    assert page.evaluate("document.activeElement.matches('a.cite')"), "the focus is where it was"
    tab_to("#conversation button[aria-label='踩']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#why")
    tab_to("#why input[type=radio]")
    page.keyboard.press("Space")
    tab_to("#explain")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=维护人员会看到您的评价")
    tab_to("#history", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#listing .pick")
    page.keyboard.press("Escape")
    page.wait_for_selector("#listing .pick", state="hidden")
    assert page.evaluate("document.activeElement.id") == "history"


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_citation_opens_as_a_sheet_on_a_phone(page: Any) -> None:
    ready(page)
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
    ready(page)
    assert "/en/" in page.url
    assert page.inner_text("#question .submit-button") == "Ask"
    turn = ask(page, "How many elderly households got home renovation?")
    assert "788户" in turn.inner_text()
    assert "Quoted from the articles" in turn.inner_text()
    page.click("#language")
    page.wait_for_selector("#turn-0")
    assert "摘录自原文" in page.inner_text("#turn-0"), "the conversation is told in the other language"
    page.reload()
    page.wait_for_selector("#turn-0")
    assert page.inner_text("#question .submit-button") == "提问"
    assert page.get_attribute("html", "lang") == "zh-CN"


@pytest.mark.parametrize("locale", ["zh", "zh-HK", "zh-TW"])
def test_gradios_own_words_are_chinese_in_every_chinese_browser(browser: Any, address: str, locale: str) -> None:
    page = browser.new_context(locale=locale).new_page()
    page.goto(address)
    ask(page, ASKED)
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.locator("#conversation button[aria-label='重试']").count() == 1
    page.context.close()


@pytest.mark.parametrize(
    "page", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], indirect=True, ids=["light", "dark", "phone"]
)
def test_axe_finds_nothing_serious(page: Any, axe: str) -> None:
    def check(state: str) -> None:
        # Into a world of its own, as an extension would, since the page's policy lets in no script of others.
        page.evaluate(axe)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
        nodes = [(rule["id"], rule["impact"], node["html"]) for rule in found["violations"] for node in rule["nodes"]]
        assert [(rule, html[:160]) for rule, impact, html in nodes if impact in ("serious", "critical")] == [], state

    ready(page)
    check("start")
    ask(page, ASKED)
    assert page.locator("#conversation [aria-label*='<']").count() == 0, "nothing is named by its source"
    page.click("#conversation button[aria-label='踩']")
    page.wait_for_selector("#why")
    check("answer with reasons")
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    page.click("#article details.changes summary")
    check("article")
    page.click("#article button.close")
    page.click("#new")
    page.wait_for_selector("#turn-0", state="detached")
    ask(page, "如何做红烧肉")
    check("refusal")
    page.click("#history")
    page.wait_for_selector("#listing .pick")
    check("conversations")
    for path, shown in (("articles", "#articles li"), ("about", "#about dl")):
        page.goto(page.url.partition("?")[0] + path)
        page.wait_for_selector(shown)
        check(path)
        page.go_back()


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
    with tarfile.open(packed) as archive:
        code = archive.extractfile("package/axe.min.js")
        assert code is not None
        return code.read().decode()


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

    ready(page)
    check("examples")
    ask(page, ASKED)
    page.click("#conversation button[aria-label='踩']")
    page.wait_for_selector("#why")
    check("answer")
    page.locator("#turn-0 a.cite").first.click()
    page.wait_for_selector("#article mark.shown")
    check("article")
    page.click("#article button.close")
    page.click("#history")
    page.wait_for_selector("#listing .pick")
    check("conversations")


@pytest.mark.parametrize("page", [{"color_scheme": "dark", "reduced_motion": "reduce"}], indirect=True, ids=["dark"])
def test_dark_and_print_view(page: Any) -> None:
    def ground() -> str:
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return colour

    ready(page)
    assert ground() == "rgb(20, 24, 29)"
    page.click("#theme")
    assert ground() == "rgb(255, 255, 255)"
    page.reload()
    ready(page)
    assert ground() == "rgb(255, 255, 255)", "what was chosen is kept"
    page.click("#theme")
    ask(page, ASKED)
    page.emulate_media(media="print")
    assert ground() == "rgb(255, 255, 255)"
    assert not any(page.locator(selector).first.is_visible() for selector in ("#question", "#turn-0 .tools", "nav", ".options"))
    assert page.locator("#turn-0 .sources").is_visible()


def test_letters_can_be_larger(page: Any) -> None:
    turn = ask(page, ASKED)

    def size() -> float:
        return float(turn.locator(".said").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)"))

    before = size()
    page.click("#larger")
    assert size() > before * 1.2
    page.reload()
    page.wait_for_selector("#turn-0 .said")
    assert size() > before * 1.2


def test_first_paint_is_soon_and_the_page_is_small(page: Any) -> None:
    page.reload()
    ready(page)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted < 1500
    fresh = page.context.browser.new_context(locale="zh-CN").new_page()
    fresh.goto(page.url)
    ready(fresh)
    sizes = "performance.getEntries().filter(one => one.transferSize).reduce((sum, one) => sum + one.transferSize, 0)"
    assert 100_000 < fresh.evaluate(sizes) < 1_000_000
    fresh.context.close()
