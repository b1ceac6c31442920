"""The questions that the articles did not answer, in groups of those that are alike, and which groups somebody has closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from bot.web.running.drafts import draft_of
from bot.web.running.unanswered import UnansweredQuestion, read_unanswered
from index.database import METADATA, Database, Part, made_by
from index.encoding.encoder import Encoder

CLOSED = sa.Table(
    "closed_questions",
    METADATA,
    sa.Column("question", sa.String(5000), primary_key=True),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
)
PART = Part("closed_questions", (made_by(CLOSED),))
MOST = 300  # questions that are looked at, those asked most often
# Cosine from which two questions are about the same: of eleven tried, pairs in other words had .962 to .998, other subjects at most .932,
# and another thing asked of the same subject (how much, how to apply) .966, which is one gap in the articles too.
ALIKE = 0.955


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike and were not answered, the one asked most often first."""

    questions: tuple[UnansweredQuestion, ...]

    @property
    def question(self) -> str:
        """The one that stands for all."""
        return self.questions[0].question

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(one.times for one in self.questions)

    @property
    def last(self) -> str:
        """When one of them was asked last."""
        return max(one.time for one in self.questions)


def open_gaps(database: Database, encoder: Encoder) -> list[Gap]:
    """The groups that nobody has closed since one of their questions was asked last, those asked most often first."""
    closed = {row.question: row.time for row in database.rows(PART, sa.select(CLOSED))}
    found = [one for one in read_unanswered(database) if closed.get(one.question, "") < one.time]
    return grouped(found[:MOST], encoder)


def close_gap(database: Database, gap: Gap, who: str) -> None:
    """Close a group: it comes back where one of its questions is asked again."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with database.writing(PART) as connection:
        for one in gap.questions:
            connection.execute(sa.delete(CLOSED).where(CLOSED.c.question == one.question))
            connection.execute(sa.insert(CLOSED).values(question=one.question, time=max(now, one.time), who=who))


def draft_of_gap(gap: Gap) -> dict[str, Any]:
    """The draft of a test case from a group; what only a person can say is left empty."""
    others = "；".join(one.question for one in gap.questions[1:])
    note = f"asked {gap.times} times until {gap.last[:10]}, {gap.questions[0].outcome}" + (f"; also asked as: {others}" if others else "")
    return draft_of(gap.question, note)


def grouped(questions: Sequence[UnansweredQuestion], encoder: Encoder) -> list[Gap]:
    """The questions in groups: each joins the first group whose first question is like it."""
    if not questions:
        return []
    vectors = encoder.encode_queries([one.question for one in questions])
    leaders: dict[int, list[int]] = {}
    for place in range(len(questions)):
        same = next((leader for leader in leaders if float(np.dot(vectors[leader], vectors[place])) >= ALIKE), None)
        leaders.setdefault(place if same is None else same, []).append(place)
    gaps = [Gap(tuple(questions[place] for place in places)) for places in leaders.values()]
    return sorted(gaps, key=lambda gap: (-gap.times, gap.question))
