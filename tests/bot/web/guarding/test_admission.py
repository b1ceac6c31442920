"""One client beside others: how often an address may ask, whose turn it is, and questions that nobody waits for."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient

from bot.answering.events import Event
from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import ServerSettings, Settings
from bot.web.guarding.addresses import BurstLimit, source_of
from bot.web.guarding.turns import BusyError, Turns, steps
from tests.support.served import running

QUESTION = {"data": ["新建口袋公园多少处", []]}


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_address_is_what_one_subscriber_has(host: str, source: str) -> None:
    assert source_of(host) == source


def test_limits_hold_for_a_burst_and_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    limit = BurstLimit(3, 5)
    assert [limit.add("a") for _ in range(4)] == [0, 0, 0, 10]
    assert limit.add("b") == 0
    now += 11
    assert [limit.add("a") for _ in range(3)] == [0, 0, 49]
    now += 50
    assert limit.add("a") == 0


def test_those_who_wait_take_turns_by_address() -> None:
    order: list[str] = []

    async def ask(turns: Turns, source: str) -> None:
        async with turns.turn(source):
            order.append(source)
            await anyio.sleep(0.001)

    async def all_ask() -> None:
        turns = Turns(1, 100, 50)
        async with anyio.create_task_group() as group:
            for source in ["loud"] * 40 + ["quiet", "other"]:
                group.start_soon(ask, turns, source)
                await anyio.sleep(0)

    asyncio.run(all_ask())
    assert len(order) == 42
    assert max(order.index("quiet"), order.index("other")) <= 5, "not behind the forty of the loud one"


def test_one_address_does_not_take_all_places_to_wait() -> None:
    async def fill() -> list[str]:
        turns, taken = Turns(1, 10, 3), []
        async with anyio.create_task_group() as group:

            async def ask(source: str) -> None:
                try:
                    async with turns.turn(source):
                        taken.append(source)
                        await anyio.sleep(0.05)
                except BusyError:
                    taken.append(f"{source} refused")

            for source in ["loud"] * 6 + ["quiet"]:
                group.start_soon(ask, source)
        return taken

    assert sorted(asyncio.run(fill())) == ["loud"] * 4 + ["loud refused"] * 2 + ["quiet"]


def test_turn_of_somebody_who_has_gone_goes_to_the_next() -> None:
    async def go() -> bool:
        turns = Turns(1, 10, 10)
        async with anyio.create_task_group() as group:
            async with turns.turn("a"):
                with anyio.move_on_after(0.01):
                    async with turns.turn("b"):
                        pytest.fail("there was no turn")
            group.cancel_scope.deadline = anyio.current_time() + 5
            async with turns.turn("c"):
                return True
        return False

    assert asyncio.run(go())


def test_work_is_ended_whose_task_is_cancelled_within_a_step() -> None:
    within, ended = threading.Event(), threading.Event()

    def work() -> Generator[int, None, None]:
        try:
            within.set()
            time.sleep(0.2)
            yield 1
        finally:
            ended.set()

    async def read() -> None:
        async with aclosing(steps(work())) as states:
            async for _ in states:
                pytest.fail("it was cancelled before")

    async def go() -> None:
        task = asyncio.create_task(read())
        await asyncio.to_thread(within.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(go())
    assert ended.is_set()


class Slow:
    """The assistant, which takes a while for each step, and counts the questions that it has begun and ended."""

    def __init__(self, assistant: LiveAssistant, pause: float) -> None:
        self._assistant, self._pause, self._lock = assistant, pause, threading.Lock()
        self.begun: list[str] = []
        self.ended: list[str] = []

    @property
    def version(self) -> str:
        return self._assistant.version

    def ask(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> object:
        return self._assistant.ask(question, before, may_write=may_write)

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        with self._lock:
            self.begun.append(question)
        for event in self._assistant.stream(question, before, may_write=may_write):
            time.sleep(self._pause)
            yield event
        with self._lock:
            self.ended.append(question)


@pytest.fixture
def slow(assistant: LiveAssistant) -> Slow:
    return Slow(assistant, 0.05)


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., str]]:
    """Serves an assistant for real, with settings of the server; all ends with the test."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(assistant: object, **server: object) -> str:
            own = settings.model_copy(update={"server": ServerSettings(**server)})  # type: ignore[arg-type]
            return stack.enter_context(running(make_app(assistant, own), own.server))  # type: ignore[arg-type]

        yield start


def answer_of(client: httpx.Client, question: str) -> dict[str, object]:
    """The last state of a question that is asked as programs ask the page."""
    event = client.post("/gradio_api/call/ask", json={"data": [question, []]}).raise_for_status().json()["event_id"]
    with client.stream("GET", f"/gradio_api/call/ask/{event}") as stream:
        told = [line for line in stream.iter_lines() if line.startswith("data: [{")]
    last: dict[str, object] = json.loads(told[-1].removeprefix("data: "))[0]
    return last


def test_questions_that_nobody_reads_are_not_worked_on(slow: Slow, serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.guarding.readers._FIRST", 0.5)
    address = serve(slow, address_burst=200, address_per_minute=200)
    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(10):
            client.post("/gradio_api/call/ask", json=QUESTION).raise_for_status()
        assert answer_of(client, "青山区启动了什么行动")["state"] == "done"
        time.sleep(1)
    assert slow.begun == ["青山区启动了什么行动"]


def test_question_stops_when_whoever_reads_it_goes(slow: Slow, serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.guarding.readers._AGAIN", 0.0)
    slow._pause = 0.5
    with httpx.Client(base_url=serve(slow), timeout=60) as client:
        event = client.post("/gradio_api/call/ask", json=QUESTION).json()["event_id"]
        with client.stream("GET", f"/gradio_api/call/ask/{event}") as stream:
            next(stream.iter_lines())
        begun = len(slow.begun)
        time.sleep(5)
    assert (begun, slow.ended) == (1, [])


def test_hostile_client_beside_a_quiet_one(slow: Slow, serve: Callable[..., str]) -> None:
    """However many questions one address sends, that of another is among the next that are begun."""
    address = serve(slow, trusted_proxies="127.0.0.1", concurrency=2, address_burst=40, address_per_minute=40)
    quiet, loud = (httpx.Client(base_url=address, headers={"X-Forwarded-For": f"192.0.2.{n}"}, timeout=120) for n in (1, 66))
    with quiet, loud, ThreadPoolExecutor(20) as pool:
        assert answer_of(quiet, "港口有什么制度")["state"] == "done"
        asked = [pool.submit(answer_of, loud, "青山区启动了什么行动") for _ in range(15)]
        while len(slow.begun) < 3:  # its own, and two of the loud one
            time.sleep(0.01)
        passed = []
        for n in range(3):
            begun = len(slow.begun)
            assert answer_of(quiet, f"白河港口的第{n}项制度")["state"] == "done"
            passed.append(slow.begun.index(f"白河港口的第{n}项制度") - begun)
        assert all(future.result()["state"] == "done" for future in asked)
        statuses = {loud.post("/gradio_api/call/ask", json=QUESTION).status_code for _ in range(60)}
        assert answer_of(quiet, "港口有什么制度")["state"] == "done"
    assert max(passed) <= 4, "two that began meanwhile, and the next two"
    assert statuses == {200, 429}


def test_too_many_questions_are_told_when_to_come_again(assistant: LiveAssistant, settings: Settings) -> None:
    own = settings.model_copy(update={"server": ServerSettings(address_burst=2, address_per_minute=50)})
    with TestClient(make_app(assistant, own)) as client:
        for _ in range(2):
            event = client.post("/gradio_api/call/ask", json=QUESTION).json()["event_id"]
            assert '"state": "done"' in client.get(f"/gradio_api/call/ask/{event}").text
        refused = client.post("/gradio_api/call/ask", json=QUESTION, headers={"accept-language": "zh"})
        assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 10) == (429, True)
        assert "请过一分钟再试" in refused.text
        assert client.get("/health").status_code == 200
