"""Questions that the articles did not answer, kept in the database for the maintainers: how often each was asked, and when last."""

from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from bot.answering.outcomes import NAMES, Outcome, Refused, Related
from bot.question.admission import Reason
from bot.question.safety import mask
from index.database import METADATA, Database, Part, made_by

MOST_KEPT = 20_000  # the oldest give way: whoever asks at random must not fill the disk

UNANSWERED = sa.Table(
    "unanswered",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.String(40), nullable=False, index=True),
    sa.Column("question", sa.String(5000), nullable=False, unique=True),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
)
PART = Part("unanswered", (made_by(UNANSWERED),))
_WANTING = frozenset({Reason.NOT_FOUND, Reason.NOT_STATED})  # what an article more would answer


class UnansweredQuestion(BaseModel):
    """A question without personal data, as it was asked last: when (ISO 8601, UTC), what became of it, and on which version."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    time: str
    question: str
    outcome: str
    times: int
    version: str


def is_wanting(outcome: Outcome) -> bool:
    """Whether the articles had no answer to what was asked of them."""
    return isinstance(outcome, Related | Refused) and outcome.reason in _WANTING


def note_unanswered(database: Database, outcome: Outcome) -> None:
    """Count a question; raises `RecordsError` where that cannot be kept."""
    question, now = mask(outcome.question), datetime.now(UTC).isoformat(timespec="seconds")
    values = {"time": now, "outcome": NAMES[type(outcome)], "version": outcome.version}
    with database.writing(PART) as connection:
        again = sa.update(UNANSWERED).where(UNANSWERED.c.question == question).values(times=UNANSWERED.c.times + 1, **values)
        if connection.execute(again).rowcount:
            return
        connection.execute(sa.insert(UNANSWERED).values(question=question, times=1, **values))
        if (connection.scalar(sa.select(sa.func.count()).select_from(UNANSWERED)) or 0) > MOST_KEPT:
            oldest = sa.select(UNANSWERED.c.id).order_by(UNANSWERED.c.time, UNANSWERED.c.id).limit(1)
            connection.execute(sa.delete(UNANSWERED).where(UNANSWERED.c.id.in_(oldest)))


def read_unanswered(database: Database) -> list[UnansweredQuestion]:
    """All that are kept, those asked most often first."""
    order = (UNANSWERED.c.times.desc(), UNANSWERED.c.time.desc())
    return [UnansweredQuestion.model_validate(row) for row in database.rows(PART, sa.select(UNANSWERED).order_by(*order))]
