"""What people thought of answers, kept in the database for the maintainers: added to and never changed."""

from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from bot.question.safety import mask
from index.database import METADATA, Database, Part, made_by
from index.errors import RecordsError
from index.lines import take_in

MOST_KEPT = 50_000  # more is not taken until the maintainers have looked at it: whoever sends it all must not fill the disk
LONGEST = 20_000  # characters of a text that are kept: a whole answer

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.String(40), nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("refused", sa.Boolean, nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
)


class Feedback(BaseModel):
    """What one person thought of one answer. Nothing about the person is kept."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    time: str  # ISO 8601, UTC
    question: str
    answer: str
    refused: bool
    verdict: Literal["up", "down", "handed over"]  # the last: a refused question that the maintainers are asked to look after
    reason: Literal["", "wrong", "incomplete", "not found", "unclear"] = ""  # of a thumb down
    comment: str = ""
    version: str = ""  # of the index that was answered from


_COUNT = sa.select(sa.func.count()).select_from(FEEDBACK)
PART = Part("feedback", (made_by(FEEDBACK),), "feedback.jsonl", take_in(FEEDBACK, Feedback))


def add_feedback(database: Database, feedback: Feedback) -> None:
    """Keep it, without personal data; raises `RecordsError` where it cannot be kept, such as on a full disk."""
    texts = {"question": feedback.question, "answer": feedback.answer, "comment": feedback.comment}
    kept = feedback.model_dump() | {name: mask(text)[:LONGEST] for name, text in texts.items()}
    with database.writing(PART) as connection:
        if (connection.scalar(_COUNT) or 0) >= MOST_KEPT:
            raise RecordsError("feedback-enough", most=MOST_KEPT)
        connection.execute(sa.insert(FEEDBACK).values(kept))


def read_feedback(database: Database) -> list[Feedback]:
    """All feedback, oldest first, none where nobody gave any; raises `RecordsError` where it cannot be read."""
    return [Feedback.model_validate(row) for row in database.rows(PART, sa.select(FEEDBACK).order_by(FEEDBACK.c.id))]
