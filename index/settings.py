"""The settings of the index, from the environment with the prefix LIANGCE_ and a file in the data folder. The assistant's build on them."""

import os
import tomllib
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from index.encoding import bundled
from index.errors import CallError
from index.reading.formats.parsed import ParseLimits
from index.text.split import SplitSettings

FILE = "settings.toml"  # in the data folder; what the environment says counts more


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liangce"


class IndexSettings(BaseSettings):
    """What the article path can be told. Read once at the top of a program; functions take values."""

    model_config = SettingsConfigDict(env_prefix="LIANGCE_", frozen=True, extra="ignore", env_ignore_empty=True)

    known_whole: ClassVar[bool] = False  # whether a name in the file that is no field here is a mistake, or another program's

    data: Path = Field(Path("data"), description="folder of the index, the feedback and all else that is written")
    model_cache: Path = Field(default_factory=_cache, description="folder that the bundled embedding model is unpacked into once")
    encoder: str = Field(
        bundled.NAME, min_length=1, description="embedding model: the bundled one, a folder, or a sentence-transformers name"
    )
    device: str = Field("cpu", description="where the embedding model runs: cpu, cuda, mps")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="precision of indexing; auto tries which is faster and agrees"
    )
    chroma_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+/?)?$",
        description="Chroma server that holds the vectors, such as http://127.0.0.1:8000; unset, they are on disk",
    )
    keep_versions: int = Field(5, ge=1, le=1000, description="versions of the index that are kept, to go back to and to open citations in")
    passage_target: int = Field(250, description="characters that a passage should have")
    passage_least: int = Field(150, description="characters below which a passage is joined to the next one where it can be")
    passage_most: int = Field(350, description="characters above which a passage is cut where a sentence ends")

    file_megabytes: int = Field(50, ge=1, le=2000, description="size of an article's file above which it is refused")
    unpacked_megabytes: int = Field(200, ge=1, le=8000, description="size that a .docx may unpack to")
    article_characters: int = Field(1_000_000, ge=1000, le=20_000_000, description="characters of text that one article may have")
    parse_megabytes: int = Field(
        1024, ge=512, le=64_000, description="memory that the process may take which reads .docx, .pdf, .html and .md"
    )
    parse_seconds: int = Field(60, ge=1, le=3600, description="time that it may take over one file")

    @model_validator(mode="after")
    def _check_split(self) -> "IndexSettings":
        try:
            _ = self.split
        except CallError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def split(self) -> SplitSettings:
        """The sizes of passages."""
        return SplitSettings(self.passage_target, self.passage_least, self.passage_most)

    @property
    def limits(self) -> ParseLimits:
        """The most that one file may take."""
        mega = 1_000_000
        return ParseLimits(
            file_bytes=self.file_megabytes * mega,
            unpacked_bytes=self.unpacked_megabytes * mega,
            characters=self.article_characters,
            seconds=self.parse_seconds,
            memory_bytes=self.parse_megabytes << 20,
        )

    @property
    def index(self) -> Path:
        """The folder of the index's versions."""
        return self.data / "index"


S = TypeVar("S", bound=IndexSettings)


def read_settings(kind: type[S], **given: object) -> S:
    """The settings of that kind: what is given and not None, then the environment, then the file, then the defaults.

    Raises `CallError`, naming the setting that is wrong.
    """
    given_values = {name: value for name, value in given.items() if value is not None}
    folder = Path(str(given_values.get("data") or os.environ.get("LIANGCE_DATA") or kind.model_fields["data"].default))
    in_force = {name.upper() for name, value in os.environ.items() if value}
    in_file = {name: value for name, value in _read_file(folder / FILE, kind).items() if f"LIANGCE_{name}".upper() not in in_force}
    try:
        return kind(**{**in_file, **given_values})
    except ValidationError as error:
        problem = error.errors()[0]
        name = "_".join(("LIANGCE", *map(str, problem["loc"]))).upper() if problem["loc"] else "the settings"
        place = f" in {str(folder / FILE)!r}" if problem["loc"] and problem["loc"][0] in in_file else ""
        raise CallError(
            f"{name}{place} is wrong: {problem['msg']} (given: {problem['input']!r}); python -m bot settings lists what can be set"
        ) from error
    except SettingsError as error:  # a value that is no JSON where a table is expected
        raise CallError(f"{error} of the environment: expected JSON; python -m bot settings lists what can be set") from error


def _read_file(path: Path, kind: type[IndexSettings]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CallError(f"cannot read {str(path)!r}: {error}; expected TOML with a line for each setting, such as passages = 8") from error
    known = set(kind.model_fields) - {"data"}
    if kind.known_whole and (unknown := sorted(set(values) - known)):
        raise CallError(f"{str(path)!r} sets {unknown[0]!r}, which is no setting that a file can hold; python -m bot settings lists them")
    return {name: value for name, value in values.items() if name in known}
