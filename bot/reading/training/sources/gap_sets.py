"""Sets in which people wrote questions that a text does not answer, though it looks as if it did (SQuAD 2.0, IDK-MRC): what is stated."""

import json
from pathlib import Path
from random import Random

from bot.reading.training.examples import Example, held_out
from index.errors import CallError
from index.text.split import sentences

KEPT = 0.2  # of the titles, or of the texts where they have no titles, are kept from training
_MOST = 900  # characters of a text in Latin letters, about 220 tokens: what is longer is cut around the answer


def read(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """The questions of a folder whose texts are not held out (or those that are, with `kept`); their rule is the folder's name.

    Raises `CallError` where the folder is of another form.
    """
    try:
        documents = {row["id"]: row for row in map(json.loads, (folder / "corpus.jsonl").read_text("utf-8").splitlines())}
        rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
        found = []
        for row in rows:
            document = documents[row["gold_doc_ids"][0]]
            if held_out(document["title"] or document["id"], KEPT) is not kept:
                continue
            answer, start = (row["answers"][0], int(row["meta"]["answer_start"])) if row["answerable"] else ("", -1)
            text, shift = _cut(document["text"], start, start + len(answer), random)
            start = start - shift if answer else -1
            stated = float(bool(answer))
            example = Example(
                row["question"].strip(), document["title"], text, folder.name, stated, 1.0 if answer else None,
                start=start, end=start + len(answer) if answer else -1,
            )  # fmt: skip
            if not answer or text[example.start : example.end] == answer:
                found.append(example)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    return found


def _cut(text: str, start: int, end: int, random: Random) -> tuple[str, int]:
    """A stretch of whole sentences of at most so many characters, around the answer or anywhere, and where it begins."""
    if len(text) <= _MOST:
        return text, 0
    spans = sentences(text)
    first = next((n for n, span in enumerate(spans) if span.start <= start < span.end), random.randrange(len(spans)))
    last = next((n for n, span in enumerate(spans) if span.start < end <= span.end), first) if start >= 0 else first
    while True:
        grown = [
            (a, b)
            for a, b in ((first - 1, last), (first, last + 1))
            if a >= 0 and b < len(spans) and spans[b].end - spans[a].start <= _MOST
        ]
        if not grown:
            return text[spans[first].start : spans[last].end], spans[first].start
        first, last = random.choice(grown)
