"""What people thought of answers, kept in the data folder for the maintainers: one JSON object a line, added to and never changed."""

import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import CallError

FILE = "feedback.jsonl"


class Feedback(BaseModel):
    """One person's word on one answer. Nothing about the person is kept."""

    model_config = ConfigDict(frozen=True)

    time: str  # ISO 8601, UTC
    question: str
    answer: str
    refused: bool
    verdict: Literal["up", "down"]
    comment: str = ""
    version: str = ""  # of the index that was answered from


def add_feedback(data: Path, one: Feedback) -> None:
    """Add one line, whole even where several processes add at once: a single write to a file opened for appending."""
    data.mkdir(parents=True, exist_ok=True)
    file = os.open(data / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, (one.model_dump_json() + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def read_feedback(data: Path) -> list[Feedback]:
    """All feedback, oldest first, none where nobody gave any; raises `CallError` naming a line that is not feedback."""
    path = data / FILE
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                found.append(Feedback.model_validate(json.loads(line)))
            except (ValidationError, ValueError) as error:
                raise CallError(f"{str(path)!r}, line {number} is no feedback: {error}; take the line out") from error
    return found
