"""Questions that people put to lawyers, and the articles of law that answer them (LeCoQA): what helps with a question."""

import json
from pathlib import Path
from random import Random

from bot.reading.training.examples import Example, held_out
from bot.reading.training.neighbours import Neighbours
from index.errors import CallError

KEPT = 0.25  # of the questions
_MOST = 360  # characters of an article of law
_DISTRACTORS = 12_000
_NEAR = (2, 15)  # of the nearest articles those ranks are taken for hard negatives: the very first may help as well
_SURE = 0.1  # what is said of a text that was only found not to be marked as helping


def read(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """For each question one article that helps and two that look alike; raises `CallError` where the folder is of another form."""
    try:
        documents = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
        by_id = {row["id"]: row for row in documents}
        rows = [row for row in rows if held_out(row["id"], KEPT) is kept]
        gold = {name for row in rows for name in row["gold_doc_ids"]}
        others = [row for row in documents if row["id"] not in gold]
        pool = [by_id[name] for name in sorted(gold)] + random.sample(others, min(_DISTRACTORS, len(others)))
        near = Neighbours([row["text"] for row in pool]).nearest([row["question"] for row in rows], _NEAR[1])
        found = []
        for row, places in zip(rows, near, strict=True):
            found.append(_example(row["question"], by_id[random.choice(row["gold_doc_ids"])], "statute_helps", 1.0))
            alike = [pool[place] for place in places[_NEAR[0] :] if pool[place]["id"] not in row["gold_doc_ids"]]
            found += [_example(row["question"], document, "statute_alike", _SURE) for document in random.sample(alike, min(2, len(alike)))]
    except (OSError, ValueError, KeyError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    return found


def _example(question: str, document: dict[str, str], rule: str, relevant: float) -> Example:
    return Example(question, document["title"], document["text"][:_MOST], rule, relevant=relevant)
