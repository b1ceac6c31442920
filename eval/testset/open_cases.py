"""Open cases: how people really ask, and what a good answer shows. One JSON object a line, checked on loading."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.testset.case import Case, CaseKind, CaseWording, OpenLabel
from eval.testset.matching import bare, holds
from index.documents import Article

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
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
            raise ValueError(f"{self.need} facets are to be shown and {len(self.facets)} are named")
        if self.outcome == "answered" and not (self.facets and self.need and self.relevant):
            raise ValueError("a question that is answered names facets, how many are to be shown, and what is to the point")
        if self.outcome in ("refused", "said") and self.relevant:
            raise ValueError("nothing in the articles is to the point of a question that they do not speak of")
        if self.kind is CaseKind.FOLLOW_UP and not self.history:
            raise ValueError("a follow_up needs the questions before it in 'history'")
        return self


def is_open(line: str) -> bool:
    """Whether a line of JSON is an open case, which says what outcome is right."""
    return '"outcome"' in line


def to_open_case(row: OpenRow, articles: Iterable[Article]) -> Case:
    """The case of a row; raises `ValueError` where a facet or what is to the point stands in no article."""
    texts = {article.id: bare(article.text) for article in articles}
    if row.outcome in ("answered", "related"):
        for text in (*row.relevant, *(choice for facet in row.facets for choice in facet)):
            if not any(bare(text) in held for held in texts.values()):
                raise ValueError(f"{text!r} stands in no article: copy it from python -m index show ARTICLE")
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
