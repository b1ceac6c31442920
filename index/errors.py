"""Every error that the programs raise on purpose.

    LiangceError                 the message is written for the person who made the call
    ├── CallError                the call or its input was wrong: exit code 2
    │   └── SourceError          an article's file or its metadata cannot be used: exit code 1
    ├── IndexMissingError        nothing has been indexed in this data folder yet
    ├── IndexMismatchError       the index was built with other settings than the ones in force
    ├── IndexDamagedError        the index is there and cannot be read whole
    ├── IndexBusyError           another writer holds the lock
    ├── StoreError               the Chroma server does not answer
    ├── EncoderError             the embedding model cannot be loaded or run
    ├── ReaderError              the reader cannot be loaded, or belongs to another embedding model
    ├── PromptError              a file of a prompt is not as the program needs it (bot/llm/prompts.py)
    └── ModelError               a language model gave no usable reply (bot/llm/client.py)

A message says what was given, what was expected, and what to do.
"""


class LiangceError(Exception):
    """The root of the tree; the programs print its message and end with `exit_code`."""

    exit_code = 1


class CallError(LiangceError):
    """The call or its input was wrong."""

    exit_code = 2


class SourceError(CallError):
    """An article's file or its metadata cannot be used."""

    exit_code = 1


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


class EncoderError(LiangceError):
    """The embedding model cannot be loaded or run."""


class ReaderError(LiangceError):
    """The reader cannot be loaded, or belongs to another embedding model."""
