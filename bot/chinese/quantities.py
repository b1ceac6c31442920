"""Text -> what it says of how much, how long and when, each of a kind in which two can be compared. Pure functions.

Beside the figures (`bot/chinese/figures.py`) these are dates, times of day, floors and windows, and the words that stand for a figure,
such as 免费 and 当场办结.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.chinese.figures import Exactness, Figure, figures, han_value, same_unit

_HOURS = {"分钟": Decimal(1) / 60, "小时": Decimal(1), "天": Decimal(24), "工作日": Decimal(24), "周": Decimal(168), "月长": Decimal(720), "年": Decimal(8760)}  # fmt: skip
_FIRST_YEAR = 1900
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_LONGEST_NUMBER = 4  # digits: a longer bare one is a telephone's or a code
_BOUND_BEFORE = re.compile(
    r"(?:(?:最[高多大长低少小短]|上限|至多|至少)(?:不得?超过|不低于|为|可达?|达到?)?|不得?超过|不[多高大低少小]于|超过|不到|不足|约|近|逾|每[人户家孩月年月日天台亩件个次位名])\s*$"
)
_BOUND_AFTER = re.compile(r"(?:以[内上下]|之内|内(?=[,;。、办到完予作]|$)|左右|[余多]\w?)")
_HALF_DAY = re.compile(r"(?:下午|晚上|傍晚|晚)\s*$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a text says of how much: `kind` tells what it can be compared with, `unit` how it is counted; `[start, end)` of the text.

    The value is in yuan, hours, percent, or what is counted; of a date month times 100 and day.
    """

    kind: str
    value: Decimal
    unit: str
    exactness: Exactness
    start: int
    end: int

    def comparable(self, other: "Quantity") -> bool:
        """Whether both are of one kind; a bare number may be of any that is counted or paid."""
        if self.kind != other.kind:
            return {self.kind, other.kind} == {"count", "money"} and "" in (self.unit, other.unit)
        return self.kind != "count" or _counted_alike(self.unit, other.unit)

    def equals(self, other: "Quantity") -> bool:
        """Whether both say the same number."""
        return self.comparable(other) and self.value == other.value

    def rules_out(self, other: "Quantity") -> bool:
        """Whether the other cannot be so where this one is."""
        if self.kind == "duration" and self.unit != other.unit:  # 工作日 and 天: only what is far apart
            low, high = sorted((self.value, other.value))
            return high >= 2 * low
        if self.exactness is other.exactness:
            return self.value != other.value
        (low, high), (other_low, other_high) = self._bounds(), other._bounds()
        return high < other_low or other_high < low

    def _bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the most that may be meant; what is about so may be a tenth off."""
        slack = self.value / 10 if self.exactness is Exactness.ABOUT else Decimal(0)
        low = Decimal(0) if self.exactness is Exactness.LESS else self.value - slack
        return low, Decimal("Infinity") if self.exactness is Exactness.MORE else self.value + slack


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], str], tuple[str, Decimal, str] | None]]


def _read_number(written: str) -> Decimal:
    return Decimal(written) if written.isdigit() else han_value(written) or Decimal(0)


def _read_clock(found: re.Match[str], text: str) -> tuple[str, Decimal, str] | None:
    hour = _read_number(found["hour"])
    minute = Decimal(found["minute"] or 0) + (30 if found["half"] else 0)
    if hour > 24:
        return None
    if _HALF_DAY.search(text[: found.start()]) and hour < 12:
        hour += 12
    return "clock", hour * 60 + minute, ""


_RULES: tuple[_Rule, ...] = (
    (
        re.compile(r"(\d{1,2})月(\d{1,2})[日号]"),
        lambda found, text: ("date", Decimal(int(found[1]) * 100 + int(found[2])), ""),
    ),
    (re.compile(r"(\d+)块(\d)(?!\d)"), lambda found, text: ("money", Decimal(f"{found[1]}.{found[2]}"), "元")),
    (re.compile(rf"(?P<hour>{_NUMBER})(?:[:](?P<minute>\d\d)(?!\d)|点(?P<half>半)?(?!建议|以上|要求|意见|措施))"), _read_clock),
    (re.compile(rf"(?<![\d.])({_NUMBER})号?窗口"), lambda found, text: ("window", _read_number(found[1]), "")),
    (re.compile(rf"(?<![\d.大])({_NUMBER})楼"), lambda found, text: ("floor", _read_number(found[1]), "")),
    (re.compile(r"首[家个批条座]"), lambda found, text: ("ordinal", Decimal(1), found[0][1])),
    (re.compile(r"免费|不收(?:费|钱|取任何费用)|不要钱|不花钱|零收费"), lambda found, text: ("money", Decimal(0), "元")),
    (re.compile(r"当场办结|即时办结|立等可取|即来即办|当场办理"), lambda found, text: ("duration", Decimal(0), "")),
)


def quantities(folded: str) -> list[Quantity]:
    """The quantities of a folded text in its order, no two of them in one place."""
    found: list[Quantity] = []
    rest = folded
    for form, read in _RULES:
        for match in form.finditer(rest):
            if (what := read(match, rest)) is not None:
                found.append(Quantity(*what, Exactness.EXACT, match.start(), match.end()))
                rest = rest[: match.start()] + "＿" * len(match[0]) + rest[match.end() :]
    found += [quantity for figure in figures(rest) if (quantity := _of_figure(figure, rest)) is not None]
    return sorted(found, key=lambda quantity: quantity.start)


def in_full(quantity: Quantity, folded: str) -> Quantity:
    """The quantity with the words that bound it, such as 最高 and 以内."""
    before, after = _BOUND_BEFORE.search(folded[: quantity.start]), _BOUND_AFTER.match(folded, quantity.end)
    return replace(quantity, start=before.start() if before else quantity.start, end=after.end() if after else quantity.end)


def _of_figure(figure: Figure, text: str) -> Quantity | None:
    kind, value, end = "count", figure.value, figure.start + len(figure.words)
    if figure.unit.startswith("第"):
        return Quantity("ordinal", value, figure.unit[1:], figure.exactness, figure.start, end)
    if not figure.unit and figure.words.isdigit() and (len(figure.words) > _LONGEST_NUMBER or figure.words[0] == "0"):
        return None
    unit = figure.unit
    if not unit and text[end : end + 1] == "块":
        unit, end = "元", end + 1
    if unit == "月" or (unit == "天" and figure.words.endswith("号")):
        return None  # of the year, of a date that is not full, or the name of a line or a house
    if unit == "年" and value >= _FIRST_YEAR:
        kind = "year"
    elif unit in _HOURS:
        kind, value = "duration", value * _HOURS[unit]
    elif unit in ("%", "成"):
        kind = "share"
    elif unit == "元":
        kind = "money"
    elif unit == "岁":
        kind = "age"
    return Quantity(kind, value, unit, figure.exactness, figure.start, end)


def _counted_alike(unit: str, other: str) -> bool:
    return "" in (unit, other) or same_unit(unit, other) or {unit, other} == {"个", "人"}
