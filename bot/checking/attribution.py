"""Which sentences of the cited passages a sentence rests on. Pure functions."""

from collections.abc import Sequence

from bot.checking.content import overlap
from bot.checking.evidence import NumberedPassage, Quote
from bot.checking.facts import missing_facts
from bot.checking.quotes import text_of
from bot.chinese.orders import gives_orders
from index.text.terms import fold

_MOST_QUOTES = 3  # sentences that one sentence of an answer may rest on
_LEAST_GAIN = 0.1  # of a further quote, in the share of the words: less is found by chance
_ENOUGH = 0.9  # of the words, where no fact is missing


def choose_quotes(text: str, cited: Sequence[NumberedPassage]) -> list[Quote]:
    """The fewest sentences of the cited passages that say what the text says, in their order, at most three."""
    left = [quote for numbered in cited for quote in _quotable(numbered)]
    chosen: list[Quote] = []
    best = (-1_000, 0.0)
    while left and len(chosen) < _MOST_QUOTES:
        fit, place = max((_fit(text, [*chosen, quote]), -place) for place, quote in enumerate(left))
        if chosen and fit[0] <= best[0] and fit[1] < best[1] + _LEAST_GAIN:
            break
        best = fit
        chosen.append(left.pop(-place))
        if best[0] == 0 and best[1] >= _ENOUGH:
            break
    order = [numbered.n for numbered in cited]
    return sorted(chosen, key=lambda quote: (order.index(quote.numbered.n), quote.span.start))


def _quotable(numbered: NumberedPassage) -> list[Quote]:
    """The sentences of a passage, without those that give an assistant orders."""
    quotes = [Quote(numbered, span) for span in numbered.passage.sentences]
    return [quote for quote in quotes if not gives_orders(quote.text)]


def _fit(text: str, quotes: Sequence[Quote]) -> tuple[int, float]:
    """How well quotes say a text: less its facts that do not stand in them, and the share of its words that does."""
    return -len(missing_facts(text, quotes)), overlap(fold(text), text_of(quotes))
