"""The words of all programs in Chinese and English: gettext catalogues, and messages that are rendered from them.

Each catalogue holds a text by its code, with the names of fields in braces, as `str.format` reads them; see `_Formatter` for what may
stand behind a name. `make words` compiles the catalogues in `index/locale`.
"""

import gettext
import math
import os
import string
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Literal, cast

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "liangce"


class Message:
    """What is to be said, in whatever language: a code of the catalogues, and the fields that fill its gaps."""

    def __init__(self, code: str, /, **fields: object) -> None:
        self.code, self.fields = code, fields

    def __str__(self) -> str:
        return self.in_language("en")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def in_language(self, language: Language) -> str:
        """The message as a sentence."""
        return render(self.code, language, **self.fields)


def render(code: str, language: Language, /, **fields: object) -> str:
    """The text of a code with its gaps filled in.

    A code that the catalogue does not have is given as it is, as gettext does, so that nothing is hidden; a test finds it.
    """
    text = look_up(code, language)
    return text if text == code else _Formatter(language).vformat(text, (), fields)


def look_up(code: str, language: Language) -> str:
    """The text of a code with its gaps as they stand in the catalogue; raises `FileNotFoundError` where there is no catalogue."""
    return _catalogue(language).gettext(code)


def language_of_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """The language that a terminal is set to: Chinese for zh, zh_CN.UTF-8 and the like, else English."""
    wanted = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "zh" if wanted.lower().startswith("zh") else "en"


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language])


class _Formatter(string.Formatter):
    """`str.format`, with messages and paths as fields, and further forms behind the colon.

    MB        a number of bytes, rounded up to tenths of a megabyte
    line      white space folded, so that all stands in one line
    name      the last part of a path
    plain     a text as it is, escaped where it holds what cannot be seen
    quoted    several texts, each in Chinese quotation marks
    joinedX   several texts or messages with X between them
    """

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value, key = super().get_field(field_name, args, kwargs)
        return self._plain(value), key

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("joined"):
            return format_spec.removeprefix("joined").join(str(self._plain(part)) for part in value)
        form = FORMS.get(format_spec)
        return form(value) if form else cast(str, super().format_field(value, format_spec))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Message):
            return value.in_language(self._language)
        return str(value) if isinstance(value, PurePath) else value


def _megabytes(size: int) -> str:
    return f"{math.ceil(size / 100_000) / 10:g}MB"


def _fold(value: object) -> str:
    return " ".join(str(value).split())


def _last_part(path: str) -> str:
    return _escape(PurePath(path).name)


def _escape(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else repr(text).strip("'\"")


def _quote(texts: Sequence[object]) -> str:
    return "、".join(f"“{_escape(text)}”" for text in texts)


FORMS: dict[str, Callable[[Any], str]] = {"MB": _megabytes, "line": _fold, "name": _last_part, "plain": _escape, "quoted": _quote}
