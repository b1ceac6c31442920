"""The files that cases come in, our own and those of outside sets. Checked on loading, so that a label can be believed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.testset.case import Case, CaseKind, CaseWording
from eval.testset.matching import bare, holds
from eval.testset.open_cases import OpenRow, is_open, to_open_case
from index.documents import Article
from index.errors import CallError, InvalidValueError, reason_of
from index.language import Message
from index.stored.manifest import replace_file

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"


Text = Annotated[str, Field(min_length=1)]


class CaseRow(BaseModel):
    """One line of a file in `eval/questions/`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[\w.-]{1,60}$", description="a name of its own, such as jm-001")]
    kind: Annotated[CaseKind, Field(description="what is asked for, or why there is no answer")]
    wording: Annotated[CaseWording, Field(description="how it is put")] = CaseWording.PLAIN
    measure: Annotated[str, Field(description="the measure of the article that it is about; empty for none")] = ""
    question: Annotated[str, Field(min_length=1, description="the question")]
    history: Annotated[list[Text], Field(description="the questions asked before it, oldest first")] = []
    answerable: Annotated[bool, Field(description="whether an article states what is asked")]
    gold: Annotated[list[Text], Field(description="the sentences that state it, each quoted word for word")] = []
    must: Annotated[list[Text], Field(description="strings that every right answer holds")] = []
    must_not: Annotated[list[Text], Field(description="strings that no right answer holds")] = []
    note: Annotated[str, Field(description="why the case is there")] = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "CaseRow":
        if self.answerable != bool(self.gold):
            raise InvalidValueError("case-gold")
        if not self.answerable and self.must:
            raise InvalidValueError("case-must-unanswerable")
        if loose := [text for text in self.must if not any(holds(quote, text) for quote in self.gold)]:
            raise InvalidValueError("case-must", text=loose[0])
        if clash := [text for text in self.must_not if any(holds(quote, text) for quote in self.gold)]:
            raise InvalidValueError("case-must-not", text=clash[0])
        if self.kind is CaseKind.FOLLOW_UP and not self.history:
            raise InvalidValueError("case-history")
        return self


class _OutsideRow(BaseModel):
    """One line of an outside set's questions.jsonl; `answers` are texts of which any is right."""

    id: str
    question: str  # also an empty one, which outside sets hold: the assistant has to take it
    answers: list[str] = []
    gold_doc_ids: list[str] = []
    answerable: bool = True
    meta: dict[str, Any] = {}


def read_cases(paths: Sequence[Path], articles: Iterable[Article]) -> list[Case]:
    """The cases of files in our own form, open ones among them, each checked against the articles; raises `CallError` naming the first line that is wrong."""
    articles = list(articles)
    texts = {article.id: bare(article.text) for article in articles}
    cases: list[Case] = []
    for path in paths:
        for number, line in _lines(path):
            try:
                cases.append(_read_case(line, texts, cases))
            except (ValidationError, InvalidValueError) as error:
                raise CallError("case-line", path=path, number=number, problem=problem_of(error)) from error
    return cases


def problems(lines: Iterable[str], articles: Iterable[Article]) -> dict[int, Message]:
    """What is wrong with lines of cases in our own form, by their numbers from 1; nothing where each is a case of these articles."""
    texts = {article.id: bare(article.text) for article in articles}
    known: list[Case] = []
    found: dict[int, Message] = {}
    for number, line in enumerate(lines, 1):
        try:
            known.append(_read_case(line, texts, known))
        except (ValidationError, InvalidValueError) as error:
            found[number] = problem_of(error)
    return found


def _read_case(line: str, texts: Mapping[str, str], known: Iterable[Case]) -> Case:
    """The case of a line, an open one or not, which is none of those that are known."""
    case = to_open_case(OpenRow.model_validate_json(line), texts) if is_open(line) else to_case(CaseRow.model_validate_json(line), texts)
    refuse_twice(case, known)
    return case


def to_case(row: CaseRow, texts: Mapping[str, str]) -> Case:
    """The case of a row, given the bare texts of the articles by id; raises `InvalidValueError` when a gold quotation stands in none."""
    found: set[str] = set()
    for quote in row.gold:
        holding = {name for name, text in texts.items() if bare(quote) and bare(quote) in text}
        if not holding:
            raise InvalidValueError("case-quote", quote=quote)
        found |= holding
    return Case(
        id=row.id,
        question=row.question,
        answerable=row.answerable,
        kind=row.kind.value,
        wording=row.wording.value,
        measure=row.measure,
        history=tuple(row.history),
        needs=tuple((quote,) for quote in row.gold),
        articles=frozenset(found),
        must=tuple(row.must),
        must_not=tuple(row.must_not),
        note=row.note,
    )


def refuse_twice(case: Case, others: Iterable[Case]) -> None:
    """Raise `InvalidValueError` when another case has the same id, or asks the same in the same conversation."""
    for other in others:
        if other.id == case.id:
            raise InvalidValueError("case-id-taken", id=case.id)
        if (bare(other.question), other.history) == (bare(case.question), case.history):
            raise InvalidValueError("case-question-taken", question=case.question, other=other.id)


def holds_open_cases(path: Path) -> bool:
    """Whether the first line of a file is an open case."""
    return any(is_open(line) for _, line in _lines(path)[:1])


def read_outside(path: Path, texts: Mapping[str, str]) -> list[Case]:
    """The cases of an outside set's questions, given its documents' texts by id; raises `CallError` naming the line that is none.

    An unanswerable question that names a document is a near miss: the document is on its topic and does not say.
    """
    bare_texts = {name: bare(text) for name, text in texts.items()}
    cases = []
    for number, line in _lines(path):
        try:
            row = _OutsideRow.model_validate_json(line)
        except ValidationError as error:
            raise CallError("outside-line", path=path, number=number, problem=problem_of(error)) from error
        right = frozenset({*row.gold_doc_ids, *row.meta.get("near_duplicate_doc_ids", [])}) if row.answerable else frozenset()
        answers = tuple(answer for answer in row.answers if bare(answer))
        given = [bare_texts.get(name, "") for name in right]
        unanswerable = CaseKind.NEAR_MISS if row.gold_doc_ids else CaseKind.OUT_OF_SCOPE
        cases.append(
            Case(
                id=row.id,
                question=row.question,
                answerable=row.answerable,
                kind=str(row.meta.get("kind", "question")) if row.answerable else unanswerable.value,
                needs=(answers,) if row.answerable and answers else (),
                articles=right if row.answerable else frozenset(row.gold_doc_ids),
                located=any(bare(answer) in text for answer in answers for text in given),
                answers=answers,
                # A span is part of its document; an answer that is most of it is free text.
                spans=bool(answers)
                and all(any(bare(answer) in text and 2 * len(bare(answer)) < len(text) for text in given) for answer in answers),
            )
        )
    if twice := [name for name, times in Counter(case.id for case in cases).items() if times > 1]:
        raise CallError("case-id-repeated", path=path, id=twice[0])
    return cases


def append(path: Path, row: CaseRow, articles: Iterable[Article]) -> None:
    """Add a checked case to a file, which is replaced in one step; raises `CallError` when the row or the file is wrong."""
    articles = list(articles)
    before = read_cases([path], articles) if path.is_file() else []
    try:
        case = to_case(row, {article.id: bare(article.text) for article in articles})
        refuse_twice(case, before)
    except InvalidValueError as error:
        raise CallError("case-not-added", problem=error) from error
    lines = [*(line for _, line in _lines(path)), row.model_dump_json()] if before else [row.model_dump_json()]
    replace_file(path, "".join(line + "\n" for line in lines))


def problem_of(error: ValidationError | InvalidValueError) -> Message:
    """What was wrong with a row, in one line."""
    if isinstance(error, InvalidValueError):
        return error
    problem = error.errors()[0]
    cause = problem.get("ctx", {}).get("error")
    reason = cause if isinstance(cause, InvalidValueError) else reason_of(problem)
    field = ".".join(map(str, problem["loc"]))
    return Message("case-field", field=field, reason=reason, given=problem["input"]) if field else reason


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CallError("lines-unreadable", path=path, error=error) from error
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
