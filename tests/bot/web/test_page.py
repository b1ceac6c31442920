"""The pages that everybody sees, without a browser: language, settings, prefix, frames, words."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import PageSettings, ServerSettings, Settings
from bot.web.pages import policy
from index.language import LANGUAGES, look_up

WEB = Path(__file__).resolve().parents[3] / "bot" / "web"


def test_page_speaks_the_browsers_language_and_shows_the_settings(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "utf-8")
    shown_there = PageSettings(
        title="白河<b>问答", greeting="欢迎", colour="#7a1f5c", hotline="12345</script>", logo=logo, operator="白河区"
    )
    client = TestClient(make_app(assistant, settings.model_copy(update={"page": shown_there})))
    chinese, english = (client.get("/", headers={"accept-language": wanted}) for wanted in ("zh-CN,en;q=0.5", "en-GB,zh;q=0.2"))
    assert '<html\n\tlang="zh-CN"' in chinese.text
    assert "您想了解什么政策？" in chinese.text
    assert english.url.path == "/en/"
    assert '<html\n\tlang="en"' in english.text
    assert "What would you like to know?" in english.text
    assert "<title>白河&lt;b&gt;问答</title>" in chinese.text
    assert "欢迎" in chinese.text
    assert "白河区" in client.get("/about").text
    assert "12345</script>" not in chinese.text
    assert not re.search('property="og:|name="twitter:|manifest.json', chinese.text), "nothing that Gradio says of itself"
    assert "#7a1f5c" in client.get("/page/theme.css").text
    shown = client.get("/page/logo")
    assert shown.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert client.get("/page/page.js").status_code == 200
    assert client.get("/page/../settings.py").status_code == 404


def test_language_is_chosen_by_address_and_remembered(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings), follow_redirects=False)
    chosen = client.get("/articles?lang=en&article=a%26b", headers={"accept-language": "zh"})
    assert chosen.headers["location"] == "/en/articles?article=a%26b"
    assert client.get("/", headers={"accept-language": "zh"}).headers["location"] == "/en/", "it was chosen here before"
    assert client.get("/en/", headers={"accept-language": "zh"}).status_code == 200
    assert client.get("/en/?lang=zh").headers["location"] == "/"
    assert client.get("/").status_code == 200
    assert client.get("/en").headers["location"] == "/en/"


def test_page_is_packed_for_who_takes_it(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings))
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 20_000
    plain = client.get("/", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_every_word_is_there_in_both_languages_and_used() -> None:
    code = "".join(path.read_text("utf-8") for path in [*WEB.rglob("*.py"), *WEB.glob("templates/*"), *WEB.glob("static/*.js")])
    called = set(re.findall(r"""(?:word|text)\((?:language, |"llm" if [^)]* else )?["']([\w ]+)["']""", code)) - {"about_", "gone_"}
    assert len(called) > 60
    for name in called:
        forms = [look_up(f"page.{name}", language) for language in LANGUAGES]
        assert f"page.{name}" not in forms, name
        assert set(re.findall(r"{\w+}", forms[0])) == set(re.findall(r"{\w+}", forms[1]))
    catalogue = (WEB.parents[1] / "index/locale/zh/LC_MESSAGES/liangce.po").read_text("utf-8")
    known = set(re.findall(r'msgid "page\.([\w ]+)"', catalogue))
    put_together = {name for name in known if re.match("gone_|about_(answered|related|refused|said)$", name)}
    assert {name for name in known - put_together if not re.search(f"[\"'](?:page\\.)?{name}[\"']|words\\.{name}\\b", code)} == set()


@pytest.mark.parametrize(
    ("spoken", "said"),
    [({}, "no uploads here"), ({"accept-language": "zh-CN"}, "这里不收文件"), ({"accept-language": "en"}, "no uploads here")],
)
def test_door_refuses_in_the_language_that_is_asked_for(
    assistant: LiveAssistant, settings: Settings, spoken: dict[str, str], said: str
) -> None:
    refused = TestClient(make_app(assistant, settings)).post("/upload", headers=spoken)
    assert (refused.status_code, refused.text, refused.headers["content-type"]) == (403, said, "text/plain; charset=utf-8")


def test_body_that_is_larger_than_a_conversation_is_refused(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings))
    assert client.post("/gradio_api/queue/join", content=b"x" * 1_100_000).status_code == 413


def test_address_where_nothing_is_has_a_page_for_people_only(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings))
    for path in ("/nowhere", "/en/nowhere"):
        missing = client.get(path, headers={"accept": "text/html"})
        assert missing.status_code == 404
        assert "没有这个页面" in missing.text
        assert "There is no such page" in missing.text
        assert client.get(path, headers={"accept": "application/json"}).json() == {"detail": "Not Found"}


@pytest.mark.parametrize("kept", [True, False], ids=["prefix kept by the proxy", "prefix taken away"])
def test_page_works_behind_a_prefix(assistant: LiveAssistant, settings: Settings, kept: bool) -> None:
    own = settings.model_copy(update={"server": ServerSettings(root_path="/zhengce")})
    client = TestClient(make_app(assistant, own))
    prefix = "/zhengce" if kept else ""
    page = client.get(f"{prefix}/")
    assert page.status_code == 200
    config = re.search(r"window.gradio_config = (\{.*?\});</script>", page.text)
    assert config
    assert json.loads(config[1])["root"].endswith("/zhengce")
    assert 'src="/zhengce/page/page.js"' in page.text
    for path in ("page/page.js", "page/theme.css", "health", "articles", "about", "en/", "en/articles"):
        assert client.get(f"{prefix}/{path}").status_code == 200, path
    joined = client.post(f"{prefix}/gradio_api/call/ask", json={"data": ["新建口袋公园多少处", []]})
    assert "event_id" in joined.json()
    moved = client.get(f"{prefix}/", headers={"accept-language": "en"}, follow_redirects=False)
    assert moved.headers["location"] == "/zhengce/en/"


def test_gate_holds_behind_a_prefix(assistant: LiveAssistant, settings: Settings) -> None:
    own = settings.model_copy(update={"server": ServerSettings(root_path="/zhengce", report_password=SecretStr("open sesame"))})
    client = TestClient(make_app(assistant, own))
    assert [client.get(path).status_code for path in ("/report", "/zhengce/report", "/zhengce/report/")] == [401] * 3


def test_only_listed_sites_may_frame_the_slim_page(assistant: LiveAssistant, settings: Settings) -> None:
    assert "frame-ancestors 'self';" in policy()
    hosts = "https://www.jimo.gov.cn  https://*.qingdao.gov.cn:8443"
    own = settings.model_copy(update={"server": ServerSettings(embed_hosts=hosts)})
    client = TestClient(make_app(assistant, own))
    whole, slim = (client.get(address).headers["content-security-policy"] for address in ("/", "/?embed=1"))
    assert "frame-ancestors 'self';" in whole
    assert "frame-ancestors 'self' https://www.jimo.gov.cn https://*.qingdao.gov.cn:8443;" in slim
    assert "default-src 'self'" in whole
