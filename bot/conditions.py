"""What a question makes a condition of: a year, a place, a figure of some kind. What does not meet it hardly answers. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.reader import Reading
from index.documents import Article, Passage
from index.lexicon import fold

# What is left of the probability where a condition is not met. Not nothing: the words may be read wrongly.
_LEFT = 0.1
_BEHIND = 0.15  # what a sentence without the figure that is asked for loses of its score: one that holds it goes before, if it is near

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\s*年|(?!\d))")
_ASKS_WHETHER = re.compile(r"(?:吧|吗|么|对不对|是不是|对嘛)[^\w]*$|^(?:is|are|was|were|did|does|do|has|have)\b|是不是")
_KINDS = frozenset("省市区县州盟旗")
_NAMES = ("ns", "nr", "nt", "nz")  # tags of names: 丰泽区 is a person's to the dictionary
_PLAIN_WORDS = frozenset({"都市", "日照", "中心", "外省"})  # what else they may mean is meant more often

_FIGURE = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千万亿零半数]+)"
_HOW_MANY = r"(?:(?<![好近这后前哪第单十])几(?![乎百千万]|年来|天前)|多少)"
_UNITS = "场笔件项户所座届期宗份"  # that nothing else is counted in: 家 and 人 stand for 企业, 名 and 位, and so on


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(asks, re.IGNORECASE), re.compile(looks, re.IGNORECASE)) for asks, looks in pairs)


# A kind of figure -> what asks for it, and what one looks like, or what stands for one, such as 免费.
_FIGURES = _rules(
    (
        r"\bpercent|\b(?:what|which)\b[^,;?]{0,20}\b(?:rate|share)\b|百分之几|百分之多少|几成(?!功|立|为)|(?:比例|占比|增速|增幅|增长率)\w{0,3}(?:多少|几|多大|多高)|多[大少高](?:的)?比例",
        r"[%‰:]|百分|[一二三四五六七八九\d]成|倍|之[一二三四五六七八九\d]",
    ),
    (
        rf"\bhow long\b|\bhow many (?:working |business )?(?:days|hours|minutes|weeks|months)\b|{_HOW_MANY}个?(?:工作日|小时|分钟|星期|周|月)(?![份的]|\w{{0,2}}号)|{_HOW_MANY}天|多久|多长时间",
        rf"{_FIGURE}\s*[余多]?个?(?:法定)?(?:工作日|日|天|小时|分钟|周|星期|月|年|秒)|当场|即时|当[天日]|立[即刻]|随时|全天|长期|永久",
    ),
    (
        rf"\bhow much (?:money|does|do|is|are|will|must)\b|\bhow (?:high|large) is\b|多少钱|几块钱|{_HOW_MANY}[万亿百千]?元|金额\w{{0,3}}(?:多少|多大)|多少(?:资金|补贴|补助|贷款|奖励|罚款)",
        rf"{_FIGURE}\s*[余多]?(?:[万亿千百]|[美欧日港]?元)|免费|不收|无偿",
    ),
    (r"\b(?:what|which) month\b|(?<!\w)几月(?!\w?份以)|几月份|哪个?月", r"[一二三四五六七八九十\d]月"),
    (
        r"\b(?:what|which) (?:date|day)\b|几月几[号日]|(?<![好十])几号(?!楼|线|文|门|窗)|哪一?天",
        r"[一二三四五六七八九十\d][日号]|当[天日]|每[天日]|随时|工作日|周[一二三四五六日末]",
    ),
    (r"\b(?:what|which) year\b|哪一?年|何年", r"\d{4}|[今去明前后当]年"),
)
# What a figure must be besides.
_BOUNDS = _rules(
    (
        rf"(?:最[高多大]|上限|封顶|至多)\w{{0,8}}(?:{_HOW_MANY})",
        r"最[高多大长]|上限|不(?:超过|高于|多于|得?超)|以[内下]|之内|封顶|至多|[限仅]",
    ),
    (rf"(?:最[低少小]|起步|至少|门槛)\w{{0,8}}(?:{_HOW_MANY})", r"最[低少小]|不[低少小]于|以上|起|至少|达到|满|需|须|应"),
    (rf"(?:平均|人均)\w{{0,12}}(?:{_HOW_MANY})", r"平均|均|每"),
)
_ANY_FIGURE = _rules((rf"\bhow (?:many|much)\b|{_HOW_MANY}", _FIGURE))
_UNIT_ASKED = re.compile(rf"{_HOW_MANY}个?([{_UNITS}])")


def restrain(
    question: str, readings: Sequence[Reading], article: Callable[[str], Article], in_index: Callable[[str], bool]
) -> list[Reading]:
    """The readings, less probable where they do not meet what the question makes a condition of, best first.

    A passage that speaks of another year or place than the question names does not; nor does a sentence without a figure of the
    kind that is asked for, such as a percentage, which also loses in rank. `in_index` says whether a name stands in any article: a
    city's own articles seldom name the city, so where an article's region is not known, only a place that stands nowhere in the
    index is another one.
    """
    folded = fold(question)
    readings = _with_figures(folded, readings)
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


def _with_figures(question: str, readings: Sequence[Reading]) -> list[Reading]:
    wanted = figures_asked(question)
    if not wanted:
        return list(readings)
    told = [
        one
        if all(looks.search(fold(one.quote)) for looks in wanted)
        else replace(one, probability=one.probability * _LEFT, score=one.score - _BEHIND)
        for one in readings
    ]
    return sorted(told, key=lambda one: -one.score)


def figures_asked(question: str) -> list[re.Pattern[str]]:
    """What each kind of figure looks like that a folded question asks for; a sentence that lacks one of them does not answer it."""
    found = [looks for asks, looks in _FIGURES if asks.search(question)]
    found += [looks for asks, looks in (*_BOUNDS, *(() if found else _ANY_FIGURE)) if asks.search(question)]
    if unit := _UNIT_ASKED.search(question):
        found.append(re.compile(rf"{_FIGURE}\s*[余多来万千百亿]*个?{unit[1]}"))
    return found


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
