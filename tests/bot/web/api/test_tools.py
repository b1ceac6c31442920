"""The tools over MCP, tried with the client of the `mcp` package: by HTTP, and by standard input with a program of its own."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from bot.answering.assistant import Answering
from bot.answering.contract import to_json
from bot.answering.live import LiveAssistant
from bot.settings import Settings
from bot.web.api.keys import KeyStore, Scope
from index.stored.articles import read_article
from index.stored.versions import require_live

TOP = Path(__file__).resolve().parents[4]
QUESTION = "青山区新建口袋公园多少处"
TOOLS = ["ask_policy", "search_policy", "open_article"]


@pytest.fixture
def address(serve: Callable[[Answering], str], assistant: LiveAssistant) -> str:
    return f"{serve(assistant)}/mcp"


def with_client(address: str, key: str, work: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        headers = {"Authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            await work(client)

    asyncio.run(run())


def test_client_asks_searches_and_opens(address: str, key: str, assistant: LiveAssistant, settings: Settings) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == TOOLS
        assert all(tool.annotations and tool.annotations.read_only_hint and tool.output_schema for tool in tools)
        asked = await client.call_tool("ask_policy", {"question": "那什么时候启动的", "history": [QUESTION]})
        outcome = assistant.ask("那什么时候启动的", [QUESTION])
        given: dict[str, Any] = asked.structured_content
        assert {**given, "timings_ms": 0} == {**to_json(outcome), "timings_ms": 0}
        said = asked.content[0].text  # type: ignore[union-attr]
        assert said.startswith(outcome.text)
        assert outcome.citations[0].quote in said.removeprefix(outcome.text)
        found = (await client.call_tool("search_policy", {"query": "口袋公园", "limit": 1})).structured_content
        assert [passage["article"] for passage in found["passages"]] == ["garden"]
        opened = (await client.call_tool("open_article", {"article": "garden", "version": given["version"]})).structured_content
        text = read_article(require_live(settings.index), "garden").text
        assert (opened["text"], opened["next"]) == (text, None)
        rest = (await client.call_tool("open_article", {"article": "garden", "start": 10})).structured_content
        assert rest["text"] == text[10:]

    with_client(address, key, work)


def test_client_is_told_what_goes_wrong(address: str, keys: KeyStore) -> None:
    async def work(client: Client) -> None:
        for name, arguments, said in (
            ("open_article", {"article": "nothing"}, "there is no article 'nothing'"),
            ("search_policy", {"query": "公园"}, "expected one with the scope search"),
            ("ask_policy", {}, "question"),
        ):
            told = await client.call_tool(name, arguments)
            assert told.is_error
            assert said in told.content[0].text  # type: ignore[union-attr]

    with_client(address, keys.add("asks only", [Scope.ASK], 100), work)


def test_door_needs_a_key(address: str, key: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepts = {"Accept": "application/json, text/event-stream"}
    refused = httpx2.post(address, json=call, headers=accepts, timeout=60)
    assert (refused.status_code, refused.json()["code"]) == (401, "key-missing")
    answered = httpx2.post(address, json=call, headers={**accepts, "Authorization": f"Bearer {key}"}, timeout=60)
    assert [tool["name"] for tool in answered.json()["result"]["tools"]] == TOOLS


@pytest.mark.model
def test_program_speaks_over_standard_input(seed_data: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "bot", "mcp", "--data", str(seed_data)], cwd=TOP, env={"LIANGCE_READER": "sentences"}
    )

    async def work() -> None:
        async with Client(server, read_timeout_seconds=300) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            found = (await client.call_tool("search_policy", {"query": "求职招聘直通车招聘会"})).structured_content
            assert any("37场次" in passage["text"] for passage in found["passages"])

    asyncio.run(work())
