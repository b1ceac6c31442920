"""Who gets to the evaluators' page, and what it opens."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import make_assistant
from bot.evaluating.page import Handlers
from bot.evaluating.program import Program
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import ServerSettings, Settings
from index.search import Index
from tests.support.browsing import log_in
from tests.support.fakes import BigramEncoder

WHO = ("李", "open sesame")


def client(small_index: Index, encoder: BigramEncoder, settings: Settings) -> TestClient:
    return TestClient(make_app(make_assistant(small_index, encoder, settings, SentenceReader), settings))


def test_page_and_all_that_it_opens_are_behind_the_password(small_index: Index, encoder: BigramEncoder, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, server=ServerSettings(report_password=SecretStr(WHO[1])))
    run = settings.runs / "20260101-a"
    run.mkdir(parents=True)
    (run / "report.html").write_text("the report", "utf-8")
    page = client(small_index, encoder, settings)
    for path in ("/evaluate/", "/evaluate/reports/20260101-a", "/evaluate/config", "/evaluate/cases/jimo_2023.jsonl"):
        assert page.get(path).status_code == 401, path
    assert page.post("/evaluate/gradio_api/queue/join", json={}).status_code == 401
    assert page.post("/evaluate/gradio_api/upload", files={"files": ("a.jsonl", b"{}")}).status_code == 401
    assert log_in(page, *WHO).status_code == 303
    assert page.get("/evaluate/").status_code == 200
    assert page.get("/evaluate/reports/20260101-a").text == "the report"
    assert page.get("/evaluate/reports/..%2F20260101-a").status_code == 404
    assert page.get("/evaluate/reports/20260102-b").status_code == 404
    assert page.get("/evaluate/compare/20260101-a/20260102-b").status_code == 404
    assert "evaluate/" in page.get("/").text
    sent = page.post("/evaluate/gradio_api/upload", files={"files": ("a.jsonl", b"{}")})
    assert (sent.status_code, len(sent.json())) == (200, 1), "whoever may evaluate sends cases"


def test_without_a_password_there_is_no_page(small_index: Index, encoder: BigramEncoder, tmp_path: Path) -> None:
    page = client(small_index, encoder, Settings(data=tmp_path))
    assert page.get("/evaluate/").status_code == 404
    assert '"evaluate/"' not in page.get("/").text


def test_buttons_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path)
    program = Program(settings)
    monkeypatch.setattr(program, "sets", lambda: [{"name": "ours", "questions": "q.jsonl", "corpus": "", "cases": 3}])
    page = Handlers(program, settings)
    notice, chosen, _, _, state, listed, *_ = page.opened()
    assert (notice, chosen.value) == ("", "ours")  # type: ignore[attr-defined]
    assert "没有评测在运行" in str(state)
    assert "还没有评测结果" in str(listed)
    assert "先选一个题集" in str(page.start(None, "own", "extract", None)[0])
    assert "没有名为“others”的题集" in str(page.start("others", "own", "extract", None)[0])
    assert "两次不同" in page.compare("1", "1")
    assert "没有这次评测的结果" in page.compare("1", "2")
    known = page.look()[-1]
    assert page.look(str(known))[1] == {"__type__": "update"}, "what stands there is left alone"
