"""The commands of whoever runs the server: switching the assistant off and on, and what was not answered."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from bot.settings import Settings

app = application("")
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON array.")]


@app.command("off")
@speaks_plainly
def switch_off(
    text: Annotated[str, typer.Argument(help="What whoever asks is shown, such as why and until when.")], data: Data = None
) -> None:
    """Answer nothing from now on: the page and all doors for programs show a text in place of answers."""
    from bot.web.running.switch import switch_off
    from index.database import open_database
    from index.upkeep.version_commands import note

    settings = _settings(data)
    switch_off(open_database(settings), text)
    note(settings, f"off: {text.strip()}", (), "")
    print("off: running servers show the text within a second; python -m bot on answers again")


@app.command("on")
@speaks_plainly
def switch_on(data: Data = None) -> None:
    """Answer questions again."""
    from bot.web.running.switch import switch_on
    from index.database import open_database
    from index.upkeep.version_commands import note

    settings = _settings(data)
    if not switch_on(open_database(settings)):
        print("the assistant was on already")
        return
    note(settings, "on", (), "")
    print("on: questions are answered again")


@app.command("unanswered")
@speaks_plainly
def list_unanswered(as_json: AsJson = False, data: Data = None) -> None:
    """List the questions that the articles did not answer, those asked most often first."""
    from bot.web.running.unanswered import read_unanswered
    from index.database import open_database

    found = read_unanswered(open_database(_settings(data)))
    if as_json:
        print(json.dumps([question.model_dump() for question in found], ensure_ascii=False))
        return
    for question in found:
        print(f"{question.times}  {question.time}  {question.version}  {question.outcome}  {' '.join(question.question.split())}")


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)
