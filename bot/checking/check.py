"""What may be shown: sentences whose citations stand in the articles word for word, and of a model's only what they say. Pure functions.

A model is not trusted. Each of its sentences is held against the sentences of the passages that it cites; `tests/test_verify.py` is
the table of what passes and what does not.
"""

import re
from collections.abc import Callable, Sequence

from bot.checking.citations import Citation, Sentence
from bot.checking.claims import (
    bare,
    content,
    dates_and_figures,
    overlap,
)
from bot.checking.evidence import CheckedSentence, Fault, Finding, Judge, NumberedPassage, Quote, ReplySentence
from bot.checking.faults import _LEAST_TO_GIVE, _said_in, faults, missing
from bot.chinese.orders import gives_orders
from index.documents import Article
from index.text.terms import fold

_SILENCE = re.compile(
    r"(?:材料|文章|资料|原文|文中|信息|内容)[^。]{0,14}(?:没有|未|并无|不)[^。，]{0,8}(?:说明|提及|提到|提供|涉及|包含|给出|记载|明确|披露)"
    r"|(?:无法|不能)[^。]{0,14}(?:回答|得知|确定|判断|给出)|(?:未|没有)(?:找到|查到|检索到)[^。]{0,12}(?:信息|内容|说明|规定)"
)
_MOST_QUOTES = 3  # sentences that one sentence of an answer may rest on


def stands(citation: Citation, article: Article) -> bool:
    """Whether the quote is found at its place in the article."""
    return bool(citation.quote) and article.text[citation.start : citation.end] == citation.quote


def keep_supported(sentences: Sequence[Sentence], citations: Sequence[Citation], article: Callable[[str], Article]) -> list[Sentence]:
    """The sentences that cite at least one citation, all of whose citations stand, and whose words are one of the quotes."""
    standing = {citation.n: citation.quote for citation in citations if stands(citation, article(citation.passage.article))}
    return [
        one for one in sentences if one.cites and all(n in standing for n in one.cites) and any(one.text in standing[n] for n in one.cites)
    ]


def check(said: ReplySentence, sources: Sequence[NumberedPassage], judge: Judge | None = None) -> CheckedSentence:
    """The sentence held against what it cites; unknown numbers are left out, and one without any is given a citation only where a
    passage states it nearly word for word."""
    if not content(fold(said.text)) and not any(dates_and_figures(fold(said.text))):
        return CheckedSentence(said.text, (), (Finding(Fault.EMPTY),))
    if (silent := _SILENCE.search(said.text)) and not any(silent[0] in source.passage.text for source in sources):
        return CheckedSentence(said.text, (), (Finding(Fault.SILENCE, silent[0]),))
    cited = [source for source in sources if source.n in said.numbers]
    elsewhere = "\n".join(source.passage.text for source in sources)
    if cited:
        return _checked(said.text, cited, elsewhere, judge)
    for source in sources:
        tried = _checked(said.text, [source], elsewhere, judge)
        if tried.holds and overlap(fold(said.text), _said_in(tried.quotes)) >= _LEAST_TO_GIVE:
            return tried
    return CheckedSentence(said.text, (), (Finding(Fault.UNCITED),))


def _checked(text: str, cited: Sequence[NumberedPassage], elsewhere: str, judge: Judge | None) -> CheckedSentence:
    quotes = _resting_on(text, cited)
    findings = faults(text, quotes, elsewhere)
    verbatim = any(bare(fold(text)) in bare(fold(quote.text)) for quote in quotes)
    if not findings and not verbatim and judge and judge.supports(text, quotes) < judge.least_supported:
        findings = [Finding(Fault.JUDGE)]
    return CheckedSentence(text, tuple(quotes), tuple(findings))


def _resting_on(text: str, cited: Sequence[NumberedPassage]) -> list[Quote]:
    """The fewest sentences of the cited passages that say what the text says, in their order, at most three."""
    left = [quote for source in cited for quote in _quotable(source)]
    chosen: list[Quote] = []
    best = (-1_000, 0.0)
    while left and len(chosen) < _MOST_QUOTES:
        scored = [(_fit(text, [*chosen, one]), -place) for place, one in enumerate(left)]
        fit, place = max(scored)
        if chosen and (fit[0] <= best[0] and fit[1] < best[1] + 0.1):
            break
        best = fit
        chosen.append(left.pop(-place))
        if best[0] == 0 and best[1] >= 0.9:
            break
    places = [source.n for source in cited]
    return sorted(chosen, key=lambda quote: (places.index(quote.numbered.n), quote.span.start))


def _quotable(source: NumberedPassage) -> list[Quote]:
    """The sentences of a source, without those that give an assistant orders."""
    quotes = [Quote(source, span) for span in source.passage.sentences]
    return [quote for quote in quotes if not gives_orders(quote.text)]


def _fit(text: str, quotes: Sequence[Quote]) -> tuple[int, float]:
    """How well quotes say a text: less what of it does not stand in them, and the share of its words that does."""
    folded = fold(text)
    return -len(missing(text, quotes)), overlap(folded, _said_in(quotes))
