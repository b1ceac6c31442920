"""What other programs send and get, field by field: the OpenAPI document is made of these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from index.errors import InvalidValueError


def check_whole(value: Any) -> Any:
    """What was sent, unless a text in it holds half a character, which no response can say."""
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise InvalidValueError("text-broken")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        check_whole(inner)
    return value


class Form(BaseModel):
    """What a program sends; a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid")

    _whole = field_validator("*", mode="before")(check_whole)


class Ask(Form):
    """A question, with those before it in the same conversation, oldest first."""

    question: Annotated[str, Field(description="The question.", examples=["招聘会办了几场"])]
    history: Annotated[list[str], Field(description="The questions before it, oldest first.", max_length=100)] = []
    id: Annotated[str | int | None, Field(description="Comes back in the answer.")] = None
    extract: Annotated[bool, Field(description="Whether the answer is to be an extract even where a language model words answers.")] = False


class GivenFeedback(Form):
    """What somebody thought of an answer, or a refused question that the maintainers are asked to look after ("handed over")."""

    question: Annotated[str, Field(min_length=1, max_length=5000)]
    answer: Annotated[str, Field(max_length=20_000)]
    refused: bool
    verdict: Literal["up", "down", "handed over"]
    reason: Literal["", "wrong", "incomplete", "not found", "unclear"] = ""
    comment: Annotated[str, Field(max_length=1000)] = ""
    version: Annotated[str, Field(max_length=20)] = ""


class Cited(BaseModel):
    """A citation: `quote` is `text[start:end]` of the article in the answer's version."""

    n: int
    article: str
    title: str
    publisher: str
    published: str
    section: str
    passage: str
    quote: str
    start: int
    end: int
    standing: str
    confidence: float | None


class Answer(BaseModel):
    """The object of the machine contract: what became of a question."""

    id: str | int | None = None
    question: str
    understood: str | None
    outcome: Literal["answered", "related", "refused", "said"]
    shape: str | None
    answer: str
    lead: str
    span: str | None
    unanswered: list[str]
    more: int
    refused: bool
    reason: str | None
    mode: Literal["extract", "llm"]
    note: str
    wording: dict[str, Any] | None
    version: str
    confidence: float
    citations: list[Cited]
    timings_ms: dict[str, float]


class Found(BaseModel):
    """A passage that was found; `start` and `end` count in the article's text."""

    article: str
    title: str
    publisher: str
    published: str
    region: str
    status: str
    effective: str
    expires: str
    section: str
    start: int
    end: int
    score: float
    text: str


class Passages(BaseModel):
    """What a search found, best first."""

    query: str
    version: str
    passages: list[Found]


class Listed(BaseModel):
    """An article in the list."""

    article: str
    title: str
    published: str
    status: str
    passages: int


class Articles(BaseModel):
    """Articles of a version; `next` is the `start` of the next request, null at the end."""

    version: str
    total: int
    next: int | None
    articles: list[Listed]


class Block(BaseModel):
    """A heading, a paragraph or the like of an article, and where it begins in the text."""

    kind: str
    level: int
    start: int
    text: str


class WholeArticle(BaseModel):
    """An article as it stands in a version; the places of citations count in `text`."""

    article: str
    title: str
    publisher: str
    published: str
    region: str
    source: str
    standing: Annotated[tuple[str, str], Field(description="What became of it, in Chinese and in English; empty where it is in force.")]
    blocks: list[Block]
    passages: Annotated[list[tuple[int, int]], Field(description="Where its passages begin and end in the text.")]
    version: str
    live: Annotated[bool, Field(description="Whether that version is the live one.")]
    text: str


class Fault(BaseModel):
    """What is wrong at one place of a request."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(BaseModel):
    """Why a request was not done, as RFC 9457 has it; `code` is for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] | None = None
