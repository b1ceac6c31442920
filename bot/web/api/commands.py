"""The commands that make, list and remove the keys of other programs: `python -m bot key`."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.web.api.keys import Key, KeyStore, Scope, Use, last_day
from index.cli import Data, application, speaks_plainly
from index.upkeep.version_commands import note

if TYPE_CHECKING:
    from bot.settings import Settings

key_app = application("Make, list and remove the keys of other programs.")


@key_app.command()
@speaks_plainly
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is, such as a program's name.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; may be repeated; default: all of these.", show_default=False)
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, max=100_000, help="Requests that it may send within a minute.")] = 60,
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="Days that it is good for; default: for ever.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Make a key and print it. It is kept as a hash only, so that it cannot be printed again."""
    from datetime import date

    from index.errors import CallError

    if not name.strip() or not name.isprintable() or len(name) > 80:
        raise CallError("key-name", name=name)
    settings = _settings(data)
    with closing(KeyStore(settings.data)) as store:
        print(store.add(name, scope or list(Scope), per_minute, last_day(days, date.today()) if days else ""))
    note(settings, f"key add {name}", (), "")


@key_app.command("list")
@speaks_plainly
def list_keys(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False, data: Data = None) -> None:
    """List the keys: what each may do, and how often it was used."""
    with closing(KeyStore(_settings(data).data)) as store:
        rows = [_row(key, store.uses(key)) for key in store.all()]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        times = f"used {row['used']} times, last on {row['last_used']}" if row["used"] else "never used"
        ends = f", good until {row['ends']}" if row["ends"] else ""
        print(f"{row['name']}  {' '.join(row['scopes'])}  {row['per_minute']} a minute  made {row['made']}{ends}  {times}")


@key_app.command()
@speaks_plainly
def remove(name: Annotated[str, typer.Argument(help="Its name, as list prints it.")], data: Data = None) -> None:
    """Remove a key; a running server takes it no more."""
    settings = _settings(data)
    with closing(KeyStore(settings.data)) as store:
        store.remove(name)
    note(settings, f"key remove {name}", (), "")


def _row(key: Key, uses: Sequence[Use]) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "per_minute": key.per_minute,
        "made": key.made,
        "ends": key.ends or None,
        "used": sum(use.times for use in uses),
        "last_used": uses[0].day if uses else None,
    }


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)
