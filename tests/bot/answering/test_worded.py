"""What a model's sentences may speak of: what the reader finds to the point."""

from dataclasses import replace

import pytest

from bot.answering.decide import Thresholds
from bot.answering.outcomes import Answered, Outcome, Related
from bot.answering.worded import items_of
from bot.checking.citations import cite
from bot.question.admission import Reason
from bot.question.wants import Shape
from bot.reading.reader import Reading
from index.documents import Passage
from index.text.split import sentences

TEXT = "每户补贴5000元。申请在街道办理。补贴从2月起发放。"
PASSAGE = Passage("a", 0, (), TEXT, 0, len(TEXT), tuple(sentences(TEXT)), title="办法")
QUOTED, LIKELY, UNLIKELY = PASSAGE.sentences
CITATIONS = (cite(1, PASSAGE, QUOTED),)
STATED = [Reading(PASSAGE, QUOTED, None, 0.9, 0.9), Reading(PASSAGE, LIKELY, None, 0.6, 0.6), Reading(PASSAGE, UNLIKELY, None, 0.2, 0.2)]
HELPING = [replace(reading, probability=0.0, helps=reading.probability) for reading in STATED]


def starts(outcome: Outcome, readings: list[Reading], thresholds: Thresholds) -> set[int]:
    return {start for _, start, _ in items_of(outcome, readings, thresholds)}


@pytest.mark.parametrize(
    ("shape", "readings", "expected"),
    [
        (Shape.FACT, STATED, {QUOTED.start, LIKELY.start}),
        (Shape.FACT, HELPING, {QUOTED.start}),
        (Shape.DIGEST, HELPING, {QUOTED.start, LIKELY.start}),
        (Shape.DIGEST, STATED, {QUOTED.start}),
        (Shape.PROCEDURE, HELPING, {QUOTED.start}),
    ],
)
def test_an_answer_may_speak_of_what_is_quoted_and_what_is_likely_to_the_point(
    shape: Shape, readings: list[Reading], expected: set[int]
) -> None:
    answer = Answered("补贴多少？", (), CITATIONS, 0.9, shape=shape)
    assert starts(answer, readings, Thresholds(0.5, 0.75)) == expected


def test_lower_thresholds_let_more_be_spoken_of() -> None:
    answer = Answered("补贴多少？", (), CITATIONS, 0.9, shape=Shape.FACT)
    assert starts(answer, STATED, Thresholds(0.1)) == {QUOTED.start, LIKELY.start, UNLIKELY.start}


def test_what_is_related_may_speak_of_what_the_reader_puts_first() -> None:
    related = Related("补贴利率是多少？", Reason.NOT_STATED, "文章没有写明。", citations=CITATIONS)
    assert starts(related, STATED, Thresholds(0.5)) == {QUOTED.start, LIKELY.start, UNLIKELY.start}
    assert starts(related, STATED[:2], Thresholds(0.5)) == {QUOTED.start, LIKELY.start}
