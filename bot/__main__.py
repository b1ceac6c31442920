"""The assistant's program: `python -m bot`. Nothing heavy is imported before a command needs it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.web.accounts.commands import user_app
from bot.web.api.commands import key_app
from bot.web.running.commands import app as running_app
from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from bot.answering.live import LiveAssistant
    from bot.answering.outcomes import Outcome
    from bot.settings import Settings

app = application("Answer questions on policy from the indexed articles, with the exact sentence behind each statement.")
app.add_typer(key_app, name="key")
app.add_typer(user_app, name="user")
app.registered_commands += running_app.registered_commands


@app.command()
@speaks_plainly
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on [env: LIANGCE_HOST; default: 127.0.0.1]", show_default=False)
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on [env: LIANGCE_PORT; default: 7860]", show_default=False)] = None,
    data: Data = None,
) -> None:
    """Serve the web page."""
    settings = _settings(data, host=host, port=port)
    from bot.app import choose_reader, live_assistant, live_search, open_encoder, version_opener
    from bot.maintain.maintenance import Maintenance
    from bot.server import run
    from bot.web.api.search import MOST

    encoder = open_encoder(settings)
    search = None if settings.doors.api == "off" else live_search(encoder, settings, MOST)
    reader_for = choose_reader(encoder, settings)
    maintenance = Maintenance(settings, encoder, version_opener(encoder, settings, reader_for))
    run(live_assistant(encoder, settings, reader_for), settings, maintenance, search)


@app.command()
@speaks_plainly
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='A file of JSON lines with "id" and "question".', show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file that --batch writes its JSON lines to.", show_default=False)] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Answer from what was in force on that day, YYYY-MM-DD [env: LIANGCE_AS_OF]", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Answer one question, or with --batch and --out a file of them."""
    from index.errors import CallError

    if (question is None) == (batch is None) or (batch is None) != (out is None):
        raise CallError("ask-form")
    settings = _settings(data, as_of=as_of)
    if batch and out:
        _ask_all(batch, out, settings)
    else:
        _ask_one(question or "", as_json, settings)


@app.command()
@speaks_plainly
def mcp(data: Data = None) -> None:
    """Serve the tools ask_policy, search_policy and open_article to a language model's client, by MCP over standard input and output."""
    settings = _settings(data)
    from bot.app import choose_reader, live_assistant, live_search, open_encoder
    from bot.web.api.asking import Desk
    from bot.web.api.search import MOST
    from bot.web.api.tools import make_tools
    from bot.web.guarding.admission import Admission
    from bot.web.running.reception import Reception
    from index.database import open_database

    encoder = open_encoder(settings)
    assistant, search = live_assistant(encoder, settings, choose_reader(encoder, settings)), live_search(encoder, settings, MOST)
    assistant.start()
    try:
        reception = Reception(assistant, open_database(settings))
        desk = Desk(reception, settings, Admission(settings.server).turns, reception.switch.off)
        make_tools(desk, search, settings).run("stdio")
    finally:
        search.close()
        assistant.close()


@app.command()
@speaks_plainly
def doctor(data: Data = None) -> None:
    """Tell whether the language model of the settings works, and what to change where it does not."""
    settings = _settings(data)
    if not settings.llm.url:
        print("no language model is set, so answers are extracts: LIANGCE_LLM_URL and LIANGCE_LLM_MODEL name one")
        return
    from bot.app import limits_of
    from bot.llm.client import OpenAIChat, address
    from bot.llm.doctor import examine, masked

    model = OpenAIChat(settings.llm.url, settings.llm.model, settings.llm.api_key, limits_of(settings), settings.llm.body)
    print(f"asking {settings.llm.model} at {address(settings.llm.url)}, key: {masked(settings.llm.api_key)}")
    if settings.llm.body:
        print(f"with {json.dumps(settings.llm.body, ensure_ascii=False)}")
    well, secret = True, settings.llm.api_key.get_secret_value() if settings.llm.api_key else ""
    for found in examine(model, settings.llm.first_seconds, settings.llm.prompt_tokens):
        print(f"{'ok  ' if found.passed else 'FAIL'} {found.text.replace(secret, '***') if secret else found.text}")
        well = found.passed
    model.close()
    if not well:
        raise typer.Exit(1)


@app.command("settings")
@speaks_plainly
def list_settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the defaults instead, as a table in Markdown.")] = False,
    data: Data = None,
) -> None:
    """List every setting: its variable, the value in force, and what it is for."""
    from bot.settings import described, settings_table

    if markdown:
        print(settings_table())
        return
    for name, value, meaning in described(_settings(data)):
        print(f"{name}={value}\n    {meaning}")


def _settings(data: Path | None, **given: object) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data, **given)


def _open(settings: "Settings") -> "LiveAssistant":
    from bot.app import open_assistant

    return open_assistant(settings)


def _ask_one(question: str, as_json: bool, settings: "Settings") -> None:
    from bot.answering.contract import to_json
    from bot.answering.outcomes import Refused
    from bot.question.admission import BAD_QUESTIONS

    outcome = _open(settings).ask(question)
    print(json.dumps(to_json(outcome), ensure_ascii=False) if as_json else _plain(outcome))
    if isinstance(outcome, Refused) and outcome.reason in BAD_QUESTIONS:
        raise typer.Exit(2)


def _ask_all(batch: Path, out: Path, settings: "Settings") -> None:
    from tqdm import tqdm

    from bot.answering.contract import read_rows, to_json, write_lines
    from index.errors import CallError

    rows = read_rows(batch)
    if not out.resolve().parent.is_dir():
        raise CallError("out-folder-missing", folder=out.resolve().parent)
    assistant = _open(settings)
    answers = (to_json(assistant.ask(row.question, row.history), row.id) for row in rows)
    for _ in tqdm(write_lines(out, answers), total=len(rows), unit="question", disable=None):
        pass


def _plain(outcome: "Outcome") -> str:
    from datetime import date

    from bot.answering.messages import more, unanswered
    from bot.answering.outcomes import Answered, note_of
    from bot.chinese.dates import addition, age

    note = note_of(outcome)
    lines = [note, outcome.text] if note else [outcome.text]
    if isinstance(outcome, Answered) and outcome.more:
        lines.append(more(outcome.more, outcome.question))
    if isinstance(outcome, Answered) and outcome.unanswered:
        lines.append(unanswered(outcome.unanswered, outcome.question))
    for citation in outcome.citations:
        ago = age(citation.published, date.today())
        published = f"{citation.published}（{ago}）" if ago else citation.published
        parts = (f"《{citation.title}》", citation.publisher, published, citation.status_note[0], citation.passage.section)
        lines.append(f"[{citation.n}] {' · '.join(part for part in parts if part)}")
        if note := addition(citation.quote, citation.published):
            lines.append(f"    {note}")
    return "\n".join(lines)


if __name__ == "__main__":
    app(prog_name="python -m bot")
