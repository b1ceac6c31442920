"""An OpenAI-compatible endpoint for the tests: real HTTP and real streams, which answers or misbehaves as it is set to."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class ServerReply:
    """What one request is answered with: text in pieces, and what goes wrong, if anything does."""

    text: str | Callable[[Messages], str] = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""  # in place of a stream
    size: int = 4  # characters of a piece
    pause: float = 0.0  # seconds before each piece
    hang_first: float = 0.0  # seconds before anything comes
    hang_after: int | None = None  # pieces before it hangs
    keep_alive: bool = False  # comments while it hangs
    broken_after: int | None = None  # pieces before a chunk that is no JSON
    cut_after: int | None = None  # pieces before the stream ends as if it were done
    lost_after: int | None = None  # pieces before the connection is lost
    error_after: int | None = None  # pieces before an error in the stream
    endless: bool = False
    tool: bool = False
    finish: str | None = "stop"
    usage: bool = True
    read: int = 1000  # tokens that it counts of the prompt
    thoughts: str = ""  # in the field that reasoning models use


@dataclass
class Endpoint:
    """The running server: `url` for the settings, `plan` for what it does (the last entry goes on), `asked` for what it was sent."""

    url: str
    plan: list[ServerReply] = field(default_factory=lambda: [ServerReply("好。")])
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def next(self, body: dict[str, Any], headers: Mapping[str, str]) -> ServerReply:
        self.asked.append(body)
        self.headers.append(dict(headers))
        return self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]


def _chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return "data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}) + "\n\n"


async def _hang(seconds: float, keep_alive: bool) -> AsyncIterator[str]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(0.05)
        if keep_alive:
            yield ": keep-alive\n\n"


async def _stream(reply: ServerReply, text: str) -> AsyncIterator[str]:
    async for comment in _hang(reply.hang_first, reply.keep_alive):
        yield comment
    yield _chunk({"role": "assistant", "content": ""})
    if reply.thoughts:
        yield _chunk({"reasoning_content": reply.thoughts})
    if reply.tool:
        call = {"index": 0, "id": "t", "type": "function", "function": {"name": "search", "arguments": "{}"}}
        yield _chunk({"tool_calls": [call]})
    pieces = [text[at : at + reply.size] for at in range(0, len(text), reply.size)]
    sent = 0
    while reply.endless or sent < len(pieces):
        async for trouble in _trouble(reply, sent):
            yield trouble
        if reply.cut_after == sent:
            return
        await asyncio.sleep(reply.pause)
        yield _chunk({"content": pieces[sent % len(pieces)]})
        sent += 1
    for last in _ending(reply, len(pieces)):
        yield last


async def _trouble(reply: ServerReply, sent: int) -> AsyncIterator[str]:
    """What goes wrong behind so many pieces."""
    if reply.hang_after == sent:
        async for comment in _hang(60, reply.keep_alive):
            yield comment
    if reply.broken_after == sent:
        yield "data: {broken\n\n"
    if reply.lost_after == sent:
        raise ConnectionResetError("lost on purpose")
    if reply.error_after == sent:
        yield 'data: {"error": {"message": "overloaded", "code": 500}}\n\n'


def _ending(reply: ServerReply, pieces: int) -> Iterator[str]:
    if reply.finish:
        yield _chunk({}, "tool_calls" if reply.tool else reply.finish)
    if reply.usage:
        counted = {"prompt_tokens": reply.read, "completion_tokens": pieces, "total_tokens": reply.read + pieces}
        yield "data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [], "usage": counted}) + "\n\n"
    yield "data: [DONE]\n\n"


def _app(endpoint: Endpoint) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        body = await request.json()
        reply = endpoint.next(body, request.headers)
        if reply.status != 200 or reply.body:
            return Response(reply.body or json.dumps({"error": {"message": "no", "code": reply.status}}), reply.status, dict(reply.headers))
        text = reply.text if isinstance(reply.text, str) else reply.text(body["messages"])
        return StreamingResponse(_stream(reply, text), media_type="text/event-stream")

    return app


@contextmanager
def llm_server() -> Iterator[Endpoint]:
    """The endpoint on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    endpoint = Endpoint(f"http://127.0.0.1:{port}/v1")
    config = uvicorn.Config(_app(endpoint), port=port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield endpoint
    server.should_exit = True
    thread.join(10)


def passages_in(messages: Sequence[Mapping[str, str]]) -> str:
    """What the model is sent, as one text: for scripted replies that depend on it."""
    return "\n".join(message["content"] for message in messages)


def extractive(messages: Messages) -> str:
    """A model that says the sentence that is most like the question, and one that no article says."""
    prompt = messages[-1]["content"]
    question = prompt.split("「问题开始」\n")[1].split("\n")[0]
    passages = re.findall(r"^\[(\d+)\] 《.*\n((?:(?!^\[\d+\] 《|「材料结束」).*\n?)*)", prompt, re.MULTILINE)
    sentences = [(sentence, n) for n, text in passages for sentence in re.findall(r"[^。\n]+。", text)]
    best, n = max(sentences, key=lambda candidate: sum(question[at : at + 2] in candidate[0] for at in range(len(question) - 1)))
    return f"{best.removesuffix('。')}[{n}]。全国共有99处类似的公园[{n}]。"
