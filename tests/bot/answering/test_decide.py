"""Where an outcome turns into another."""

from dataclasses import replace

import pytest

from bot.answering.compose import Part
from bot.answering.decide import Decider, Replies, Thresholds
from bot.answering.outcomes import Answered, Related
from bot.question.wants import Shape
from tests.bot.answering.shelf import Shelf

SHELF = Shelf("小微企业可以申请开办补贴。补贴按季度发放。\n")
DECIDER = Decider(SHELF, Replies("12345", {}, 500), Thresholds(answered=0.5, helped=0.75, advised=0.4))


@pytest.mark.parametrize(
    ("shape", "helps", "outcome"),
    [
        (Shape.DIGEST, 0.45, Answered),
        (Shape.DIGEST, 0.35, Related),
        (Shape.PROCEDURE, 0.45, Answered),
        (Shape.LIST, 0.45, Related),
        (Shape.LIST, 0.8, Answered),
        (Shape.FACT, 0.8, Related),
    ],
)
def test_advice_is_given_sooner_than_a_list_and_neither_states_a_fact(shape: Shape, helps: float, outcome: type) -> None:
    reading = replace(SHELF.read("开办补贴", probability=0.1), helps=helps, related=0.6)
    assert isinstance(DECIDER.decide("开店有什么扶持", shape, [Part("开店有什么扶持", (reading,))], []), outcome)
