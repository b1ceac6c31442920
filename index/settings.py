"""The settings of the index, from the environment with the prefix LIANGCE_. The assistant's settings build on them."""

import os
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index import bundled
from index.errors import CallError
from index.split import SplitSettings


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liangce"


class IndexSettings(BaseSettings):
    """What the article path can be told. Read once at the top of a program; functions take values."""

    model_config = SettingsConfigDict(env_prefix="LIANGCE_", frozen=True, extra="ignore", env_ignore_empty=True)

    data: Path = Field(Path("data"), description="folder of the index, the feedback and all else that is written")
    model_cache: Path = Field(default_factory=_cache, description="folder that the bundled embedding model is unpacked into once")
    encoder: str = Field(
        bundled.NAME, min_length=1, description="embedding model: the bundled one, a folder, or a sentence-transformers name"
    )
    device: str = Field("cpu", description="where the embedding model runs: cpu, cuda, mps")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="precision of indexing; auto tries which is faster and agrees"
    )
    passage_target: int = Field(250, description="characters that a passage should have")
    passage_least: int = Field(150, description="characters below which a passage is joined to the next one where it can be")
    passage_most: int = Field(350, description="characters above which a passage is cut where a sentence ends")

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
    def index(self) -> Path:
        """The folder of the index's versions."""
        return self.data / "index"


S = TypeVar("S", bound=IndexSettings)


def read_settings(kind: type[S], **given: object) -> S:
    """The settings of that kind: what is given and not None, then the environment, then the defaults; raises `CallError`."""
    try:
        return kind(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        problem = error.errors()[0]
        name = "_".join(("LIANGCE", *map(str, problem["loc"]))).upper() if problem["loc"] else "the settings"
        raise CallError(
            f"{name} is wrong: {problem['msg']} (given: {problem['input']!r}); python -m bot settings lists what can be set"
        ) from error
