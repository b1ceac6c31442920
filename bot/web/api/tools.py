"""The tools that a language model's client finds over MCP: ask the assistant, search its articles, open one."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any

import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from bot.answering.contract import to_json
from bot.answering.outcomes import Outcome
from bot.settings import Settings
from bot.web.api import forms
from bot.web.api.articles import whole_article
from bot.web.api.asking import Asked, Desk
from bot.web.api.callers import Caller
from bot.web.api.keys import Scope
from bot.web.api.problems import ProblemError
from bot.web.api.search import MOST, Search, find_passages

# Who calls the tools: the door says so for each request. Whoever started the program that speaks over its standard input may do all.
caller: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039

_INSTRUCTIONS = """Policy articles and an assistant that answers from nothing else. ask_policy answers a question with the exact sentences
that state it, or says that the articles do not state it: do not add to its answer what the articles do not say, and keep the numbers of the
citations. search_policy only finds passages, which may not answer; open_article shows where a sentence stands."""
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_PAGE = 20_000  # characters of an article that are shown at once


class ArticlePage(BaseModel):
    """A part of an article's text, from `start` on; `next` is where the following part begins, null at the end."""

    article: str
    title: str
    publisher: str
    published: str
    standing: tuple[str, str]
    version: str
    start: int
    next: int | None
    text: str


def make_tools(desk: Desk, search: Search | None, settings: Settings) -> MCPServer[Any]:
    """The server of the tools; without a search, it has no tool for that."""
    server: MCPServer[Any] = MCPServer("liangce", title=settings.page.title, instructions=_INSTRUCTIONS, version="1", log_level="WARNING")

    @server.tool(title="问政策 Ask", annotations=_READS)
    async def ask_policy(
        question: Annotated[str, Field(description="The question, in Chinese or English.")],
        history: Annotated[list[str], Field(description="The user's questions before it, oldest first.")] = [],  # noqa: B006
    ) -> Annotated[CallToolResult, forms.Answer]:
        """Answer a question on policy from the articles, each sentence with the number of its citation, or say that they do not state it."""
        with _telling(Scope.ASK):
            outcome = await desk.outcome(Asked(question, history, source=caller.get().source))
        return CallToolResult(content=[TextContent(text=_shown(outcome))], structured_content=to_json(outcome))

    if search:

        @server.tool(title="查文章 Search", annotations=_READS)
        async def search_policy(
            query: Annotated[str, Field(description="Words or a question.", max_length=500)],
            limit: Annotated[int, Field(ge=1, le=MOST)] = 8,
        ) -> forms.Passages:
            """Find the passages of the articles that come nearest to some words, best first, whether they answer them or not."""
            with _telling(Scope.SEARCH):
                desk.check_on()
                return forms.Passages.model_validate(await anyio.to_thread.run_sync(find_passages, search, query, limit))

    @server.tool(title="打开文章 Open", annotations=_READS)
    async def open_article(
        article: Annotated[str, Field(description="Its id, as citations and passages name it.")],
        version: Annotated[str, Field(description="The version that it was cited from; the live one where it is left out.")] = "",
        start: Annotated[int, Field(ge=0, description="The character to begin with.")] = 0,
    ) -> ArticlePage:
        """Read an article, a part of 20,000 characters at a time."""
        with _telling():
            whole = await anyio.to_thread.run_sync(whole_article, settings.index, article, version)
        end = start + _PAGE
        part = {"start": start, "next": end if end < len(whole["text"]) else None, "text": whole["text"][start:end]}
        return ArticlePage.model_validate(whole | part)

    return server


@contextmanager
def _telling(scope: Scope | None = None) -> Iterator[None]:
    """Check that the caller may do this, and tell the model what goes wrong."""
    try:
        if scope:
            caller.get().require(scope)
        yield
    except ProblemError as error:
        raise ToolError(str(error)) from error


def _shown(outcome: Outcome) -> str:
    """An outcome as a language model reads it: its text, and what its numbers stand for."""
    sources = [f"[{each.n}] {each.title} ({each.passage.article}, {each.published or '?'}): {each.quote}" for each in outcome.citations]
    return "\n".join((outcome.text, *sources))
