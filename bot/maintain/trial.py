"""Questions asked of a draft version beside the live one, before anything is published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.assistant import Answering
from bot.answering.live import Opened
from bot.answering.outcomes import Answered, Outcome
from index.errors import CallError

MOST = 20  # questions at once
Opener = Callable[[str], Opened[Answering]]  # a version's name -> what answers from it


@dataclass(frozen=True, slots=True)
class Tried:
    """A question and what becomes of it on the live version, and on the draft."""

    question: str
    live: Outcome
    draft: Outcome

    @property
    def gains(self) -> bool:
        """Whether the draft answers what the live version does not."""
        return isinstance(self.draft, Answered) and not isinstance(self.live, Answered)

    @property
    def loses(self) -> bool:
        """Whether the draft does not answer what the live version does."""
        return isinstance(self.live, Answered) and not isinstance(self.draft, Answered)

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.live.text != self.draft.text


def try_out(questions: Sequence[str], live: str, draft: str, open_version: Opener | None) -> list[Tried]:
    """What two versions say to the same questions, in extracts: a language model is not asked."""
    asked = [question.strip() for question in questions if question.strip()]
    if not asked:
        raise CallError("trial-empty")
    if len(asked) > MOST:
        raise CallError("trial-many", count=len(asked), most=MOST)
    if not draft:
        raise CallError("draft-missing")
    if open_version is None:
        raise CallError("trial-off")
    opened = []
    try:
        for version in (live, draft):
            opened.append(open_version(version))
        before, after = (one.value for one in opened)
        return [Tried(question, before.ask(question, may_write=False), after.ask(question, may_write=False)) for question in asked]
    finally:
        for one in opened:
            one.close()
