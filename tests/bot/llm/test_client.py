"""The client against a real endpoint that answers or misbehaves: each reply or failure within its time, and no key in any word."""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.llm.client import Failure, ModelError, OpenAIChat, RequestLimits, Usage, address
from bot.llm.prompts import Prompt, PromptError, PromptFile, load_sections
from bot.llm.tokens import estimate_tokens
from bot.settings import LLMSettings, Settings
from index.errors import CallError
from index.settings import read_settings
from tests.support.llm_server import Endpoint, ServerReply, llm_server

KEY = "sk-very-secret-123"
TEXT = "共办理130件。[1]另有50个。[2]"
PROMPT = Prompt("指示", "问题")
LIMITS = RequestLimits(seconds=3, first=1.5, between=0.5, tokens=100, retries=2)


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with llm_server() as endpoint:
        yield endpoint


@pytest.fixture
def chat(server: Endpoint) -> Iterator[OpenAIChat]:
    server.asked.clear()
    server.headers.clear()
    client = OpenAIChat(server.url, "some-model", SecretStr(KEY), LIMITS)
    yield client
    client.close()


def test_reply_comes_in_pieces_with_its_tokens(server: Endpoint, chat: OpenAIChat) -> None:
    server.plan = [ServerReply(TEXT, thoughts="先想一想")]
    usage = Usage()
    pieces = list(chat.stream(PROMPT, usage))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 3
    assert (usage.tokens_in, usage.tokens_out) == (1000, len(pieces))
    (asked,) = server.asked
    assert (asked["model"], asked["temperature"], asked["stream"], asked["max_tokens"]) == ("some-model", 0, True, 100)
    assert [(message["role"], message["content"]) for message in asked["messages"]] == [("system", "指示"), ("user", "问题")]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("plan", "least"),
    [
        ([ServerReply(status=500), ServerReply(status=503), ServerReply(TEXT)], 1.0),  # half a second and one, each up to a quarter shorter
        ([ServerReply(status=429, headers={"retry-after": "1"}), ServerReply(TEXT)], 1.0),
    ],
    ids=["twice out of order", "once busy"],
)
def test_passing_failure_is_tried_again_after_a_pause(server: Endpoint, plan: list[ServerReply], least: float) -> None:
    server.asked.clear()
    server.plan, requests = plan, len(plan)
    chat = OpenAIChat(server.url, "m", None, RequestLimits(seconds=6, first=5, retries=2))
    start = time.monotonic()
    assert "".join(chat.stream(PROMPT, Usage())) == TEXT
    assert len(server.asked) == requests
    assert time.monotonic() - start >= least
    chat.close()


@pytest.mark.parametrize(
    ("reply", "failure", "requests"),
    [
        (ServerReply(status=401, body=f'{{"error": {{"message": "wrong key {KEY}"}}}}'), Failure.NOT_ALLOWED, 1),
        (ServerReply(status=403), Failure.NOT_ALLOWED, 1),
        (ServerReply(status=400), Failure.REJECTED, 1),
        (ServerReply(status=404), Failure.REJECTED, 1),
        (ServerReply(TEXT, hang_first=30), Failure.SLOW, 1),
        (ServerReply(TEXT, hang_first=30, keep_alive=True), Failure.SLOW, 1),
        (ServerReply(status=429, headers={"retry-after": "60"}), Failure.SLOW, 1),
        (ServerReply(TEXT, hang_after=2), Failure.STALLED, 1),
        (ServerReply(TEXT, hang_after=2, keep_alive=True), Failure.STALLED, 1),
        (ServerReply(TEXT, broken_after=2), Failure.BROKEN, 1),
        (ServerReply(TEXT, cut_after=2), Failure.BROKEN, 1),
        (ServerReply(TEXT, error_after=2), Failure.BROKEN, 1),
        (ServerReply(TEXT, lost_after=2), Failure.UNREACHABLE, 1),
        (ServerReply(TEXT, finish=None), Failure.BROKEN, 1),
        (ServerReply(body="<html>maintenance</html>"), Failure.BROKEN, 1),
        (ServerReply(TEXT, endless=True, pause=0.02), Failure.SLOW, 1),
        (ServerReply(tool=True), Failure.TOOLS, 1),
    ],
    ids=lambda value: value.value if isinstance(value, Failure) else "",
)
def test_failure_is_told_within_its_time_and_without_the_key(
    server: Endpoint, chat: OpenAIChat, reply: ServerReply, failure: Failure, requests: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.plan = [reply]
    start = time.monotonic()
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelError) as raised:
        list(chat.stream(PROMPT, Usage()))
    assert raised.value.failure is failure
    assert time.monotonic() - start < LIMITS.seconds + 1
    assert len(server.asked) == requests
    assert KEY not in str(raised.value)
    assert KEY not in caplog.text
    assert "Bearer" not in caplog.text
    assert "httpcore" in caplog.text, "the clients log what they do"


@pytest.mark.parametrize("usage", [True, False], ids=["counted", "not counted"])
def test_tokens_that_the_endpoint_does_not_count_are_estimated(server: Endpoint, chat: OpenAIChat, usage: bool) -> None:
    server.plan, used = [ServerReply(TEXT, usage=usage)], Usage()
    assert "".join(chat.stream(PROMPT, used)) == TEXT
    assert server.asked[-1]["stream_options"] == {"include_usage": True}
    assert used.estimated is not usage
    if not usage:
        assert (used.tokens_in, used.tokens_out) == (estimate_tokens(PROMPT.system + PROMPT.user), estimate_tokens(TEXT))


def test_tokens_of_a_reply_that_is_not_heard_out_are_estimated(server: Endpoint, chat: OpenAIChat) -> None:
    server.plan, used = [ServerReply(TEXT, pause=0.02)], Usage()
    pieces = chat.stream(PROMPT, used)
    first = next(pieces)
    pieces.close()  # type: ignore[attr-defined] # a generator
    assert (used.estimated, used.tokens_out) == (True, estimate_tokens(first))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://nowhere.invalid/v1"], ids=["refused", "no such name"])
def test_endpoint_that_cannot_be_reached_is_told(url: str) -> None:
    chat = OpenAIChat(url, "m", None, RequestLimits(seconds=5, first=4, retries=0))
    with pytest.raises(ModelError, match="unreachable") as raised:
        list(chat.stream(PROMPT, Usage()))
    assert raised.value.failure is Failure.UNREACHABLE
    chat.close()


def test_address_is_shown_without_what_is_secret() -> None:
    assert address("https://me:secret@example.org:8443/v1?key=abc") == "https://example.org:8443/v1"


def test_reply_that_nobody_waits_for_is_ended(server: Endpoint, chat: OpenAIChat) -> None:
    server.plan = [ServerReply(TEXT, endless=True, pause=0.01)]
    pieces = chat.stream(PROMPT, Usage())
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    server.plan = [ServerReply(TEXT)]
    assert "".join(chat.stream(PROMPT, Usage())) == TEXT


def language_model_threads() -> int:
    return sum(thread.name == "language-model" for thread in threading.enumerate())


def connections(url: str) -> int:
    """How many connections this process has to an address of its own."""
    port = int(url.split(":")[2].split("/")[0])
    return sum(
        connection.raddr != () and connection.raddr.port == port and connection.status != "TIME_WAIT"
        for connection in psutil.Process().net_connections("tcp")
    )


@pytest.mark.parametrize(
    "reply",
    [
        ServerReply(TEXT, hang_after=2),
        ServerReply(TEXT, hang_first=30),
        ServerReply(TEXT, broken_after=2),
        ServerReply(TEXT, lost_after=2),
        ServerReply(TEXT, endless=True, pause=0.01),
        ServerReply(tool=True),
    ],
    ids=["hang within", "hang before", "broken chunk", "lost", "endless", "tool"],
)
def test_nothing_is_left_behind_by_failing_answers(server: Endpoint, reply: ServerReply) -> None:
    server.plan = [reply]
    chat = OpenAIChat(server.url, "m", SecretStr(KEY), RequestLimits(seconds=0.3, first=0.1, between=0.1, retries=0))
    with pytest.raises(ModelError):
        list(chat.stream(PROMPT, Usage()))
    threads = language_model_threads()
    for _ in range(20):
        with pytest.raises(ModelError):
            list(chat.stream(PROMPT, Usage()))
    deadline = time.monotonic() + 5
    while connections(server.url) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert connections(server.url) <= 1, "one may be kept for the next question"
    assert language_model_threads() == threads
    assert [task for task in asyncio.all_tasks(chat._loop) if not task.done()] == []
    server.plan = [ServerReply(TEXT)]
    calm = OpenAIChat(server.url, "m", None, LIMITS)
    assert "".join(calm.stream(PROMPT, Usage())) == TEXT
    calm.close()
    chat.close()
    assert language_model_threads() == threads - 1
    assert connections(server.url) == 0


def test_further_fields_stand_in_the_request(server: Endpoint) -> None:
    server.asked.clear()
    server.plan = [ServerReply(TEXT)]
    chat = OpenAIChat(server.url, "m", None, LIMITS, {"thinking": {"type": "disabled"}, "max_tokens": 7})
    list(chat.stream(PROMPT, Usage()))
    chat.close()
    assert (server.asked[0]["thinking"], server.asked[0]["max_tokens"]) == ({"type": "disabled"}, 7)


def test_several_questions_are_asked_at_once(server: Endpoint, chat: OpenAIChat) -> None:
    server.plan = [ServerReply(TEXT, pause=0.05)]
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: "".join(chat.stream(PROMPT, Usage())), range(4)))
    assert said == [TEXT] * 4
    assert time.monotonic() - start < 3 * 0.05 * len(TEXT) / 4, "they do not wait for each other"


def written(folder: Path, text: str) -> Path:
    (folder / "answer.txt").write_text(text, "utf-8")
    return folder


def test_prompt_is_filled_and_named_by_its_hash(tmp_path: Path) -> None:
    prompt = PromptFile.load("answer", {"question"}, written(tmp_path, "规则 $$1\n=== user ===\n问：$question\n"))
    assert prompt.fill(question="多少$钱") == Prompt("规则 $1", "问：多少$钱")
    other = PromptFile.load("answer", {"question"}, written(tmp_path, "规则 $$2\n=== user ===\n问：$question\n"))
    assert prompt.hash != other.hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("规则\n=== user ===\n问", r"lacks \$question"),
        ("规则 $extra\n=== user ===\n$question", r"has \$extra, which nothing fills"),
        ("规则\n$question", "must have instructions"),
        ("\n=== user ===\n$question", "must have instructions"),
        ("规则 $ 5\n=== user ===\n$question", r"has a \$ that begins no variable"),
    ],
)
def test_prompt_that_is_not_as_needed_is_not_loaded(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        PromptFile.load("answer", {"question"}, written(tmp_path, text))


def test_prompt_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="cannot read the prompt"):
        PromptFile.load("answer", {"question"}, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=== fact ===\n一句。\n", "lacks the text of list"),
        ("=== fact ===\n一句。\n=== list ===\n\n", "lacks the text of list"),
        (
            "=== fact ===\n一句。\n=== list ===\n几句。\n=== poem ===\n一首。\n",
            "has a text of poem, which nothing uses: known are fact, list",
        ),
        ("写法\n=== fact ===\n一句。\n", "before its first line"),
    ],
)
def test_forms_that_are_not_as_needed_are_not_loaded(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        load_sections("answer", ["fact", "list"], written(tmp_path, text))


@pytest.mark.parametrize("url", ["https://me:secret@example.org/v1", "https://example.org/v1?key=secret", "example.org/v1"])
@pytest.mark.parametrize("which", ["llm", "judge"])
def test_address_that_holds_a_key_or_is_none_is_refused(tmp_path: Path, url: str, which: str) -> None:
    with pytest.raises(CallError, match=f"LIANGCE_{which.upper()}_URL is wrong"):
        read_settings(Settings, data=tmp_path, **{f"{which}_url": url, f"{which}_model": "m"})


def test_key_and_further_fields_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANGCE_LLM_API_KEY", KEY)
    monkeypatch.setenv("LIANGCE_LLM_BODY", '{"enable_thinking": false}')
    settings = read_settings(Settings, data=tmp_path)
    assert settings.llm.api_key is not None
    assert (settings.llm.api_key.get_secret_value(), settings.llm.body) == (KEY, {"enable_thinking": False})
    monkeypatch.setenv("LIANGCE_LLM_BODY", "no JSON")
    with pytest.raises(CallError, match="expected JSON"):
        read_settings(Settings, data=tmp_path)


def test_endpoint_wants_a_model_and_the_key_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="without LIANGCE_LLM_MODEL") as refused:
        read_settings(Settings, data=tmp_path, llm_url="http://127.0.0.1:1/v1", llm_api_key=KEY)
    assert KEY not in str(refused.value)
    assert KEY not in repr(Settings(llm=LLMSettings(url="http://127.0.0.1:1/v1", model="m", api_key=SecretStr(KEY))))
