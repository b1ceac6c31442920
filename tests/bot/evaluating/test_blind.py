"""Two runs compared blind: what is shown, what is kept, and what it says."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.evaluating.blind import LABELS, Label, Tally, agreements, keep, labels, pairs, tally
from bot.evaluating.blind_page import BlindHandlers, shown, tallied
from bot.settings import Settings
from index.errors import CallError


def label(case: str, better: Any, who: str = "甲", before: str = "1", after: str = "2") -> Label:
    return Label(time="", who=who, before=before, after=after, case=case, better=better)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path)
    for name, answers in {"1": ["a", "same", "c", "e"], "2": ["b", "same", "d", "f"]}.items():
        folder = settings.runs / name
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("page", "utf-8")
        rows = [{"id": f"q{n}", "error": "", "outcome": {"question": f"问{n}<b>", "answer": text}} for n, text in enumerate(answers)]
        rows.append({"id": "crashed", "error": "Traceback", "outcome": {}})
        (folder / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return settings


def test_pairs_are_drawn_for_each_evaluator_and_always_the_same(settings: Settings) -> None:
    drawn = {who: pairs(settings.runs, "1", "2", who) for who in map(str, range(12))}
    assert drawn["0"] == pairs(settings.runs, "1", "2", "0")
    assert {pair.case for pair in drawn["0"]} == {"q0", "q2", "q3"}, "neither what is the same nor what crashed"
    assert len({tuple(pair.case for pair in found) for found in drawn.values()}) > 1
    assert len({tuple(pair.swapped for pair in found) for found in drawn.values()}) > 1
    for pair in drawn["0"]:
        older = "left" if pair.left in "ace" else "right"
        assert pair.better(older) == "before"
        assert pair.better({"left": "right", "right": "left"}[older]) == "after"
        assert pair.better("neither") == pair.better("nonsense") == "neither"
    with pytest.raises(CallError, match="no such finished run"):
        pairs(settings.runs, "1", "../2", "0")


def test_labels_are_kept_and_read_for_either_order_of_the_runs(tmp_path: Path) -> None:
    for one in (
        label("q0", "before"),
        label("q0", "after"),
        label("q1", "neither"),
        label("q0", "after", "乙"),
        label("q9", "after", before="8"),
    ):
        keep(tmp_path, one)
    with (tmp_path / LABELS).open("a") as file:
        file.write('{"time": "cut sh')
    assert [(one.who, one.case, one.better) for one in labels(tmp_path, "1", "2")] == [
        ("甲", "q0", "after"),
        ("甲", "q1", "neither"),
        ("乙", "q0", "after"),
    ]
    assert [one.better for one in labels(tmp_path, "2", "1")] == ["before", "neither", "before"]


def test_sign_test_is_that_of_the_binomial_distribution() -> None:
    assert tally([label(str(n), "neither") for n in range(3)]) == Tally(0, 0, 3, None, None, None)
    found = tally([label(str(n), "after") for n in range(6)] + [label("x", "before"), label("y", "neither")])
    assert (found.before, found.after, found.neither) == (1, 6, 1)
    assert found.chance == pytest.approx(2 * (1 + 7) / 2**7), "seven decided, one or fewer of one kind, either way"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 6 / 7 < found.high


def test_agreement_is_told_beyond_chance_with_the_cases_that_differ() -> None:
    given = [label(f"q{n}", better) for n, better in enumerate(("before", "before", "after", "after"))]
    given += [label(f"q{n}", better, "乙") for n, better in enumerate(("before", "after", "after", "after"))]
    (found,) = agreements([*given, label("q7", "after", "丙")])
    assert (found.shared, found.differ) == (4, ("q1",))
    assert found.kappa == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    (same,) = agreements([label("q0", "after"), label("q0", "after", "乙")])
    assert same.kappa is None, "both said the same of every case: nothing beyond chance can be seen"
    told = tallied(tally(given), [found])
    assert "κ 0.50" in told
    assert "看法不同的：q1" in told


def test_evaluator_judges_pair_after_pair(settings: Settings) -> None:
    page, who = BlindHandlers(settings), SimpleNamespace(username="<李>")
    state, html, choices, _ = page.begin("1", "2", who)
    seen = []
    while state:
        assert choices.visible
        assert "问" in html
        assert "<b>" not in html
        assert not re.search("先前|后来", html), "whose it is is not shown"
        seen.append(state[2])
        state, html, choices, _ = page.judge("left", state, who)
    assert sorted(seen) == ["q0", "q2", "q3"]
    assert "3对都看完了" in html
    assert page.begin("1", "2", who)[0] is None, "what was judged is not asked again"
    assert page.begin("1", "2", SimpleNamespace(username="乙"))[0] is not None
    assert "请选两次不同" in page.begin("1", "1", who)[1]
    assert "请选两次不同" in page.judge("left", None, who)[1]
    counts = tally(labels(settings.data, "1", "2"))
    assert counts.before + counts.after == 3
    assert f"先前的好：{counts.before}" in page.results("1", "2")


def test_answers_are_escaped(settings: Settings) -> None:
    pair = pairs(settings.runs, "1", "2", "0")[0]
    assert "问" in shown(pair, 1, 3)
    assert "&lt;b&gt;" in shown(pair, 1, 3)
