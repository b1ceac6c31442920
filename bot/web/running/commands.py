"""The commands of whoever runs the server: switching the assistant off and on, and what was not answered."""

import json
from datetime import datetime
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


@app.command("kept")
@speaks_plainly
def list_kept(as_json: AsJson = False, data: Data = None) -> None:
    """List what is kept of people's words, feedback (f…) and unanswered questions (u…), with the ids that forget takes."""
    from dataclasses import asdict

    from bot.web.running.retention import kept_words
    from index.database import open_database

    found = list(kept_words(open_database(_settings(data))))
    if as_json:
        print(json.dumps([asdict(words) for words in found], ensure_ascii=False))
        return
    for words in found:
        print(f"{words.id}  {words.time}  {' | '.join(' '.join(text.split()) for text in words.texts)}")


@app.command("forget")
@speaks_plainly
def forget_words(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, as kept prints them.", metavar="[ID]...", show_default=False)] = None,
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What was said before that day.", show_default=False)
    ] = None,
    text: Annotated[str, typer.Option(help="What holds these words.", show_default=False)] = "",
    data: Data = None,
) -> None:
    """Delete for good what is kept of people's words; of several conditions all must fit."""
    from bot.web.running.retention import Selection, forget
    from index.database import open_database
    from index.upkeep.version_commands import note

    settings = _settings(data)
    selection = Selection(ids or (), before.date() if before else None, text)
    gone = forget(open_database(settings), selection)
    by = [name for name, given in (("id", ids), ("day", before), ("text", text)) if given]
    if gone:
        note(settings, f"forget {gone} by {', '.join(by)}", (), "")  # not the words themselves, which are to be forgotten
    print(f"forgotten: {gone}")
    for left in settings.data.glob("*.unread"):
        print(f"look into {left} too: it holds lines that could not be read")


@app.command("backup")
@speaks_plainly
def back_up_data(folder: Annotated[Path, typer.Argument(help="A folder for the backup.")], data: Data = None) -> None:
    """Write the data folder into one file liangce-TIME.tar.gz, while the server runs; docs/running.md says how it is put back."""
    from bot.web.running.backup import back_up

    settings = _settings(data)
    print(back_up(settings.data, settings.index, folder))
    if settings.database:
        print("LIANGCE_DATABASE is not in it: back it up with its own tools")


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)
