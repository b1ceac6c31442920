"""An outside test set in a folder: `corpus.jsonl` with its articles and `questions.jsonl` with their questions."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from index.build import build, manifest_for
from index.encoder import Encoder
from index.errors import CallError
from index.read import read_rows
from index.search import Index
from index.split import SplitSettings
from index.versions import require_live


class Question(BaseModel):
    """One line of a questions.jsonl. `answers` are texts of which any is right."""

    id: str
    question: Annotated[str, Field(min_length=1)]
    answers: list[str] = []
    gold_doc_ids: list[str] = []
    answerable: bool = True
    meta: dict[str, Any] = {}

    @property
    def right_articles(self) -> set[str]:
        """The ids of the articles that answer, near duplicates among them where the set names those."""
        return {*self.gold_doc_ids, *self.meta.get("near_duplicate_doc_ids", [])}


def read_questions(path: Path) -> list[Question]:
    """The questions of a file; raises `CallError` naming the line that is not one."""
    if not path.is_file():
        raise CallError(f"there is no {str(path)!r}: expected a folder with corpus.jsonl and questions.jsonl")
    questions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            questions.append(Question.model_validate_json(line))
        except ValidationError as error:
            raise CallError(f"{str(path)!r}, line {number}: {error.errors()[0]['msg']}; expected an object with id and question") from error
    return questions


def open_corpus(folder: Path, data: Path, encoder: Encoder, split: SplitSettings) -> Index:
    """The index of a test set's articles, built in a folder of its own below `data` unless it stands there already."""
    if not (folder / "corpus.jsonl").is_file():
        raise CallError(f"there is no {str(folder / 'corpus.jsonl')!r}: expected a folder with corpus.jsonl and questions.jsonl")
    root = data / "eval" / folder.resolve().name / "index"
    build(read_rows(folder / "corpus.jsonl"), root, encoder, split, progress=True)
    return Index.open(require_live(root), manifest_for(encoder, split))
