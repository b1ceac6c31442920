"""Open cases: how people really ask, and what a good answer shows. One JSON object a line, checked on loading."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.testset.case import Case, CaseKind, CaseWording, OpenLabel
from eval.testset.matching import bare, holds
from index.errors import InvalidValueError

Text = Annotated[str, Field(min_length=1)]


class OpenRow(BaseModel):
    """One line of a file of open cases."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[\w.-]{1,60}$")]
    kind: CaseKind
    wording: CaseWording = CaseWording.PLAIN
    measure: str = ""
    question: Text
    history: list[Text] = []
    outcome: Literal["answered", "related", "refused", "said"]
    act: str = "ask"
    facets: list[list[Text]] = []
    need: Annotated[int, Field(ge=0)] = 0
    relevant: list[Text] = []
    lead: list[Text] = []
    must_not: list[Text] = []
    articles: list[Text] = []
    note: str = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "OpenRow":
        if self.need > len(self.facets):
            raise InvalidValueError("open-need", need=self.need, named=len(self.facets))
        if self.outcome == "answered" and not (self.facets and self.need and self.relevant):
            raise InvalidValueError("open-answered")
        if self.outcome in ("refused", "said") and self.relevant:
            raise InvalidValueError("open-refused")
        if self.kind is CaseKind.FOLLOW_UP and not self.history:
            raise InvalidValueError("case-history")
        return self


def is_open(line: str) -> bool:
    """Whether a line of JSON is an open case, which says what outcome is right."""
    return '"outcome"' in line


def to_open_case(row: OpenRow, texts: Mapping[str, str]) -> Case:
    """The case of a row, given the bare texts of the articles by id; raises `InvalidValueError` where a facet or what is to the point
    stands in none."""
    if row.outcome in ("answered", "related"):
        for text in (*row.relevant, *(choice for facet in row.facets for choice in facet)):
            if not any(bare(text) in held for held in texts.values()):
                raise InvalidValueError("open-quote", text=text)
    found = frozenset(row.articles) or frozenset(name for name, held in texts.items() if any(bare(text) in held for text in row.relevant))
    answerable = row.outcome == "answered"
    return Case(
        id=row.id,
        question=row.question,
        answerable=answerable,
        kind=row.kind.value,
        wording=row.wording.value,
        measure=row.measure,
        history=tuple(row.history),
        needs=(tuple(row.relevant),) if answerable else (),
        articles=found,
        must_not=tuple(row.must_not),
        note=row.note,
        open=OpenLabel(row.outcome, row.act, tuple(map(tuple, row.facets)), row.need, tuple(row.relevant), tuple(row.lead)),
    )


def shown_facets(facets: Sequence[Sequence[str]], text: str) -> int:
    """How many facets a text shows: each by any of its alternatives."""
    return sum(any(holds(text, choice) for choice in facet) for facet in facets)
