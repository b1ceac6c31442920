"""Half a character (a lone surrogate), by each door: it is refused in so many words, and breaks nothing."""

import json

import pytest
from fastapi.testclient import TestClient

HALF = '"a\\ud800b"'
CHAT = '{"model": "liangce", "messages": [{"role": "user", "content": %s}]}'
CALL = '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask_policy", "arguments": {"question": %s}}}'
FEEDBACK = '{"question": %s, "answer": "", "refused": true, "verdict": "up"}'


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/ask", '{"question": %s}'),
        ("/api/v1/ask", '{"question": "a", "history": ["b", %s]}'),
        ("/api/v1/ask", '{"question": "a", "id": %s}'),
        ("/api/v1/ask", '{"question": "a", %s: 1}'),
        ("/api/v1/feedback", FEEDBACK),
        ("/v1/chat/completions", CHAT),
        ("/v1/chat/completions", CHAT % '[{"type": "text", "text": %s}]'),
        ("/v1/chat/completions", '{"model": %s, "messages": []}'),
    ],
)
def test_half_a_character_is_refused(client: TestClient, path: str, body: str) -> None:
    got = client.post(path, content=body % HALF, headers={"Content-Type": "application/json"})
    assert got.status_code == 422
    assert json.loads(got.content)


def test_half_a_character_in_a_tool_is_told(client: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    with client:
        got = client.post("/mcp", content=CALL % HALF, headers=headers)
    assert got.status_code < 500
    assert "a\ufffdb" in got.text or got.status_code >= 400


def test_half_a_character_on_the_page_is_marked_as_lost(client: TestClient) -> None:
    with client:
        given = {"content": f'{{"data": [{HALF}, []]}}', "headers": {"Content-Type": "application/json"}}
        got = client.post("/gradio_api/call/ask", **given)  # type: ignore[arg-type]
        said = client.get(f"/gradio_api/call/ask/{got.json()['event_id']}").text
    assert "event: complete" in said
    assert json.loads(said.rpartition("data: ")[2])[0]["outcome"]["question"] == "a\ufffdb"
