"""Questions of programs on their way through the assistant: the same for every door."""

from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request

from bot.answering.assistant import Answering, conclusion
from bot.answering.events import Event
from bot.answering.outcomes import Outcome
from bot.question.follow_up import MOST_BEFORE
from bot.settings import Settings
from bot.web.api.problems import ProblemError
from bot.web.api.turns import last, unless_gone
from bot.web.guarding.turns import BusyError, Turns, steps

_AGAIN = 5  # seconds after which it is worth while to ask again


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a program asks it, with those before it in the same conversation, oldest first."""

    question: str
    before: Sequence[str] = ()
    may_write: bool = True  # whether a language model may be asked
    source: str = ""  # whom it comes from: those who wait take turns by it


class Desk:
    """Takes questions and has them answered in turn."""

    def __init__(self, assistant: Answering, settings: Settings, turns: Turns, off: Callable[[], str] = lambda: "") -> None:
        """`off` is what is shown in place of answers, "" while questions are answered; see `bot.web.running.switch`."""
        self.assistant, self._turns, self._off = assistant, turns, off
        self._longest = settings.answering.question_length

    def check_on(self) -> None:
        """Raise `ProblemError` while nothing is answered, for what is no question."""
        if text := self._off():
            raise ProblemError("api-off", text=text)

    def events(self, asked: Asked) -> Generator[Event, None, None]:
        """What becomes of a question, step by step."""
        before = tuple(text[: self._longest] for text in asked.before[-MOST_BEFORE:])
        yield from self.assistant.stream(asked.question, before, may_write=asked.may_write)

    def check(self, asked: Asked) -> None:
        """Raise `ProblemError` where a question cannot even wait."""
        try:
            self._turns.check(asked.source)
        except BusyError as error:
            raise ProblemError("api-busy").after(_AGAIN) from error

    async def stream(self, asked: Asked) -> AsyncGenerator[Event, None]:
        """The same as `events` once its turn comes; raises `ProblemError` where too many wait."""
        self.check(asked)
        async with self._turns.turn(asked.source), aclosing(steps(self.events(asked))) as events:
            async for event in events:
                yield event

    async def outcome(self, asked: Asked, request: Request | None = None) -> Outcome:
        """What a question comes to; raises `ProblemError` where too many wait, and `AbandonedError` where whoever sent the request has gone."""
        self.check(asked)

        async def work() -> Outcome:
            return conclusion(await last(self.stream(asked)))

        return await (unless_gone(request, work) if request else work())
