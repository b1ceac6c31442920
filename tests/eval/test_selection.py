"""Which cases are run: of which split, and how few of many are drawn."""

from collections import Counter

import pytest

from eval.testset.case import Case
from eval.testset.corpus import seed_set
from eval.testset.selection import draw_evenly, select_cases
from index.__main__ import SEEDS

CASES = [
    *(Case(f"f{n}", "", True, "fact", articles=frozenset({"a"})) for n in range(4)),
    *(Case(f"h{n}", "", True, "how", articles=frozenset({"a"})) for n in range(2)),
    *(Case(f"o{n}", "", False, "out_of_scope") for n in range(3)),
]


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        (1, "f0"),
        (2, "f0 h0"),
        (4, "f0 f1 h0 o0"),
        (6, "f0 f1 h0 h1 o0 o1"),
        (8, "f0 f1 f2 h0 h1 o0 o1 o2"),  # a kind that is used up is passed over
        (9, "f0 f1 f2 f3 h0 h1 o0 o1 o2"),
        (99, "f0 f1 f2 f3 h0 h1 o0 o1 o2"),
    ],
)
def test_kinds_take_turns_and_the_order_of_the_set_stays(size: int, drawn: str) -> None:
    assert [case.id for case in draw_evenly(CASES, size)] == drawn.split()


def test_kinds_that_stand_mixed_take_turns_too() -> None:
    mixed = [CASES[n] for n in (6, 0, 7, 4, 1)]
    assert [case.id for case in draw_evenly(mixed, 3)] == ["o0", "f0", "h0"]


def test_draw_from_the_own_set_holds_each_kind_alike() -> None:
    cases = seed_set(SEEDS).cases
    kinds = Counter(case.kind for case in draw_evenly(cases, 24))
    assert set(kinds) == {case.kind for case in cases}
    assert set(kinds.values()) == {2}
    assert draw_evenly(cases, 24) == draw_evenly(cases, 24)


def test_split_and_document_are_chosen_before_the_draw() -> None:
    assert [case.id for case in select_cases(CASES, "all", own_document=False, limit=None)] == [case.id for case in CASES]
    assert [case.id for case in select_cases(CASES, "all", own_document=True, limit=3)] == ["f0", "f1", "h0"]
    dev, test = (select_cases(CASES, split, own_document=False, limit=None) for split in ("dev", "test"))
    assert sorted(case.id for case in dev + test) == [case.id for case in CASES]
    assert {case.split for case in select_cases(CASES, "test", own_document=False, limit=2)} == {"test"}
