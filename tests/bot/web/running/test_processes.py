"""Two page processes behind nginx, by the site in `deploy/`: what of the page must come to the same process, and what need not."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web.accounts.users import Accounts, Role
from bot.web.running.switch import switch_off, switch_on
from index.database import open_database
from tests.support.browsing import log_in
from tests.support.nginx import HOST, NGINX, OPENSSL, free_port, nginx, page_process, write_site

pytestmark = pytest.mark.skipif(not NGINX or not OPENSSL, reason="nginx or openssl is not installed")
QUESTION = "新建口袋公园多少处"
PEOPLE = [f"127.0.0.{n}" for n in range(2, 14)]
Visitor = Callable[[str], httpx.Client]


@pytest.fixture
def pages(assistant: LiveAssistant, settings: Settings) -> Iterator[list[int]]:
    """The ports of two processes over the same data folder."""
    Accounts(open_database(settings)).add("王工", "open sesame 1", [Role.PUBLISH])
    with ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port in ports:
            stack.enter_context(page_process(settings.data, port))
        yield ports


@pytest.fixture
def behind(pages: list[int], tmp_path: Path) -> Iterator[Callable[[bool], Visitor]]:
    """Starts nginx, with or without what makes addresses stick, and makes visitors who come from an address of this machine."""
    with ExitStack() as stack:

        def start(sticks: bool) -> Visitor:
            port, folder = free_port(), tmp_path / f"nginx-{sticks}"
            folder.mkdir()
            configuration = write_site(folder, port, pages)
            if not sticks:
                site, times = re.subn(r"hash \$remote_addr consistent;", "", configuration.read_text("utf-8"))
                assert times == 1
                configuration.write_text(site, "utf-8")
            address = stack.enter_context(nginx(configuration, port))

            def visitor(source: str) -> httpx.Client:
                transport = httpx.HTTPTransport(verify=False, local_address=source)
                client = httpx.Client(base_url=address, transport=transport, headers={"Host": HOST}, timeout=60)
                return stack.enter_context(closing(client))

            return visitor

        yield start


def is_answered_on_the_page(client: httpx.Client) -> bool:
    """Whether the page's own way to ask, a question and then the stream of its answer, ends with the answer."""
    joined = client.post("/gradio_api/call/ask", json={"data": [QUESTION, []]})
    assert joined.status_code == 200, joined.text
    return '"refused": false' in client.get(f"/gradio_api/call/ask/{joined.json()['event_id']}").text


def asked_of(page: int) -> int:
    """How many questions a process has answered."""
    told = httpx.get(f"http://127.0.0.1:{page}/metrics").text
    return int(sum(map(float, re.findall(r"^liangce_questions_total\{.*\} (\S+)$", told, re.MULTILINE))))


def test_page_works_in_two_processes_where_an_address_sticks_to_one(behind: Callable[[bool], Visitor], pages: list[int]) -> None:
    visitor = behind(True)
    assert [is_answered_on_the_page(visitor(person)) for person in PEOPLE] == [True] * len(PEOPLE)
    shares = [asked_of(page) for page in pages]
    assert sum(shares) == len(PEOPLE)
    assert min(shares) > 0, shares


def test_only_the_streams_of_the_page_must_stick(behind: Callable[[bool], Visitor], pages: list[int], settings: Settings) -> None:
    visitor = behind(False)
    client = visitor(PEOPLE[0])
    assert not all(is_answered_on_the_page(client) for _ in range(6))
    answers = [client.post("/api/v1/ask", json={"question": QUESTION}).json()["outcome"] for _ in range(6)]
    assert answers == ["answered"] * 6
    entered = log_in(client, "王工", "open sesame 1")
    assert (entered.status_code, "Secure" in entered.headers["set-cookie"]) == (303, True)
    assert entered.headers["strict-transport-security"] == f"max-age={30 * 24 * 60 * 60}"
    assert [client.get("/maintain/").status_code for _ in range(6)] == [200] * 6
    switch_off(open_database(settings), "今天休息")
    time.sleep(1.2)  # each process looks once a second
    assert all("今天休息" in client.post("/api/v1/ask", json={"question": QUESTION}).text for _ in range(6))
    switch_on(open_database(settings))
    assert min(asked_of(page) for page in pages) > 0


def test_site_keeps_what_watches_the_server_to_this_machine(behind: Callable[[bool], Visitor]) -> None:
    visitor = behind(True)
    for path in ("/live", "/ready", "/metrics"):
        assert (path, visitor("127.0.0.1").get(path).status_code) == (path, 200)
        assert (path, visitor(PEOPLE[0]).get(path).status_code) == (path, 403)
