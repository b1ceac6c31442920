"""Every error that the programs raise on purpose.

    LiangceError                 the message is written for the person who made the call
    ├── CallError                the call or its input was wrong: exit code 2
    │   └── SourceError          an article's file or its metadata cannot be used: exit code 1
    │       └── FileError        the same, with the file that it is about
    ├── InvalidValueError        a value is not what was expected; raised where pydantic checks values, which takes it for a ValueError
    ├── IndexMissingError        nothing has been indexed in this data folder yet
    ├── IndexMismatchError       the index was built with other settings than the ones in force
    ├── IndexDamagedError        the index is there and cannot be read whole
    ├── IndexBusyError           another writer holds the lock
    ├── StoreError               the Chroma server does not answer
    ├── RecordsError             the database beside the index cannot be read or written
    ├── EncoderError             the embedding model cannot be loaded or run
    ├── ReaderError              the reader cannot be loaded, or belongs to another embedding model
    ├── PromptError              a file of a prompt is not as the program needs it (bot/llm/prompts.py)
    └── ModelError               a language model gave no usable reply (bot/llm/client.py)

An error carries a code and fields, and is a message: `raise SourceError("file-too-large", size=size, most=most)`. Its text stands in the
catalogues (`index/locale`) and says what was given, what was expected, and what to do. `str(error)` is English.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.language import Message


class LiangceError(Message, Exception):
    """The root of the tree; the programs print its message and end with `exit_code`."""

    exit_code = 1


class CallError(LiangceError):
    """The call or its input was wrong."""

    exit_code = 2


class SourceError(CallError):
    """An article's file or its metadata cannot be used."""

    exit_code = 1


class FileError(SourceError):
    """One file of several cannot be used; `problem` says why, without naming the file."""

    def __init__(self, path: Path, problem: SourceError) -> None:
        super().__init__("file-problem", path=path, problem=problem)
        self.problem = problem


class InvalidValueError(LiangceError, ValueError):
    """A value is not what was expected; pydantic reports it as what is wrong with a field."""


class IndexMissingError(LiangceError):
    """Nothing has been indexed in this data folder yet."""


class IndexMismatchError(LiangceError):
    """The index was built with other settings than the ones in force."""


class IndexDamagedError(LiangceError):
    """The index is there and cannot be read whole."""


class IndexBusyError(LiangceError):
    """Another writer holds the lock."""


class StoreError(LiangceError):
    """The Chroma server does not answer."""


class RecordsError(LiangceError):
    """The database beside the index cannot be read or written, such as on a full disk."""


class EncoderError(LiangceError):
    """The embedding model cannot be loaded or run."""


class ReaderError(LiangceError):
    """The reader cannot be loaded, or belongs to another embedding model."""


# What pydantic finds wrong, by its own names, as far as there is a Chinese text: https://docs.pydantic.dev/latest/errors/validation_errors/
_BY_PYDANTIC = frozenset(
    """missing extra_forbidden string_type string_pattern_mismatch string_too_short tuple_type list_type dict_type model_type enum literal_error
    int_parsing int_type int_from_float float_parsing float_type bool_parsing bool_type path_type date_from_datetime_parsing json_invalid
    greater_than greater_than_equal less_than less_than_equal""".split()
)


def reason_of(problem: Mapping[str, Any]) -> Message:
    """Why pydantic refused a value, given one of `ValidationError.errors()`; in English it is pydantic's own sentence."""
    context = dict(problem.get("ctx") or {})
    cause = context.pop("error", None)
    if isinstance(cause, InvalidValueError):
        return Message("value-problem", problem=cause)
    kind = problem["type"] if problem["type"] in _BY_PYDANTIC else "other"
    return Message(f"value.{kind}", message=problem["msg"], expected=next(iter(context.values()), ""))
