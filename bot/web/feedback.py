"""What people thought of answers, kept in the data folder for the maintainers: one JSON object a line, added to and never changed."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index import journal

FILE = "feedback.jsonl"


class Feedback(BaseModel):
    """What one person thought of one answer. Nothing about the person is kept."""

    model_config = ConfigDict(frozen=True)

    time: str  # ISO 8601, UTC
    question: str
    answer: str
    refused: bool
    verdict: Literal["up", "down", "handed over"]  # the last: a refused question that the maintainers are asked to look after
    reason: Literal["", "wrong", "incomplete", "not found", "unclear"] = ""  # of a thumb down
    comment: str = ""
    version: str = ""  # of the index that was answered from


def add_feedback(data: Path, feedback: Feedback) -> None:
    """Add one line; see `index.journal`."""
    journal.append(data / FILE, feedback)


def read_feedback(data: Path) -> list[Feedback]:
    """All feedback, oldest first, none where nobody gave any; raises `CallError` naming a line that cannot be read."""
    return journal.read(data / FILE, Feedback)
