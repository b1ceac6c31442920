"""The off switch, by each door; and the questions that were not answered."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web.guarding.addresses import RateLimit
from bot.web.handlers import Handlers
from bot.web.running import switch, unanswered
from bot.web.running.reception import Reception
from bot.web.running.switch import Switch
from bot.web.suggestions import Suggestions
from index.database import FILE, open_database
from index.journal import read_audit
from index.stored.versions import require_live

QUESTION = "新建口袋公园多少处"
TEXT = "系统维护到<b>周五</b>，请拨打12345。"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "_EVERY", 0)


def run(settings: Settings, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--data", str(settings.data)])


def call_tool(client: TestClient, name: str, **given: Any) -> dict[str, Any]:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": given}}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    answer: dict[str, Any] = client.post("/mcp", json=request, headers=headers).json()["result"]
    return answer


def test_every_door_shows_the_text_and_answers_nothing_until_it_is_on_again(client: TestClient, settings: Settings) -> None:
    chat = {"model": "liangce", "messages": [{"role": "user", "content": QUESTION}]}
    with client:
        assert client.post("/api/v1/ask", json={"question": QUESTION}).json()["outcome"] == "answered"
        assert run(settings, "off", TEXT).exit_code == 0
        given = client.post("/api/v1/ask", json={"question": QUESTION}).json()
        assert (given["outcome"], given["reason"], given["answer"], given["citations"]) == ("refused", "switched_off", TEXT, [])
        streamed = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}).text
        assert "event: found" not in streamed
        assert TEXT in streamed
        assert client.post("/v1/chat/completions", json=chat).json()["choices"][0]["message"]["content"] == TEXT
        assert call_tool(client, "ask_policy", question=QUESTION)["content"][0]["text"] == TEXT
        searched = client.get("/api/v1/search", params={"q": QUESTION})
        assert (searched.status_code, searched.json()["code"]) == (503, "off")
        assert TEXT in searched.json()["detail"]
        found = call_tool(client, "search_policy", query=QUESTION)
        assert found["isError"]
        assert TEXT in found["content"][0]["text"]
        assert run(settings, "on").exit_code == 0
        assert client.post("/api/v1/ask", json={"question": QUESTION}).json()["outcome"] == "answered"
        assert "on already" in run(settings, "on").output
    assert [entry.what for entry in read_audit(open_database(settings))][-2:] == [f"off: {TEXT}", "on"]


def test_page_shows_the_text_in_place_of_examples_and_answers(assistant: LiveAssistant, settings: Settings) -> None:
    reception = Reception(assistant, open_database(settings))
    suggestions = Suggestions(assistant, {}, lambda: require_live(settings.index))
    page = Handlers(reception, settings, suggestions, RateLimit(3, 600), "zh", reception.switch.off)
    run(settings, "off", TEXT)
    assert page.start() == {"examples": [], "placeholder": "系统维护到&lt;b&gt;周五&lt;/b&gt;，请拨打12345。"}
    *_, last = page.answer(page.begin(QUESTION, {})[2])
    outcome = last[1]["turns"][0]["outcome"]
    assert (outcome["message"], outcome["citations"], outcome["reason"]) == (TEXT, [], "switched_off")
    run(settings, "on")
    *_, last = page.answer(page.begin(QUESTION, {})[2])
    assert last[1]["turns"][0]["outcome"]["outcome"] == "answered"


@pytest.mark.parametrize("text", ["", " \n", "长" * 2001])
def test_switch_wants_a_text(settings: Settings, text: str) -> None:
    done = run(settings, "off", text)
    assert (done.exit_code, "expected one of 1 to 2000" in done.stderr) == (2, True)


def test_switch_stays_as_it_was_where_the_database_cannot_be_read(settings: Settings) -> None:
    run(settings, "off", TEXT)
    looking = Switch(open_database(settings))
    assert looking.off() == TEXT
    open_database(settings).close()
    for file in settings.data.glob(f"{FILE}*"):
        file.write_bytes(b"damaged" * 1000)
    assert looking.off() == TEXT


def test_questions_that_are_not_answered_are_counted_without_personal_data(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.running.reception.is_wanting", lambda outcome: "口袋" not in outcome.question)
    for question in ("如何做红烧肉", "如何做红烧肉", QUESTION, "红烧肉13812345678"):
        client.post("/api/v1/ask", json={"question": question})
    rows = json.loads(run(settings, "unanswered", "--json").output)
    assert [(row["times"], row["question"], row["version"]) for row in rows] == [
        (2, "如何做红烧肉", "v000001"),
        (1, "红烧肉［手机号］", "v000001"),
    ]
    monkeypatch.setattr(unanswered, "MOST_KEPT", 2)
    client.post("/api/v1/ask", json={"question": "另一问"})
    assert len(json.loads(run(settings, "unanswered", "--json").output)) == 2


def test_question_is_answered_where_nothing_can_be_kept(
    assistant: LiveAssistant, settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.running.reception.is_wanting", lambda outcome: True)
    (settings.data / FILE).write_bytes(b"damaged" * 1000)
    reception = Reception(assistant, open_database(settings))
    assert [bool(reception.ask(QUESTION).text) for _ in range(3)] == [True] * 3
    assert caplog.text.count("unanswered questions are not kept") == 1
