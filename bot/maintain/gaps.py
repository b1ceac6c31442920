"""The questions that the articles did not answer, in groups of those that ask the same, and which groups somebody has closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import sqlalchemy as sa

from bot.web.running.unanswered import UnansweredQuestion, read_unanswered
from index.database import METADATA, Database, Part, made_by
from index.encoding.encoder import Encoder
from index.stored.lexicon import coverage
from index.text.terms import terms

CLOSED = sa.Table(
    "closed_questions",
    METADATA,
    sa.Column("question", sa.String(5000), primary_key=True),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
)
PART = Part("closed_questions", (made_by(CLOSED),))
MOST = 300  # questions that are looked at, those asked most often
# Two questions ask the same where their vectors are so near, by cosine, and each holds that share of the other's words.
ALIKE, SHARED = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same and were not answered, the one asked most often first."""

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


def grouped(questions: Sequence[UnansweredQuestion], encoder: Encoder) -> list[Gap]:
    """The questions in groups: each joins the first group whose first question asks the same."""
    if not questions:
        return []
    vectors = encoder.encode_queries([one.question for one in questions])
    words = [set(terms(one.question)) for one in questions]
    leaders: dict[int, list[int]] = {}
    for place in range(len(questions)):
        near = [leader for leader in leaders if float(np.dot(vectors[leader], vectors[place])) >= ALIKE]
        same = next((leader for leader in near if _share(words[leader], words[place]) >= SHARED), None)
        leaders.setdefault(place if same is None else same, []).append(place)
    gaps = [Gap(tuple(questions[place] for place in places)) for places in leaders.values()]
    return sorted(gaps, key=lambda gap: (-gap.times, gap.question))


def _share(words: set[str], others: set[str]) -> float:
    """The share of the words of the shorter question that the other holds."""
    shorter, longer = sorted((words, others), key=len)
    return coverage(dict.fromkeys(shorter, 1.0), longer) if shorter else 0.0
