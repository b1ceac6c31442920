"""What may be shown of a model's words: only what the passages that it cites say. Pure functions.

A model is not trusted. Each of its sentences is held against sentences of the passages that it cites, in three steps: its facts must
stand there to the letter (`facts`), no rule may find it at fault (`SupportRules`), and where a judge is at hand, that has the last
word. `tests/bot/checking/test_check.py` is the table of what passes and what does not.
"""

import re
from collections.abc import Sequence

from bot.checking.attribution import choose_quotes
from bot.checking.claims import dates_and_figures
from bot.checking.content import bare, content, overlap
from bot.checking.evidence import CheckedSentence, Fault, Finding, Judge, NumberedPassage, Quote, ReplySentence, SupportRules
from bot.checking.facts import missing_facts
from bot.checking.quotes import text_of
from bot.checking.rules.word_rules import WordRules
from index.text.terms import fold

# A sentence that says that the articles do not say: nothing can be cited for that.
_SILENCE = re.compile(
    r"(?:材料|文章|资料|原文|文中|信息|内容)[^。]{0,14}(?:没有|未|并无|不)[^。，]{0,8}(?:说明|提及|提到|提供|涉及|包含|给出|记载|明确|披露)"
    r"|(?:无法|不能)[^。]{0,14}(?:回答|得知|确定|判断|给出)|(?:未|没有)(?:找到|查到|检索到)[^。]{0,12}(?:信息|内容|说明|规定)"
)
# Of a sentence's words, those that stand in what it is attributed to: on the seed article the honest sentences have that many, and a
# third of the false ones that no rule finds have not (`tests/bot/checking/test_attribution.py`).
_LEAST_ATTRIBUTED = 0.7
WORD_RULES = WordRules()


def check(
    sentence: ReplySentence, passages: Sequence[NumberedPassage], judge: Judge | None = None, rules: SupportRules = WORD_RULES
) -> CheckedSentence:
    """The sentence held against what it cites of the passages that the model was shown, and where that does not hold, or it cites none
    of them, against the passage that supports it best: a model's numbers are hints."""
    text = sentence.text
    if not content(fold(text)) and not any(dates_and_figures(fold(text))):
        return CheckedSentence(text, (), (Finding(Fault.EMPTY),))
    if (silent := _SILENCE.search(text)) and not any(silent[0] in numbered.passage.text for numbered in passages):
        return CheckedSentence(text, (), (Finding(Fault.SILENCE, silent[0]),))
    shown = "\n".join(numbered.passage.text for numbered in passages)

    def rest_on(cited: Sequence[NumberedPassage]) -> CheckedSentence:
        quotes = choose_quotes(text, cited)
        return CheckedSentence(text, tuple(quotes), tuple(_findings(text, quotes, shown, judge, rules)))

    cited = [numbered for numbered in passages if numbered.n in sentence.numbers]
    as_cited = rest_on(cited) if cited else CheckedSentence(text, (), (Finding(Fault.UNCITED),))
    if as_cited.holds:
        return as_cited
    found = [checked for numbered in passages if _is_near(text, checked := rest_on([numbered]))]
    return max(found, key=lambda checked: _support(checked, judge), default=as_cited)


def _is_near(text: str, checked: CheckedSentence) -> bool:
    return checked.holds and overlap(fold(text), text_of(checked.quotes)) >= _LEAST_ATTRIBUTED


def _support(checked: CheckedSentence, judge: Judge | None) -> tuple[float, float]:
    """How well a sentence is supported by what it was attributed to: by the judge, where there is one, and by the words that they share."""
    by_judge = judge.supports(checked.text, checked.quotes) if judge else 0.0
    return by_judge, overlap(fold(checked.text), text_of(checked.quotes))


def _findings(text: str, quotes: Sequence[Quote], shown: str, judge: Judge | None, rules: SupportRules) -> list[Finding]:
    """What is wrong with a sentence that rests on quotes: what the first of the steps that finds something finds."""
    if found := missing_facts(text, quotes) or rules.find_faults(text, quotes, shown):
        return found
    is_verbatim = any(bare(fold(text)) in bare(fold(quote.text)) for quote in quotes)
    if not is_verbatim and judge and judge.supports(text, quotes) < judge.least_supported:
        return [Finding(Fault.JUDGE)]
    return []
