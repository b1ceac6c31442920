"""What the tests in a browser share: what is asked, and how."""

from typing import Any

import pytest

from tests.support.served import CHROMIUM

ASKED = "招聘会办了几场，发布了多少岗位"
RUNS = "<script>window.ran=1</script><img src=x onerror=window.ran=2>"
EVIL = f"# 恶意{RUNS}文章\n\n甲乙丙丁计划{RUNS}发放了九百张卡。"
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
BOX = "#question textarea"

# What each module of them is marked with.
MARKS = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]


def ready(page: Any) -> None:
    """Wait until the page shows its examples, or the conversation that it keeps."""
    page.wait_for_selector("#conversation .example, .turn")


def ask(page: Any, question: str, turn: int = 0) -> Any:
    """The turn of a question, once it is answered or refused."""
    ready(page)
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.wait_for_selector(f"#turn-{turn} .tools")
    page.wait_for_selector("#question .submit-button")
    return page.locator(f"#turn-{turn}")


def log_in(client: Any, name: str, password: str, **more: Any) -> Any:
    """The answer to a name and a password in the form of the login; the client sends its token from then on, as our pages do."""
    client.get("/login")
    token = client.cookies.get("liangce-token")
    client.headers["x-liangce-token"] = token
    form = {"name": name, "password": password, "token": token}
    return client.post("/login", data=form, follow_redirects=False, **more)


def log_in_there(page: Any, name: str, password: str) -> None:
    """Fill in the login that a page in a browser was led to, and wait for what comes behind it."""
    page.fill("#name", name)
    page.fill("#password", password)
    with page.expect_navigation():
        page.press("#password", "Enter")


def pasted(page: Any) -> str:
    """What the page has copied, once it says that it has."""
    page.wait_for_selector("#told:not(:empty)")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
