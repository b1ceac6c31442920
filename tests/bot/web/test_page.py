"""The page that everybody sees, without a browser: language, settings, prefix, frames, words."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import PageSettings, ServerSettings, Settings
from bot.web.page import policy
from bot.web.words import page_words


def test_page_speaks_the_browsers_language_and_shows_the_settings(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "utf-8")
    shown_there = PageSettings(title="白河<b>问答", greeting="欢迎", colour="#7a1f5c", hotline="12345</script>", logo=logo)
    own = settings.model_copy(update={"page": shown_there})
    client = TestClient(make_app(assistant, own))
    chinese, english = (client.get("/", headers={"accept-language": wanted}).text for wanted in ("zh-CN,en;q=0.5", "en-GB,zh;q=0.2"))
    assert '<html lang="zh-CN"' in chinese
    assert "您想了解什么政策？" in chinese
    assert '<html lang="en"' in english
    assert "What would you like to know?" in english
    assert "<title>白河&lt;b&gt;问答</title>" in chinese
    assert "欢迎" in chinese
    assert "12345</script>" not in chinese
    config = re.search(r'<script type="application/json" id="config">(.*?)</script>', chinese, re.DOTALL)
    assert config
    assert json.loads(config[1])["hotline"] == "12345</script>"
    assert "#7a1f5c" in client.get("/page/theme.css").text
    shown = client.get("/page/logo")
    assert (shown.headers["content-type"], shown.headers["content-security-policy"]) == ("image/svg+xml", "default-src 'none'; sandbox")
    assert client.get("/page/main.js").status_code == 200
    assert client.get("/page/../settings.py").status_code == 404


def test_every_word_is_there_in_both_languages_and_used() -> None:
    static = Path(__file__).resolve().parents[3] / "bot" / "web" / "static"
    words = page_words()
    assert all(len(forms) == 2 and all(forms) for forms in words.values())
    assert not any(forms[0] == f"page.{name}" for name, forms in words.items())
    for forms in words.values():
        assert set(re.findall(r"{\w+}", forms[0])) == set(re.findall(r"{\w+}", forms[1]))
    code = "".join(path.read_text("utf-8") for path in [*static.glob("*.js"), static / "page.html.jinja"])
    assert set(re.findall(r"(?:word|button)\('([\w ]+)'", code)) <= set(words)
    assert set(re.findall(r'data-(?:word|name|placeholder)="(\w+)"', code)) <= set(words)
    put_together = {"gone_version", "gone_article"}
    assert {name for name in words if not re.search(f"['\"]{name}['\"]|words\\.{name}\\b", code)} == put_together


@pytest.mark.parametrize(
    ("spoken", "said"),
    [({}, "no uploads here"), ({"accept-language": "zh-CN"}, "这里不收文件"), ({"accept-language": "en"}, "no uploads here")],
)
def test_door_refuses_in_the_language_that_is_asked_for(
    assistant: LiveAssistant, settings: Settings, spoken: dict[str, str], said: str
) -> None:
    refused = TestClient(make_app(assistant, settings)).post("/upload", headers=spoken)
    assert (refused.status_code, refused.text, refused.headers["content-type"]) == (403, said, "text/plain; charset=utf-8")


@pytest.mark.parametrize("kept", [True, False], ids=["prefix kept by the proxy", "prefix taken away"])
def test_page_works_behind_a_prefix(assistant: LiveAssistant, settings: Settings, kept: bool) -> None:
    own = settings.model_copy(update={"server": ServerSettings(root_path="/zhengce")})
    client = TestClient(make_app(assistant, own))
    prefix = "/zhengce" if kept else ""
    page = client.get(f"{prefix}/")
    assert page.status_code == 200
    assert '<base href="/zhengce/">' in page.text
    assert client.get("/zhengce").text == page.text
    for path in ("page/main.js", "page/theme.css", "examples", "health", "article?article=garden"):
        assert client.get(f"{prefix}/{path}").status_code == 200, path
    joined = client.post(f"{prefix}/gradio_api/call/ask", json={"data": ["新建口袋公园多少处", []]})
    assert "event_id" in joined.json()


def test_gate_holds_behind_a_prefix(assistant: LiveAssistant, settings: Settings) -> None:
    own = settings.model_copy(update={"server": ServerSettings(root_path="/zhengce", report_password=SecretStr("open sesame"))})
    client = TestClient(make_app(assistant, own))
    assert [client.get(path).status_code for path in ("/report", "/zhengce/report", "/zhengce/report/")] == [401] * 3


def test_only_listed_sites_may_frame_the_slim_page(assistant: LiveAssistant, settings: Settings) -> None:
    assert "frame-ancestors 'self'" in policy()
    hosts = "https://www.jimo.gov.cn  https://*.qingdao.gov.cn:8443"
    own = settings.model_copy(update={"server": ServerSettings(embed_hosts=hosts)})
    client = TestClient(make_app(assistant, own))
    whole, slim = client.get("/"), client.get("/?embed=1")
    assert whole.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert slim.headers["content-security-policy"].endswith("frame-ancestors 'self' https://www.jimo.gov.cn https://*.qingdao.gov.cn:8443")
    assert 'class="embed"' in slim.text
    assert "unsafe" not in whole.headers["content-security-policy"]
