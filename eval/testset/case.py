"""A case of a test set: one question, and what a right answer to it is."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from eval.testset.matching import states


class CaseKind(StrEnum):
    """What a question asks for, or why it has no answer."""

    FACT = "fact"
    LIST = "list"
    HOW = "how"
    COMPARISON = "comparison"
    FOLLOW_UP = "follow_up"
    FALSE_PREMISE = "false_premise"
    NEAR_MISS = "near_miss"
    OUT_OF_SCOPE = "out_of_scope"
    GREETING = "greeting"
    INJECTION = "injection"
    OTHER_PLACE = "other_place"
    OTHER_YEAR = "other_year"
    DIGEST = "digest"
    DEFINITION = "definition"
    DECISION = "decision"
    PROCEDURE = "procedure"
    SUMMARY = "summary"
    SEVERAL = "several"
    SAID = "said"


class CaseWording(StrEnum):
    """How a question is put."""

    PLAIN = "plain"
    COLLOQUIAL = "colloquial"
    KEYWORDS = "keywords"
    STORY = "story"
    MISSPELT = "misspelt"
    TRADITIONAL = "traditional"
    ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class OpenLabel:
    """What a good answer to an open question shows.

    `outcome` is answered, related, refused or said, `act` what the message does. Of `facets`, each a group of alternatives, `need`
    must be shown; `relevant` are all stretches of the articles that are to the point; of `lead` one must stand in the first line;
    nothing of `must_not` may be shown as the answer.
    """

    outcome: str
    act: str = "ask"
    facets: tuple[tuple[str, ...], ...] = ()
    need: int = 0
    relevant: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what came of labelling it.

    `needs` are the statements that a right answer rests on: all of them, each in any of its alternatives; `articles` are the ids
    of those that state them. `located` says whether a need stands in their text word for word, as an answer of an outside set
    may not. `answers` are whole right answers, of which any will do.
    """

    id: str
    question: str
    answerable: bool
    kind: str
    wording: str = ""
    measure: str = ""
    history: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    articles: frozenset[str] = frozenset()
    located: bool = True
    answers: tuple[str, ...] = ()
    spans: bool = False
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    note: str = ""
    open: OpenLabel | None = None  # of an open question; its needs are the stretches that are to the point

    @property
    def split(self) -> str:
        """dev for tuning, test for reporting: decided by a hash of the id, so that it never moves."""
        return "dev" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "test"

    def stated_in(self, text: str) -> bool:
        """Whether one of the needs is stated in a sentence or a passage."""
        return any(states(text, need) for need in self.needs)

    def digest(self) -> str:
        """A hash of what was asked and what is right: two runs compare a case only where this agrees."""
        labelled = [self.question, self.history, self.answerable, self.needs, sorted(self.articles), self.must, self.must_not]
        labelled += [repr(self.open)] if self.open else []
        return hashlib.sha256(json.dumps(labelled, ensure_ascii=False).encode()).hexdigest()[:16]
