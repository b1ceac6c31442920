"""How near an answer's words are to a right answer's: exact match and F1 of CMRC 2018, and ROUGE-L."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rapidfuzz.distance import LCSseq

from eval.testset.matching import bare


def exact_match(answer: str, right: Sequence[str]) -> float:
    """1 where the answer is one of the right ones, else 0, apart from punctuation, white space and script.

    Exact match as CMRC 2018 defines it (Cui et al. 2019, "A Span-Extraction Dataset for Chinese Machine Reading Comprehension").
    """
    return float(any(bare(answer) == bare(text) for text in right))


def span_f1(answer: str, right: Sequence[str]) -> float:
    """The best F1 in [0, 1] over the right answers, of the longest stretch of tokens that the two have in common.

    F1 as CMRC 2018 defines it (Cui et al. 2019): a token is one Chinese character or one word of other letters and figures; the
    overlap is the longest common substring, so scattered characters do not count, unlike in SQuAD.
    """
    return max((_overlap_f1(_tokens(answer), _tokens(text)) for text in right), default=0.0)


def rouge_l(answer: str, right: Sequence[str]) -> float:
    """The best ROUGE-L F1 in [0, 1] over the right answers, by characters: what their longest common subsequence is of each.

    ROUGE-L as Lin 2004 defines it ("ROUGE: A Package for Automatic Evaluation of Summaries"), with equal weight of precision and
    recall.
    """
    return max((_f1(LCSseq.similarity(bare(answer), bare(text)), len(bare(answer)), len(bare(text))) for text in right), default=0.0)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[㐀-鿿豈-﫿]|[^\W㐀-鿿豈-﫿]+", bare(text))


def _overlap_f1(answer: list[str], right: list[str]) -> float:
    matcher = SequenceMatcher(None, answer, right, autojunk=False)
    return _f1(matcher.find_longest_match().size, len(answer), len(right))


def _f1(common: int, answered: int, right: int) -> float:
    return 2 * common / (answered + right) if common else 0.0
