"""Cases that evaluators write in the page: what becomes of the form, of a question that it is begun from, and of a file. Nothing here
knows Gradio.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluating.exchange import read_file
from bot.evaluating.program import Program
from bot.evaluating.written import WrittenCases
from bot.settings import Settings
from bot.web.feedback import read_feedback
from bot.web.running import drafts
from bot.web.running.unanswered import read_unanswered
from index.database import open_database
from index.errors import CallError

LINES = ("gold", "must", "must_not", "history")  # the fields of which each line is one text
FIELDS = ("question", "kind", "wording", "measure", "answerable", *LINES, "note")  # of the form, in its order
_PREFIX = "w"  # of the ids of cases that are written in the page
_MOST_BEGUN = 100  # questions that one can begin from

Form = dict[str, Any]  # the fields of a case as they stand in the form


class Writing:
    """What an evaluator does to the written cases."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self._program, self._settings = program, settings
        self.cases = WrittenCases(settings)

    def names(self, field: str) -> list[str]:
        """The values that a field of a case may have, such as its kinds."""
        schema = self._program.case_form()["case"]
        reference = schema["properties"][field]
        reference = reference.get("$ref") or reference["allOf"][0]["$ref"]
        return list(schema["$defs"][reference.rsplit("/", 1)[-1]]["enum"])

    def save(self, form: Form, name: str, seen: int, who: str) -> str:
        """Keep what stands in the form as the case of that id, "" for a new one, and give its id; raises `CallError` where it is not well.

        `seen` is the change of the case that the form was filled from, 0 for none.
        """
        latest = self.cases.latest()
        if name in latest and "outcome" in latest[name].row:
            raise CallError("case-open", id=name)  # the form has not all of its fields
        row = {"id": name or _next(latest), **_row(form)}
        if wrong := self._wrong([row]):
            raise CallError("case-not-added", problem=wrong[0])
        self.cases.put([row], who, seen)
        return str(row["id"])

    def take_in(self, path: Path, who: str) -> int:
        """Keep the cases of a file, each in place of the one of its id, and give how many they are; none is kept where one is not well."""
        form = self._program.case_form()
        given = read_file(path, (form["case"], form["open"]))
        changes = self.cases.latest()
        taken = {str(row["id"]) for row in given if row.get("id")}
        for row in given:
            if not row.get("id"):
                row["id"] = _next([*changes, *taken])
                taken.add(row["id"])
        if wrong := self._wrong(given):
            place = min(wrong)
            raise CallError("cases-line", number=place + 1, problem=wrong[place], more=len(wrong) - 1)
        self.cases.put(given, who)
        return len(given)

    def not_well(self) -> dict[str, str]:
        """What is wrong by now with cases that were well when they were written, by their ids: their article may have changed."""
        rows = self.cases.rows()
        return {str(rows[place]["id"]): problem for place, problem in self._program.check(rows).items()} if rows else {}

    def begun(self) -> list[dict[str, Any]]:
        """Drafts to begin a case from: those that maintainers made, then thumbs down, then what was not answered, each question once."""
        database = open_database(self._settings)
        told = [one for one in read_feedback(database)[::-1] if one.verdict != "up"]
        found = [
            *drafts.read_drafts(self._settings.data),
            *map(drafts.of_feedback, told[:_MOST_BEGUN]),
            *map(drafts.of_unanswered, read_unanswered(database)[:_MOST_BEGUN]),
        ]
        written = {str(row["question"]) for row in self.cases.rows()}
        once = {draft["question"]: draft for draft in reversed(found) if draft["question"] not in written}
        return list(once.values())[::-1][:_MOST_BEGUN]

    def _wrong(self, given: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        """What is wrong with cases beside those that are kept and not replaced by them, by their places."""
        names = {row["id"] for row in given}
        kept = [row for row in self.cases.rows() if row["id"] not in names]
        found = self._program.check([*kept, *given])
        return {place - len(kept): problem for place, problem in found.items() if place >= len(kept)}


def form_of(row: Mapping[str, Any]) -> Form:
    """A case or a draft as the form shows it."""
    form = {name: row.get(name) for name in FIELDS}
    return form | {name: "\n".join(row.get(name) or ()) for name in LINES}


def _row(form: Form) -> dict[str, Any]:
    """The case that a form holds; what is not chosen is left out, so that it is told as missing."""
    row = {name: (form.get(name) or "").strip() for name in ("question", "measure", "note")}
    row |= {name: [line.strip() for line in (form.get(name) or "").splitlines() if line.strip()] for name in LINES}
    return row | {name: form[name] for name in ("kind", "wording", "answerable") if form.get(name) is not None}


def _next(known: Iterable[str]) -> str:
    """An id after all that were given, also to cases that are retired."""
    numbers = [int(found[1]) for name in known if (found := re.fullmatch(rf"{_PREFIX}-(\d+)", name))]
    return f"{_PREFIX}-{max(numbers, default=0) + 1:03d}"
