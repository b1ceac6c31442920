"""What the page is told, and what it can be told: views, articles, suggestions, feedback, settings, addresses. Without a browser."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Answered, Outcome
from bot.app import live_assistant, make_assistant
from bot.reading.reader import Reading
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, PageSettings, ServerSettings, Settings
from bot.web import page
from bot.web.articles import GoneError, open_article
from bot.web.feedback import read_feedback
from bot.web.page import policy
from bot.web.questions import respond
from bot.web.suggestions import Suggestions
from bot.web.view import view
from eval.__main__ import app as eval_app
from index.build import BuildOptions, build
from index.documents import Hit
from index.plan import BuildRequest
from index.search import Index
from index.stored.articles import read_article
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

TODAY = date(2026, 6, 1)
NAMED = "# 红叶计划\n\n青山区推出“红叶计划”，给新办企业租房补贴。\n\n## 申请：办理流程 所需材料\n\n企业向“一站窗口”提交材料，三天办结。\n"
EVIL = "# 恶意<script>\n\n甲乙丙丁计划</script><script>alert(1)</script>发放了九百张卡。"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", answering=AnsweringSettings(least_probability=0))


@pytest.fixture
def assistant(settings: Settings, encoder: BigramEncoder) -> Iterator[LiveAssistant]:
    sources = [source("garden", GARDEN, published="2022-05"), source("named", NAMED), source("evil", EVIL)]
    build(BuildRequest(sources), settings.index, encoder, SplitSettings())
    opened = live_assistant(encoder, settings, SentenceReader)
    yield opened
    opened.close()


def suggestions(assistant: LiveAssistant, settings: Settings, examples: dict[str, list[str]] | None = None) -> Suggestions:
    return Suggestions(assistant, examples or {}, lambda: require_live(settings.index))


def test_answer_is_told_with_places_that_hold_the_quote(assistant: LiveAssistant, settings: Settings) -> None:
    found, *_, done = respond(assistant, "新建口袋公园多少处", ["青山区推出了什么行动"])
    assert found == {"state": "found", "passages": 6}
    shown = done["outcome"]
    assert (shown["refused"], shown["mode"], shown["version"]) == (False, "extract", "v000001")
    cited = shown["citations"][0]
    assert (cited["article"], cited["published"]) == ("garden", "2022-05")
    assert cited["years"] >= 3
    text = read_article(require_live(settings.index), "garden").text
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    json.dumps(done)


def test_refusal_is_told_with_its_reason(assistant: LiveAssistant) -> None:
    shown = view(assistant.ask(""), TODAY)
    assert (shown["refused"], shown["reason"], shown["citations"]) == (True, "empty_question", [])
    assert shown["message"]


def test_article_is_opened_in_the_version_that_was_cited(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("garden", GARDEN), source("harbour", HARBOUR)]), settings.index, encoder, SplitSettings())
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings(), BuildOptions(keep=2))
    live, old = (open_article(settings.index, "garden", version, TODAY) for version in ("", "v000001"))
    assert (live["version"], live["live"], old["version"], old["live"]) == ("v000002", True, "v000001", False)
    assert [any("15处" in block["text"] for block in shown["blocks"]) for shown in (live, old)] == [False, True]
    text = read_article(require_live(settings.index), "garden").text
    for block in live["blocks"]:
        assert text[block["start"] :].startswith(block["text"])
    assert live["passages"][0][0] == 0
    with pytest.raises(GoneError, match="article") as gone:
        open_article(settings.index, "harbour", "", TODAY)
    assert not gone.value.live
    assert open_article(settings.index, "harbour", "v000001", TODAY)["article"] == "harbour"
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings(), BuildOptions(keep=1))
    for name, version, held in (("garden", "v000001", True), ("harbour", "v000001", False), ("garden", "../../etc", True)):
        with pytest.raises(GoneError, match="version") as gone:
            open_article(settings.index, name, version, TODAY)
        assert gone.value.live == held


def test_article_tells_what_the_cleaner_changed(settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("a", "责编 张三 李四\n\n# 标题\n\n补贴3000元,当月发放。\n")]), settings.index, encoder, SplitSettings())
    changes = open_article(settings.index, "a", "", TODAY)["changes"]
    assert ("editors' line", "责编 张三 李四") in [(one["rule"], one["removed"]) for one in changes]
    assert ("half-width punctuation", "，") in [(one["rule"], one["inserted"]) for one in changes]
    folder = require_live(settings.index)
    (file,) = (folder / "articles").iterdir()
    values = json.loads(file.read_text("utf-8"))
    del values["changes"]  # as a version has it that is older than this record
    file.unlink()
    file.write_text(json.dumps(values), "utf-8")
    assert open_article(settings.index, "a", "", TODAY)["changes"] == []


def test_only_answered_questions_are_suggested(assistant: LiveAssistant, settings: Settings) -> None:
    wanted = {"公园": ["新建口袋公园多少处"], "坏的": ["", "   ？"]}
    made = suggestions(assistant, settings, wanted)
    assert (made.version, made.examples()) == ("", {})
    made.check()
    assert (made.version, made.examples()) == ("v000001", {"公园": ["新建口袋公园多少处"]})
    outcome = assistant.ask("企业提交材料几天办结")
    offered = made.after(outcome, ["“红叶计划”是怎么回事"])
    assert "“红叶计划”是怎么回事？" not in offered, "it was asked already"
    said = {citation.quote for citation in outcome.citations}
    for question in made.after(outcome):
        assert assistant.ask(question).citations[0].quote not in said, "the same sentence has been shown"
        assert isinstance(assistant.ask(question), Answered)


def test_weak_or_other_answer_is_not_suggested(assistant: LiveAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = assistant.ask

    def weak(question: str, *, may_write: bool) -> Outcome:
        outcome = real(question, may_write=may_write)
        return replace(outcome, confidence=0.1) if isinstance(outcome, Answered) else outcome

    monkeypatch.setattr(assistant, "ask", weak)
    made = suggestions(assistant, settings)
    made.check()
    assert (made.version, made.examples()) == ("v000001", {})


def test_suggestions_follow_the_live_version(assistant: LiveAssistant, settings: Settings, encoder: BigramEncoder) -> None:
    made = suggestions(assistant, settings, {"公园": ["新建口袋公园多少处"]})
    made.check()
    build(BuildRequest([source("named", NAMED)]), settings.index, encoder, SplitSettings())
    assistant.look()
    made.start(0.05)
    for _ in range(200):
        if made.version == "v000002":
            break
        made._end.wait(0.05)
    made.close()
    assert made.version == "v000002"


def test_feedback_is_bounded(assistant: LiveAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"question": "渔港几点开门", "answer": "没有找到", "refused": True, "verdict": "up"}
    monkeypatch.setattr(page, "_FEEDBACK", 3)
    client = TestClient(make_app(assistant, settings))
    assert [client.post("/feedback", json=given).status_code for _ in range(4)] == [204, 204, 204, 429]
    assert int(client.post("/feedback", json=given).headers["retry-after"]) > 0
    assert len(read_feedback(settings.data)) == 3
    monkeypatch.setattr(page, "_KEPT", 10)
    assert TestClient(make_app(assistant, settings)).post("/feedback", json=given).status_code == 507
    assert len(read_feedback(settings.data)) == 3


def test_feedback_is_kept_and_seen_by_the_evaluation(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    client = TestClient(make_app(assistant, settings))
    given = {"question": "渔港<b>几点开门", "answer": "没有找到", "refused": True, "verdict": "handed over", "version": "v000001"}
    assert client.post("/feedback", json=given).status_code == 204
    down = given | {"question": "补贴多少", "refused": False, "verdict": "down", "reason": "wrong", "comment": "少了一个零"}
    assert client.post("/feedback", json=down).status_code == 204
    assert client.post("/feedback", json=given | {"verdict": "sideways"}).status_code == 422
    assert client.post("/feedback", json=given | {"comment": "长" * 1001}).status_code == 422
    assert client.post("/feedback", json=given, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/feedback", content=b"x" * 200_000).status_code == 413
    kept = read_feedback(settings.data)
    assert [(one.question, one.verdict, one.reason, one.comment) for one in kept] == [
        ("渔港<b>几点开门", "handed over", "", ""),
        ("补贴多少", "down", "wrong", "少了一个零"),
    ]
    out = tmp_path / "drafts.jsonl"
    done = CliRunner().invoke(eval_app, ["from-feedback", "--out", str(out), "--data", str(settings.data)])
    assert done.exit_code == 0, done.output
    notes = [json.loads(line)["note"] for line in out.read_text("utf-8").splitlines()]
    assert "handed over, refused" in notes[0]
    assert "thumbs down (wrong), answered: 没有找到; comment: 少了一个零" in notes[1]


def test_page_speaks_the_browsers_language_and_shows_the_settings(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "utf-8")
    shown_there = PageSettings(title="白河<b>问答", greeting="欢迎", colour="#7a1f5c", hotline="12345</script>", logo=logo)
    own = settings.model_copy(update={"page": shown_there})
    client = TestClient(make_app(assistant, own))
    chinese, english = (client.get("/", headers={"accept-language": said}).text for said in ("zh-CN,en;q=0.5", "en-GB,zh;q=0.2"))
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
    words = json.loads((static / "words.json").read_text("utf-8"))
    assert all(len(forms) == 2 and all(forms) for forms in words.values())
    for forms in words.values():
        assert set(re.findall(r"{\w+}", forms[0])) == set(re.findall(r"{\w+}", forms[1]))
    code = "".join(path.read_text("utf-8") for path in [*static.glob("*.js"), static / "page.html.jinja"])
    assert set(re.findall(r"(?:word|button)\('([\w ]+)'", code)) <= set(words)
    assert set(re.findall(r'data-(?:word|name|placeholder)="(\w+)"', code)) <= set(words)


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


def test_what_was_found_is_told_before_it_is_read(small_index: Index, encoder: BigramEncoder) -> None:
    read: list[str] = []

    class Noting(SentenceReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            read.append(question)
            return super().read(question, hits)

    states = respond(make_assistant(small_index, encoder, Settings(), Noting), "新建口袋公园多少处", [])
    assert next(states)["state"] == "found"
    assert read == []
    assert [one["state"] for one in states] == ["working", "working", "done"]
    assert read
