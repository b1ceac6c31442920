"""How often the sentence that answers is read first, or among the first three."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.reader import Reader
from eval.corpus import Question
from index.documents import Article
from index.encoder import Encoder
from index.search import Index, search
from index.split import sentences

_SHORTEST = 6  # characters of a sentence that counts as part of a longer answer


@dataclass(frozen=True, slots=True)
class SentenceRates:
    """Shares of `n` questions whose answering sentence came first, or among the first three."""

    n: int
    at_1: float
    at_3: float


def sentence_rates(index: Index, encoder: Encoder, reader: Reader, questions: Iterable[Question], k: int) -> SentenceRates:
    """Hit@1 and hit@3 over the questions whose answer stands in the sentences of a right article, found or not."""
    n = first = three = 0
    for question in questions:
        answers = [_bare(answer) for answer in question.answers if _bare(answer)]
        known = {listed.id for listed in index.manifest.articles}
        if not any(_holds_answer(index.article(name), answers) for name in question.right_articles & known):
            continue
        n += 1
        vector = encoder.encode_queries([question.question])[0]
        readings = reader.read(question.question, search(index, question.question, vector, k))
        right = [one.passage.article in question.right_articles and answers_in(one.quote, answers) for one in readings[:3]]
        first += bool(right and right[0])
        three += any(right)
    return SentenceRates(n, first / n if n else 0.0, three / n if n else 0.0)


def _holds_answer(article: Article, answers: list[str]) -> bool:
    return any(answers_in(article.text[span.start : span.end], answers) for span in sentences(article.text))


def answers_in(sentence: str, answers: list[str]) -> bool:
    """Whether a sentence holds one of the (bare) answers whole, or is itself a part of one."""
    bare = _bare(sentence)
    return any(answer in bare or (len(bare) >= _SHORTEST and bare in answer) for answer in answers)


def _bare(text: str) -> str:
    """`text` without white space and punctuation, which test sets and articles set differently."""
    return re.sub(r"[^\w%.]+|\.$", "", text)
