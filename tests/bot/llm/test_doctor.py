from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import app
from bot.llm.doctor import masked
from tests.support.llm_server import Endpoint, ServerReply, llm_server

KEY = "sk-very-secret-123"
GOOD = "白河区2023年设立服务站12处。[1]"


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with llm_server() as endpoint:
        yield endpoint


def examined(monkeypatch: pytest.MonkeyPatch, data: Path, url: str) -> tuple[int, str]:
    settings = {
        "URL": url,
        "MODEL": "some-model",
        "API_KEY": KEY,
        "SECONDS": "3",
        "FIRST_SECONDS": "1",
        "RETRIES": "0",
        "GAP_SECONDS": "0.5",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"LIANGCE_LLM_{name}", value)
    done = CliRunner().invoke(app, ["doctor", "--data", str(data)])
    return done.exit_code, done.output


def test_endpoint_that_works_is_told_with_what_was_said(server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server.plan = [ServerReply(GOOD)]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert code == 0, said
    for words in (
        "asking some-model",
        "白河区设立了多少处服务站",
        repr(GOOD),
        "tokens in",
        "shown after the checks: 白河区2023年设立服务站12处。",
    ):
        assert words in said
    assert "FAIL" not in said
    assert "key: *** (18 characters)" in said
    assert KEY not in said


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (ServerReply(status=401, body=f'{{"error": {{"message": "wrong key {KEY}"}}}}'), "LIANGCE_LLM_API_KEY"),
        (ServerReply(status=404), "LIANGCE_LLM_MODEL"),
        (ServerReply(GOOD, hang_first=9), "LIANGCE_LLM_FIRST_SECONDS"),
        (ServerReply(GOOD, hang_after=1), "LIANGCE_LLM_GAP_SECONDS"),
        (ServerReply(body="<html>"), "is LIANGCE_LLM_URL one"),
        (ServerReply("There are twelve of them."), "nothing of it passes the checks"),
        (ServerReply("白河区设立服务站21处。[1]"), "nothing of it passes the checks (figure"),
    ],
    ids=["key", "model", "slow", "stalled", "no endpoint", "English", "wrong figure"],
)
def test_endpoint_that_fails_is_told_with_what_to_change(
    server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reply: ServerReply, advice: str
) -> None:
    server.plan = [reply]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert (code, advice in said) == (1, True), said
    assert KEY not in said


def test_key_that_an_endpoint_repeats_is_masked(server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server.plan = [ServerReply(f"你的密钥是{KEY}。")]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert (code, KEY in said, "你的密钥是***" in said) == (1, False, True), said


@pytest.mark.parametrize(
    ("key", "shown"),
    [("sk-1234", "*** (7 characters)"), ("sk-1234\n", "*** (8 characters, with spaces or marks in it)"), ("", "none")],
)
def test_key_is_told_by_its_length(key: str, shown: str) -> None:
    assert masked(SecretStr(key) if key else None) == shown


def test_without_an_endpoint_there_is_nothing_to_examine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LIANGCE_LLM_URL", raising=False)
    done = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)])
    assert (done.exit_code, "answers are extracts" in done.output) == (0, True)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (ServerReply(GOOD, usage=False), "FAIL it counts no tokens in a stream"),
        (ServerReply(GOOD, hang_first=0.8), "FAIL the first word takes nearly all of the 1 s"),
        (ServerReply(GOOD, read=100), "FAIL it has read 100 of about"),
    ],
    ids=["no usage", "slow first word", "small context"],
)
def test_endpoint_that_works_with_a_drawback_is_told_of_it(
    server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reply: ServerReply, told: str
) -> None:
    server.plan = [reply]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert (code, told in said) == (0, True), said
    assert said.count("FAIL") == 1


def test_endpoint_that_turns_a_long_prompt_away_is_told_of_its_context(
    server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.plan = [ServerReply(status=400, body='{"error": {"message": "the request exceeds the available context size"}}')]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert (code, "OLLAMA_CONTEXT_LENGTH" in said) == (1, True), said


def test_endpoint_that_does_not_stream_is_told(server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server.plan = [ServerReply(GOOD, size=1000)]
    code, said = examined(monkeypatch, tmp_path, server.url)
    assert (code, "it does not stream" in said) == (0, True)
