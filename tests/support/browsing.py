"""What the tests in a browser share: what is asked, and how."""

import base64
from typing import Any

import pytest

from tests.support.served import CHROMIUM

ASKED = "招聘会办了几场，发布了多少岗位"
RUNS = "<script>window.ran=1</script><img src=x onerror=window.ran=2>"
EVIL = f"# 恶意{RUNS}文章\n\n甲乙丙丁计划{RUNS}发放了九百张卡。"
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}

# What each module of them is marked with.
MARKS = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]


def ask(page: Any, question: str, turn: int = 0) -> Any:
    """The turn of a question, once it is answered or refused."""
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#turn-{turn} .tools")
    return page.locator(f"#turn-{turn}")


def basic(name: str, password: str) -> str:
    """The header with which a browser sends a name and a password."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def pasted(page: Any) -> str:
    page.wait_for_selector("#told:not(:empty)")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
