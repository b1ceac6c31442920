"""The page in a real browser: ask, read, follow a citation; nothing leaves the machine, nothing in a text runs."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fakes import source

from bot.app import choose_reader, live_assistant
from bot.feedback import read_feedback
from bot.maintenance import Maintenance
from bot.server import make_app
from bot.settings import Settings
from index.__main__ import SEEDS
from index.build import build
from index.encoder import SentenceEncoder
from index.read import read_path
from index.split import SplitSettings

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL = "# 恶意文章\n\n甲乙丙丁计划<script>window.ran=1</script><img src=x onerror=window.ran=2>发放了九百张卡。"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def address(bundled_encoder: SentenceEncoder, data: Path) -> Iterator[str]:
    settings = Settings(data=data, report_password="open sesame", maintainer_password="open sesame 1")  # type: ignore[arg-type]
    build([*read_path(SEEDS), source("evil", EVIL)], settings.index, bundled_encoder, SplitSettings())
    assistant = live_assistant(bundled_encoder, settings, choose_reader(bundled_encoder, settings))
    assistant.start(0.2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = uvicorn.Config(
        make_app(assistant, settings, Maintenance(settings, bundled_encoder)),
        port=port,
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.1)
    assert server.started
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(15)
    assistant.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_question_is_answered_and_its_citation_opened(address: str, width: int, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    outside: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 850})
        page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else outside.append(request.url))
        page.goto(address)
        page.fill("#question textarea", "<img src=x onerror=window.ran=3> 一业一证现在有多少个行业")
        page.keyboard.press("Enter")
        page.click('#chat a[href*="#src-0-1"]', timeout=20_000)
        marked = page.locator("#src-0-1")
        assert "行业目录扩展至50个" in marked.inner_text()
        assert "shown" in (marked.get_attribute("class") or "")
        page.wait_for_function("document.activeElement.id === 'src-0-1'")
        assert "2023年" in page.locator(".source").first.inner_text()
        page.fill("#question textarea", "甲乙丙丁计划发放了多少张卡")
        page.keyboard.press("Enter")
        page.wait_for_selector('#chat a[href*="#src-1-1"]', timeout=20_000)
        assert "<script>" in page.locator("#src-1-1").inner_text()
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert outside == []


def test_thumb_down_lands_in_the_feedback(address: str, data: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector('#title a[href="report"]')
        page.fill("#question textarea", "养老站有<几>处")
        page.keyboard.press("Enter")
        page.wait_for_selector('#chat a[href*="#src-0-1"]', timeout=20_000)
        page.click('#chat button[aria-label="Dislike"]')
        page.wait_for_selector("text=维护人员会看到您的评价")
        browser.close()
    (one,) = read_feedback(data)
    assert (one.question, one.verdict, one.refused, one.version) == ("养老站有<几>处", "down", False, "v000001")
    assert "14处" in one.answer


def test_uploads_are_refused_and_the_policy_is_set(address: str) -> None:
    import httpx

    assert httpx.post(address + "gradio_api/upload", files={"files": b"x"}).status_code == 403
    answer = httpx.get(address + "health")
    assert answer.json() == {"status": "ok", "index": "v000001"}
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_maintainer_looks_publishes_and_withdraws(address: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    file = tmp_path / "rules.md"
    file.write_text("# 白河创业补贴办法\n\n登记未满三年的企业,可以申请<b onclick=x>补贴</b>。\n\n每户补贴8642元。\n", "utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(http_credentials={"username": "王工", "password": "open sesame 1"}).new_page()
        page.goto(address)
        page.click('#title a[href="maintain/"]')
        page.set_input_files('#maintain input[type="file"]', file)
        page.wait_for_selector("text=rules.md")
        page.click("#look")
        page.wait_for_selector("#preview section")
        assert "半角标点" in page.inner_text("#preview")
        page.click("#publish")
        page.wait_for_selector("#told .done")
        assert "已发布1篇" in page.inner_text("#told")
        asking = browser.new_page()
        asking.goto(address)
        time.sleep(1)
        asking.fill("#question textarea", "创业补贴每户补多少钱")
        asking.keyboard.press("Enter")
        asking.wait_for_selector("text=每户补贴8642元", timeout=20_000)
        page.get_by_role("tab", name="文章").click()
        page.click("#article input")
        page.get_by_role("option", name="白河创业补贴办法").click()
        page.click("#withdraw")
        page.wait_for_selector("text=已撤下：rules")
        page.get_by_role("tab", name="记录").click()
        assert "王工" in page.inner_text("#deeds")
        browser.close()
