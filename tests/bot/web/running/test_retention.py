"""What is kept of people's words is forgotten: by id, day and text, by itself after so many days, and for good."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.outcomes import Refused
from bot.question.admission import Reason
from bot.web.feedback import Feedback, add_feedback
from bot.web.running.retention import Retention, kept_words
from bot.web.running.unanswered import PART as UNANSWERED_PART
from bot.web.running.unanswered import UNANSWERED, note_unanswered
from index.database import Database
from index.journal import read_audit


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """Feedback of three days, and two questions that were not answered, of 2020 and of today."""
    made = Database(tmp_path)
    for day, text in (("2020-01-01", "张三的补贴"), ("2024-05-01", "100%退款"), ("2026-01-01", "李四")):
        add_feedback(
            made,
            Feedback(
                time=f"{day}T08:00:00+00:00",
                question=text,
                answer="无",
                refused=True,
                verdict="down",
                comment="找张三"[: 3 * (day < "2021")],
            ),
        )
    for text in ("王五何时领钱", "今天问的"):
        note_unanswered(made, Refused(text, Reason.NOT_FOUND, ""))
    with made.writing(UNANSWERED_PART) as connection:
        connection.execute(sa.update(UNANSWERED).where(UNANSWERED.c.id == 1).values(time="2020-06-01T00:00:00+00:00"))
    return made


def run(folder: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--data", str(folder)])


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (["f1"], ["f2", "f3", "u1", "u2"]),
        (["f2", "u2"], ["f1", "f3", "u1"]),
        (["--before", "2024-05-01"], ["f2", "f3", "u2"]),
        (["--before", "2024-05-02"], ["f3", "u2"]),
        (["--text", "张三"], ["f2", "f3", "u1", "u2"]),
        (["--text", "%"], ["f1", "f3", "u1", "u2"]),
        (["--text", "领钱"], ["f1", "f2", "f3", "u2"]),
        (["--text", "张三", "--before", "2020-01-01"], ["f1", "f2", "f3", "u1", "u2"]),
    ],
)
def test_what_is_meant_is_forgotten_and_all_else_stays(database: Database, tmp_path: Path, arguments: list[str], left: list[str]) -> None:
    done = run(tmp_path, "forget", *arguments)
    assert (done.exit_code, done.output) == (0, f"forgotten: {5 - len(left)}\n")
    assert [words["id"] for words in json.loads(run(tmp_path, "kept", "--json").output)] == left
    assert [entry.what.split()[0] for entry in read_audit(database)] == ["forget"] * (len(left) < 5)


@pytest.mark.parametrize(
    ("arguments", "told"), [([], "nothing is named"), (["x1"], "'x1' is no id"), (["f"], "'f' is no id"), (["f1 or 1"], "is no id")]
)
def test_call_that_means_nothing_forgets_nothing(database: Database, tmp_path: Path, arguments: list[str], told: str) -> None:
    done = run(tmp_path, "forget", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(list(kept_words(database))) == 5


def test_forgotten_words_stand_in_no_file_any_more(database: Database, tmp_path: Path) -> None:
    def holding() -> list[str]:
        return [path.name for path in tmp_path.iterdir() if "张三".encode() in path.read_bytes()]

    assert holding()
    run(tmp_path, "forget", "--text", "张三")
    assert holding() == []
    assert "张三" not in str(read_audit(database))


def test_old_words_are_forgotten_by_themselves(database: Database) -> None:
    Retention(database, 365).look(date(2025, 1, 1))
    assert [words.id for words in kept_words(database)] == ["f2", "f3", "u2"]
    Retention(database, 365).look(date(2025, 5, 2))
    assert [words.id for words in kept_words(database)] == ["f3", "u2"]
