"""What the programs share on the command line: the data folder, errors in a user's words, exit codes, log lines."""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

from index.errors import LiangceError
from index.language import Message, language_of_environment

P = ParamSpec("P")
R = TypeVar("R")

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the index and all else that is written [env: LIANGCE_DATA; default: data]", show_default=False),
]


def application(help_text: str) -> typer.Typer:
    """A program whose sub-commands are added to it; tracebacks are for the log, not for the user."""
    return typer.Typer(help=help_text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def speaks_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """`command` with errors of ours printed as one line and turned into their exit code, and log lines on standard error."""

    @wraps(command)
    def plain_command(*args: P.args, **kwargs: P.kwargs) -> R:
        logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
        for name in ("index", "bot", "eval"):
            logging.getLogger(name).setLevel(logging.INFO)
        try:
            return command(*args, **kwargs)
        except LiangceError as error:
            print_error(error)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            print_message(Message("cli.stopped"))
            raise typer.Exit(130) from error

    return plain_command


def print_error(error: LiangceError) -> None:
    """Print an error as one line."""
    print_message(Message("cli.error", problem=error))


def print_message(message: Message) -> None:
    """Print a message on standard error, in the language that the terminal is set to."""
    print(message.in_language(language_of_environment()), file=sys.stderr)
