"""Drafts of test cases from what people asked: a line each, which `python -m eval add --drafts` finishes."""

import json
import os
from pathlib import Path
from typing import Any

from bot.maintain.gaps import Gap
from bot.web.feedback import Feedback
from index.errors import CallError

FILE = Path("eval") / "cases-from-page.jsonl"  # in the data folder


def of_gap(gap: Gap) -> dict[str, Any]:
    """The draft of a group of unanswered questions; what only a person can say is left empty."""
    others = "；".join(one.question for one in gap.questions[1:])
    note = f"asked {gap.times} times until {gap.last[:10]}, {gap.questions[0].outcome}" + (f"; also asked as: {others}" if others else "")
    return _draft(gap.question, note)


def of_feedback(feedback: Feedback) -> dict[str, Any]:
    """The draft of what somebody thought of an answer."""
    outcome = "refused" if feedback.refused else "answered: " + " ".join(feedback.answer.split())
    told = [f"feedback of {feedback.time[:10]}", feedback.verdict, feedback.reason, outcome]
    return _draft(
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


def _draft(question: str, note: str) -> dict[str, Any]:
    return {"kind": None, "wording": None, "question": question, "answerable": None, "gold": [], "note": note}
