"""What an article says of itself: who issued it, under which number, from when to when it holds, what it repeals. Pure functions.

Each fact stands with its place in the text, so that a person can look and confirm it; nothing here is taken as known by itself.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from index.documents import Article, Block
from index.text.issuers import is_body, level_of, region_of
from index.text.lists import number_of


class FactKind(StrEnum):
    """What a fact is about; the first eight are fields of `Metadata` under the same name."""

    TITLE = "title"
    PUBLISHER = "publisher"
    NUMBER = "number"
    PUBLISHED = "published"
    EFFECTIVE = "effective"
    EXPIRES = "expires"
    REGION = "region"
    LEVEL = "level"
    REPEALS = "repeals"  # the title of what this article puts out of force
    AMENDS = "amends"  # the title of what this article changes, with the article [条] where it says which


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that an article says of itself, as `article.text[start:end]`; dates are ISO."""

    kind: FactKind
    value: str
    start: int
    end: int


_NUMERALS = "〇零○一二三四五六七八九十"
_DATE = rf"(?:\d{{4}}|[{_NUMERALS}]{{4}})年(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})月(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})日"
_NUMBER = re.compile(
    r"(?:(?:发文字号|文号|文\s*号)\s*[：:]\s*)?[（(]?(?P<number>[一-鿿]{1,14}\s*[〔\[［（(]\s*(?:19|20)\d{2}\s*[〕\]］）)]\s*(?:第\s*)?\d{1,5}\s*号)[）)]?"
)
_TITLE_ISSUER = re.compile(r"^(?:[（(【].{1,6}[）)】])?(?P<issuers>.{3,80}?)(?:关于|印发)")
_LABELLED = re.compile(r"(?:发文机关|发文机构|发布机构|制定机关)\s*[：:]\s*(?P<issuer>[一-鿿、 ]{3,60})")
_PASSED = re.compile(rf"^[（(].{{0,400}}?{_DATE}.{{0,60}}?(?:通过|修订|修正|公布).*[）)]$", re.DOTALL)
_ITSELF = r"本(?:办法|规定|通知|条例|细则|意见|方案|措施|标准|法|决定|规则|规范|文件|通告|公告|政策|若干措施|实施意见|实施细则)"
_FROM = re.compile(rf"自\s*(?P<date>{_DATE})\s*起(?:正式|开始)?(?:施行|实施|执行|生效|试行)")
_FROM_ISSUE = re.compile(r"自\s*(?:印发|发布|公布|颁布|下发|发文)之日起(?:正式|开始)?(?:施行|实施|执行|生效|试行)")
_UNTIL = re.compile(rf"(?:有效期|试行期|执行期|有效期限)(?:限)?(?:自.{{4,20}}起)?(?:截至|截止到|截止|至|到)\s*(?P<date>{_DATE})")
_FOR = re.compile(rf"(?:有效期|试行期|有效期限)(?:限)?(?:为)?\s*(?P<years>\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s*(?P<unit>年|个月)")
_TITLE = r"《[^《》]{2,120}》"
_REPEALED = re.compile(rf"(?P<titles>{_TITLE}[^。；]{{0,400}}?)(?:同时|即行|予以|自行)?\s*废止")
_AMENDED = re.compile(rf"(?:修改|对)\s*(?P<title>{_TITLE})(?:的决定|的通知|作(?:出)?(?:如下|以下)修改|作(?:出)?修改)")
_CLAUSE = re.compile(
    rf"将?(?P<clause>第[{_NUMERALS}百千\d]+条(?:第[{_NUMERALS}\d]+款)?(?:第[{_NUMERALS}\d（）()]+项)?)[^。；]{{0,20}}?修改为"
)
# The kinds of official letters: 《党政机关公文处理工作条例》 article 8.
_KINDS = "决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"
_LETTER_TITLE = re.compile(rf"[^，。；：]{{0,40}}关于[^。；：]{{2,120}}(?:{_KINDS})")
_TITLE_LINES = 4  # that a title is broken into at most
_HEAD = 15  # blocks at an article's head in which its own number stands


def facts_of(article: Article) -> tuple[Fact, ...]:
    """What an article says of itself, in a fixed order of kinds; of most kinds the surest place only."""
    text, blocks = article.text, article.blocks
    issuer = next(_issuers(article), None)
    issued = next(_issued(text, blocks), None)
    effective = next(_effective(text, issued), None)
    number = next(_numbers(text, blocks), None)
    title = None if article.title or number is None else _title_below(number, text, blocks)
    found = [title, issuer, number, issued, effective, next(_expiry(text, effective or issued), None)]
    if named := issuer or _national(article):
        found += [
            Fact(kind, value, named.start, named.end)
            for kind, value in ((FactKind.REGION, region_of(named.value)), (FactKind.LEVEL, level_of(named.value)))
            if value
        ]
    return tuple(fact for fact in (*found, *_repealed(text), *_amended(text)) if fact)


def _issuers(article: Article) -> Iterator[Fact]:
    """From a label, the headline up to 关于, or the line above the date that signs it."""
    text = article.text
    labels = list(_LABELLED.finditer(text))
    if len({label["issuer"] for label in labels}) == 1:  # a collection has several
        yield Fact(FactKind.PUBLISHER, _names(labels[0]["issuer"]), labels[0].start("issuer"), labels[0].end("issuer"))
    for block in article.blocks[:_HEAD]:
        line = text[block.start : block.end]
        if (title := _TITLE_ISSUER.match(line)) and all(map(is_body, _names(title["issuers"]).split("、"))):
            yield Fact(
                FactKind.PUBLISHER, _names(title["issuers"]), block.start + title.start("issuers"), block.start + title.end("issuers")
            )
    for above, _ in _signed(text, article.blocks):
        yield Fact(FactKind.PUBLISHER, _names(text[above.start : above.end]), above.start, above.end)


def _national(article: Article) -> Fact | None:
    """The headline of a law of the whole country, which says so in its name."""
    head = next((block for block in article.blocks[:1] if article.text[block.start : block.end].startswith("中华人民共和国")), None)
    return Fact(FactKind.LEVEL, article.text[head.start : head.end], head.start, head.end) if head else None


def _names(line: str) -> str:
    """The bodies in a line, with 、 between them; they are set apart by spaces, or each begins with the same place."""
    names = [name for name in re.split(r"[\s、]+", line.strip()) if name]
    place = region_of(names[0]) if names else ""
    return "、".join(part for name in names for part in (re.split(f"(?<=.)(?={place})", name) if place else [name]))


def _signed(text: str, blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Lines that name a body with the line behind each that is a date and nothing else."""
    for above, block in pairwise(blocks):
        if re.fullmatch(_DATE, re.sub(r"\s", "", text[block.start : block.end])):
            names = _names(text[above.start : above.end])
            if len(names) <= 80 and all(map(is_body, names.split("、"))):
                yield above, block


def _numbers(text: str, blocks: Sequence[Block]) -> Iterator[Fact]:
    for block in blocks[:_HEAD]:
        if found := _NUMBER.fullmatch(text[block.start : block.end].strip()):
            at = block.start + text[block.start : block.end].index(found["number"])
            yield Fact(FactKind.NUMBER, re.sub(r"\s", "", found["number"]), at, at + len(found["number"]))


def _title_below(number: Fact, text: str, blocks: Sequence[Block]) -> Fact | None:
    """The title of an official letter, which stands below its number, in one line or broken into several (GB/T 9704-2012, 7.3)."""
    below = [block for block in blocks if block.start >= number.end][:_TITLE_LINES]
    for last in below:
        joined = re.sub(r"\s", "", text[below[0].start : last.end])
        if _LETTER_TITLE.fullmatch(joined):
            return Fact(FactKind.TITLE, joined, below[0].start, last.end)
    return None


def _issued(text: str, blocks: Sequence[Block]) -> Iterator[Fact]:
    """The date that signs it, or that of its passing, the last of those where it was revised, or that of its printing."""
    for _, block in _signed(text, blocks):
        if day := day_of(text[block.start : block.end]):
            yield Fact(FactKind.PUBLISHED, day.isoformat(), block.start, block.end)
    for block in blocks[:_HEAD]:
        if _PASSED.match(text[block.start : block.end]):
            for last in [*re.finditer(_DATE, text[block.start : block.end])][-1:]:
                if day := day_of(last[0]):
                    yield Fact(FactKind.PUBLISHED, day.isoformat(), block.start + last.start(), block.start + last.end())
    for printed in re.finditer(rf"(?P<date>{_DATE})印发", text):
        if day := day_of(printed["date"]):
            yield Fact(FactKind.PUBLISHED, day.isoformat(), printed.start(), printed.end())


def _effective(text: str, issued: Fact | None) -> Iterator[Fact]:
    for sentence in _of_itself(text):
        if (found := _FROM.search(sentence[0])) and (day := day_of(found["date"])):
            yield _at(FactKind.EFFECTIVE, day.isoformat(), sentence)
        elif issued and _FROM_ISSUE.search(sentence[0]):
            yield _at(FactKind.EFFECTIVE, issued.value, sentence)


def _expiry(text: str, begins: Fact | None) -> Iterator[Fact]:
    for sentence in _of_itself(text):
        if (found := _UNTIL.search(sentence[0])) and (day := day_of(found["date"])):
            yield _at(FactKind.EXPIRES, day.isoformat(), sentence)
        elif begins and (found := _FOR.search(sentence[0])):
            count = number_of(found["years"])
            last = _later(date.fromisoformat(begins.value), count * 12 if found["unit"] == "年" else count)
            if last:
                yield _at(FactKind.EXPIRES, last.isoformat(), sentence)


def _of_itself(text: str) -> Iterator[re.Match[str]]:
    """The sentences in which the text speaks of itself and of its beginning or end."""
    for sentence in re.finditer(r"[^。\n]+。?", text):
        if re.search(_ITSELF, sentence[0]) and re.search("施行|实施|执行|生效|试行|有效期", sentence[0]):
            yield sentence


def _repealed(text: str) -> Iterator[Fact]:
    for found in _REPEALED.finditer(text):
        for title in re.finditer(_TITLE, found["titles"]):
            start = found.start("titles") + title.start()
            yield Fact(FactKind.REPEALS, title[0][1:-1], start, start + len(title[0]))


def _amended(text: str) -> Iterator[Fact]:
    titles = list(dict.fromkeys(found["title"][1:-1] for found in _AMENDED.finditer(text)))
    if len(titles) != 1:  # which of several a clause is of cannot be told
        return
    head = next(_AMENDED.finditer(text))
    yield Fact(FactKind.AMENDS, titles[0], head.start("title"), head.end("title"))
    for clause in _CLAUSE.finditer(text):
        yield Fact(FactKind.AMENDS, f"{titles[0]} {clause['clause']}", clause.start(), clause.end())


def _at(kind: FactKind, value: str, sentence: re.Match[str]) -> Fact:
    return Fact(kind, value, sentence.start(), sentence.end())


def day_of(words: str) -> date | None:
    """The day in a date such as 2024年3月5日 or 二〇二四年三月五日; None where the calendar has none."""
    found = re.search(r"(\S+?)年(\S+?)月(\S+?)日", re.sub(r"\s", "", words))
    try:
        return date(*(number_of(part) for part in found.groups())) if found else None
    except (ValueError, KeyError):
        return None


def _later(day: date, months: int) -> date | None:
    """The last day of so many months from a day on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1900 <= year <= 2200:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])) - timedelta(days=1)
