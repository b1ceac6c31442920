"""Measures of rankings, by `ir_measures`, which is the evaluation tool of TREC behind a plain interface."""

from collections.abc import Mapping, Sequence

from eval.running.results import CaseResult
from eval.testset.case import Case

Values = dict[str, dict[str, float]]  # by case, then by measure

# The library's names of the measures, and ours. Success@k is what question answering calls hit@k.
_NAMES = {"Success@1": "hit@1", "Success@5": "hit@5", "R@10": "recall@10", "RR@10": "MRR@10", "nDCG@10": "nDCG@10"}
UNITS = ("document", "passage")


def ranking_values(cases: Sequence[Case], results: Mapping[str, CaseResult], leg: str) -> Values:
    """For each answerable case that ran: hit@1, hit@5, recall@10, MRR@10 and nDCG@10 of documents and of passages.

    hit@k: 1 where one of the first k is right. recall@10: the share of the right ones that is among the first ten. MRR@10: one over
    the rank of the first right one, 0 below rank ten (Voorhees 1999). nDCG@10: Järvelin and Kekäläinen 2002, binary gains. What is
    right comes from the labels: a document that was never indexed and a statement that stands in no passage count as not found.
    """
    right_documents, ranked_documents, right_passages, ranked_passages = {}, {}, {}, {}
    for case in cases:
        result = results.get(case.id)
        if not case.answerable or not case.articles or result is None or result.error or leg not in result.rankings:
            continue
        ranking = result.rankings[leg]
        right_documents[case.id] = sorted(case.articles)
        ranked_documents[case.id] = ranking["articles"]
        if case.located and case.needs:
            right_passages[case.id] = [*result.relevant, *(f"in no passage: {n}" for n in range(result.uncovered))]
            ranked_passages[case.id] = ranking["passages"]
    values: Values = {}
    for unit, right, ranked in zip(UNITS, (right_documents, right_passages), (ranked_documents, ranked_passages), strict=True):
        for case_id, found in measure_rankings(right, ranked).items():
            values.setdefault(case_id, {}).update({f"{unit}_{name}": value for name, value in found.items()})
    return values


def measure_rankings(right: Mapping[str, Sequence[str]], ranked: Mapping[str, Sequence[str]]) -> Values:
    """The measures of each query's ranking, best first, given what is right for it."""
    import ir_measures

    judged = {query: dict.fromkeys(names, 1) for query, names in right.items()}
    scored = {query: {name: -float(place) for place, name in enumerate(names)} for query, names in ranked.items() if names}
    values: Values = {query: dict.fromkeys(_NAMES.values(), 0.0) for query in right}
    if judged and scored:
        for value in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in _NAMES], judged, scored):
            values[value.query_id][_NAMES[str(value.measure)]] = float(value.value)
    return values
