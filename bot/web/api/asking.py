"""Questions of programs on their way through the assistant: the same for every door."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from fastapi import Request

from bot.answering.assistant import Answering, conclusion
from bot.answering.events import Event
from bot.answering.outcomes import Outcome
from bot.question.follow_up import MOST_BEFORE
from bot.settings import Settings
from bot.web.api.problems import ProblemError
from bot.web.api.turns import Turns, last, unless_gone


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a program asks it, with those before it in the same conversation, oldest first."""

    question: str
    before: Sequence[str] = ()
    may_write: bool = True  # whether a language model may be asked


class Desk:
    """Takes questions and has them answered in turn."""

    def __init__(self, assistant: Answering, settings: Settings, off: Callable[[], str] = lambda: "") -> None:
        """`off` is what is shown in place of answers, "" while questions are answered; see `bot.web.running.switch`."""
        self.assistant, self._off = assistant, off
        self.turns = Turns(settings.server.concurrency, settings.server.queue)
        self._longest = settings.answering.question_length

    def check_on(self) -> None:
        """Raise `ProblemError` while nothing is answered, for what is no question."""
        if text := self._off():
            raise ProblemError("api-off", text=text)

    def events(self, asked: Asked) -> Generator[Event, None, None]:
        """What becomes of a question, step by step."""
        before = tuple(text[: self._longest] for text in asked.before[-MOST_BEFORE:])
        yield from self.assistant.stream(asked.question, before, may_write=asked.may_write)

    async def outcome(self, asked: Asked, request: Request | None = None) -> Outcome:
        """What a question comes to; raises `ProblemError` where too many wait, and `AbandonedError` where whoever sent the request has gone."""
        self.turns.check()

        async def work() -> Outcome:
            async with self.turns.turn():
                return conclusion(await last(self.events(asked)))

        return await (unless_gone(request, work) if request else work())
