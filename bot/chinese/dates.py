"""Relative dates in a quote ("今年3月", "一季度末", "截至目前"), resolved against the article's date. Pure functions.

What is found is shown beside the quote as the assistant's addition, never in it. What the article's date does not settle is left
unsaid: "本月" in an article of which only the year is known, or "12月" in one of May.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Note:
    """Words of a quote and the date that they mean, both in Chinese; `start` is their place in the quote."""

    words: str
    means: str
    start: int


@dataclass(frozen=True, slots=True)
class _When:
    """An article's date as far as it is known; 0 for what is not."""

    year: int
    month: int = 0
    day: int = 0

    def in_chinese(self) -> str:
        return f"{self.year}年" + (f"{self.month}月" if self.month else "") + (f"{self.day}日" if self.day else "")

    def away(self, days: int) -> "_When":
        moved = date(self.year, self.month, self.day) + timedelta(days)
        return _When(moved.year, moved.month, moved.day)


_YEARS = {"今年": 0, "本年度": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1}
_MONTHS = {"本月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_QUARTERS = "一二三四"
_MONTH_OR_SEASON = r"(?:1[0-2]|[1-9])月份?(?:(?:[12]\d|3[01]|[1-9])[日号])?|第?[一二三四]季度末?|[上下]半年"
_PART = rf"(?:{_MONTH_OR_SEASON}|年?(?:[底末]|初(?![步级次创期中衷始])))"

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], _When], str]]


def _of_year(found: re.Match[str], when: _When) -> str:
    """今年, 去年3月, 明年上半年."""
    return f"{when.year + _YEARS[found[1]]}年{_part(found[2] or '')}"


def _bare(found: re.Match[str], when: _When) -> str:
    """5月份, 一季度末, 上半年 without a year: the article's, unless what is named comes only after it."""
    first = _first_month(found[0])
    return "" if when.month and first > when.month else f"{when.year}年{_part(found[0])}"


def _first_month(words: str) -> int:
    if month := re.match(r"(\d+)月", words):
        return int(month[1])
    if quarter := re.search(rf"([{_QUARTERS}])季度", words):
        return 3 * _QUARTERS.index(quarter[1]) + 1
    return 7 if words.startswith("下半年") else 1


def _part(words: str) -> str:
    """The part of a year in plain words: 一季度末 is 一季度末（3月底）."""
    if quarter := re.fullmatch(rf"第?([{_QUARTERS}])季度(末?)", words):
        end = 3 * _QUARTERS.index(quarter[1]) + 3
        return f"{end}月底" if quarter[2] else f"{end - 2}月至{end}月"
    return words.removeprefix("年").replace("月份", "月").replace("号", "日")


def _of_month(found: re.Match[str], when: _When) -> str:
    if not when.month:
        return ""
    month = when.year * 12 + when.month - 1 + _MONTHS[found[0]]
    return f"{month // 12}年{month % 12 + 1}月"


def _of_day(found: re.Match[str], when: _When) -> str:
    return when.away(_DAYS[found[0]]).in_chinese() if when.day else ""


def _of_week(found: re.Match[str], when: _When) -> str:
    if not when.day:
        return ""
    monday = -date(when.year, when.month, when.day).weekday() - (7 if found[0] == "上周" else 0)
    return f"{when.away(monday).in_chinese()}至{when.away(monday + 6).in_chinese()}"


_RULES: tuple[_Rule, ...] = (
    (re.compile(rf"({'|'.join(_YEARS)})(?!级|轮)({_PART})?"), _of_year),
    (re.compile(r"截[至止](?:目前|现在|当前)|(?<![从自直时])至今|迄今(?:为止)?"), lambda found, when: f"截至{when.in_chinese()}本文发表时"),
    (re.compile(r"目前|当前|眼下|如今|现在"), lambda found, when: f"{when.in_chinese()}本文发表时"),
    (re.compile(r"日前|近日|近期|不久前"), lambda found, when: f"{when.in_chinese()}本文发表前不久"),
    (re.compile("|".join(_MONTHS)), _of_month),
    (re.compile("|".join(_DAYS)), _of_day),
    (re.compile("上周|本周"), _of_week),
    (
        re.compile(r"(?<![\d今去前明后本上同当每全往一二三四五六七八九十两几多半学百])年[底末初](?![一二三四五六])"),
        lambda found, when: f"{when.year}{found[0]}",
    ),
    (re.compile(rf"(?<![\d年.])(?:{_MONTH_OR_SEASON})"), _bare),
)
_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
# What notes are made of besides dates; an article's date stands in front of 本文发表时.
_ENGLISH = tuple(
    (re.compile(form), words)
    for form, words in (
        (r"截至([\d-]+)本文发表时", r"up to when this was published (\1)"),
        (r"([\d-]+)本文发表时", r"when this was published (\1)"),
        (r"([\d-]+)本文发表前不久", r"shortly before this was published (\1)"),
        (r"([\d-]+)上半年", r"the first half of \1"),
        (r"([\d-]+)下半年", r"the second half of \1"),
        (r"([\d-]+)[底末]", r"the end of \1"),
        (r"([\d-]+)初", r"the beginning of \1"),
        (r"至", " to "),
    )
)
_TITLE = re.compile("《[^《》]*》")
_YEAR_SAID = re.compile(r"\d{4}\s*年|去年|上年|前年|明年|后年|次年|同年|当年|翌年")


def notes(quote: str, published: str) -> tuple[Note, ...]:
    """What the relative dates of a quote mean, in its order, each kind of words once; nothing where the date is not known.

    `published` is the article's date in ISO, as far as it is known. Titles in 《》 are passed over. A month or a quarter behind
    another year in the same sentence is that year's, and gets no note.
    """
    when = _read(published)
    if when is None:
        return ()
    text = _TITLE.sub(lambda title: "》" * len(title[0]), quote)
    found: dict[str, Note] = {}
    taken = [False] * len(text)
    for form, meaning in _RULES:
        for match in form.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = [True] * len(match[0])
            if meaning is _bare and _YEAR_SAID.search(_clause_before(text, match.start())):
                continue
            if (means := meaning(match, when)) and match[0] not in found:
                found[match[0]] = Note(match[0], means, match.start())
    return tuple(sorted(found.values(), key=lambda note: note.start))


def in_english(means: str) -> str:
    """What a note says its words mean, in English with ISO dates: 截至2023年5月本文发表时 is up to when this was published (2023-05)."""
    text = re.sub(r"(\d{4}年)(\d+月)至(\d+月)", r"\1\2至\1\3", means)
    text = _DATE.sub(lambda found: "-".join([found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)]), text)
    for form, english in _ENGLISH:
        text = form.sub(english, text)
    return text


def addition(quote: str, published: str) -> str:
    """The notes in brackets as they are shown beside a quote; empty where there is nothing to note."""
    meanings = "；".join(f"“{note.words}”指{note.means}" for note in notes(quote, published))
    return f"（助手注：{meanings}）" if meanings else ""


def years_since(published: str, today: date) -> int:
    """How many years ago an article was published; 0 in its first year, and where its date is not known."""
    when = _read(published)
    if when is None:
        return 0
    return max(today.year - when.year - (bool(when.month) and (today.month, today.day) < (when.month, when.day)), 0)


def age(published: str, today: date) -> str:
    """How old an article is that has passed its first year, such as 约3年前; empty for younger ones and unknown dates."""
    years = years_since(published, today)
    return f"约{years}年前" if years else ""


def _clause_before(text: str, at: int) -> str:
    return re.split("[。！？；]", text[:at])[-1]


def _read(published: str) -> _When | None:
    parts = [int(part) for part in published.split("-") if part.isdigit()]
    return _When(*parts) if parts else None
