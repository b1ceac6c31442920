"""People on the page at once, through the real HTTP interface, each asking and reading: python -m tests.tools.load [ADDRESS]

Without an address it serves the seed article itself. Each of the people loads the page, asks, waits for the answer to be streamed,
reads for a while and asks again. Prints how long the page, the first state of an answer and the whole answer took.

Each person has an address of their own, as a proxy on this machine says it: a page that runs must be told to believe it
(LIANGCE_TRUSTED_PROXIES=127.0.0.1). With --hostile, a further client sends all that it can meanwhile.
"""

import argparse
import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field

import httpx

from bot.settings import EXAMPLES

QUESTIONS = [question for group in EXAMPLES.values() for question in group]


@dataclass
class Tally:
    """Seconds of everything that was waited for, and what went wrong."""

    page: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    attack: dict[int, int] = field(default_factory=dict)


async def person(client: httpx.AsyncClient, tally: Tally, until: float, pause: float, luck: random.Random) -> None:
    """One person: the page, then questions until the time is up."""
    await asyncio.sleep(luck.uniform(0, pause))  # people do not come all in the same moment
    start = time.perf_counter()
    page = await client.get("")
    for path in ("page/page.css", "page/theme.css", "page/page.js", *re.findall(r'"\./(assets/[^"]+)"', page.text)):
        (await client.get(path)).raise_for_status()
    tally.page.append(time.perf_counter() - start)
    while time.monotonic() < until:
        try:
            await ask(client, tally, luck.choice(QUESTIONS))
        except httpx.HTTPError as error:
            tally.wrong.append(repr(error))
        await asyncio.sleep(luck.uniform(0.5, 1.5) * pause)


async def ask(client: httpx.AsyncClient, tally: Tally, question: str) -> None:
    """One question; it counts as wrong where it is not answered."""
    start = time.perf_counter()
    joined = await client.post("gradio_api/call/ask", json={"data": [question, []]})
    if joined.status_code != 200:
        tally.wrong.append(f"{joined.status_code} {joined.text[:80]}")
        return
    first, last = 0.0, ""
    async with client.stream("GET", f"gradio_api/call/ask/{joined.json()['event_id']}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: [{"):
                first, last = first or time.perf_counter() - start, line
    if '"refused": false' not in last:
        tally.wrong.append(f"{question}: {last[:80]}")
    tally.first.append(first)
    tally.whole.append(time.perf_counter() - start)


async def run(address: str, people: int, seconds: float, pause: float, *, hostile: bool = False) -> Tally:
    """What `people` met with in so many seconds, reading about `pause` seconds between two questions."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(client_at(address, f"10.0.{n // 250}.{n % 250 + 1}")) for n in range(people + 1)]
        for n, question in enumerate(QUESTIONS):  # so that what is measured is warm
            await ask(clients[n % len(clients)], Tally(), question)
        until = time.monotonic() + seconds
        attacking = asyncio.create_task(attack(clients[-1], until)) if hostile else None
        await asyncio.gather(*(person(clients[n], tally, until, pause, random.Random(n)) for n in range(people)))
        tally.attack = await attacking if attacking else {}
    return tally


def client_at(address: str, source: str) -> httpx.AsyncClient:
    """A client whose requests come from an address, as a proxy on this machine says it."""
    return httpx.AsyncClient(base_url=address, timeout=60, headers={"X-Forwarded-For": source}, limits=httpx.Limits(max_connections=40))


async def attack(client: httpx.AsyncClient, until: float) -> dict[int, int]:
    """The statuses of what a client got that sends questions as fast as it can, and reads some of the answers."""
    statuses = Counter[int]()

    async def send() -> None:
        while time.monotonic() < until:
            try:
                joined = await client.post("gradio_api/call/ask", json={"data": ["和即墨有关的一切" * 40, []]})
                statuses[joined.status_code] += 1
                if joined.status_code == 200 and statuses[200] % 2:
                    await client.get(f"gradio_api/call/ask/{joined.json()['event_id']}")
            except httpx.HTTPError:
                statuses[0] += 1

    await asyncio.gather(*(send() for _ in range(30)))
    return dict(statuses)


def percentiles(name: str, values: list[float]) -> str:
    ordered = sorted(values)
    p50, p95 = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 for share in (0.5, 0.95))
    return f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, worst {ordered[-1] * 1000:.0f} ms (n={len(ordered)})"


@contextmanager
def program() -> Iterator[str]:
    """The address of the program itself, serving the seed article in a process of its own; its suggestions are checked."""
    with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        subprocess.run([sys.executable, "-m", "index", "build", "--data", data], check=True, capture_output=True)
        command = [sys.executable, "-m", "bot", "serve", "--data", data, "--port", str(port)]
        believing = {**os.environ, "LIANGCE_TRUSTED_PROXIES": "127.0.0.1"}
        serving = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=believing)
        try:
            address, deadline = f"http://127.0.0.1:{port}/", time.monotonic() + 300
            while not ready(address):
                assert serving.poll() is None, "the program ended"
                assert time.monotonic() < deadline, "the program does not get ready"
                time.sleep(1)
            yield address
        finally:
            serving.terminate()
            serving.wait(30)


def ready(address: str) -> bool:
    try:
        return bool(httpx.get(address + "health").json()["suggestions"])
    except httpx.TransportError:
        return False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("address", nargs="?", help="address of a page that runs, such as http://127.0.0.1:7860/")
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--pause", type=float, default=20, help="seconds that a person reads before asking on")
    options.add_argument("--hostile", action="store_true", help="measure again beside a client that sends all that it can")
    given = options.parse_args()
    with ExitStack() as held:
        address = given.address or held.enter_context(program())
        alone = asyncio.run(run(address, 1, 15, 0.3))
        tally = asyncio.run(run(address, given.people, given.seconds, given.pause))
        beside = asyncio.run(run(address, given.people, given.seconds, given.pause, hostile=True)) if given.hostile else None
    print(f"one person\n  {percentiles('first state', alone.first)}\n  {percentiles('answer', alone.whole)}")
    print(f"{given.people} people, each asking every {given.pause:.0f} seconds or so")
    tell(tally)
    if beside:
        print(f"the same beside a hostile client, which got these statuses: {beside.attack}")
        tell(beside)


def tell(tally: Tally) -> None:
    """Print what people met with."""
    for name in ("page", "first", "whole"):
        print(f"  {percentiles({'page': 'page', 'first': 'first state', 'whole': 'answer'}[name], getattr(tally, name))}")
    print(f"  went wrong: {len(tally.wrong)}{''.join(f'{chr(10)}    {error}' for error in tally.wrong[:5])}")


if __name__ == "__main__":
    main()
