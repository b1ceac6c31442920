"""The client of an OpenAI-compatible endpoint: a prompt -> pieces of text as they come, within time limits; LangChain's types stay here."""

import asyncio
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from queue import SimpleQueue
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.llm.prompts import Prompt
from bot.llm.tokens import estimate_tokens
from index.errors import LiangceError
from index.language import Message

log = logging.getLogger(__name__)

_SHOWN = 160  # characters of what an endpoint says of its failure


class Failure(StrEnum):
    """Why a model gave no usable reply."""

    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not allowed"
    BUSY = "busy"
    SERVER = "server error"
    REJECTED = "request rejected"
    SLOW = "no answer in time"
    STALLED = "stopped in mid-answer"
    BROKEN = "not in the protocol"
    TOOLS = "called a tool"
    ENDLESS = "did not end"
    EMPTY = "said nothing"
    LANGUAGE = "answered in another language"
    LEAKED = "repeated its instructions"
    PAUSED = "not asked after failures"
    UNSUPPORTED = "said what the articles do not"
    BESIDE = "left out what answers"
    SILENT = "found no answer"


# Where these are met, the endpoint itself is in trouble, and the next question would fare no better.
OF_ENDPOINT = frozenset(
    {Failure.UNREACHABLE, Failure.NOT_ALLOWED, Failure.BUSY, Failure.SERVER, Failure.REJECTED, Failure.SLOW, Failure.STALLED, Failure.BROKEN}
)  # fmt: skip


class ModelError(LiangceError):
    """A language model gave no usable reply; `failure` says in which way."""

    def __init__(self, failure: Failure, detail: Message | None = None) -> None:
        what = Message(f"failure.{failure.name.lower()}")
        if detail is None:
            super().__init__("model-failed", failure=what)
        else:
            super().__init__("model-failed-detail", failure=what, detail=detail)
        self.failure = failure


@dataclass(slots=True)
class Usage:
    """Tokens of one reply as the endpoint counts them, or by estimate where it does not say."""

    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False

    def estimate(self, prompt: Prompt, reply: str) -> None:
        """Count by estimate what the endpoint has not counted."""
        if not self.tokens_out:
            self.tokens_in, self.tokens_out = estimate_tokens(prompt.system + prompt.user), estimate_tokens(reply)
            self.estimated = True


class ChatModel(Protocol):
    """What the question path needs of a language model."""

    name: str

    def stream(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        """The reply in pieces as they come; raises `ModelError`. `usage` is filled in by the end, by estimate where
        the endpoint counts nothing or is not heard out. To stop it, close the iterator."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The most that one reply may take: seconds in all, to the first piece, and between two pieces; tokens; further attempts."""

    seconds: float = 30.0
    first: float = 10.0
    between: float = 8.0
    tokens: int = 800
    retries: int = 2


class OpenAIChat:
    """A model behind an OpenAI-compatible endpoint. Safe to use from several threads; `close` lets go of its thread."""

    def __init__(
        self,
        url: str,
        model: str,
        key: SecretStr | None = None,
        limits: RequestLimits | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        """`body` are further fields of each request, such as one that keeps a model from thinking first."""
        import httpx2
        from langchain.chat_models import init_chat_model

        self.name = model
        self._limits = limits = limits or RequestLimits()
        self._key = key.get_secret_value() if key else ""
        # Bounded by seconds to connect and between bytes; what comes as bytes but says nothing is bounded in `_pieces`.
        client = httpx2.AsyncClient(timeout=httpx2.Timeout(limits.first), trust_env=not _is_local(url))
        self._chat = init_chat_model(
            model, model_provider="openai", base_url=url, api_key=SecretStr(self._key or "none"), temperature=0, timeout=limits.first,
            max_retries=limits.retries, stream_usage=True, stream_chunk_timeout=None, http_async_client=client, use_responses_api=False,
            extra_body={"max_tokens": limits.tokens, **(body or {})},  # by the name that all five kinds of server know
        )  # fmt: skip
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="language-model", daemon=True)
        self._thread.start()

    def stream(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        """See `ChatModel`."""
        came: SimpleQueue[str | ModelError | None] = SimpleQueue()
        said = ""
        task = asyncio.run_coroutine_threadsafe(self._pump(prompt, usage, came.put), self._loop)
        try:
            while (piece := came.get()) is not None:
                if isinstance(piece, ModelError):
                    raise piece
                said += piece
                yield piece
        finally:
            task.cancel()
            if said:
                usage.estimate(prompt, said)

    def close(self) -> None:
        """End what is under way, the connections and the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._client.aclose()

    async def _pump(self, prompt: Prompt, usage: Usage, put: Callable[[str | ModelError | None], None]) -> None:
        """Put the pieces, then the error if there is one, then None: always, or whoever waits would wait for ever."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                async for piece in self._pieces(prompt, usage):
                    put(piece)
        except ModelError as error:
            put(error)
        except TimeoutError:
            put(ModelError(Failure.SLOW, Message("reply-unfinished", seconds=self._limits.seconds)))
        except Exception as error:  # clients fail in many ways; each is raised as one of ours
            put(self._to_model_error(error))
        finally:
            put(None)

    async def _pieces(self, prompt: Prompt, usage: Usage) -> AsyncIterator[str]:
        finished, came = "", False
        stream: Any = self._chat.astream([("system", prompt.system), ("human", prompt.user)])
        async with aclosing(stream):
            while True:
                limit = self._limits.between if came else self._limits.first
                try:
                    async with asyncio.timeout(limit):
                        chunk = await anext(stream, None)
                except TimeoutError as error:
                    kind = Failure.STALLED if came else Failure.SLOW
                    raise ModelError(kind, Message("reply-silent", seconds=limit)) from error
                if chunk is None:
                    break
                came = True
                if chunk.tool_call_chunks:
                    raise ModelError(Failure.TOOLS)
                finished = chunk.response_metadata.get("finish_reason") or finished
                if counted := chunk.usage_metadata:
                    usage.tokens_in, usage.tokens_out = counted["input_tokens"], counted["output_tokens"]
                if text := chunk.text:
                    yield text
        if not finished:
            raise ModelError(Failure.BROKEN if came else Failure.EMPTY, Message("reply-cut-off"))

    def _to_model_error(self, error: Exception) -> ModelError:
        """The error as one of ours, with what the endpoint said, without the key."""
        import openai

        kinds: Sequence[tuple[type[Exception], Failure]] = (
            (openai.APITimeoutError, Failure.SLOW),
            (openai.APIConnectionError, Failure.UNREACHABLE),
            (openai.AuthenticationError, Failure.NOT_ALLOWED),
            (openai.PermissionDeniedError, Failure.NOT_ALLOWED),
            (openai.RateLimitError, Failure.BUSY),
            (openai.InternalServerError, Failure.SERVER),
            (openai.APIStatusError, Failure.REJECTED),
        )
        chain = list(_causes(error))
        for cause in chain:
            for kind, failure in kinds:
                if isinstance(cause, kind):
                    return ModelError(failure, self._masked(str(chain[-1] if failure is Failure.UNREACHABLE else cause)))
        return ModelError(Failure.BROKEN, self._masked(f"{type(error).__name__}: {error}"))

    def _masked(self, text: str) -> Message:
        """What an endpoint says of its failure, shortened and without the key."""
        plain = " ".join(text.split())
        if self._key:
            plain = plain.replace(self._key, "***")
        plain = re.sub(r"\b(?:sk|key|Bearer)[-_ ][\w*.-]{4,}", "***", plain)
        return Message("reply-error", error=plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, outermost first."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def address(url: str) -> str:
    """The URL as it may be shown: without a name and a password before its host, and what stands behind its path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _is_local(url: str) -> bool:
    """Whether a proxy of the environment must not be asked for it."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
