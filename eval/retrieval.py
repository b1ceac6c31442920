"""How often the right article is found: document hit@1 and hit@5, by leg of the search and fused."""

from collections.abc import Iterable
from dataclasses import dataclass

from eval.corpus import Question
from index.encoder import Encoder
from index.search import Index, Weights, search

LEGS = {
    "dense (passages)": Weights(1, 0, 0),
    "dense (passages and sentences)": Weights(lexical=0),
    "lexical": Weights(0, 0, 1),
    "fused": Weights(),
}
_PASSAGES = 40  # searched for each question: enough for five different articles


@dataclass(frozen=True, slots=True)
class HitRates:
    """Shares of `n` questions whose right article came first, or among the first five."""

    n: int
    at_1: float
    at_5: float


def hit_rates(index: Index, encoder: Encoder, questions: Iterable[Question], weights: Weights) -> HitRates:
    """Document hit@1 and hit@5 over the answerable questions: all those that name a right article count, found or not."""
    asked = [question for question in questions if question.answerable and question.right_articles]
    vectors = encoder.encode_queries([question.question for question in asked])
    first = five = 0
    for question, vector in zip(asked, vectors, strict=True):
        hits = search(index, question.question, vector, _PASSAGES, weights)
        articles = list(dict.fromkeys(hit.passage.article for hit in hits))
        first += bool(question.right_articles & {*articles[:1]})
        five += bool(question.right_articles & {*articles[:5]})
    return HitRates(len(asked), first / len(asked), five / len(asked))
