"""Cases in the making: feedback -> drafts for a person to finish, and questions put to that person field by field."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.web.feedback import Feedback
from eval.testset.case import Case
from eval.testset.cases import CaseRow, append, problem_of, read_cases, refuse_twice, to_case
from eval.testset.matching import bare
from index.__main__ import SEEDS
from index.build import to_article
from index.errors import CallError, InvalidValueError
from index.reading.sources import read_path

Ask = Callable[[str, str], str]  # what is asked for and the default -> what was typed


def drafts_from(feedback: Iterable[Feedback], known: Iterable[str]) -> list[dict[str, Any]]:
    """A draft for each question that was refused, handed over or thumbed down, newest word on it last; questions that are `known` are left out.

    A draft has the keys of a case; what only a person can say is left empty: whether it is answerable, and the gold quotations.
    """
    seen = {bare(question) for question in known}
    drafts: dict[str, dict[str, Any]] = {}
    for entry in feedback:
        key = bare(entry.question)
        if not key or key in seen or not (entry.refused or entry.verdict != "up"):
            continue
        outcome = "refused" if entry.refused else "answered: " + " ".join(entry.answer.split())
        verdict = entry.verdict if entry.verdict == "handed over" else f"thumbs {entry.verdict}"
        note = f"feedback of {entry.time[:10]}, {verdict}{f' ({entry.reason})' if entry.reason else ''}, {outcome}"
        note += f"; comment: {entry.comment}" if entry.comment else ""
        drafts[key] = {"kind": None, "wording": None, "question": entry.question, "answerable": None, "gold": [], "note": note}
    return list(drafts.values())


def read_drafts(path: Path) -> list[dict[str, Any]]:
    """The drafts of a file of JSON lines."""
    try:
        drafts = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise CallError("drafts-unreadable", path=path, error=error) from error
    if wrong := [draft for draft in drafts if not isinstance(draft, dict)]:
        raise CallError("draft-form", path=path, draft=wrong[0])
    return drafts


def add_cases(file: Path, row: str | None, drafts: Path | None, ask: Ask, tell: Callable[[str], None]) -> Iterator[Path]:
    """Add the case of a JSON object, or the drafts of a file, or one case that is asked for, to a file; yields it after each.

    Each is checked against the seed articles and against the cases that stand in the file.
    """
    articles = [to_article(source) for source in read_path(SEEDS)]
    texts = {article.id: bare(article.text) for article in articles}
    if row is not None:
        try:
            append(file, CaseRow.model_validate_json(row), articles)
        except ValidationError as error:
            raise CallError("case-not-added", problem=problem_of(error)) from error
        yield file
        return
    for draft in read_drafts(drafts) if drafts else [{}]:
        known = read_cases([file], articles) if file.is_file() else []

        def check(given: CaseRow, known: Sequence[Case] = known) -> None:
            refuse_twice(to_case(given, texts), known)

        append(file, ask_row(ask, tell, {"id": next_id([case.id for case in known]), **draft}, check), articles)
        yield file


def ask_row(ask: Ask, tell: Callable[[str], None], draft: Mapping[str, Any], check: Callable[[CaseRow], None]) -> CaseRow:
    """A checked row, its fields asked for one by one with those of `draft` as defaults; what is wrong is told and asked again."""
    given = dict(draft)
    while True:
        for name, field in CaseRow.model_fields.items():
            given[name] = _ask_field(ask, name, field, given.get(name))
        try:
            row = CaseRow.model_validate({name: value for name, value in given.items() if name in CaseRow.model_fields})
            check(row)
        except (ValidationError, InvalidValueError) as error:
            tell(f"{problem_of(error)}. Once more; Enter keeps what stands in brackets.")
        else:
            return row


def _ask_field(ask: Ask, name: str, field: FieldInfo, default: Any) -> Any:
    if default is None and not field.is_required():
        default = field.default
    prompt = f"{name}: {field.description}"
    if field.annotation is bool:
        return ask(f"{prompt} (yes/no)", {True: "yes", False: "no"}.get(default, "")).strip().lower() in ("yes", "y", "true", "是")
    if name in ("history", "gold", "must", "must_not"):
        return [text.strip() for text in ask(f"{prompt}, with | between several", " | ".join(default or ())).split("|") if text.strip()]
    if isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
        prompt += f" ({', '.join(choice.value for choice in field.annotation)})"
    return ask(prompt, str(default or "")).strip()


def next_id(known: Iterable[str]) -> str:
    """The id after the last one, such as jm-211 after jm-210; case-001 where there is none to go on from."""
    *_, last = ["case-000", *known]
    head, digits = re.match(r"(.*?)(\d*)$", last, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{head}{int(digits or 0) + 1:0{len(digits) or 3}d}"
