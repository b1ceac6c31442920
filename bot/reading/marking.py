"""Question and text -> in each sentence the likeliest answer, and how the reader's network judged it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.network import HEADS, Network
from bot.timing import is_time_up
from index.documents import Span

WINDOW, OVERLAP = 360, 100  # characters: the longest passage that is read whole, and what two windows of a longer one share
MOST = 80  # characters of an answer: what is longer is better shown as its sentence
_BATCH = 8
_WINDOWS = 20  # that are read of one passage: a longer one is no text that people write
_HEAD = 800  # characters of what stands above a text: its title and headings have hardly a hundred
_PUNCTUATION = " \t\n　，。；：、！？,;:!?"


@dataclass(frozen=True, slots=True)
class Context:
    """A text to read: what stands above it, which is read along but holds no answer, and its sentences' places in it."""

    head: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The likeliest answer in a sentence, as a place in the text, with logits; higher is better in each.

    `stated`, and `relevant`, that the text helps with the question, are for the window that it was read in; `margin` is how far the
    span stands above "not stated"; `behind` is how far it stands below the best span of that window, at most 0.
    """

    sentence: Span
    span: Span
    stated: float
    margin: float
    behind: float
    relevant: float = 0.0


class Marker:
    """A network that reads texts. The same question and texts give the same marks; it is safe to use from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def dtype(self) -> str:
        """The precision that the network computes in."""
        return self._network.dtype

    def mark(self, questions: Sequence[str], contexts: Sequence[Context]) -> list[list[Mark]]:
        """For each question and its context the marks of the sentences in their order; none for a sentence without a token."""
        pieces = [(n, span) for n, context in enumerate(contexts) for span in windows(context)]
        lengths = [len(questions[n]) + len(contexts[n].head) + len(span) for n, span in pieces]
        order = sorted(range(len(pieces)), key=lambda place: (-lengths[place], place))
        found: list[dict[Span, Mark]] = [{} for _ in contexts]
        for at in range(0, len(order), _BATCH):
            if at and is_time_up():
                break
            batch = [pieces[place] for place in order[at : at + _BATCH]]
            for (n, _), marks in zip(batch, self._read(questions, contexts, batch), strict=True):
                for mark in marks:
                    before = found[n].get(mark.sentence)
                    if before is None or _strength(mark) > _strength(before):
                        found[n][mark.sentence] = mark
        return [
            [marks[sentence] for sentence in context.sentences if sentence in marks] for marks, context in zip(found, contexts, strict=True)
        ]

    def judge(self, texts: Sequence[str], passages: Sequence[str]) -> NDArray[Any]:
        """What the network says of each question or claim with its passage: logits (n, 3) of `HEADS`."""
        found = [np.zeros((0, len(HEADS)))]
        for at in range(0, len(texts), _BATCH):
            found += [read.judged[None] for read in self._network.read(texts[at : at + _BATCH], passages[at : at + _BATCH])]
        return np.concatenate(found)

    def _read(self, questions: Sequence[str], contexts: Sequence[Context], batch: Sequence[tuple[int, Span]]) -> Iterator[list[Mark]]:
        heads = [contexts[n].head[:_HEAD] + "\n" if contexts[n].head else "" for n, _ in batch]
        texts = [head + contexts[n].text[span.start : span.end] for head, (n, span) in zip(heads, batch, strict=True)]
        for read, (n, span), head in zip(self._network.read([questions[n] for n, _ in batch], texts), batch, heads, strict=True):
            # In the whole text; what stands in the head is negative.
            places = np.where(read.places >= 0, read.places - len(head) + span.start, -1)
            inside = [sentence for sentence in contexts[n].sentences if sentence.start < span.end and span.start < sentence.end]
            yield marks_of(read.starts, read.ends, places, inside, *map(float, read.judged[:2]))


def _strength(mark: Mark) -> float:
    return mark.stated + mark.margin / 2


def windows(context: Context) -> list[Span]:
    """The stretches of a text that are read one by one: the whole of it, or overlapping ones that are cut between sentences."""
    length = len(context.text)
    if length <= WINDOW:
        return [Span(0, length)]
    found, start = list[Span](), 0
    while True:
        limit = start + WINDOW
        if limit >= length or len(found) + 1 == _WINDOWS:
            return [*found, Span(start, min(limit, length))]
        end = max((sentence.end for sentence in context.sentences if start + WINDOW // 2 < sentence.end <= limit), default=limit)
        found.append(Span(start, end))
        start = min((sentence.start for sentence in context.sentences if end - OVERLAP <= sentence.start < end), default=end - OVERLAP)


def marks_of(
    starts: NDArray[Any], ends: NDArray[Any], places: NDArray[Any], sentences: Sequence[Span], stated: float, relevant: float = 0.0
) -> list[Mark]:
    """The best span of each sentence from the logits (tokens,) of start and end; `places` (tokens, 2) are the tokens' characters.

    A span lies within its sentence and has at most `MOST` characters. The first token stands for "not stated".
    """
    nothing = float(starts[0] + ends[0])
    best: list[tuple[Span, Span, float]] = []
    for sentence in sentences:
        own = np.flatnonzero((places[:, 0] >= 0) & (places[:, 1] > sentence.start) & (places[:, 0] < sentence.end))
        if not len(own):
            continue
        low, high = places[own, 0], places[own, 1]
        scores = starts[own][:, None] + ends[own][None, :]
        fits = np.triu(np.ones_like(scores, bool)) & (high[None, :] - low[:, None] <= MOST)
        if not fits.any():
            fits = np.eye(len(own), dtype=bool)
        i, j = np.unravel_index(np.argmax(np.where(fits, scores, -np.inf)), scores.shape)
        best.append((sentence, Span(max(int(low[i]), sentence.start), min(int(high[j]), sentence.end)), float(scores[i, j])))
    top = max((score for *_, score in best), default=0.0)
    return [Mark(sentence, span, stated, score - nothing, score - top, relevant) for sentence, span, score in best]


def trimmed(span: Span, text: str) -> Span:
    """The span without white space and punctuation at its ends; unchanged where nothing else is in it."""
    words = text[span.start : span.end]
    kept = words.strip(_PUNCTUATION)
    if not kept:
        return span
    start = span.start + len(words) - len(words.lstrip(_PUNCTUATION))
    return Span(start, start + len(kept))
