"""The settings of the assistant: one frozen object, read once, from the environment with the prefix LIANGCE_."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from index.settings import IndexSettings


class Settings(IndexSettings):
    """What the question path can be told, besides what the index is told."""

    known_whole = True

    host: str = Field("127.0.0.1", min_length=1, description="address that the page is served on; 0.0.0.0 opens it to the network")
    port: int = Field(7860, ge=1, le=65535, description="port that the page is served on")
    report_password: SecretStr | None = Field(
        None, min_length=8, description="whoever knows it sees the newest evaluation report at /report; unset, nobody does"
    )
    maintainer_password: SecretStr | None = Field(
        None, min_length=8, description="whoever knows it publishes, withdraws and rolls back at /maintain; unset, nobody does"
    )
    reader: Literal["sentences", "trained"] = Field(
        "trained",
        description="what judges whether the articles say it: the trained reader, or sentences compared one by one (faster, coarser)",
    )
    title: str = Field("即墨良策 · 政策问答", min_length=1, description="title of the page")
    hotline: str = Field("12345 政务服务便民热线", min_length=1, description="whom a refusal sends the questioner to")
    passages: int = Field(8, ge=1, le=50, description="passages that are read for a question")
    least_probability: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that the articles state what is asked, below which it is refused; unset, the reader's own",
    )
    as_of: date | None = Field(None, description="day, YYYY-MM-DD, on which an article must be in force to be answered from; unset: today")
    question_length: int = Field(500, ge=20, le=5000, description="characters that a question may have")
    llm_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+(/\S*)?)?$",
        description="OpenAI-compatible endpoint whose model words the answers, such as http://127.0.0.1:11434/v1; unset, answers are extracts",
    )
    llm_model: str = Field("", description="name of the model at that endpoint, such as qwen-plus; wanted where the endpoint is set")
    llm_key: SecretStr | None = Field(None, description="key of that endpoint; unset for those that want none")
    llm_seconds: float = Field(30, gt=0, le=600, description="seconds that the model has for an answer")
    llm_first_seconds: float = Field(10, gt=0, le=600, description="seconds to its first word, further attempts included")
    llm_gap_seconds: float = Field(8, gt=0, le=600, description="seconds that it may pause in mid-answer")
    llm_retries: int = Field(2, ge=0, le=10, description="further attempts where the endpoint is busy, out of order or out of reach")
    llm_tokens: int = Field(800, ge=50, le=8000, description="tokens that an answer may have")
    llm_pause_seconds: float = Field(60, ge=0, le=86_400, description="seconds that the model is not asked after three failures in a row")
    llm_least_probability: float = Field(
        0.02, ge=0, le=1, description="probability that the articles state what is asked, below which the model is not asked at all"
    )
    llm_cache: int = Field(500, ge=0, le=100_000, description="worded answers that are kept in memory for the same question")
    concurrency: int = Field(2, ge=1, le=64, description="questions that the page answers at once; others wait")
    queue: int = Field(64, ge=1, le=10000, description="questions that may wait on the page before further ones are turned away")

    @model_validator(mode="after")
    def _check_model(self) -> "Settings":
        if self.llm_url and not self.llm_model:
            raise ValueError("LIANGCE_LLM_URL is set without LIANGCE_LLM_MODEL: name the model that is to be asked there")
        return self


def described(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Each setting as its variable in the environment, its value in force and what it is for, in order."""
    for name, field in type(settings).model_fields.items():
        yield f"LIANGCE_{name.upper()}", str(getattr(settings, name)), field.description or ""
