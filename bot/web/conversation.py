"""Conversations as a browser keeps them. They come back with every question, so they are checked like everything from outside."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from bot.question.follow_up import MOST_BEFORE
from bot.web.view import Long, OutcomeView, Short

MOST_TURNS = 30  # of one conversation: it is sent along with each question, so the oldest go first

Trouble = Literal["", "stopped", "failed", "busy", "often"]
Verdict = Literal["", "up", "down", "handed over"]


class Turn(BaseModel):
    """A question and what became of it: nothing yet where there is neither an outcome nor trouble."""

    question: Long
    outcome: OutcomeView | None = None
    trouble: Trouble = ""
    verdict: Verdict = ""

    @property
    def pending(self) -> bool:
        """Whether it is still to be answered."""
        return self.outcome is None and not self.trouble


class Conversation(BaseModel):
    """The turns of one conversation, oldest first; `rating` is the turn whose thumb down is being explained."""

    id: Annotated[str, Field(min_length=1, max_length=40)] = Field(default_factory=lambda: secrets.token_hex(8))
    started: Short = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    name: Short = ""
    turns: list[Turn] = []
    rating: int | None = None

    @classmethod
    def read(cls, kept: object) -> "Conversation":
        """What a browser kept; a new conversation where it kept nothing, or something else."""
        try:
            found = cls.model_validate(kept)
        except ValidationError:
            return cls()
        return found.model_copy(update={"turns": found.turns[-MOST_TURNS:]})

    def asked(self, question: str) -> "Conversation":
        """The conversation with one more question to be answered; one that was empty begins now."""
        if not self.turns:
            return Conversation(turns=[Turn(question=question)])
        return self.model_copy(update={"turns": [*self.turns, Turn(question=question)][-MOST_TURNS:], "rating": None})

    def with_last(self, **changes: object) -> "Conversation":
        """The conversation with its last turn changed."""
        return self.with_turn(len(self.turns) - 1, **changes)

    def with_turn(self, n: int, **changes: object) -> "Conversation":
        """The conversation with one turn changed."""
        turns = [turn.model_copy(update=changes) if at == n else turn for at, turn in enumerate(self.turns)]
        return self.model_copy(update={"turns": turns})

    def before(self) -> Sequence[str]:
        """The questions before the last one that it may lean on; a refused one would lead it astray."""
        earlier = [turn.outcome for turn in self.turns[:-1] if turn.outcome]
        return [outcome.question for outcome in earlier if outcome.outcome in ("answered", "related")][-MOST_BEFORE:]
