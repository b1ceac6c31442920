"""Outcomes as OpenAI's chat completions, whole or in pieces. Pure functions.

Each number in the text is an annotation of the type `url_citation`, which holds its place and the address of the article; the whole
object of the machine contract stands under `liangce`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.answering.contract import to_json
from bot.answering.outcomes import Outcome
from bot.checking.citations import Citation, marked_text
from bot.web.api.chat.forms import MODEL

AddressOf = Callable[[Citation], str]
EXTRA = "liangce"  # the field that is none of OpenAI's


@dataclass(frozen=True, slots=True)
class Heading:
    """What all pieces of a completion have in common; `created` is in seconds since 1970."""

    id: str
    created: int

    def of(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        """A completion or a piece of one."""
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL, "choices": choices}

    def piece(self, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        """A piece of a completion."""
        return self.of("chat.completion.chunk", [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}])


def completion(outcome: Outcome, heading: Heading, address_of: AddressOf) -> dict[str, Any]:
    """The whole completion."""
    message = {"role": "assistant", "content": outcome.text, "refusal": None, "annotations": annotations(outcome, address_of)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return heading.of("chat.completion", [choice]) | {"usage": usage(outcome), EXTRA: to_json(outcome)}


def pieces(outcome: Outcome, heading: Heading, address_of: AddressOf, *, with_usage: bool) -> Iterator[dict[str, Any]]:
    """A completion line by line: what was checked is not taken back, so that nothing is sent before the outcome is there."""
    for line in re.findall(r"[^\n]*\n|[^\n]+", outcome.text):
        yield heading.piece({"content": line})
    yield heading.piece({"annotations": annotations(outcome, address_of)}, "stop") | {EXTRA: to_json(outcome)}
    if with_usage:
        yield heading.of("chat.completion.chunk", []) | {"usage": usage(outcome)}


def annotations(outcome: Outcome, address_of: AddressOf) -> list[dict[str, Any]]:
    """Each number in the text, in order, with its place and the article that it leads to."""
    cited = {citation.n: citation for citation in outcome.citations}
    at = len(outcome.text) - len(marked_text(outcome.sentences))
    found = []
    for sentence in outcome.sentences:
        at += len(sentence.text)
        for n in sentence.cites:
            end = at + len(f"[{n}]")
            place = {"start_index": at, "end_index": end, "title": cited[n].title, "url": address_of(cited[n])}
            found.append({"type": "url_citation", "url_citation": place})
            at = end
        at += 1  # the end of the line
    return found


def usage(outcome: Outcome) -> dict[str, int]:
    """The tokens that a language model took for the answer; none where it is an extract."""
    tokens_in, tokens_out = (int(outcome.timings_ms.get(name, 0)) for name in ("tokens_in", "tokens_out"))
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
