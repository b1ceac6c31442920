"""Fitting the reader's confidence: what ranks first, how sure it is, and what a fit says of a set that it did not see."""

from pathlib import Path
from random import Random

import pytest

from bot.reading.confidence import Condition, Features, probability
from eval.calibrating import fitting
from eval.calibrating.candidates import Candidate, CandidateList, read_file, write
from index.errors import CallError


def make_lists(seed: int, cases: int = 80) -> list[CandidateList]:
    """Cases in which what states the answer has a higher logit, and half of which nothing answers."""
    random, found = Random(seed), []
    for n in range(cases):
        answerable = n % 2 == 0
        candidates = []
        for place in range(4):
            right = answerable and place == 1
            stated = random.gauss(2.0 if right else -1.0, 0.8)
            candidates.append(
                Candidate({"stated": stated, "cosine": random.random(), "elsewhere": float(random.random() < 0.1)}, right, right)
            )
        found.append(CandidateList(f"c{n}", "dev" if n % 4 < 2 else "test", answerable, n % 8 < 4, tuple(candidates)))
    return found


def test_a_fit_finds_what_tells_an_answer() -> None:
    confidence = fitting.fit({"one": make_lists(1), "other": make_lists(2)})
    assert confidence.order_stated.weights["stated"] > 0
    likely, unlikely = (probability(confidence.stated.value(Features(stated=logit))) for logit in (2.5, -1.5))
    assert likely > 0.7
    assert unlikely < 0.3
    assert all(confidence.stated.weights.get(condition, 0.0) <= 0 for condition in Condition)


def test_a_fit_is_measured_on_the_set_that_it_did_not_see() -> None:
    found = fitting.leave_one_out({"one": make_lists(1), "other": make_lists(2)})
    assert [(held.name, held.kind) for held in found] == [("one", "closed"), ("one", "open"), ("other", "closed"), ("other", "open")]
    assert all(held.auc > 0.9 and held.first_right > 0.8 for held in found)


def test_candidates_survive_a_file(tmp_path: Path) -> None:
    lists = make_lists(1, 4)
    assert write(lists, tmp_path / "set.jsonl") == 4
    assert read_file(tmp_path / "set.jsonl") == lists
    (tmp_path / "bad.jsonl").write_text('{"case": 1}\n', "utf-8")
    with pytest.raises(CallError, match="python -m eval candidates"):
        read_file(tmp_path / "bad.jsonl")
