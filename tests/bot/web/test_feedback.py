"""Feedback from the page: what is taken, how much, and what the evaluation makes of it."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import Settings
from bot.web import page
from bot.web.feedback import read_feedback
from eval.__main__ import app as eval_app


def test_feedback_is_bounded(assistant: LiveAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"question": "渔港几点开门", "answer": "没有找到", "refused": True, "verdict": "up"}
    monkeypatch.setattr(page, "_FEEDBACK", 3)
    client = TestClient(make_app(assistant, settings))
    assert [client.post("/feedback", json=given).status_code for _ in range(4)] == [204, 204, 204, 429]
    assert int(client.post("/feedback", json=given).headers["retry-after"]) > 0
    assert len(read_feedback(settings.data)) == 3
    monkeypatch.setattr(page, "_KEPT", 10)
    assert TestClient(make_app(assistant, settings)).post("/feedback", json=given).status_code == 507
    assert len(read_feedback(settings.data)) == 3


def test_feedback_is_kept_and_seen_by_the_evaluation(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    client = TestClient(make_app(assistant, settings))
    given = {"question": "渔港<b>几点开门", "answer": "没有找到", "refused": True, "verdict": "handed over", "version": "v000001"}
    assert client.post("/feedback", json=given).status_code == 204
    down = given | {"question": "补贴多少", "refused": False, "verdict": "down", "reason": "wrong", "comment": "少了一个零"}
    assert client.post("/feedback", json=down).status_code == 204
    assert client.post("/feedback", json=given | {"verdict": "sideways"}).status_code == 422
    assert client.post("/feedback", json=given | {"comment": "长" * 1001}).status_code == 422
    assert client.post("/feedback", json=given, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/feedback", content=b"x" * 200_000).status_code == 413
    kept = read_feedback(settings.data)
    assert [(feedback.question, feedback.verdict, feedback.reason, feedback.comment) for feedback in kept] == [
        ("渔港<b>几点开门", "handed over", "", ""),
        ("补贴多少", "down", "wrong", "少了一个零"),
    ]
    out = tmp_path / "drafts.jsonl"
    done = CliRunner().invoke(eval_app, ["from-feedback", "--out", str(out), "--data", str(settings.data)])
    assert done.exit_code == 0, done.output
    notes = [json.loads(line)["note"] for line in out.read_text("utf-8").splitlines()]
    assert "handed over, refused" in notes[0]
    assert "thumbs down (wrong), answered: 没有找到; comment: 少了一个零" in notes[1]
