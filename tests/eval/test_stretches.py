"""Stretches kept from training as a set that the confidence is fitted on."""

import json
from pathlib import Path

import pytest

from bot.reading.training.sources import windows
from eval.calibrating.stretches import write_stretches
from eval.testset.corpus import outside_set

PARAGRAPHS = ["贷款的利率是百分之三，由银行按月收取。", "招工的企业每招一人补一千元，每年申请一次。", "养老服务站建了五个，都在城区里面。"]
QUESTIONS = [
    {"question": "缺钱怎么办", "kind": "open", "helps": [0], "partly": [], "spans": {}},
    {"question": "招一个人补多少", "kind": "number", "helps": [1], "partly": [], "spans": {"1": "一千元"}},
    {"question": "贷款多久批下来", "kind": "near_fact", "helps": [], "partly": [], "spans": {}},
]


def test_stretches_that_were_kept_from_training_become_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {
            "id": f"m{n}",
            "title": f"第{n}号通知",
            "paragraphs": PARAGRAPHS,
            "questions": [row | {"question": f"{n}号：{row['question']}"} for row in QUESTIONS],
        }
        for n in range(30)
    ]
    made_up = tmp_path / "made_up.jsonl"
    made_up.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    kept = windows.read_made_up(made_up, kept=True)
    monkeypatch.setattr("eval.calibrating.stretches.read_windows", lambda folder, kept: [])
    monkeypatch.setattr("eval.calibrating.stretches.read_made_up", lambda kept: windows.read_made_up(made_up, kept=kept))
    assert write_stretches(tmp_path, tmp_path / "set") == (len(kept), 3 * len(kept))
    found = outside_set(tmp_path / "set")
    assert {source.meta.title for source in found.sources} == {window.passages[0].head for window in kept}
    assert [(case.kind, case.answerable) for case in found.cases[:3]] == [("digest", True), ("fact", True), ("near_miss", False)]
    label = found.cases[1].open
    assert label
    assert (label.facets, label.relevant) == ((("一千元",),), (PARAGRAPHS[1],))
