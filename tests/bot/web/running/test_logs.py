"""What the server writes of itself, and what it never does."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import LogSettings, ServerSettings, Settings
from bot.web.running.logs import REQUEST, JsonRecord, Record, secrets_of, set_up
from bot.web.running.requests import HEADER, network_of
from index.errors import CallError
from index.reading.formats.parsed import ParseLimits
from index.reading.formats.process import WorkerProcess
from index.settings import read_settings

QUESTION = "新建口袋公园多少处"
FORGED = "a\n2026 ERROR forged\x1b[31m\u202e\u2028b"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written to standard error, once records are set up; afterwards all is as it was."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "__stderr__", stream)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)


def record(text: str, *values: object, **more: Any) -> logging.LogRecord:
    return logging.LogRecord("bot.x", logging.ERROR, "", 0, text, values, more.get("trouble"))


def trouble(text: str) -> Any:
    try:
        raise ValueError(text)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("form", [Record, JsonRecord])
def test_record_holds_no_control_characters_no_secrets_and_no_personal_data(form: type[Record]) -> None:
    told = "%s by pass-word-1, lc-AAAAAAAAAAAAAAAAAAAAAAAAAAAA, Authorization: Bearer abcdefghijk, 13812345678"
    text = form(["pass-word-1"]).format(record(told, FORGED, trouble=trouble(f"{FORGED} pass-word-1")))
    assert all(line.isprintable() for line in text.split("\n"))
    assert not re.search("pass-word-1|lc-AAA|abcdefghijk|13812345678", text)
    assert "［手机号］" in text
    assert "ValueError" in text
    assert not re.search("^2026 ERROR forged", text, re.MULTILINE)


def test_json_record_is_one_object_with_the_request() -> None:
    before = REQUEST.set("r-12345678")
    try:
        text = JsonRecord().format(record("%s", FORGED, trouble=trouble("broken")))
    finally:
        REQUEST.reset(before)
    said = json.loads(text)
    assert (said["level"], said["logger"], said["request"], said["message"]) == ("error", "bot.x", "r-12345678", FORGED)
    assert said["error"].endswith("ValueError: broken\n")
    assert text.isprintable()


def test_request_has_its_number_in_the_response_and_in_the_log_without_its_question(
    assistant: LiveAssistant, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings.model_copy(update={"logs": LogSettings(log_access=True)})
    client = TestClient(make_app(assistant, settings))
    with caplog.at_level(logging.INFO, "access"):
        first = client.get(f"/?q={QUESTION}", headers={"Accept": "text/html"}).headers[HEADER]
        assert client.get("/health", headers={HEADER: "from-proxy-1"}).headers[HEADER] == "from-proxy-1"
        other = client.get("/health", headers={HEADER: "forged id\x1b"}).headers[HEADER]
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert re.fullmatch(r"[0-9a-f]{16}", other)
    assert first != other
    lines = [entry.getMessage() for entry in caplog.records if entry.name == "access"]
    assert [line.rsplit(" ", 3)[0] for line in lines] == ["GET / 200", "GET /health 200", "GET /health 200"]
    assert QUESTION not in str([entry.__dict__ for entry in caplog.records])


def test_failure_of_the_program_is_told_by_number_and_stands_in_the_log(
    assistant: LiveAssistant, settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(assistant, settings)

    @app.get("/failing")
    def fail() -> None:
        raise RuntimeError("inner words")

    app.router.routes.insert(0, app.router.routes.pop())  # before the pages, which take all that is left
    got = TestClient(app).get("/failing")
    assert (got.status_code, got.json()["request"]) == (500, got.headers[HEADER])
    assert "inner words" not in got.text
    assert "RuntimeError: inner words" in caplog.text


BAD = [
    ("POST", "/api/v1/ask", b"{", "application/json"),
    ("POST", "/api/v1/ask", b'{"question": "\\ud800"}', "application/json"),
    ("POST", "/v1/chat/completions", b'{"messages": 7}', "application/json"),
    ("POST", "/mcp", b"\xff", "application/json"),
    ("POST", "/gradio_api/queue/join", b'{"data": ["SECRETWORDS"], "fn_index": 3, "session_hash": "a"}', "application/json"),
    ("POST", "/gradio_api/queue/join", b'{"data": 1, "fn_index": "x"}', "application/json"),
    ("POST", "/gradio_api/call/ask", b'{"data": ["SECRETWORDS", 1, 2, 3]}', "application/json"),
    ("POST", "/gradio_api/run/ask", b'{"data": {"a": "SECRETWORDS"}}', "application/json"),
    ("GET", "/gradio_api/queue/data?session_hash=%FF", b"", ""),
    ("GET", "/%FF%FE?q=%ED%A0%80", b"", ""),
    ("GET", "/?__theme=%00", b"", ""),
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_error_of_a_client_leaves_no_traceback(
    assistant: LiveAssistant, settings: Settings, key: str, form: Any, written: io.StringIO
) -> None:
    set_up(form, ["open sesame"])
    client = TestClient(make_app(assistant, settings), headers={"Authorization": f"Bearer {key}"})
    with client:
        for method, path, body, kind in BAD:
            answer = client.request(method, path, content=body, headers={"Content-Type": kind, "Accept": "application/json"})
            assert answer.status_code < 500, (path, answer.text)
    assert "Traceback" not in written.getvalue()
    assert "SECRETWORDS" not in written.getvalue()


def test_traceback_that_gradio_prints_is_kept_where_it_comes_to_our_code(written: io.StringIO) -> None:
    set_up("json", [])
    import traceback

    from bot.settings import contrast

    for work in (lambda: contrast("red", "blue"), lambda: json.loads("SECRETWORDS")):
        try:
            work()
        except Exception:
            traceback.print_exc()
    print("half a line, ", end="", file=sys.stderr)
    print("and the rest", file=sys.stderr)
    first, second, third = (json.loads(line) for line in written.getvalue().splitlines())
    assert first["message"].startswith("Traceback")
    assert second["message"] == "a call was not taken: json.decoder.JSONDecodeError"
    assert third["message"] == "half a line, and the rest"


def test_all_secrets_of_the_settings_are_known(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path, server=ServerSettings(maintainer_password=SecretStr("open sesame")), database=SecretStr("sqlite:///x")
    )
    assert {"open sesame", "sqlite:///x"} <= set(secrets_of(settings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIANGCE_MAINTAINER_PASSWORD", "short77"),
        ("LIANGCE_LLM_URL", "http://me:short77@example.com/v1"),
        ("LIANGCE_JUDGE_URL", "http://short77@example.com"),
    ],
)
def test_wrong_setting_is_told_without_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CallError, match=name) as told:
        read_settings(Settings, data=tmp_path)
    assert "short77" not in str(told.value)
    monkeypatch.delenv(name)
    (tmp_path / "settings.toml").write_text(f"{name.removeprefix('LIANGCE_').lower()} = {value!r}\n", "utf-8")
    with pytest.raises(CallError, match=name) as told:
        read_settings(Settings, data=tmp_path)
    assert "short77" not in str(told.value)


def test_parser_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANGCE_LLM_API_KEY", "short77")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "short77")
    worker = WorkerProcess(ParseLimits())
    try:
        assert worker.ask(".html", "<p>公园六点开门。</p>".encode())["parsed"]["text"] == "公园六点开门。"
        assert worker._process
        environment = Path(f"/proc/{worker._process.pid}/environ").read_bytes()
    finally:
        worker.stop()
    assert b"PATH=" in environment
    assert b"short77" not in environment


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("testclient", "")],
)
def test_access_log_names_a_network_and_no_machine(address: str, network: str) -> None:
    assert network_of(address) == network
