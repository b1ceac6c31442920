"""The settings of the index, by stage, from the environment with the prefix LIANGCE_ and a file in the data folder. The assistant adds its own."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from index.encoding import bundled
from index.errors import CallError, InvalidValueError, reason_of
from index.reading.formats.parsed import ParseLimits
from index.text.split import SplitSettings

FILE = "settings.toml"  # in the data folder; what the environment says counts more
_PREFIX = "LIANGCE_"


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liangce"


class StageSettings(BaseSettings):
    """The settings of one stage. Each has a variable in the environment: the prefix of its stage and its own name."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)


S = TypeVar("S", bound=BaseSettings)


def stage(kind: type[S]) -> Any:
    """The field of a stage: its settings from the environment, where none are given."""
    return Field(default_factory=lambda: kind())


class EncodingSettings(StageSettings):
    """How texts become vectors."""

    model_cache: Path = Field(
        default_factory=_cache,
        description="folder that the bundled embedding model is unpacked into once",
        json_schema_extra={"default": "~/.cache/liangce"},
    )
    encoder: str = Field(
        bundled.NAME, min_length=1, description="embedding model: the bundled one, a folder, or a sentence-transformers name"
    )
    device: str = Field("cpu", description="where the embedding model runs: cpu, cuda, mps")
    dtype: Literal["auto", "float32", "bfloat16", "int8"] = Field(
        "auto", description="precision of indexing; auto takes what is faster on this processor and agrees"
    )
    runtime: Literal["auto", "onnx", "torch"] = Field(
        "auto",
        description="what computes the embedding model and the reader; auto is ONNX Runtime for the bundled model on the CPU, else torch",
    )


class StoreSettings(StageSettings):
    """Where the index is kept, and how much of it."""

    chroma_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+/?)?$",
        description="Chroma server that holds the vectors, such as http://127.0.0.1:8000; unset, they are on disk",
    )
    keep_versions: int = Field(5, ge=1, le=1000, description="versions of the index that are kept, to go back to and to open citations in")


class PassageSettings(StageSettings, env_prefix=f"{_PREFIX}PASSAGE_"):
    """How long passages are."""

    target: int = Field(250, description="characters that a passage should have")
    least: int = Field(150, description="characters below which a passage is joined to the next one where it can be")
    most: int = Field(350, description="characters above which a passage is cut where a sentence ends")

    @model_validator(mode="after")
    def _check_split(self) -> "PassageSettings":
        try:
            _ = self.split
        except CallError as error:
            raise InvalidValueError(error.code, **error.fields) from error
        return self

    @property
    def split(self) -> SplitSettings:
        """The same, as the splitter takes them."""
        return SplitSettings(self.target, self.least, self.most)


class FileSettings(StageSettings):
    """The most that one file of an article may take."""

    file_megabytes: int = Field(50, ge=1, le=2000, description="size of an article's file above which it is refused")
    unpacked_megabytes: int = Field(200, ge=1, le=8000, description="size that a document or an archive may unpack to")
    article_characters: int = Field(1_000_000, ge=1000, le=20_000_000, description="characters of text that one article may have")
    parse_megabytes: int = Field(
        1024, ge=512, le=64_000, description="memory that the process may take which reads files, and LibreOffice where it converts one"
    )
    parse_seconds: int = Field(
        60, ge=1, le=3600, description="time that it may take over one file, and five times that over one page that it recognises"
    )
    scanned_pages: int = Field(300, ge=0, le=10_000, description="pages that are pictures which one file may have")
    scan_megabytes: int = Field(3072, ge=2048, le=64_000, description="memory that the process may take which recognises pictures")

    @property
    def limits(self) -> ParseLimits:
        """The same, as the readers of files take them."""
        mega = 1_000_000
        return ParseLimits(
            file_bytes=self.file_megabytes * mega,
            unpacked_bytes=self.unpacked_megabytes * mega,
            characters=self.article_characters,
            seconds=self.parse_seconds,
            memory_bytes=self.parse_megabytes << 20,
            scanned_pages=self.scanned_pages,
            scan_memory_bytes=self.scan_megabytes << 20,
        )


class IndexSettings(BaseSettings):
    """The settings of the article path. Read once at the top of a program; functions take values."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    known_whole: ClassVar[bool] = False  # whether a name in the file that is no setting here is a mistake, or another program's

    data: Path = Field(Path("data"), description="folder of the index, the feedback and all else that is written")
    database: SecretStr | None = Field(
        None,
        description="address of the database of feedback, audit list and accounts, as SQLAlchemy has it; unset, records.sqlite in the data folder",
    )
    encoding: EncodingSettings = stage(EncodingSettings)
    store: StoreSettings = stage(StoreSettings)
    passage: PassageSettings = stage(PassageSettings)
    files: FileSettings = stage(FileSettings)

    @property
    def index(self) -> Path:
        """The folder of the index's versions."""
        return self.data / "index"


SettingsKind = TypeVar("SettingsKind", bound=IndexSettings)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its variable in the environment, its stage ("" for none), its name there, and what is known of it."""

    variable: str
    stage: str
    name: str
    info: FieldInfo

    @property
    def key(self) -> str:
        """Its name in the file."""
        return self.variable.removeprefix(_PREFIX).lower()


def list_settings(kind: type[IndexSettings]) -> Iterator[Setting]:
    """All settings of that kind, stage by stage."""
    for name, info in kind.model_fields.items():
        if (its_kind := _stage_kind(info)) is None:
            yield Setting(f"{_PREFIX}{name}".upper(), "", name, info)
        else:
            for field, its_info in its_kind.model_fields.items():
                yield Setting(f"{_prefix(its_kind)}{field}".upper(), name, field, its_info)


def read_settings(kind: type[SettingsKind], **given: object) -> SettingsKind:
    """The settings of that kind: what is given and not None, then the environment, then the file, then the defaults.

    What is given has the names of the file, such as `llm_url`. Raises `CallError`, naming the setting that is wrong.
    """
    named = {name: value for name, value in given.items() if value is not None}
    file = Path(str(named.get("data") or os.environ.get("LIANGCE_DATA") or kind.model_fields["data"].default)) / FILE
    in_environment = {name.upper() for name, value in os.environ.items() if value}
    known = {setting.key: setting for setting in list_settings(kind)}
    written = {key: value for key, value in _read_file(file, kind, known).items() if known[key].variable not in in_environment}
    values: dict[str, dict[str, Any]] = {setting.stage: {} for setting in known.values()}
    for key, value in {**written, **named}.items():
        values[known[key].stage][known[key].name] = value
    in_file = {known[key].variable: str(file) for key in written if key not in named}
    stages = {name: its_kind for name, info in kind.model_fields.items() if (its_kind := _stage_kind(info))}
    made = {name: _make(its_kind, values[name], in_file) for name, its_kind in stages.items()}
    return _make(kind, values[""] | made, in_file)


def _stage_kind(info: FieldInfo) -> type[StageSettings] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, StageSettings) else None


def _is_secret(info: FieldInfo | None) -> bool:
    return info is None or "Secret" in str(info.annotation)


def _prefix(kind: type[BaseSettings]) -> str:
    return kind.model_config.get("env_prefix", "")


def _make(kind: type[S], values: dict[str, Any], in_file: dict[str, str]) -> S:
    """The settings with those values, and all others from the environment; `in_file` names the file that a variable was set in."""
    prefix = _prefix(kind)
    try:
        return kind(**values)
    except ValidationError as error:
        problem = error.errors()[0]
        reason, given = reason_of(problem), problem["input"]
        if problem["loc"] and _is_secret(kind.model_fields.get(str(problem["loc"][0]))):
            given = "***"
        given = re.sub(r"//[^/@\s]+@", "//***@", given) if isinstance(given, str) else given
        if not problem["loc"]:  # of several that do not go together, one may be a key, so nothing of them is shown
            raise CallError("settings-wrong", reason=reason) from error
        setting, variable = ((prefix + name).upper() for name in ("_".join(map(str, problem["loc"])), str(problem["loc"][0])))
        if variable in in_file:
            raise CallError("setting-wrong-in-file", setting=setting, path=in_file[variable], reason=reason, given=given) from error
        raise CallError("setting-wrong", setting=setting, reason=reason, given=given) from error
    except SettingsError as error:  # a value that is no JSON where a table is expected; it names the field without its stage
        cause = str(error).replace('field "', f'field "{prefix.removeprefix(_PREFIX).lower()}')
        raise CallError("setting-not-json", error=cause) from error


def _read_file(path: Path, kind: type[IndexSettings], known: dict[str, Setting]) -> dict[str, Any]:
    """What the file sets, by the names in it."""
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CallError("settings-not-toml", path=path, error=error) from error
    can_be_set = set(known) - {"data"}
    if kind.known_whole and (unknown := sorted(set(values) - can_be_set)):
        raise CallError("setting-unknown", path=path, setting=unknown[0])
    return {key: value for key, value in values.items() if key in can_be_set}
