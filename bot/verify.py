"""What may be shown: sentences whose citations stand in the articles word for word, and of a model's only what they say. Pure functions.

A model is not trusted. Each of its sentences is held against the sentences of the passages that it cites; `tests/test_verify.py` is
the table of what passes and what does not.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.citations import Citation, Sentence
from bot.claims import (
    Day,
    bare,
    circumstances,
    clauses,
    content,
    dates_and_figures,
    documents,
    doers,
    loose_times,
    organisations,
    overlap,
    quoted_names,
    subject,
    swapped_names,
    with_their_time,
    years_in,
)
from bot.conditions import places_in
from bot.dates import notes
from bot.figures import Bound, Figure
from bot.misplaced import misplaced_figures
from bot.parts import gives_orders
from bot.qualifiers import another_place, lost_conditions, lost_or_added_negation, made_stronger, opposites
from bot.wording import Said
from index.documents import Article, Passage, Span
from index.lexicon import fold

# The share of a sentence's words that stand in what it cites: on the table of cases, paraphrases that say the same keep .6 and more,
# while sentences on another matter have .5 at most. A citation is given only to a sentence that is nearly the source's own.
# A heading may say what a sentence is about, but not most of what it says: honest ones share .75 with their quotes alone.
_LEAST_SHARED, _LEAST_QUOTED, _LEAST_TO_GIVE = 0.6, 0.5, 0.8
_SILENCE = re.compile(
    r"(?:材料|文章|资料|原文|文中|信息|内容)[^。]{0,14}(?:没有|未|并无|不)[^。，]{0,8}(?:说明|提及|提到|提供|涉及|包含|给出|记载|明确|披露)"
    r"|(?:无法|不能)[^。]{0,14}(?:回答|得知|确定|判断|给出)|(?:未|没有)(?:找到|查到|检索到)[^。]{0,12}(?:信息|内容|说明|规定)"
)
_ROW = 6  # characters in a row that are not alike by chance
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


class Fault(StrEnum):
    """Why a sentence of a model is not shown."""

    EMPTY = "empty"
    UNCITED = "uncited"
    WORDS = "words"
    MIXED = "mixed"  # a clause takes one thing from here and one from there
    FIGURE = "figure"
    DATE = "date"
    DOCUMENT = "document"
    NAME = "name"
    ORGANISATION = "organisation"
    PLACE = "place"
    NEGATION = "negation"
    CONDITION = "condition"
    OPPOSITE = "opposite"
    STRONGER = "stronger"  # all, only, first or best, where the source does not say so
    JUDGE = "judge"
    SILENCE = "silence"  # it says that the articles do not say: nothing can be cited for that


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, and the words at fault."""

    fault: Fault
    words: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage under the number that the model knows it by; `published` is its article's date, `about` what else names its topic."""

    n: int
    passage: Passage
    published: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source that a sentence of the answer rests on."""

    source: Source
    span: Span

    @property
    def text(self) -> str:
        """Its words."""
        return self.source.passage.quote(self.span)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with the sentences that it rests on, and what is wrong with it: shown only where nothing is."""

    text: str
    quotes: tuple[Quote, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it may be shown."""
        return not self.findings


@runtime_checkable
class Judge(Protocol):
    """Whether cited sentences support a sentence, beyond what can be told by rule."""

    least_supported: float  # the probability below which a sentence is not shown

    def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
        """The probability that the quotes say what the sentence says."""


def check(said: Said, sources: Sequence[Source], judge: Judge | None = None) -> Checked:
    """The sentence held against what it cites; unknown numbers are left out, and one without any is given a citation only where a
    passage states it nearly word for word."""
    if not content(fold(said.text)) and not any(dates_and_figures(fold(said.text))):
        return Checked(said.text, (), (Finding(Fault.EMPTY),))
    if (silent := _SILENCE.search(said.text)) and not any(silent[0] in source.passage.text for source in sources):
        return Checked(said.text, (), (Finding(Fault.SILENCE, silent[0]),))
    cited = [source for source in sources if source.n in said.numbers]
    elsewhere = "\n".join(source.passage.text for source in sources)
    if cited:
        return _checked(said.text, cited, elsewhere, judge)
    for source in sources:
        tried = _checked(said.text, [source], elsewhere, judge)
        if tried.holds and overlap(fold(said.text), _said_in(tried.quotes)) >= _LEAST_TO_GIVE:
            return tried
    return Checked(said.text, (), (Finding(Fault.UNCITED),))


def _checked(text: str, cited: Sequence[Source], elsewhere: str, judge: Judge | None) -> Checked:
    quotes = _resting_on(text, cited)
    findings = faults(text, quotes, elsewhere)
    verbatim = any(bare(fold(text)) in bare(fold(quote.text)) for quote in quotes)
    if not findings and not verbatim and judge and judge.supports(text, quotes) < judge.least_supported:
        findings = [Finding(Fault.JUDGE)]
    return Checked(text, tuple(quotes), tuple(findings))


def _resting_on(text: str, cited: Sequence[Source]) -> list[Quote]:
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
    return sorted(chosen, key=lambda quote: (places.index(quote.source.n), quote.span.start))


def _quotable(source: Source) -> list[Quote]:
    """The sentences of a source, without those that give an assistant orders."""
    quotes = [Quote(source, span) for span in source.passage.sentences]
    return [quote for quote in quotes if not gives_orders(quote.text)]


def _fit(text: str, quotes: Sequence[Quote]) -> tuple[int, float]:
    """How well quotes say a text: less what of it does not stand in them, and the share of its words that does."""
    folded = fold(text)
    return -len(missing(text, quotes)), overlap(folded, _said_in(quotes))


def faults(text: str, quotes: Sequence[Quote], elsewhere: str = "") -> list[Finding]:
    """What is wrong with a sentence that rests on quotes; `elsewhere` is all that the model was shown."""
    folded, source = fold(text), _said_in(quotes)
    found = missing(text, quotes)
    around = " ".join([source, *(fold(_around(quote)) for quote in quotes)])
    if overlap(folded, around) < _LEAST_SHARED or overlap(folded, source) < _LEAST_QUOTED:
        found.append(Finding(Fault.WORDS))
    if not found:
        found += [Finding(Fault.MIXED, clause) for clause in _mixed(folded, quotes, fold(elsewhere))]
    found += [Finding(Fault.FIGURE, figure.words) for figure in misplaced_figures(folded, source)]
    if clause := lost_or_added_negation(folded, source):
        found.append(Finding(Fault.NEGATION, clause))
    found += [Finding(Fault.CONDITION, words) for words in lost_conditions(folded, source)]
    found += [Finding(Fault.STRONGER, words) for words in made_stronger(folded, around)]
    if place := another_place(folded, source, around):
        found.append(Finding(Fault.PLACE, place))
    if word := opposites(folded, source):
        found.append(Finding(Fault.OPPOSITE, word))
    return list(dict.fromkeys(found))


def _mixed(folded: str, quotes: Sequence[Quote], elsewhere: str) -> list[str]:
    """The clauses that no single quote says: their figures stand in no one of them, or most of their words do not, or they begin with
    what other sentences speak of and this one does not."""
    told = [(_figures_in(quote), " ".join((_before(quote), fold(quote.text), fold(_around(quote))))) for quote in quotes]
    cited = bare(fold(" ".join(f"{_around(quote)} {quote.source.passage.text}" for quote in quotes)))
    found = []
    for clause in with_their_time(clauses(folded)):
        own = dates_and_figures(clause)[1]
        words, names = content(clause), [bare(name) for name in (*documents(clause), *quoted_names(clause))]
        if len(words) < 2:
            continue
        if not any(
            all(any(figure.stands_for(other) for other in stated) for figure in own)
            and all(name in bare(around) for name in names)
            and (overlap(clause, around) >= _LEAST_SHARED or sum(word not in around for word in words) < 2)
            and not any(word not in around and word in elsewhere for word in subject(clause))
            for stated, around in told
        ) or _taken(bare(clause), cited, bare(elsewhere)):
            found.append(clause)
    return found


def _taken(clause: str, cited: str, elsewhere: str) -> bool:
    """Whether a clause holds words in a row that stand in what is not cited, and not in what is."""
    runs = (clause[at : at + _ROW] for at in range(len(clause) - _ROW + 1))
    return any(run in elsewhere and run not in cited and not re.search(r"\d", run) for run in runs)


def _figures_in(quote: Quote) -> list[Figure]:
    """The figures of a quote, with the numbers of the dates that it names or means."""
    parts = [dates_and_figures(part) for part in (fold(quote.text), _resolved(quote))]
    years = [Figure(Decimal(day.year), unit, Bound.EXACT, day.words, 0) for days, _ in parts for day in days for unit in ("年", "")]
    return [*years, *(figure for _, found in parts for figure in found)]


def _before(quote: Quote) -> str:
    """The sentence before a quote, which often names what it speaks of."""
    passage = quote.source.passage
    place = passage.sentences.index(quote.span)
    return fold(passage.quote(passage.sentences[place - 1])) if place else ""


def missing(text: str, quotes: Sequence[Quote]) -> list[Finding]:
    """What of a sentence has to stand in its quotes and does not: figures, dates, documents, names, organisations, places."""
    folded, source = fold(text), _said_in(quotes)
    plain = bare(source)
    named = plain + bare(fold(" ".join(_around(quote) for quote in quotes)))
    found = [*_missing_figures(folded, quotes)]
    found += [Finding(Fault.DOCUMENT, name) for name in documents(folded) if bare(name) not in plain]
    found += [Finding(Fault.NAME, name) for name in quoted_names(folded) if bare(name) not in plain]
    when = source + "".join(map(_resolved, quotes))
    found += [Finding(Fault.DATE, words) for words in loose_times(folded) if words not in when]
    found += [Finding(Fault.NAME, name) for name in swapped_names(folded, source)]
    found += [Finding(Fault.WORDS, words) for words in circumstances(folded) if overlap(words, named) < _LEAST_SHARED]
    found += [Finding(Fault.ORGANISATION, name) for name in organisations(folded) if bare(name) not in named]
    found += [Finding(Fault.ORGANISATION, name) for name in doers(folded) if overlap(name, named) < 0.5]
    found += [Finding(Fault.PLACE, name) for name in sorted(places_in(folded)) if name not in named]
    return found


def _missing_figures(folded: str, quotes: Sequence[Quote]) -> list[Finding]:
    days, own = dates_and_figures(folded)
    found: list[Finding] = []
    stated = [_dates_and_figures(quote) for quote in quotes]
    years = frozenset(year for quote in quotes for year in years_in(_resolved(quote) + quote.source.published))
    for day in days:
        if not any(day.stands_for(other, years) for dates, _ in stated for other in dates):
            found.append(Finding(Fault.DATE, day.words))
    for figure in own:
        if not any(figure.stands_for(other) for _, others in stated for other in others):
            # A year that belongs to a date of the source, or to its relative one (今年), is said there as well.
            told = figure.unit in ("年", "") and int(figure.value) in {day.year for dates, _ in stated for day in dates}
            if not told:
                found.append(Finding(Fault.FIGURE, figure.words))
    return found


def _dates_and_figures(quote: Quote) -> tuple[list[Day], list[Figure]]:
    """Those that a quote names and those that its relative dates mean; what it says to hold since a month holds since that month."""
    days, own = dates_and_figures(fold(quote.text))
    meant, more = dates_and_figures(_resolved(quote))
    since = {(day.month, day.day) for day in days if day.since}
    return [*days, *(replace(day, since=(day.month, day.day) in since) for day in meant)], [*own, *more]


def _resolved(quote: Quote) -> str:
    """What the relative dates of a quote mean, by its article's date."""
    return fold("，".join(note.means for note in notes(quote.text, quote.source.published)))


def _said_in(quotes: Sequence[Quote]) -> str:
    return "\n".join(fold(quote.text) for quote in quotes)


def _around(quote: Quote) -> str:
    """What names the topic of a quote without standing in it: title, headings, publisher, region."""
    passage = quote.source.passage
    return " ".join((passage.title, *passage.path, quote.source.about))
