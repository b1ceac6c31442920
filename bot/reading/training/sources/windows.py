"""Questions written over stretches of articles, each with all passages of its stretch that help with it.

The articles are real policies (`window_questions.jsonl`), and made-up reports and notices in the forms that these take
(`made_up_articles.jsonl`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.reading.marking import Context
from bot.reading.pair_reader import context_of
from bot.reading.training.examples import Example, held_out
from bot.reading.training.neighbours import Neighbours
from bot.reading.training.sources.policies import KEPT, passages_of
from index.documents import Passage
from index.errors import CallError

QUESTIONS = Path(__file__).parent / "window_questions.jsonl"
MADE_UP = Path(__file__).parent / "made_up_articles.jsonl"
_NEAR, _NEGATIVES = 7, 3  # so many of the passages that are nearest to a question and do not help are drawn from, and drawn
_POSITIVES = 2  # of the passages that help, in a pass


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over a window: places of the passages that help with it, of those left open, and what answers in which."""

    question: str
    kind: str
    helps: tuple[int, ...]
    partly: tuple[int, ...]
    spans: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Window:
    """Passages in a row of one article, and what was asked of them."""

    article: str
    passages: tuple[Context, ...]
    asked: tuple[Asked, ...]


def read_made_up(articles: Path = MADE_UP, *, kept: bool = False) -> list[Window]:
    """The made-up articles that are not held out, or those that are; each paragraph is a passage."""
    rows = [json.loads(line) for line in articles.read_text("utf-8").splitlines()]
    return [
        Window(row["id"], tuple(Context(row["title"], text, ()) for text in row["paragraphs"]), _asked(row))
        for row in rows
        if held_out(row["id"], KEPT) is kept
    ]


def read_windows(folder: Path, questions: Path = QUESTIONS, *, kept: bool = False) -> list[Window]:
    """The windows of the real articles that are not held out, or of those that are.

    A row names its passages by their first characters; a window of which one is not found so is left out, since its questions would
    lack labels. Raises `CallError` where a file is of another form.
    """
    try:
        rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
        rows = [row for row in rows if held_out(row["article"], KEPT) is kept]
        passages = passages_of(folder, {row["article"] for row in rows})
        return [window for row in rows if (window := _window(row, passages))]
    except (OSError, ValueError, KeyError) as error:
        raise CallError("training-data", folder=folder, error=error) from error


def _window(row: Mapping[str, Any], passages: Sequence[Passage]) -> Window | None:
    own = [passage for passage in passages if passage.article == row["article"]]
    found = [next((passage for passage in own if passage.text.startswith(begins)), None) for begins in row["passages"]]
    present = tuple(context_of(passage) for passage in found if passage)
    return Window(row["article"], present, _asked(row)) if len(present) == len(found) else None


def _asked(row: Mapping[str, Any]) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            question["question"], question["kind"], tuple(question["helps"]), tuple(question["partly"]),
            {int(place): words for place, words in question["spans"].items()},
        )
        for question in row["questions"]
    )  # fmt: skip


def read(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """The examples of all windows: passages that help, and of those that do not the ones that look most as if they did."""
    windows = [*read_windows(folder, kept=kept), *read_made_up(kept=kept)]
    return [example for window in windows for example in _examples(window, random)]


def _examples(window: Window, random: Random) -> list[Example]:
    near = Neighbours([f"{passage.head}\n{passage.text}" for passage in window.passages]).nearest(
        [asked.question for asked in window.asked], len(window.passages)
    )
    found = []
    for asked, order in zip(window.asked, near, strict=True):
        found += [_helpful(asked, place, window.passages[place]) for place in random.sample(asked.helps, min(_POSITIVES, len(asked.helps)))]
        far = [place for place in order if place not in asked.helps and place not in asked.partly][:_NEAR]
        drawn = random.sample(far, min(_NEGATIVES, len(far)))
        rule = "window_alike" if asked.helps else "window_missing"
        found += [Example(asked.question, window.passages[place].head, window.passages[place].text, rule, 0.0, 0.0) for place in drawn]
    return found


def _helpful(asked: Asked, place: int, context: Context) -> Example:
    start = context.text.find(asked.spans[place]) if place in asked.spans else -1
    if start < 0:
        return Example(asked.question, context.head, context.text, "window_helps", relevant=1.0)
    return Example(
        asked.question, context.head, context.text, "window_stated", 1.0, 1.0, start=start, end=start + len(asked.spans[place])
    )  # fmt: skip
