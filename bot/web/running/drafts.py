"""Drafts of test cases from what people asked: a line each, which the evaluators' page or `python -m eval add --drafts` finishes."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.web.feedback import Feedback
from bot.web.running.unanswered import UnansweredQuestion
from index.errors import CallError

FILE = Path("eval") / "cases-from-page.jsonl"  # in the data folder


def of_unanswered(asked: UnansweredQuestion) -> dict[str, Any]:
    """The draft of a question that was not answered; what only a person can say is left empty."""
    return draft_of(asked.question, f"asked {asked.times} times until {asked.time[:10]}, {asked.outcome}")


def of_feedback(feedback: Feedback) -> dict[str, Any]:
    """The draft of what somebody thought of an answer."""
    outcome = "refused" if feedback.refused else "answered: " + " ".join(feedback.answer.split())
    told = [f"feedback of {feedback.time[:10]}", feedback.verdict, feedback.reason, outcome]
    return draft_of(
        feedback.question, ", ".join(part for part in told if part) + (f"; comment: {feedback.comment}" if feedback.comment else "")
    )


def add_draft(data: Path, draft: dict[str, Any]) -> Path:
    """Put a draft into the file of a data folder; raises `CallError` where its question stands there already, or it cannot be written."""
    path = data / FILE
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        if any(json.loads(line)["question"] == draft["question"] for line in lines if line.strip()):
            raise CallError("case-there", path=path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(draft, ensure_ascii=False) + "\n")
    except (OSError, ValueError, KeyError) as error:
        raise CallError("case-not-written", path=path, error=error) from error
    return path


def read_drafts(data: Path) -> list[dict[str, Any]]:
    """The drafts of a data folder, newest first; a line that is none is left out."""
    path, found = data / FILE, []
    for line in path.read_text("utf-8").splitlines()[::-1] if path.is_file() else []:
        with suppress(ValueError):
            draft = json.loads(line)
            if isinstance(draft, dict) and isinstance(draft.get("question"), str):
                found.append(draft)
    return found


def draft_of(question: str, note: str) -> dict[str, Any]:
    """The draft of a question, of which all but its note is still to be said."""
    return {"kind": None, "wording": None, "question": question, "answerable": None, "gold": [], "note": note}
