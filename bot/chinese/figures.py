"""Text -> the figures in it, however they are written: value, unit, and whether more, less or about that is meant. Pure functions.

１３０, 130, 一百三十 and 130.0 are one value; 57.70亿元 is 5,770,000,000 元; 3200余万 is more than 32,000,000; 百分之十 and 10% are one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

_HAN_NUMBER = "零〇一二两三四五六七八九十百千万亿"
_MORE_INSIDE = "余多来几"  # 3200余万, 十几家
_UNITS = (
    "个工作日|工作日|个百分点|百分点|平方公里|平方米|公里|立方米|亩|公顷|吨|美元|欧元|港元|元|块钱|"
    "个小时|小时|分钟|秒|个星期|星期|周岁|周|个月|月|年|季度|日|号|天|岁|"
    "人次|户次|家次|场次|个次|批次|件次|班次|人|名|位|户|家|所|处|个|项|件|笔|张|座|场|次|期|届|宗|份|条|款|批|类|种|倍|成|级|层|台|辆|艘|大|步|套|间|门|%|‰"
)
_NUMBER = re.compile(
    rf"(?:(?P<parts>[二三四五六七八九十]|\d+)分之|(?P<percent>百分之)?)(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{_HAN_NUMBER}]+(?:点[零〇一二三四五六七八九]+)?)"
    rf"(?P<inside>[{_MORE_INSIDE}])?(?P<scale>[十百千万亿]+)?(?P<digits2>\d+(?=千))?(?P<scale2>千)?(?P<behind>[{_MORE_INSIDE}])?"
    rf"\s*(?P<unit>{_UNITS})?"
)
_IDIOMS = re.compile(  # words that are written with numerals and count nothing
    r"统一|唯一|第一[手线时]|一[些般定样直旦并律致体再切起同线流带路窗网链门站揽键]|一方面|另一|进一步|下一步|万[一物象无全能众]|千方百计|"
    r"百姓|百货|十分|十足|九牛|三农|五险一金|一[^一二两三四五六七八九十\d，。、]{1,2}一|两[者边旁]|三者|一件事"
)
# 一个 is said where nothing is counted; what is measured in these is counted.
_COUNTS_ONE = frozenset(
    "年 月 日 天 元 成 倍 周 季度 小时 个小时 分钟 岁 周岁 户 家 人 名 笔 个月 个工作日 工作日 % ‰ 百分点 个百分点".split()
)
_CANONICAL = {
    "个工作日": "工作日", "个百分点": "百分点", "个小时": "小时", "个星期": "周", "星期": "周", "个月": "月长", "日": "天", "号": "天",
    "块钱": "元", "名": "人", "位": "人", "周岁": "岁", "户": "家", "份": "个", "场次": "场", "批次": "批",
}  # fmt: skip
_COUNTERS = frozenset(
    "个 家 所 处 项 件 笔 张 座 场 场次 个次 件次 批 类 种 大 条 届 期 宗 套 间 步 台".split()
)  # one may stand for another

_UNIT_BEFORE = re.compile(r"(人次|人|户|家|件|笔|项)数[^，。；\d]{0,4}$")  # 惠及人次数超3.3万


_FIRST_YEAR = 1900


class Exactness(StrEnum):
    """Whether a figure is meant exactly."""

    EXACT = "exact"
    MORE = "more"
    LESS = "less"
    ABOUT = "about"


_BEFORE = (
    (
        Exactness.LESS,
        re.compile(r"(?:不到|不足|不超过|不得超过|不高于|不多于|不大于|未满|接近|将近|近|至多|(?:最[高多大长]|上限)[^，。；、\d]{0,8})$"),
    ),
    (
        Exactness.MORE,
        re.compile(r"(?:超过|超|逾|突破|数|好几|上|至少|高于|多于|不低于|不少于|不小于|满|(?:最[低少小短]|起步)[^，。；、\d]{0,8})$"),
    ),
    (Exactness.ABOUT, re.compile(r"(?:约|大约|大概|左右|上下)$")),
)
_AFTER = (
    (Exactness.LESS, re.compile(r"(?:的?以内|之内|内(?![^，。；]{0,3}[部外容地])|以下|封顶)")),
    (Exactness.MORE, re.compile(r"(?:以上|之上|[余多](?![少样元种])|起(?![草来到诉点步]))")),
    (Exactness.ABOUT, re.compile(r"左右|上下|前后")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its value in units, such as 5,770,000,000 元; `words` is how it is written, at `start` of the folded text."""

    value: Decimal
    unit: str
    exactness: Exactness
    words: str
    start: int

    def stands_for(self, other: "Figure") -> bool:
        """Whether saying this one is true where the source says the other; saying "about" weakens and stays true."""
        return self.value == other.value and same_unit(self.unit, other.unit) and self.exactness in (other.exactness, Exactness.ABOUT)


def figures(folded: str) -> list[Figure]:
    """The figures of a folded text in its order. A number of a date counts as 年, 月, 天; one behind 第 as an ordinal."""
    text = _IDIOMS.sub(lambda idiom: "＿" * len(idiom[0]), folded)
    found = []
    for match in _NUMBER.finditer(text):
        figure = _read(match, text)
        if figure:
            found.append(figure)
    return found


def _read(match: re.Match[str], text: str) -> Figure | None:
    value = _value(match)
    if value is None:
        return None
    unit = match["unit"] or ""
    arabic = match["digits"][0].isdigit()
    if not arabic and not match["percent"] and not match["parts"] and not _is_count(match["digits"], value, unit):
        return None
    if match["percent"]:
        unit = "%"
    if match["parts"]:
        unit, value = "之一", value / (han_value(match["parts"]) or Decimal(match["parts"]))
    if not unit and (named := _UNIT_BEFORE.search(text[: match.start()])):
        unit = named[1]
    canonical = _CANONICAL.get(unit, unit)
    if text[: match.start()].endswith("第"):
        return Figure(value, "第" + canonical, Exactness.EXACT, "第" + match[0], match.start() - 1)
    if canonical == "成" and value <= 10:
        value, canonical = value * 10, "%"
    exactness = Exactness.EXACT if canonical == "年" and value >= _FIRST_YEAR else _exactness(match, text)  # 2015年起 is not more than 2015
    return Figure(value, canonical, exactness, match[0].strip(), match.start())


def _is_count(numerals: str, value: Decimal, unit: str) -> bool:
    """Whether Chinese numerals count something, rather than being part of a word."""
    if value == 1:
        return unit in _COUNTS_ONE
    return bool(unit) or (len(numerals) > 1 and value > 10)


def _value(match: re.Match[str]) -> Decimal | None:
    digits = match["digits"]
    value = Decimal(digits.replace(",", "")) if digits[0].isdigit() else han_value(digits)
    if value is None:
        return None
    for char in match["scale"] or "":
        value *= {**_TENS, **_MYRIADS}[char]
    if match["digits2"] and match["scale2"]:
        value += Decimal(match["digits2"]) * 1000
    return value


def han_value(numerals: str) -> Decimal | None:
    """The value of Chinese numerals (一百三十, 二〇二三, 两千三, 三点五); None for what is no number, such as 万 alone."""
    whole, _, part = numerals.partition("点")
    if whole.isascii():
        return None
    if all(char in _DIGITS for char in whole):
        value = Decimal("".join(str(_DIGITS[char]) for char in whole))
    else:
        read = _positional(whole)
        if read is None:
            return None
        value = Decimal(read)
    return value + Decimal("0." + "".join(str(_DIGITS[char]) for char in part)) if part else value


def _positional(whole: str) -> int | None:
    if whole[0] in _MYRIADS:
        return None
    total, section, digit, last = 0, 0, 0, 1
    for char in whole:
        if char in _DIGITS:
            digit, last = _DIGITS[char], 1 if char in "零〇" else last
        elif char in _TENS:
            section, digit, last = section + (digit or 1) * _TENS[char], 0, _TENS[char]
        else:
            total, section, digit, last = (total + section + digit) * _MYRIADS[char], 0, 0, _MYRIADS[char]
    # 两千三 is 2300, but 两千零三 is 2003.
    return total + section + (digit * last // 10 if last > 10 else digit)


def _exactness(match: re.Match[str], text: str) -> Exactness:
    if (match["inside"] or match["behind"] or "")[:1] in tuple("余多几"):
        return Exactness.MORE
    before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 5]
    for exactness, form in _BEFORE:
        if form.search(before):
            return exactness
    for exactness, form in _AFTER:
        if form.match(after):
            return exactness
    return Exactness.EXACT


def same_unit(unit: str, stated: str) -> bool:
    if unit == stated:
        return True
    if {unit, stated} <= _COUNTERS and "个" in (unit, stated):
        return True
    # 130余企业 and 130余家企业: a counting word may be left out or put in; a measure may not.
    return (not stated and (unit in _COUNTERS or unit == "人")) or (not unit and (stated in _COUNTERS or stated == "人"))
