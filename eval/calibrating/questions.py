"""Sets with marked answers, or judged by people -> questions to the reader's network, each with a text that states the answer or does not."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.reading.marking import Context
from bot.reading.training.data import Asked, make_pairs, read_folder, window
from bot.reading.training.near_misses import Stated, deleted
from index.errors import CallError
from index.text.split import sentences

SEED = 7
RULES = "rule: "  # begins the name of a group of near misses that a rule made


@dataclass(frozen=True, slots=True)
class NetworkQuestion:
    """A question with the one text that it is asked of: what kind of text that is, and whether it states the answer.

    `document` is the same for all texts that come from one document; `answers` are given where the span that is marked is measured.
    """

    document: str
    group: str
    stated: bool
    question: str
    context: Context
    answers: tuple[str, ...] = ()


def read_questions(folder: Path, limit: int | None = None) -> list[NetworkQuestion]:
    """The questions of a set, by what they carry; raises `CallError` where they carry neither marks nor judgements."""
    try:
        first = next(iter(_lines(folder / "questions.jsonl")))["meta"]
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise CallError("questions-unreadable", folder=folder, error=error) from error
    if "answer_start" in first:
        return marked_questions(folder, limit)
    if "n_annotators_no_answer" in first:
        return judged_questions(folder, limit)
    raise CallError("questions-unmarked", folder=folder)


def marked_questions(folder: Path, limit: int | None = None) -> list[NetworkQuestion]:
    """The questions of a set with marked answers, of several texts each.

    "paragraph" is the whole text; "stated" a window of it that holds the answer, "deleted" the same without the answer's sentence,
    "elsewhere" the rest of the text, cut into windows; and near misses as the rules make them.
    """
    random = Random(SEED)
    asked = read_folder(folder, random)[:limit]
    questions: list[NetworkQuestion] = []
    for question in asked:
        document = _name(question.text)
        questions.append(_ask(question, document, "paragraph", question.text, question.answers))
        stated = window(question, random)
        if stated is None:
            continue
        questions.append(_ask(question, document, "stated", stated.text, question.answers))
        if near_miss := deleted(stated, random):
            questions.append(_ask(question, document, "deleted", near_miss.passage))
        questions += [_ask(question, document, "elsewhere", text) for text in _elsewhere(question, stated)]
    for pair in make_pairs(asked, random):
        context = make_context(pair.title, pair.passage)
        questions.append(NetworkQuestion(_name(pair.passage), RULES + pair.rule, pair.is_stated, pair.question, context))
    return questions


def judged_questions(folder: Path, limit: int | None = None) -> list[NetworkQuestion]:
    """The questions of a set whose people said of some that their own document gives no answer: "span" and "unanswerable".

    A question is unanswerable where most of them said so, and left out where they are at odds. At most `limit` of each, drawn with
    a fixed seed.
    """
    documents = {row["id"]: row for row in _lines(folder / "corpus.jsonl")}
    questions = []
    for row in _lines(folder / "questions.jsonl"):
        meta, document = row["meta"], documents[row["gold_doc_ids"][0]]
        unanswerable = 2 * meta["n_annotators_no_answer"] > meta["n_annotators"]
        if (meta["kind"] == "span" and not unanswerable) or (meta["kind"] == "unanswerable" and unanswerable):
            context = make_context(document["title"], document["text"])
            answers = tuple(row["answers"])
            questions.append(NetworkQuestion(document["id"], meta["kind"], not unanswerable, row["question"], context, answers))
    Random(SEED).shuffle(questions)
    by_label = ([question for question in questions if question.stated is stated] for stated in (True, False))
    return [question for group in by_label for question in group[:limit]]


def make_context(title: str, text: str) -> Context:
    """A text under its title, with its sentences."""
    return Context("" if title in text else title, text, tuple(sentences(text)))


def _ask(question: Asked, document: str, group: str, text: str, answers: tuple[str, ...] = ()) -> NetworkQuestion:
    """A question of one text; where answers are given, the text states them."""
    return NetworkQuestion(document, group, bool(answers), question.question, make_context(question.title, text), answers)


def _elsewhere(question: Asked, stated: Stated) -> Iterator[str]:
    """What stands before and behind the window, where it is long enough and does not hold the answer."""
    before, _, after = question.text.partition(stated.text)
    return (text for text in (before[-300:], after[:300]) if len(text) >= 60 and not any(answer in text for answer in question.answers))


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
