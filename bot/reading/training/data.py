"""Folders of questions with marked answers -> the pairs of question and window that the reader is trained on."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from bot.reading.training.attributes import asked_pair
from bot.reading.training.near_misses import (  # fmt: skip
    SHARES,
    OtherName,
    Pair,
    Rule,
    Stated,
    asked_whether,
    deleted,
    figure_gone,
    list_of_count,
    opposite,
    other_figure,
    other_figures_gone,
    other_kind,
    other_year,
    replaced,
    unstated,
    with_year,
    year_of,
)
from bot.reading.training.rewordings import noisy
from index.errors import CallError
from index.text.split import sentences
from index.text.terms import simplified

SHORTEST, COMMON, LONGEST, MOST = 80, 220, 350, 400  # characters of a window; what one answer fills may be longer, up to `MOST`
_LONG = (
    0.15  # of the windows have more than `COMMON` characters: short ones teach the same at less cost, long ones that length tells nothing
)
_NEGATIVES = 1.25  # pairs that are not stated for each question
_ATTRIBUTES = 0.3  # pairs that ask for an attribute for each question
_WHETHER = 0.25  # of the questions that can be put so ask whether something is the answer
_TITLED = 0.6  # of the pairs: at work the passage is read with its title and headings, which some articles do not have
_NOISY = 0.35  # of the questions, stated or not, so that the noise itself tells nothing
_TRADITIONAL = 0.15  # of the questions in Traditional characters stay so


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a folder with the text that answers it, `text[start:end]`, and its other right answers."""

    question: str
    title: str
    text: str
    start: int
    end: int
    answers: tuple[str, ...]


def read_folder(folder: Path, random: Random) -> list[Asked]:
    """The questions of a folder with corpus.jsonl and questions.jsonl whose `meta.answer_start` marks an answer in the text.

    Traditional characters are folded to Simplified in most of them. Raises `CallError` where the folder is of another form.
    """
    try:
        rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        documents = {row["id"]: row for row in rows}
        asked = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
        plain = {name: simplified(row["text"]) for name, row in documents.items()}
        found = []
        for row in asked:
            document, start = documents[row["gold_doc_ids"][0]], int(row["meta"]["answer_start"])
            marked = Asked(
                row["question"], document["title"], document["text"], start, start + len(row["answers"][0]), tuple(row["answers"])
            )
            same = plain[document["id"]] == document["text"]
            found.append(marked if same or random.random() < _TRADITIONAL else _fold(marked, plain[document["id"]]))
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    return [marked for marked in found if marked.text[marked.start : marked.end] == marked.answers[0]]


def _fold(marked: Asked, plain: str) -> Asked:
    # Folding keeps the number of characters; where it does not, the answer is not found at its place and the question is left out.
    answers = (plain[marked.start : marked.end], *map(simplified, marked.answers[1:]))
    return Asked(simplified(marked.question), simplified(marked.title), plain, marked.start, marked.end, answers)


def window(marked: Asked, random: Random) -> Stated | None:
    """The answer's sentences with neighbours on either side, up to a size drawn at random; None where they are too long."""
    spans = sentences(marked.text)
    holding = [n for n, span in enumerate(spans) if span.start < marked.end and marked.start < span.end]
    if not holding or spans[holding[-1]].end - spans[holding[0]].start > MOST:
        return None
    a, b = _grow(spans, holding[0], holding[-1] + 1, _size(random), random)
    texts = [marked.text[span.start : span.end] for span in spans]
    lead = sum(map(len, texts[a : holding[0]])) + marked.start - spans[holding[0]].start
    answer = marked.text[marked.start : marked.end]
    spare = tuple(text for text in texts[max(a - 2, 0) : a] + texts[b : b + 2] if answer not in text)
    found = Stated(
        marked.question, marked.title, tuple(texts[a:b]), holding[0] - a, holding[-1] - a, lead, lead + len(answer), marked.answers, spare
    )  # fmt: skip
    return found if found.answer == answer else None


def _grow(spans: Sequence[object], a: int, b: int, size: int, random: Random) -> tuple[int, int]:
    """The range of sentences around `[a, b)` that is the longest of at most `size` characters, growing on either side by chance."""
    open_sides = {"before", "after"}
    while open_sides:
        side = random.choice(sorted(open_sides))
        left, right = (a - 1, b) if side == "before" else (a, b + 1)
        if left < 0 or right > len(spans) or spans[right - 1].end - spans[left].start > size:  # type: ignore[attr-defined]
            open_sides.remove(side)
        else:
            a, b = left, right
    return a, b


def _size(random: Random) -> int:
    return random.randint(COMMON, LONGEST) if random.random() < _LONG else random.randint(SHORTEST, COMMON)


class Elsewhere:
    """Windows without the answer: of the same title, the one that shares most with the question; or of another title."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._by_title: dict[str, list[str]] = {}
        for marked in {marked.text: marked for marked in asked}.values():
            self._by_title.setdefault(marked.title, []).append(marked.text)
        self._titles = list(self._by_title)

    def same_title(self, case: Stated, random: Random) -> Pair | None:
        """The passage of the article that is nearest to the question and holds no answer."""
        return self._nearest(case, "same_title", self._by_title.get(case.title, []), random)

    def other_title(self, case: Stated, random: Random) -> Pair | None:
        """The nearest of what some other articles hold."""
        texts = [text for _ in range(6) for text in self._by_title[random.choice(self._titles)][:1]]
        return self._nearest(case, "other_title", [text for text in texts if case.text not in text], random)

    def _nearest(self, case: Stated, rule: str, texts: Sequence[str], random: Random) -> Pair | None:
        pieces = []
        for text in texts:
            spans = sentences(text)
            for at in range(0, len(spans), 3):
                a, b = _grow(spans, at, at + 1, _size(random), random)
                pieces.append(text[spans[a].start : spans[b - 1].end][:MOST])
        fit = [
            piece for piece in pieces if case.answer not in piece and not set(case.sentences[case.first : case.last + 1]) & {*_texts(piece)}
        ]
        wanted = _bigrams(case.question)
        best = max(fit, key=lambda piece: len(wanted & _bigrams(piece)), default="")
        return unstated(case, rule, passage=best)


def _texts(text: str) -> Iterator[str]:
    return (text[span.start : span.end] for span in sentences(text))


def _bigrams(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def make_pairs(asked: Sequence[Asked], random: Random) -> list[Pair]:
    """The pairs of all questions in a random order: each as it is stated, and what the rules make of it."""
    elsewhere = Elsewhere(asked)
    other_name = OtherName([marked.question for marked in asked], [marked.title for marked in asked])
    rules: Mapping[Rule, float] = {**SHARES, elsewhere.same_title: 0.6, other_name: 0.8, elsewhere.other_title: 0.15}
    pairs: list[Pair] = []
    for marked in asked:
        case = window(marked, random)
        if case is None:
            continue
        pairs.append(_stated(case, random))
        pairs += _negatives(case, rules, int(_NEGATIVES) + (random.random() < _NEGATIVES % 1), random)
        if random.random() < _ATTRIBUTES:
            pairs += filter(None, [asked_pair(case, random, 0.45)])
    random.shuffle(pairs)
    return [_with_noise(pair, random) for pair in pairs]


def _stated(case: Stated, random: Random) -> Pair:
    question = case.question
    if random.random() < _WHETHER and (whether := asked_whether(case, random)):
        question = whether
    elif random.random() < 0.5 and (year := year_of(case)):
        question = with_year(question, year, random)
    shown = other_figures_gone(case, random) if random.random() < 0.3 else case
    return Pair(question, case.title, shown.text, "stated", shown.start, shown.end)


def _negatives(case: Stated, rules: Mapping[Rule, float], wanted: int, random: Random) -> list[Pair]:
    """Up to that many pairs, each of another rule, drawn by the rules' shares among those that apply."""
    left, found = dict(rules), list[Pair]()
    while left and len(found) < wanted:
        rule = random.choices(list(left), list(left.values()))[0]
        del left[rule]
        found += filter(None, [rule(case, random)])
    return found


def _with_noise(pair: Pair, random: Random) -> Pair:
    question = noisy(pair.question, random) if random.random() < _NOISY else pair.question
    if random.random() < 0.3:
        question = question.rstrip("？? ")
    return replace(pair, question=question or pair.question, title=pair.title if random.random() < _TITLED else "")


RULES = {
    "wordings": "A third of all questions are worded anew: keywords, spoken, after a story, mistyped, or word by word in English (CC-CEDICT).",
    "stated": "The window as it stands, at times with a figure less that is not asked for, or asked of the year that it names.",
    "whether": asked_whether.__doc__,
    "deleted": deleted.__doc__,
    "replaced": replaced.__doc__,
    "figure_gone": figure_gone.__doc__,
    "other_kind": other_kind.__doc__,
    "list_of_count": list_of_count.__doc__,
    "opposite": opposite.__doc__,
    "other_figure": other_figure.__doc__,
    "other_year": other_year.__doc__,
    "other_name": "A name in the question, which the window holds, gives way to another of its kind, which it does not hold.",
    "same_title": Elsewhere.same_title.__doc__,
    "other_title": Elsewhere.other_title.__doc__,
    "attribute_stated": "A sentence with a made-up fact such as a phone number stands in the window, and the question asks for it.",
    "attribute_asked": "The question asks for such a fact, and the window holds none, or one of another kind.",
}


def described(pairs: Sequence[Pair]) -> dict[str, int]:
    """How many pairs each rule made."""
    return dict(sorted(Counter(pair.rule for pair in pairs).items()))
