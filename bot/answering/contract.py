"""The machine contract: an outcome as the JSON object that other programs rely on, and files of questions."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from bot.answering.outcomes import NAMES, Answered, Outcome, note_of
from bot.checking.citations import Citation
from bot.chinese.language import language
from index.errors import CallError
from index.language import LANGUAGES, Language

STAGES = ("encode", "search", "read", "compose", "total")
# What is there besides where a language model took part; the tokens are those of the answer and of rewriting the question.
WORDED = ("understand", "first_word", "word", "tokens_in", "tokens_out")


def _texts(given: object) -> list[str]:
    return [text for text in given if isinstance(text, str)] if isinstance(given, list) else []


def to_json(outcome: Outcome, row_id: str | int | None = None) -> dict[str, Any]:
    """The object of the contract; `row_id` is there for a row of a file only."""
    answered = isinstance(outcome, Answered)
    return {
        **({} if row_id is None else {"id": row_id}),
        "question": outcome.question,
        "understood": outcome.understood or None,
        "outcome": NAMES[type(outcome)],
        "shape": outcome.shape.value if isinstance(outcome, Answered) else None,
        "answer": outcome.text,
        "lead": outcome.said_first if isinstance(outcome, Answered) else "",
        "span": outcome.span if isinstance(outcome, Answered) else None,
        "unanswered": list(outcome.unanswered) if isinstance(outcome, Answered) else [],
        "more": outcome.more if isinstance(outcome, Answered) else 0,
        "refused": not answered,
        "reason": None if isinstance(outcome, Answered) else outcome.reason.value,
        "mode": outcome.mode,
        "note": note_of(outcome),
        "wording": asdict(outcome.wording) if outcome.wording else None,
        "version": outcome.version,
        "confidence": round(outcome.confidence, 4),
        "citations": [_citation(citation, language(outcome.question)) for citation in outcome.citations],
        "timings_ms": {name: outcome.timings_ms.get(name, 0.0) for name in STAGES + (WORDED if outcome.wording else ())},
    }


def _citation(citation: Citation, told: Language) -> dict[str, Any]:
    return {
        "n": citation.n,
        "article": citation.passage.article,
        "title": citation.title,
        "publisher": citation.publisher,
        "published": citation.published,
        "section": citation.passage.section,
        "passage": citation.passage.text,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "standing": citation.status_note[LANGUAGES.index(told)],
        "confidence": citation.confidence,
    }


class Row(BaseModel):
    """One line of a file of questions; other keys are ignored, and so is a history that is no list of earlier questions."""

    id: str | int
    question: str
    history: Annotated[list[str], BeforeValidator(_texts)] = []


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON-lines file; raises `CallError` naming the first line that is not one, before anything is asked."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CallError("lines-unreadable", path=path, error=error) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rows.append(Row.model_validate_json(line))
            except ValidationError as error:
                shown = line if len(line) < 80 else line[:80] + "…"
                raise CallError("question-line", path=path, number=number, shown=shown) from error
    return rows


def write_lines(path: Path, objects: Iterable[dict[str, Any]]) -> Iterator[None]:
    """Write one object a line, step by step, beside `path`; the file appears when the last step is done, or not at all."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            for value in objects:
                file.write(json.dumps(value, ensure_ascii=False) + "\n")
                yield
        os.replace(beside, path)
    except OSError as error:
        raise CallError("lines-unwritable", path=path, error=error) from error
    finally:
        beside.unlink(missing_ok=True)
