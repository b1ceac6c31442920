"""Questions written over real policies (`policy_questions.jsonl`): what a passage states, what it only seems to, what it helps with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.reading.pair_reader import context_of
from bot.reading.training.examples import Example, held_out
from bot.reading.training.neighbours import Neighbours
from index.build import to_article
from index.documents import Passage
from index.errors import CallError
from index.reading.sources import read_rows
from index.text.split import split

QUESTIONS = Path(__file__).parent / "policy_questions.jsonl"
KEPT = 0.1  # of the articles
_NEAR = 8  # of the nearest passages are hard negatives drawn
_SURE = 0.1  # what is said of a passage that was only found not to be the one that the question was written over


@dataclass(frozen=True, slots=True)
class Written:
    """What was written over one passage; `stated` are questions with the words that answer."""

    passage: Passage
    stated: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    helps: tuple[str, ...]
    helps_not: tuple[str, ...]


def passages_of(folder: Path, names: set[str]) -> list[Passage]:
    """The passages of those articles of a folder with corpus.jsonl, as the index makes them."""
    return [passage for source in read_rows(folder / "corpus.jsonl") if source.meta.id in names for passage in split(to_article(source))]


def read_written(folder: Path, questions: Path = QUESTIONS, *, kept: bool = False) -> tuple[list[Written], list[Passage]]:
    """What was written over the articles that are not held out (or those that are), and all passages of these articles.

    A row names its passage by its article and its first characters; one whose passage is not found so is left out. Raises `CallError`
    where a file is of another form.
    """
    try:
        rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
        rows = [row for row in rows if held_out(row["article"], KEPT) is kept]
        passages = passages_of(folder, {row["article"] for row in rows})
        written = [found for row in rows if (found := _written(row, passages))]
    except (OSError, ValueError, KeyError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    return written, passages


def _written(row: Mapping[str, Any], passages: Sequence[Passage]) -> Written | None:
    own = [passage for passage in passages if passage.article == row["article"] and passage.text.startswith(row["begins"])]
    if not own:
        return None
    stated = tuple((question, words) for question, words in row["stated"] if words in own[0].text)
    return Written(own[0], stated, tuple(row["missing"]), tuple(row["helps"]), tuple(row["helps_not"]))


def read(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """The examples of all that was written, with hard negatives from the passages of the same articles; see `read_written`."""
    written, passages = read_written(folder, kept=kept)
    asked = [(row, question) for row in written for question in (*(question for question, _ in row.stated), *row.helps)]
    near = Neighbours([passage.to_embed() for passage in passages]).nearest([question for _, question in asked], _NEAR + 1)
    found = [example for row in written for example in _own(row)]
    for (row, question), places in zip(asked, near, strict=True):
        found += _alike(row, question, [passages[place] for place in places], random)
    return found


def _own(row: Written) -> list[Example]:
    context = context_of(row.passage)
    found = []
    for question, words in row.stated:
        start = context.text.index(words)
        found.append(Example(question, context.head, context.text, "policy_stated", 1.0, 1.0, start=start, end=start + len(words)))
    found += [Example(question, context.head, context.text, "policy_missing", 0.0, 0.0) for question in row.missing]
    found += [Example(question, context.head, context.text, "policy_helps", relevant=1.0) for question in row.helps]
    found += [Example(question, context.head, context.text, "policy_helps_not", 0.0, 0.0) for question in row.helps_not]
    return found


def _alike(row: Written, question: str, near: Sequence[Passage], random: Random) -> list[Example]:
    """A passage beside the one that the question was written over, at times two: it is taken not to help, and not to state the words."""
    words = dict(row.stated).get(question)
    far = [
        passage for passage in near
        if passage.id != row.passage.id and not (passage.article == row.passage.article and abs(passage.ordinal - row.passage.ordinal) < 2)
        and not (words and words in passage.text)
    ]  # fmt: skip
    picked = random.sample(far, min(2 if random.random() < 0.3 else 1, len(far)))
    stated = 0.0 if words else None
    contexts = [context_of(passage) for passage in picked]
    return [Example(question, context.head, context.text, "policy_alike", stated, _SURE) for context in contexts]
