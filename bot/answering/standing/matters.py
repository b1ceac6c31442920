"""What a figure in a clause is about, by the words around it, and whether two figures are about one matter. Pure functions.

Compounds tell matters apart: what stands before a word in one text and never in the other (创业补贴, 住房补贴) makes another thing of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, groupby, pairwise, product

from bot.chinese.quantities import Quantity, quantities
from index.text.terms import fold

# The kinds of official documents: 《党政机关公文处理工作条例》 article 8, 《行政法规制定程序条例》 article 5, 《规章制定程序条例》 article 7.
_DOCUMENTS = frozenset(
    "决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 纪要 条例 规定 办法 规则 细则 实施细则 实施办法 实施意见".split()
)
_CONTENT = ("n", "v", "a", "b", "j", "l", "i")  # how the dictionary's tags of words with content begin
_MODIFIES = ("n", "b", "j", "l", "vn")  # of those that make another thing of the word behind them: 提高补贴 is no kind of 补贴
_PLACE = "ns"  # articles of one place are about many matters
_GRADE = re.compile(r"[一二三四五六七八九十]级")
_COMPARED = frozenset({"money", "duration", "share", "age", "count"})
_MARK = re.compile(r"[，,；;。：:]")
_NAMED = 2  # words that name what a figure is about
_SAME = 0.5  # of the words of each statement that the other's text must hold
_RUN = 4  # characters of neighbouring words that name a matter: two words of two
_NO_AMOUNT = frozenset({"", "条", "款", "届", "大", "级"})  # of texts, congresses and grades
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, whether it says what a text is about, and whether it can make another thing of the word behind it, or be made one."""

    text: str
    counts: bool
    modifies: bool
    is_modified: bool


@dataclass(frozen=True)
class Statement:
    """A clause that states a figure, under the title and headings that say what it is about; all folded.

    `answer` is the stretch that answers, "" where none is marked.
    """

    heads: tuple[str, ...]
    clause: str
    answer: str = ""

    @cached_property
    def figures(self) -> list[Quantity]:
        """The quantities of the clause that can be at odds."""
        return [quantity for quantity in quantities(self.clause) if quantity.kind in _COMPARED and quantity.unit not in _NO_AMOUNT]

    @cached_property
    def answering(self) -> list[Quantity]:
        """Those in the stretch that answers, or all."""
        at = self.clause.find(self.answer) if self.answer else 0
        until = at + len(self.answer) if self.answer and at >= 0 else len(self.clause)
        return [figure for figure in self.figures if at <= figure.start and figure.end <= until]

    @cached_property
    def years(self) -> set[str]:
        return set(_YEAR.findall(self.clause))

    def about(self, figure: Quantity) -> set[str]:
        """The words of what is said around a figure: from the mark before it, or as much further as names something, to the next."""
        end = _MARK.search(self.clause, figure.end)
        starts = [0, *(mark.end() for mark in _MARK.finditer(self.clause, 0, figure.start))]
        found = set[str]()
        for start in reversed(starts):
            found = _content([_words(self.clause[start : end.start() if end else len(self.clause)])])
            if len(found) >= _NAMED:
                break
        return found

    @cached_property
    def texts(self) -> list[list[Word]]:
        """The words of heads and clause."""
        return [_words(text) for text in (*self.heads, self.clause)]

    @cached_property
    def words(self) -> set[str]:
        return _content(self.texts)

    @cached_property
    def compounds(self) -> dict[str, set[str]]:
        """What stands right before each word."""
        found: dict[str, set[str]] = {}
        for words in self.texts:
            for before, word in pairwise(words):
                if before.modifies and word.is_modified:
                    found.setdefault(word.text, set()).add(before.text)
        return found

    @cached_property
    def runs(self) -> set[str]:
        """Words, or several side by side, that are long enough to name a matter."""
        return {run for words in self.texts for run in _runs(words)}

    @cached_property
    def head_runs(self) -> set[str]:
        """Those of the title and the headings, which say what the whole is about."""
        return {run for words in self.texts[:-1] for run in _runs(words)}


def at_odds(first: Statement, second: Statement, question: str) -> tuple[Quantity, Quantity] | None:
    """The figures in which two statements of one matter differ; None where they agree or are about different matters."""
    if not _same_things(first, second, Statement((), fold(question))):
        return None
    for one, other in product(first.answering, second.answering):
        if one.comparable(other) and one.unit == other.unit and one.rules_out(other):
            about = first.about(one), second.about(other)
            if (_held(about[0], second.words) or _held(about[1], first.words)) and _alone(first, second, one, other):
                return one, other
    return None


def _same_things(first: Statement, second: Statement, question: Statement) -> bool:
    """Whether both name what is asked by the question's own compound, and what the heads of one say, and nothing sets them apart: no year, no word that narrows the question, and no word that stands behind another one in each."""
    if first.years and second.years and not first.years & second.years:
        return False
    narrowing = set[str]().union(*question.compounds.values())
    if narrowing & first.words != narrowing & second.words:
        return False
    if not question.runs & first.runs & second.runs or not (first.head_runs & second.runs or first.runs & second.head_runs):
        return False
    shared = first.compounds.keys() & second.compounds.keys()
    return all(first.compounds[word] & second.compounds[word] for word in shared)


def _held(words: set[str], others: set[str]) -> bool:
    return len(words & others) >= _SAME * len(words)


def _alone(first: Statement, second: Statement, one: Quantity, other: Quantity) -> bool:
    """Whether nothing else differs: all other figures that can be compared are the same, and neither stands in the other's clause."""
    if any(figure.equals(one) for figure in second.figures) or any(figure.equals(other) for figure in first.figures):
        return False
    rest = [figure for figure in first.figures if figure is not one], [figure for figure in second.figures if figure is not other]
    return all(any(figure.equals(match) for match in rest[1]) for figure in rest[0] if any(figure.comparable(match) for match in rest[1]))


def _words(text: str) -> list[Word]:
    """The words of a text without its figures."""
    import rjieba

    return [Word(part, *_bearing(part, tag)) for word, tag in rjieba.tag(_without_figures(text)) for part in _parts(word)]


def _bearing(word: str, tag: str) -> tuple[bool, bool, bool]:
    """See `Word`."""
    if _GRADE.fullmatch(word):
        return True, True, False
    counts = len(word) > 1 and tag.startswith(_CONTENT) and tag != _PLACE and word not in _DOCUMENTS
    return counts, counts and tag.startswith(_MODIFIES), counts and tag[0] != "a"


def _parts(word: str) -> list[str]:
    """The words that a long word is made of: the dictionary holds 住房补贴 as one, and 创业补贴 as two."""
    import rjieba

    halves = word[:2], word[2:]
    return list(halves) if len(word) == _RUN and all(map(rjieba.has_word, halves)) else [word]


def _without_figures(text: str) -> str:
    for quantity in sorted(quantities(text), key=lambda found: -found.start):
        if not _GRADE.fullmatch(text[quantity.start : quantity.end]):
            text = f"{text[: quantity.start]}＿{text[quantity.end :]}"
    return text


def _content(texts: Iterable[Sequence[Word]]) -> set[str]:
    return {word.text for words in texts for word in words if word.counts}


def _runs(words: Sequence[Word]) -> Iterator[str]:
    for counts, group in groupby(words, key=lambda word: word.counts):
        run = [word.text for word in group] if counts else []
        for start, end in combinations(range(len(run) + 1), 2):
            if len(joined := "".join(run[start:end])) >= _RUN:
                yield joined
