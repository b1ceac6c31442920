"""What a question makes a condition of: another year or another place than the article speaks of. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.reader import Reading
from index.documents import Article, Passage
from index.lexicon import fold

# What is left of the probability where a passage speaks of another year or place. Not nothing: the words may be read wrongly.
_LEFT = 0.1

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\s*年|(?!\d))")
_ASKS_WHETHER = re.compile(r"(?:吧|吗|么|对不对|是不是|对嘛)[^\w]*$|^(?:is|are|was|were|did|does|do|has|have)\b|是不是")
_KINDS = frozenset("省市区县州盟旗")
_NAMES = ("ns", "nr", "nt", "nz")  # tags of names: 丰泽区 is a person's to the dictionary
_PLAIN_WORDS = frozenset({"都市", "日照", "中心", "外省"})  # what else they may mean is meant more often


def restrain(
    question: str, readings: Sequence[Reading], article: Callable[[str], Article], in_index: Callable[[str], bool]
) -> list[Reading]:
    """The readings, less probable where their passage speaks of another year or place than the question names, in the order given.

    `in_index` says whether a name stands in any article. A city's own articles seldom name the city: where an article's region is
    not known, only a place that stands nowhere in the index is another one.
    """
    folded = fold(question)
    years, places = years_asked(folded), places_in(folded)
    if not years and not places:
        return list(readings)
    strange = bool(places) and not any(map(in_index, places))
    return [
        replace(one, probability=one.probability * _LEFT)
        if _elsewhere(years, places, strange, one.passage, article(one.passage.article))
        else one
        for one in readings
    ]


def years_asked(question: str) -> set[str]:
    """The years that a folded question lays down; none where it asks whether a thing was so, since then the answer may correct it."""
    return set() if _ASKS_WHETHER.search(question) else set(_YEAR.findall(question))


def places_in(question: str) -> set[str]:
    """The provinces, cities, districts and counties that a folded question names, without what kind of place each is.

    A name counts with its kind behind it, or where the dictionary holds it as a province, city or district; bare names of counties
    are too often plain words, and streets and villages are not in it, so they are not taken for other places.
    """
    import rjieba

    found = set()
    for (word, tag), (following, _) in pairwise([*rjieba.tag(question), ("", "")]):
        if tag in _NAMES and len(word) > 2 and word[-1] in _KINDS and rjieba.has_word(word):
            name, sure = word[:-1], word[-1] != "区" or _tag(word[:-1]) in _NAMES  # 中心区 is no place of its own
        else:
            name, sure = word, (tag == "ns" and following in _KINDS) or (tag in ("n", *_NAMES) and _known_bare(word, tag))
        if sure and len(name) > 1 and name not in _PLAIN_WORDS and _tag(name) not in ("r", "v"):
            found.add(name)
    return found


def _known_bare(name: str, tag: str) -> bool:
    """Whether the dictionary holds a name as a province, city or district; one that it takes for a plain noun only as a city."""
    import rjieba

    return any(rjieba.has_word(name + kind) and _tag(name + kind) == "ns" for kind in ("市" if tag == "n" else "省市区"))


def _tag(word: str) -> str:
    """The dictionary's tag of a word, empty where it holds none."""
    import rjieba

    tagged = rjieba.tag(word)
    return str(tagged[0][1]) if len(tagged) == 1 else ""


def _elsewhere(years: set[str], places: set[str], strange: bool, passage: Passage, article: Article) -> bool:
    other_place = bool(places) and (strange or bool(article.meta.region)) and not any(_names(article, place) for place in places)
    return other_place or bool(years and not years & _years_of(passage, article))


def _years_of(passage: Passage, article: Article) -> set[str]:
    """The years that a passage may speak of: those that it names and the one of its publication; unknown, all that the article names."""
    own = set(_YEAR.findall(fold(passage.text)))
    published = set(_YEAR.findall(article.meta.published))
    return own | published or set(_YEAR.findall(fold(article.text)))


def _names(article: Article, place: str) -> bool:
    meta = article.meta
    return any(place in fold(text) for text in (meta.region, meta.title, meta.publisher, article.text))
