"""The settings of the assistant by stage: one frozen object, read once, from the environment with the prefix LIANGCE_."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from index.errors import InvalidValueError
from index.language import Language
from index.settings import IndexSettings, Setting, StageSettings, list_settings, stage

DARK = "#14181d"  # the page's ground in dark mode, as in bot/web/static/page.css
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of ordinary size
LOGOS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
WRITTEN_CASES = "written.jsonl"  # in the evaluation's folder: the cases that evaluators wrote in the page
REPORT_PAGE = "report.html"  # the page that the evaluation writes into the folder of a run
_LOGO_BYTES = 1_000_000
_ENDPOINT = r"^(https?://[^\s/@?#]+(/[^\s@?#]*)?)?$"  # without a name, a password or a key in it: clients write addresses into logs


_TITLE = "即墨良策 · 政策问答"
# What may be asked, by audience: the default of the setting `examples`, for the seed article.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "开公司、办项目": ("企业开办有哪些便利？", "项目审批怎么提速？", "办施工许可要准备纸质材料吗？"),
    "企业融资": ("小微企业融资有什么支持？", "普惠小微贷款发放了多少？"),
    "求职者、人才": ("大学生来即墨就业有什么支持？", "招聘会、找工作有什么服务？", "招聘会办了多少场？"),
    "老人、孩子": ("老人居家养老有什么帮助？", "孩子上学有什么安排？"),
    "日常办事": ("24小时社保自助服务厅是怎么回事？", "执法有哪些改进？"),
}


class ServerSettings(StageSettings):
    """How the page is served, and to whom."""

    host: str = Field(
        "127.0.0.1", min_length=1, description="address that the page is served on; 0.0.0.0 opens it to the network, :: to that of IPv6 too"
    )
    port: int = Field(7860, ge=1, le=65535, description="port that the page is served on")
    report_password: SecretStr | None = Field(
        None,
        min_length=8,
        description="one password for all evaluators, for /report, as long as there are no accounts (python -m bot user add)",
    )
    nightly: str = Field(
        "",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$",
        description="time of day, such as 03:30 by the server's clock, at which a test set is run every night; unset, none is",
    )
    nightly_set: str = Field("jimo_2023", min_length=1, description="the set of that run, as the evaluators' page names it")
    maintainer_password: SecretStr | None = Field(
        None,
        min_length=8,
        description="one password for all maintainers, for /maintain, as long as there are no accounts (python -m bot user add)",
    )
    session_hours: float = Field(12, gt=0, le=24 * 7, description="hours after which whoever is logged in and does nothing is logged out")
    user_header: str = Field(
        "",
        pattern=r"^[A-Za-z][A-Za-z0-9-]*$|^$",
        description="header in which a trusted proxy names who is logged in with it (single sign-on), such as X-Remote-User; they need an account here (python -m bot user add NAME --by-proxy); unset: none",
    )
    hsts_days: int = Field(
        0,
        ge=0,
        le=3650,
        description="days for which browsers that came by HTTPS once come by nothing else (Strict-Transport-Security); 0: not said",
    )
    root_path: str = Field(
        "", pattern=r"^(/[\w.~-]+)*$", description="path that a reverse proxy serves the page under, such as /zhengce; unset: the root"
    )
    embed_hosts: str = Field(
        "",
        pattern=r"^(https?://(\*\.)?[\w.-]+(:\d+)?( +|$))*$",
        description="sites that may show the page in a frame (?embed=1), with spaces between them, such as https://www.example.gov.cn; unset: none",
    )
    trusted_proxies: str = Field(
        "",
        description="addresses or networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with spaces between them, such as 127.0.0.1 10.0.0.0/8; unset: none",
    )
    concurrency: int = Field(2, ge=1, le=64, description="questions that the page answers at once; others wait")
    queue: int = Field(64, ge=1, le=10000, description="questions that may wait on the page before further ones are turned away")
    address_waiting: int = Field(16, ge=1, le=10000, description="questions of one address, or of one key, that may wait among them")
    address_burst: int = Field(
        20, ge=1, le=100_000, description="questions that one address (of IPv6: one network /64) may ask on the page within ten seconds"
    )
    address_per_minute: int = Field(60, ge=1, le=100_000, description="questions that it may ask there within a minute")
    connections: int = Field(800, ge=10, le=100_000, description="connections that are open at once; further ones are refused")
    address_connections: int = Field(
        100, ge=1, le=100_000, description="connections of one address among them; those of trusted proxies are not counted by address"
    )
    head_seconds: float = Field(10, gt=0, le=600, description="seconds that a client may take to send the head of a request")
    body_seconds: float = Field(20, gt=0, le=600, description="seconds that it may take to send the rest, and a further one for each 10 kB")

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, proxies: str) -> str:
        for proxy in proxies.replace(",", " ").split():
            try:
                ipaddress.ip_network(proxy, strict=False)
            except ValueError as error:
                raise InvalidValueError("proxy-address", proxy=proxy) from error
        return proxies


class DoorSettings(StageSettings):
    """Whether other programs are let in at /api/v1, /v1 and /mcp, and how."""

    api: Literal["keys", "open", "off"] = Field(
        "keys",
        description="who may ask at /api/v1, /v1 and /mcp: keys, whoever has a key (python -m bot key add NAME); open, everybody; off, nobody",
    )
    api_per_minute: int = Field(
        30, ge=1, le=100_000, description="requests that one address may send there in a minute without a key, where none is needed"
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/@?#]+(/[\w.~-]+)*)?$",
        description="address under which the page is reached from outside, such as https://www.example.gov.cn/zhengce, for links to articles; unset, that of the request",
    )


class LogSettings(StageSettings):
    """What the server writes of itself."""

    log: Literal["text", "json"] = Field("text", description="form of the records that the server writes to standard error")
    log_access: bool = Field(
        False, description="whether each request is put into the log: method, path without its question, status, time, network"
    )


class RunningSettings(StageSettings):
    """How a server is watched, and how long it keeps what people said."""

    keep_feedback_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="days for which feedback and unanswered questions are kept; unset, until they are forgotten by hand",
    )
    least_free_megabytes: int = Field(
        200, ge=0, le=10_000_000, description="room on the disk of the data folder below which the server is not ready"
    )
    metrics_path: str = Field(
        "", pattern=r"^(/[\w.~-]+)*$", description="path of the page at which Prometheus reads figures, such as /metrics; unset: none"
    )
    traces: str = Field(
        "",
        pattern=_ENDPOINT,
        description="collector that a trace of each question goes to, by OpenTelemetry's OTLP over gRPC, such as http://127.0.0.1:4317; unset: none",
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="port of its own, on the server's address, for the same; unset: none"
    )


class PageSettings(StageSettings):
    """What the page shows of the house that it belongs to."""

    title: str = Field(_TITLE, min_length=1, description="title of the page")
    title_english: str = Field("", description="the same in English; unset, the title as it is, and that of this project's own translated")
    greeting: str = Field("", description="what stands under the title of the page; unset, that it answers only from its articles")
    operator: str = Field("", description="who runs the assistant, as the page 关于 says it")
    contact: str = Field("", description="how the people who run it are reached, as the page 关于 says it; unset, the hotline")
    logo: Path | None = Field(None, description="picture before the title: a file .svg, .png, .jpg or .webp; unset, a plain one")
    colour: str = Field("#0b5c8a", description="colour of links and buttons, as #rrggbb; it must stand out from white")
    colour_dark: str = Field("#7cc4ef", description="the same in dark mode; it must stand out from black")
    examples: dict[str, tuple[str, ...]] = Field(
        EXAMPLES,
        description="questions that the page suggests, by topic, as JSON or as a TOML table; only those are shown that are answered",
        json_schema_extra={"default": "twelve questions on the seed article, by audience"},
    )
    hotline: str = Field("12345 政务服务便民热线", min_length=1, description="whom a refusal sends the questioner to")

    def title_in(self, language: Language) -> str:
        """The title as the page in a language shows it."""
        own = "Liangce · Policy questions" if self.title == _TITLE else self.title
        return (self.title_english or own) if language == "en" else self.title

    @field_validator("logo")
    @classmethod
    def _check_logo(cls, logo: Path | None) -> Path | None:
        if logo is not None and (logo.suffix.lower() not in LOGOS or not logo.is_file() or logo.stat().st_size > _LOGO_BYTES):
            raise InvalidValueError("logo-file", endings=LOGOS)
        return logo

    @field_validator("colour", "colour_dark")
    @classmethod
    def _check_colour(cls, colour: str, info: ValidationInfo) -> str:
        ground = DARK if info.field_name == "colour_dark" else "#ffffff"
        if (ratio := contrast(colour, ground)) < LEAST_CONTRAST:
            raise InvalidValueError("colour-contrast", ground=ground, ratio=ratio, least=LEAST_CONTRAST)
        return colour


class AnsweringSettings(StageSettings):
    """How questions are taken and answered."""

    reader: Literal["sentences", "trained"] = Field(
        "trained",
        description="what judges whether the articles say it: the trained reader, or sentences compared one by one (faster, coarser)",
    )
    passages: int = Field(8, ge=1, le=50, description="passages that are read for a question")
    least_probability: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that the articles state what is asked, below which it is refused; unset, the reader's own",
    )
    least_helpful: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that a clause answers an open question that wants all of something, a list or a comparison; as above",
    )
    least_advising: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that a clause helps whoever asks what there is, how it is done or what it means; as above",
    )
    as_of: date | None = Field(None, description="day, YYYY-MM-DD, on which an article must be in force to be answered from; unset: today")
    seconds: float = Field(
        15, gt=0, le=600, description="seconds that a question has, without a language model; what was read by then is shown, as such"
    )
    question_length: int = Field(500, ge=20, le=5000, description="characters that a question may have")


class EndpointSettings(StageSettings):
    """An OpenAI-compatible endpoint, and the model that is asked there. What each endpoint is for, its own class says."""

    url: str = Field("", pattern=_ENDPOINT)
    model: str = ""
    api_key: SecretStr | None = Field(None, description="key of that endpoint; unset for those that want none")
    body: dict[str, Any] = Field({})

    @model_validator(mode="after")
    def _check_model(self) -> "EndpointSettings":
        if self.url and not self.model:
            prefix = self.model_config.get("env_prefix")
            raise InvalidValueError("model-unnamed", prefix=prefix)
        return self


class LLMSettings(EndpointSettings, env_prefix="LIANGCE_LLM_"):
    """The language model that words answers."""

    url: str = Field(
        "",
        pattern=_ENDPOINT,
        description="OpenAI-compatible endpoint whose model words the answers, such as http://127.0.0.1:11434/v1; unset, answers are extracts",
    )
    model: str = Field("", description="name of the model at that endpoint, such as qwen-plus; wanted where the endpoint is set")
    body: dict[str, Any] = Field(
        {},
        description='further fields of each request, as JSON or as a TOML table, such as {"enable_thinking": false}: see With a language model',
    )
    seconds: float = Field(30, gt=0, le=600, description="seconds that the model has for an answer")
    first_seconds: float = Field(10, gt=0, le=600, description="seconds to its first word, further attempts included")
    gap_seconds: float = Field(8, gt=0, le=600, description="seconds that it may pause in mid-answer")
    retries: int = Field(2, ge=0, le=10, description="further attempts where the endpoint is busy, out of order or out of reach")
    tokens: int = Field(800, ge=50, le=8000, description="tokens that an answer may have")
    prompt_tokens: int = Field(
        1200, ge=600, le=30_000, description="tokens that the prompt for an answer may have, by estimate, the instructions included"
    )
    pause_seconds: float = Field(60, ge=0, le=86_400, description="seconds that the model is not asked after three failures in a row")
    least_probability: float = Field(
        0.02, ge=0, le=1, description="probability that the articles state what is asked, below which the model is not asked at all"
    )
    trusted_probability: float = Field(
        1.0,
        ge=0,
        le=1,
        description="the same probability from which the model's checked words are an answer though the reader alone is not sure; below it they stand under what is related",
    )
    cache: int = Field(500, ge=0, le=100_000, description="worded answers that are kept in memory for the same question")


class JudgeSettings(EndpointSettings, env_prefix="LIANGCE_JUDGE_"):
    """The language model that judges worded answers in the evaluation."""

    url: str = Field(
        "", pattern=_ENDPOINT, description="OpenAI-compatible endpoint that judges worded answers in python -m eval; unset, none does"
    )
    model: str = Field("", description="name of the model at that endpoint; wanted where the endpoint is set")
    body: dict[str, Any] = Field({}, description="further fields of each request to it, as LIANGCE_LLM_BODY")


class Settings(IndexSettings):
    """The settings of the question path, besides those of the index."""

    known_whole = True

    server: ServerSettings = stage(ServerSettings)
    doors: DoorSettings = stage(DoorSettings)
    logs: LogSettings = stage(LogSettings)
    running: RunningSettings = stage(RunningSettings)
    page: PageSettings = stage(PageSettings)
    answering: AnsweringSettings = stage(AnsweringSettings)
    llm: LLMSettings = stage(LLMSettings)
    judge: JudgeSettings = stage(JudgeSettings)

    @property
    def runs(self) -> Path:
        """The folder that holds a folder for each run of the evaluation; their names begin with the time."""
        return self.data / "eval" / "runs"


def described(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Each setting as its variable in the environment, its value in force and what it is for, in order."""
    for setting in list_settings(type(settings)):
        stage = getattr(settings, setting.stage) if setting.stage else settings
        yield setting.variable, str(getattr(stage, setting.name)), setting.info.description or ""


def settings_table() -> str:
    """All settings as a table in Markdown: variable, default and meaning. It stands in docs/settings.md."""
    rows = (f"| `{setting.variable}` | {_default(setting)} | {setting.info.description} |" for setting in list_settings(Settings))
    return "\n".join(("| variable | default | meaning |", "|---|---|---|", *rows))


def _default(setting: Setting) -> str:
    extra = setting.info.json_schema_extra
    default = extra["default"] if isinstance(extra, dict) else setting.info.default
    return "–" if default in (None, "") else str(default)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours #rrggbb, from 1 to 21; raises `InvalidValueError` where one is of another form.

    Formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Formula: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise InvalidValueError("colour-form")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
