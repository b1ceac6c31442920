"""Which cases of a test set are run: those of a split, and of these as many as are wanted."""

from collections.abc import Sequence
from itertools import chain, islice, zip_longest

from eval.testset.case import Case


def select_cases(cases: Sequence[Case], split: str, own_document: bool, limit: int | None) -> list[Case]:
    """The cases of a split ("all", "dev" or "test"), at most `limit`; those with a document alone where each is asked of its own."""
    cases = [case for case in cases if split in ("all", case.split) and (case.articles or not own_document)]
    return cases if limit is None else draw_evenly(cases, limit)


def draw_evenly(cases: Sequence[Case], size: int) -> list[Case]:
    """At most `size` cases in their order, drawn from each kind in turn: the first of each kind, then the second of each, and so on.

    Sets stand sorted by kind, answerable ones first: the first N of a set would be the easy ones. The kinds take turns in the order
    in which the set brings them; nothing is left to chance, and what a smaller draw holds is in a larger one too.
    """
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        kinds.setdefault(case.kind, []).append(case)
    in_turn = (case for case in chain.from_iterable(zip_longest(*kinds.values())) if case is not None)
    drawn = {case.id for case in islice(in_turn, size)}
    return [case for case in cases if case.id in drawn]
