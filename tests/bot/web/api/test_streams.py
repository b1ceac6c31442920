"""Answers as they come, and what becomes of a question whose client has gone, or that is one too many."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from bot.answering.assistant import Answering
from bot.answering.contract import to_json
from bot.answering.events import Event
from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Outcome
from bot.settings import ServerSettings, Settings

QUESTION = "新建口袋公园多少处"
STREAM = {"Accept": "text/event-stream"}


class Slow:
    """Answers as another assistant does, but stops before each step until it is let go on; notes which questions were closed early."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant, self.go_on = assistant, threading.Event()
        self.begun, self.done, self.left = 0, 0, 0

    @property
    def version(self) -> str:
        return self._assistant.version

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Outcome:
        raise NotImplementedError

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        self.begun += 1
        events = list(self._assistant.stream(question, before, may_write=may_write))
        try:
            for event in events:
                yield event
                self.go_on.wait(0.3)
            self.done += 1
        except GeneratorExit:
            self.left += 1
            raise


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


@pytest.fixture
def slow(assistant: LiveAssistant) -> Slow:
    return Slow(assistant)


@pytest.fixture
def http(key: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(headers={"Authorization": f"Bearer {key}"}, timeout=120) as client:
        yield client


def events_of(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_what_becomes_of_a_question_is_told_before_it_is_answered(
    serve: Callable[[Answering], str], slow: Slow, assistant: LiveAssistant, http: httpx2.Client
) -> None:
    with http.stream("POST", f"{serve(slow)}/api/v1/ask", json={"question": QUESTION, "id": 7}, headers=STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = events_of(response.iter_lines())
        found = next(event for event in told if event[0] != "working")
        assert found == ("found", {"passages": 4})
        assert slow.done == 0, "it was told while the answer was not there"
        slow.go_on.set()
        *_, (name, given) = told
    assert name == "done"
    assert {**given, "timings_ms": 0} == {**to_json(assistant.ask(QUESTION), 7), "timings_ms": 0}


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/api/v1/ask", {"question": QUESTION}),
        ("/v1/chat/completions", {"model": "liangce", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}),
    ],
)
def test_question_stops_when_the_client_of_its_stream_goes(
    serve: Callable[[Answering], str], slow: Slow, http: httpx2.Client, path: str, sent: dict[str, Any]
) -> None:
    with http.stream("POST", serve(slow) + path, json=sent, headers=STREAM) as response:
        next(response.iter_raw())
        until(lambda: slow.begun == 1)
    until(lambda: slow.left == 1)
    assert slow.done == 0


def test_question_stops_when_nobody_waits_for_its_answer(serve: Callable[[Answering], str], slow: Slow, http: httpx2.Client) -> None:
    address = serve(slow)
    with pytest.raises(httpx2.ReadTimeout):
        http.post(f"{address}/api/v1/ask", json={"question": QUESTION}, timeout=httpx2.Timeout(60, read=0.2))
    until(lambda: slow.begun == 1 and slow.left == 1)
    assert slow.done == 0


def test_questions_wait_for_their_turn_and_one_too_many_is_told_to_come_again(
    serve: Callable[[Answering], str], slow: Slow, settings: Settings, http: httpx2.Client
) -> None:
    address = serve(slow)
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(http.post, f"{address}/api/v1/ask", json={"question": QUESTION}) for _ in range(4)]
        statuses = sorted(future.result().status_code for future in sent)
        refused = next(future.result() for future in sent if future.result().status_code == 503)
    assert statuses == [200, 200, 503, 503]
    assert (refused.json()["code"], int(refused.headers["retry-after"]) > 0) == ("busy", True)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    narrow = "turn" in request.node.name
    return settings.model_copy(update={"server": ServerSettings(concurrency=1, queue=1)}) if narrow else settings
