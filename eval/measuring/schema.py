"""The form of report.json, for programs that read it; `python -m eval schema` prints it as JSON Schema."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 2  # of report.json; it grows by one when a field is taken away or means something else


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Estimate(_Part):
    """A measure's value with its 95 % interval, and how many cases it rests on; null where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class ReportedCase(_Part):
    """What became of one case: why it failed as (code, what exactly), and what each measure took of it."""

    id: str
    digest: str = Field(description="hash of question and labels: two runs compare a case only where it agrees")
    kind: str
    wording: str
    split: str
    question: str
    why: list[tuple[str, str]]
    rows: dict[str, list[float]]


class Curves(_Part):
    """The points of the plots: (coverage, risk), (probability, share, cases), and milliseconds."""

    risk_coverage: list[tuple[float, float]]
    reliability: list[tuple[float, float, int]]
    latency: list[float]


class Against(_Part):
    """The run that it was compared with, the measures that got worse for sure, and the cases that crash and did not."""

    run: str
    worse: list[str]
    crashed: list[str]


class Report(_Part):
    """The report of one run."""

    format: int
    set: str
    mode: str
    made: str = Field(description="when it was made, ISO 8601 in UTC")
    index: str = Field(description="hash of what was indexed")
    code: str
    weights: str = ""
    prompts: str = ""
    articles: dict[str, str] = Field({}, description="each article with a hash of its text")
    legs: dict[str, dict[str, Estimate]]
    own_document: bool
    settings: dict[str, Any]
    n: int
    answerable: int
    crashed: list[str]
    not_located: int
    measures: dict[str, Estimate]
    groups: dict[str, dict[str, dict[str, Estimate | int]]] = Field(
        description="the main measures by shape, kind, wording and split, n cases each"
    )
    wording: dict[str, Any]
    against: Against | None = None
    judge: dict[str, Any] | None
    curves: Curves
    cases: list[ReportedCase]
