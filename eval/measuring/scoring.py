"""What a measure needs to know of one case: pure functions of a case and its result, None where the case does not count."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from eval.measuring.spans import exact_match, rouge_l, span_f1
from eval.running.results import CaseResult
from eval.testset.case import Case, CaseKind
from eval.testset.matching import holds, states

Row = tuple[float, ...]


def refused(result: CaseResult) -> bool:
    """Whether the case was refused."""
    return bool(result.outcome["refused"])


def right(case: Case, result: CaseResult) -> Row | None:
    """The share of all cases dealt with rightly: an unanswerable one refused, a greeting greeted, an answerable one answered with
    every required string and no forbidden one; where a label names no string, with a sentence that states each need."""
    if case.kind == CaseKind.GREETING:
        return (
            float(result.outcome.get("outcome") == "said" or result.outcome["reason"] == "greeting"),
        )  # the second before outcomes had names
    if not case.answerable or refused(result):
        return (float(case.answerable != refused(result)),)
    return (float(not missing(case, result) and not forbidden(case, result)),)


def missing(case: Case, result: CaseResult) -> list[str]:
    """What a right answer holds and this one lacks: required strings, or where there are none the first alternative of each need."""
    if case.must:
        return [text for text in case.must if not holds(result.outcome["answer"], text)]
    shown = [result.outcome["answer"], *(citation["quote"] for citation in result.outcome["citations"])]
    return [need[0] for need in case.needs if not any(states(text, need) for text in shown)]


def forbidden(case: Case, result: CaseResult) -> list[str]:
    """The forbidden strings that an answer holds."""
    return [text for text in case.must_not if holds(result.outcome["answer"], text)]


def required_strings(case: Case, result: CaseResult) -> Row | None:
    """The share of the required strings that the answer holds, over answerable cases that name some; a refusal holds none."""
    if not case.must:
        return None
    return (0.0 if refused(result) else 1 - len(missing(case, result)) / len(case.must),)


def answer_exact(case: Case, result: CaseResult) -> Row | None:
    """Exact match of the answer's span, over cases whose answers are spans of their document (CMRC 2018); a refusal matches nothing."""
    return (exact_match(_span(result), case.answers),) if case.answerable and case.spans else None


def answer_f1(case: Case, result: CaseResult) -> Row | None:
    """F1 of the answer's span by the longest common substring, over the same cases (CMRC 2018)."""
    return (span_f1(_span(result), case.answers),) if case.answerable and case.spans else None


def answer_rouge(case: Case, result: CaseResult) -> Row | None:
    """ROUGE-L by characters of the whole answer to the nearest right answer, or to the gold quotations (Lin 2004)."""
    references = case.answers or ("".join(need[0] for need in case.needs),)
    return (rouge_l("".join(answer_sentences(result)), references),) if case.answerable and case.needs else None


def _span(result: CaseResult) -> str:
    """The span that was marked, or the first sentence of the answer where none was; nothing of a refusal."""
    return str((not refused(result) and result.outcome["span"]) or next(iter(answer_sentences(result)), ""))


def answer_sentences(result: CaseResult) -> list[str]:
    """The sentences of an answer without the numbers of their citations; none of a refusal."""
    return [] if refused(result) else re.sub(r"\[\d+\]", "", result.outcome["answer"]).splitlines()


def cited_sentences(case: Case, result: CaseResult) -> Row | None:
    """The share of the answers' sentences that carry a citation."""
    return None if refused(result) else (float(sum(map(bool, result.cites))), float(len(result.cites)))


def quotes_stand(case: Case, result: CaseResult) -> Row | None:
    """The share of all citations, also those of refusals, whose quote stands word for word at its offsets in the article."""
    return (float(sum(result.standing)), float(len(result.standing))) if result.standing else None


def gold_cited(case: Case, result: CaseResult) -> Row | None:
    """The share of the needs that a citation of the answer states, over answerable cases (citation recall, Gao et al. 2023)."""
    if not case.answerable or not case.needs or not case.located:
        return None
    quotes = (
        [] if refused(result) else [citation["quote"] for citation in result.outcome["citations"] if citation["article"] in case.articles]
    )
    return (float(np.mean([any(states(quote, need) for quote in quotes) for need in case.needs])),)


def citation_precision(case: Case, result: CaseResult) -> Row | None:
    """The share of the citations of answers that state one of the needs, over answerable cases (citation precision, Gao et al. 2023)."""
    if refused(result) or not case.answerable or not case.located or not result.outcome["citations"]:
        return None
    good = [citation["article"] in case.articles and case.stated_in(citation["quote"]) for citation in result.outcome["citations"]]
    return (float(sum(good)), float(len(good)))


def read_first(case: Case, result: CaseResult) -> Row | None:
    """How often the first sentence that was read states what was asked, over answerable cases whose answer stands in its document."""
    return _read_among(case, result, 1)


def read_among_three(case: Case, result: CaseResult) -> Row | None:
    """The same among the first three sentences that were read."""
    return _read_among(case, result, 3)


def _read_among(case: Case, result: CaseResult, k: int) -> Row | None:
    if not case.answerable or not case.located or not case.needs:
        return None
    return (float(any(_is_right(case, reading) for reading in result.readings[:k])),)


def _is_right(case: Case, quoted: Mapping[str, object]) -> bool:
    """Whether a quotation, with the article that it stands in, states a need."""
    return case.answerable and quoted["article"] in case.articles and case.stated_in(str(quoted["quote"]))


def refusal(case: Case, result: CaseResult) -> Row | None:
    """F1 of refusing: unanswerable cases are the positive ones; greetings do not count."""
    return None if case.kind == CaseKind.GREETING else (float(refused(result)), float(not case.answerable))


def refusal_precision(case: Case, result: CaseResult) -> Row | None:
    """The share of the refused cases that are unanswerable."""
    return (float(not case.answerable),) if case.kind != CaseKind.GREETING and refused(result) else None


def refusal_recall(case: Case, result: CaseResult) -> Row | None:
    """The share of the unanswerable cases that are refused."""
    return (float(refused(result)),) if case.kind != CaseKind.GREETING and not case.answerable else None


def wrongly_refused(case: Case, result: CaseResult) -> Row | None:
    """The share of the answerable cases that are refused."""
    return (float(refused(result)),) if case.answerable else None


def near_miss_refused(case: Case, result: CaseResult) -> Row | None:
    """The share of the near misses that are refused: the topic is in the articles, the fact is not."""
    return (float(refused(result)),) if case.kind == CaseKind.NEAR_MISS else None


def out_of_scope_refused(case: Case, result: CaseResult) -> Row | None:
    """The share of the questions on other topics that are refused."""
    return (float(refused(result)),) if case.kind == CaseKind.OUT_OF_SCOPE else None


def separation(case: Case, result: CaseResult) -> Row | None:
    """The chance that an answerable case has a higher confidence than an unanswerable one (area under the ROC curve)."""
    return None if case.kind == CaseKind.GREETING else (float(result.outcome["confidence"]), float(case.answerable))


def separation_near_miss(case: Case, result: CaseResult) -> Row | None:
    """The same against near misses alone."""
    return separation(case, result) if case.answerable or case.kind == CaseKind.NEAR_MISS else None


def separation_out_of_scope(case: Case, result: CaseResult) -> Row | None:
    """The same against questions on other topics alone."""
    return separation(case, result) if case.answerable or case.kind == CaseKind.OUT_OF_SCOPE else None


def refusable_near_miss(case: Case, result: CaseResult) -> Row | None:
    """The share of the near misses that are refused by the strictest threshold that refuses at most 5 % of the answerable cases of
    the same run. It says what the confidence can tell apart, wherever the threshold in force is."""
    return separation_near_miss(case, result)


def refusable_out_of_scope(case: Case, result: CaseResult) -> Row | None:
    """The same share of the questions on other topics and of the injections."""
    return separation(case, result) if case.answerable or case.kind in (CaseKind.OUT_OF_SCOPE, CaseKind.INJECTION) else None


def risk(case: Case, result: CaseResult) -> Row | None:
    """The mean share of wrong answers when the surest cases are answered first, over all shares answered. What would be said is
    wrong where none of its sentences states a need; greetings, and cases whose answer stands nowhere word for word, do not count."""
    if case.kind == CaseKind.GREETING or (case.answerable and not case.located):
        return None
    return (_surest(result), float(not any(_is_right(case, sentence) for sentence in result.would_say)))


def stated(case: Case, result: CaseResult) -> Row | None:
    """The expected calibration error of the confidence, as the probability that the best sentence states what was asked."""
    if case.kind == CaseKind.GREETING or (case.answerable and not case.located) or not result.readings:
        return None
    return (_surest(result), float(_is_right(case, result.readings[0])))


def _surest(result: CaseResult) -> float:
    """The probability of the best reading, which decides on refusing; the outcome's confidence is the same with fewer digits."""
    return float(result.readings[0]["probability"]) if result.readings else 0.0


def _wording(result: CaseResult) -> Mapping[str, Any]:
    """How a language model took part in an outcome; nothing where it was not asked, or its words were remembered."""
    wording: Mapping[str, Any] = result.outcome.get("wording") or {}
    return {} if wording.get("cached") else wording


def dropped_sentences(case: Case, result: CaseResult) -> Row | None:
    """The share of the language model's sentences that did not pass the checks and were not shown."""
    wording = _wording(result)
    return (float(wording["dropped"]), float(wording["said"])) if wording.get("said") else None


def supported_sentences(case: Case, result: CaseResult) -> Row | None:
    """The share of the language model's sentences that what they cite says, by the checks: faithfulness."""
    wording = _wording(result)
    return (float(wording["said"] - wording["dropped"]), float(wording["said"])) if wording.get("said") else None


def unsupported_figures(case: Case, result: CaseResult) -> Row | None:
    """The share of the language model's sentences with a figure or a date that does not stand in what they cite."""
    wording = _wording(result)
    return (float(wording["unfounded"]), float(wording["said"])) if wording.get("said") else None


def extract_stood_in(case: Case, result: CaseResult) -> Row | None:
    """The share of the questions put to the language model at which an extract stood in, since it failed or its words did."""
    wording = _wording(result)
    return (float(bool(wording["failure"])),) if wording else None


def first_sentence(case: Case, result: CaseResult) -> Row | None:
    """Milliseconds from asking the language model to its first sentence that could be shown."""
    wording = _wording(result)
    return (float(wording["first_ms"]),) if wording.get("first_ms") else None


def duration(case: Case, result: CaseResult) -> Row | None:
    """Milliseconds from question to outcome, greetings and other questions that are not looked up left out."""
    return (float(result.outcome["timings_ms"]["total"]),) if result.readings else None
