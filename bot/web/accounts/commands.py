"""The commands that make, list and remove the accounts of maintainers and evaluators: `python -m bot user`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.cli import Data, application, speaks_plainly

if TYPE_CHECKING:
    from bot.settings import Settings

user_app = application("Make, list and remove the accounts of maintainers and evaluators.")
ROLES = ("view", "edit", "publish", "admin", "evaluate")
Name = Annotated[str, typer.Argument(help="Who that is, as the audit list will say it.")]


@user_app.command()
@speaks_plainly
def add(
    name: Name,
    role: Annotated[
        list[str] | None, typer.Option(help=f"What they may do: {', '.join(ROLES)}; may be repeated; default: view.", show_default=False)
    ] = None,
    by_proxy: Annotated[
        bool, typer.Option("--by-proxy", help="They have no password, and are named by a proxy (LIANGCE_USER_HEADER).")
    ] = False,
    data: Data = None,
) -> None:
    """Make an account. The password is asked for, or read from standard input where that is no terminal."""
    from bot.web.accounts.users import Accounts, Role
    from index.database import open_database
    from index.errors import CallError
    from index.upkeep.version_commands import note

    roles = role or ["view"]
    if wrong := [each for each in roles if each not in ROLES]:
        raise CallError("user-role", role=wrong[0], roles=ROLES)
    settings = _settings(data)
    user = Accounts(open_database(settings)).add(name, None if by_proxy else _read_password(), [Role(each) for each in roles])
    note(settings, f"user add {user.name} {' '.join(sorted(user.roles))}", (), "")
    print(f"{user.name} may log in at /login; a server that had no accounts and no password when it started must be started again")


@user_app.command("list")
@speaks_plainly
def list_users(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False, data: Data = None) -> None:
    """List the accounts: what each may do, and since when it is there."""
    from bot.web.accounts.users import Accounts
    from index.database import open_database

    users = Accounts(open_database(_settings(data))).all()
    if as_json:
        rows = [{"name": user.name, "roles": sorted(user.roles), "made": user.made, "password": user.has_password} for user in users]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for user in users:
        print(f"{user.name}  {' '.join(sorted(user.roles))}  made {user.made}{'' if user.has_password else '  by proxy only'}")


@user_app.command()
@speaks_plainly
def remove(name: Name, data: Data = None) -> None:
    """Remove an account; whoever is logged in by it is logged out."""
    from bot.web.accounts.users import Accounts
    from index.database import open_database
    from index.upkeep.version_commands import note

    settings = _settings(data)
    Accounts(open_database(settings)).remove(name)
    _end_sessions(settings, name)
    note(settings, f"user remove {name}", (), "")


@user_app.command()
@speaks_plainly
def password(name: Name, data: Data = None) -> None:
    """Give an account another password; whoever is logged in by it is logged out."""
    from bot.web.accounts.users import Accounts
    from index.database import open_database
    from index.upkeep.version_commands import note

    settings = _settings(data)
    Accounts(open_database(settings)).set_password(name, _read_password())
    _end_sessions(settings, name)
    note(settings, f"user password {name}", (), "")


def _read_password() -> str:
    if sys.stdin.isatty():
        given: str = typer.prompt("password", hide_input=True, confirmation_prompt=True)
        return given
    return sys.stdin.readline().rstrip("\r\n")


def _end_sessions(settings: "Settings", name: str) -> None:
    from bot.web.accounts.sessions import Sessions
    from bot.web.accounts.users import Accounts, Passwords
    from index.database import open_database

    database = open_database(settings)
    Sessions(database, Accounts(database), settings.server.session_hours, Passwords()).end_all(name)


def _settings(data: Path | None) -> "Settings":
    from bot.settings import Settings
    from index.settings import read_settings

    return read_settings(Settings, data=data)
