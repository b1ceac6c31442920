"""What becomes of a question as server-sent events: `found`, `working`, `writing`, and last `done` with the answer, or `problem`."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import Request
from fastapi.sse import format_sse_event

from bot.answering.contract import to_json
from bot.answering.events import Concluded, Drafted, Event, Retrieved
from bot.web.api.asking import Asked, Desk
from bot.web.api.problems import ProblemError, failed, problem_of
from bot.web.api.turns import comment


async def told(desk: Desk, asked: Asked, row_id: str | int | None, request: Request) -> AsyncIterator[bytes]:
    """The events of a question as they are sent; `row_id` comes back with the answer."""
    yield comment("waiting")
    try:
        async with aclosing(desk.stream(asked)) as events:
            async for event in events:
                yield _sent(event, row_id)
    except ProblemError as error:
        yield _event("problem", problem_of(error, request))
    except Exception as error:  # whatever went wrong, whoever asked is told, and the maintainers find it in the log
        yield _event("problem", problem_of(failed(error), request))


def _sent(event: Event, row_id: str | int | None) -> bytes:
    if isinstance(event, Retrieved):
        return _event("found", {"passages": len(event.documents)})
    if isinstance(event, Drafted):
        return _event("writing", {"sentences": [{"text": each.text, "cites": list(each.cites)} for each in event.draft.sentences]})
    if isinstance(event, Concluded):
        return _event("done", to_json(event.outcome, row_id))
    return _event("working", {})


def _event(name: str, value: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(value, ensure_ascii=False))
