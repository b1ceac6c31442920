"""How open questions are dealt with: pure functions of a case and the object that the assistant answered with."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from eval.measuring.scoring import Row
from eval.running.results import CaseResult
from eval.testset.case import Case, OpenLabel
from eval.testset.matching import bare, holds
from eval.testset.open_cases import shown_facets

Outcome = Mapping[str, Any]
_TO_THE_POINT = 0.6  # of what is quoted: three quotes in five
_COMMON = 10  # characters in a row that a quote and a stretch to the point share, where neither holds the other


def outcome_of(outcome: Outcome) -> str:
    """answered, related, refused or said; of older programs, which do not say, answered or refused."""
    return str(outcome.get("outcome") or ("refused" if outcome["refused"] else "answered"))


def dealt_with_well(case: Case, outcome: Outcome) -> bool:
    """Whether an open case is dealt with well.

    An answerable one is answered, with as many facets shown as are needed, three quotes in five to the point, what decides first,
    and nothing that must not be shown. One that the articles do not answer is not shown as answered, and something said to the
    assistant is answered by a text of its own.
    """
    label = _label(case)
    found = outcome_of(outcome)
    if label.outcome == "said":
        return found == "said" and shown_facets(label.facets, str(outcome["answer"])) >= label.need and not forbidden(case, outcome)
    if label.outcome != "answered":
        return found != "answered" and (found != "said" or label.outcome == "refused")
    return (
        found == "answered"
        and shown_facets(label.facets, shown(outcome)) >= label.need
        and precision(case, outcome) >= _TO_THE_POINT
        and leads(case, outcome)
        and not forbidden(case, outcome)
    )


def misled(case: Case, outcome: Outcome) -> bool:
    """Whether a question that the articles do not answer is shown as answered."""
    return not case.answerable and _label(case).outcome != "said" and outcome_of(outcome) == "answered"


def lost(case: Case, outcome: Outcome) -> bool:
    """Whether nothing that is to the point of an answerable question is shown, neither as the answer nor under what is related."""
    return case.answerable and not any(is_to_the_point(quote, _label(case).relevant) for quote in quotes(outcome))


def facet_recall(case: Case, outcome: Outcome) -> float:
    """The share of the facets that are shown, of as many as are needed."""
    label = _label(case)
    return min(1.0, shown_facets(label.facets, shown(outcome)) / label.need) if label.need else 1.0


def precision(case: Case, outcome: Outcome) -> float:
    """The share of the quotes that are to the point; 0 where nothing is quoted."""
    found = [is_to_the_point(quote, _label(case).relevant) for quote in quotes(outcome)]
    return sum(found) / len(found) if found else 0.0


def leads(case: Case, outcome: Outcome) -> bool:
    """Whether what decides stands in the first line or the first quote; so where no label asks for it."""
    lead = _label(case).lead
    first = [*str(outcome["answer"]).splitlines()[:1], *quotes(outcome)[:1]]
    return not lead or any(holds(text, words) for text in first for words in lead)


def forbidden(case: Case, outcome: Outcome) -> list[str]:
    """What must not be shown as the answer and is."""
    return [words for words in case.must_not if holds(str(outcome["answer"]), words)]


def shown(outcome: Outcome) -> str:
    """All that the asker sees: the answer and what it quotes."""
    return "\n".join([str(outcome["answer"]), *quotes(outcome)])


def quotes(outcome: Outcome) -> list[str]:
    """What is quoted, in its order."""
    return [str(citation["quote"]) for citation in outcome["citations"]]


def _label(case: Case) -> OpenLabel:
    assert case.open is not None, "only open cases are measured so"
    return case.open


def is_to_the_point(quote: str, relevant: Sequence[str]) -> bool:
    """Whether a stretch shares enough with one that is to the point."""
    own = bare(quote)
    return any(_shares(own, bare(stretch)) for stretch in relevant)


def _shares(first: str, second: str) -> bool:
    if not first or not second:
        return False
    if first in second or second in first:
        return True
    match = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    return match.size >= _COMMON


def well_row(case: Case, result: CaseResult) -> Row | None:
    """Whether an open case is dealt with well; None for other cases."""
    return (float(dealt_with_well(case, result.outcome)),) if case.open else None


def recall_row(case: Case, result: CaseResult) -> Row | None:
    """The facet recall of an answerable open case."""
    return (facet_recall(case, result.outcome),) if case.open and case.answerable else None


def precision_row(case: Case, result: CaseResult) -> Row | None:
    """The share of the quotes that are to the point, of an answerable open case that is answered."""
    counts = case.open and case.answerable and outcome_of(result.outcome) == "answered"
    return (precision(case, result.outcome),) if counts else None


def misled_row(case: Case, result: CaseResult) -> Row | None:
    """Whether a near miss is shown as answered."""
    return (float(misled(case, result.outcome)),) if case.open and case.open.outcome == "related" else None


def misled_outside_row(case: Case, result: CaseResult) -> Row | None:
    """Whether a question that the articles do not speak of is shown as answered."""
    return (float(misled(case, result.outcome)),) if case.open and case.open.outcome == "refused" else None


def lost_row(case: Case, result: CaseResult) -> Row | None:
    """Whether nothing to the point of an answerable open case is shown."""
    return (float(lost(case, result.outcome)),) if case.open and case.answerable else None


def act_row(case: Case, result: CaseResult) -> Row | None:
    """Whether the act of an open case was told: something said is answered as what it is, all else as a question."""
    if case.open is None:
        return None
    told = str(result.outcome["reason"]) if outcome_of(result.outcome) == "said" else "ask"
    return (float(told == case.open.act),)
