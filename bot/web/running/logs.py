"""What a server writes of itself: one record a line, as text or JSON, with the request that it belongs to; no secret, no personal data,
no control character."""

import io
import json
import logging
import re
import sys
import traceback
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.question.safety import mask

REQUEST: ContextVar[str] = ContextVar("request", default="")  # the id of the request that is being answered
_KEY = re.compile(r"\blc-[\w-]{20,}|\b(?i:bearer|basic)\s+[\w.~+/=-]{8,}")  # a key of ours, and what a header authorises with
_OURS = str(Path(__file__).resolve().parents[2])
_LEAST_SECRET = 4  # characters: shorter ones stand in words


class Record(logging.Formatter):
    """A record as text: its level, whose it is, the request and what is said; what went wrong stands indented below it."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _LEAST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        request = f" [{given}]" if (given := REQUEST.get()) else ""
        line = f"{_time(record)} {record.levelname} {record.name}{request} {_visible(self.cleaned(record.getMessage()))}"
        return "\n".join((line, *(f"    {_visible(below)}" for below in self.cleaned(_trouble(record)).splitlines())))

    def cleaned(self, text: str) -> str:
        """A text without secrets and personal data."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return mask(_KEY.sub("***", text))


class JsonRecord(Record):
    """A record as an object of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        said = {"time": _time(record), "level": record.levelname.lower(), "logger": record.name, "request": REQUEST.get()}
        said |= {"message": self.cleaned(record.getMessage()), "error": self.cleaned(_trouble(record))}
        said |= {name: self.cleaned(value) if isinstance(value, str) else value for name, value in getattr(record, "more", {}).items()}
        text = json.dumps({name: value for name, value in said.items() if value != ""}, ensure_ascii=False)
        return _escaped(text)


class ErrorStream(io.TextIOBase):
    """Standard error while a server runs: what libraries print there becomes records.

    Gradio prints the traceback of a call that it did not take, with what was sent. A traceback that never came to our own code is a
    mistake of the client's: its last line stays, without the text.
    """

    def __init__(self) -> None:
        self._log, self._line, self._trace = logging.getLogger("stderr"), "", list[str]()

    def write(self, text: str) -> int:
        """See `io.TextIOBase`."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._take(line)
        return len(text)

    def _take(self, line: str) -> None:
        if line.startswith("Traceback (most recent call last)"):
            self._trace = [line]
        elif self._trace and (line.startswith(" ") or not line):
            self._trace.append(line)
        elif self._trace:
            trace, self._trace = [*self._trace, line], []
            if any(_OURS in each for each in trace):
                self._log.error("\n".join(trace))
            else:
                self._log.warning("a call was not taken: %s", line.partition(":")[0])
        elif line.strip():
            self._log.warning(line)


def set_up(form: Literal["text", "json"], secrets: Collection[str]) -> None:
    """Have all records of this process written in a form, and what is printed to standard error too."""
    handler = logging.StreamHandler(sys.__stderr__)
    handler.setFormatter((JsonRecord if form == "json" else Record)(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in ("index", "bot", "access"):
        logging.getLogger(name).setLevel(logging.INFO)
    sys.stderr = ErrorStream()


def secrets_of(settings: BaseSettings) -> Iterator[str]:
    """What no log may show, of the settings of all stages."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseSettings):
            yield from secrets_of(value)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _trouble(record: logging.LogRecord) -> str:
    return "".join(traceback.format_exception(*record.exc_info)) if record.exc_info and record.exc_info[0] else ""


def _visible(text: str) -> str:
    """A text in one line, with what cannot be seen escaped, so that nobody can write lines or colours into a log."""
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escaped(text: str) -> str:
    """JSON whose strings hold nothing that cannot be seen; ASCII control characters are escaped in it already."""
    return "".join(char if char.isprintable() else "".join(f"\\u{unit:04x}" for unit in _units(char)) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _units(char: str) -> Iterator[int]:
    """The code units of a character in UTF-16, as JSON writes it."""
    data = char.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), 2))
