"""What may decide against the asker: an exception, a limit or a condition in the same article that speaks of whom the question names.

It is told by the form of a provision, closed sets of words that Chinese rules use for it, and by words of the question that stand in it.
"""

import re
from collections.abc import Mapping, Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.evidence import Library, within_passages
from index.text.terms import terms

_EXCEPTION = re.compile(r"除外|不予|不得|不能|不享受|不适用|不再|不属于|不包括|不纳入|仅限|只限|限于|仅面向|禁止|尚未生效|征求意见")
_LEAST_CHARACTERS = 2  # of a word of the question that names somebody or something


def exceptions_for(question: str, answer: Sequence[Chosen], weights: Mapping[str, float], library: Library, least: float) -> list[Chosen]:
    """The sentence of the answer's articles that excepts or limits what the question names, where the answer does not say it itself.

    `weights` are the question's terms by how rare they are; a sentence must hold terms that the answer lacks, of weight `least` at least.
    """
    if not answer:
        return []
    shown = " ".join(choice.passage.quote(choice.sentence) for choice in answer)
    missing = {term: weight for term, weight in weights.items() if len(term) >= _LEAST_CHARACTERS and term not in terms(shown)}
    best: tuple[float, list[Chosen]] = (least, [])
    for article in dict.fromkeys(choice.passage.article for choice in answer):
        text = library.article(article).text
        for clause in library.clauses(article).clauses:
            for sentence in clause.sentences:
                words = text[sentence.start : sentence.end]
                if _EXCEPTION.search(words):
                    own = set(terms(words))
                    weight = sum(weight for term, weight in missing.items() if term in own)
                    if weight > best[0]:
                        best = (weight, within_passages(article, sentence, library))
    return best[1]
