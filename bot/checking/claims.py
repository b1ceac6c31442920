"""What a sentence claims that has to stand in what it cites to the letter: figures, dates, documents, quoted names. Pure functions on
folded text."""

import re
from dataclasses import dataclass

from bot.chinese.figures import Figure, figures, han_value

_HAN_DIGITS = "零〇一二三四五六七八九十"
_N = rf"(?:\d{{1,2}}|[{_HAN_DIGITS}]{{1,3}})"
_DATE = re.compile(
    rf"(?:(?P<year>\d{{4}}|[零〇一二三四五六七八九]{{4}})\s*年)?\s*(?<!\d)(?P<month>{_N})\s*月份?(?:\s*(?P<day>{_N})\s*[日号])?"
    r"|(?<!\d)(?P<iso_year>\d{4})[-./](?P<iso_month>\d{1,2})(?:[-./](?P<iso_day>\d{1,2}))?(?![\d%])"
)
_SINCE = re.compile(r"(?:底|末|初)?(?:以来|至今|起(?![草来到诉点步]))")
_DOCUMENT = re.compile(r"《([^《》]{2,80})》")
_QUOTED = re.compile(r"[“「『]([^“”「」『』]{2,40})[”」』]|\"([^\"]{2,40})\"|‘([^‘’]{2,40})’")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is named; 0 for what is not."""

    year: int
    month: int
    day: int
    words: str
    since: bool = False  # 5月份以来 is not 5月份

    def stands_for(self, other: "Day", years: frozenset[int]) -> bool:
        """Whether the source's date is this one; a year that the source leaves out may be one of `years`."""
        return (
            self.month == other.month
            and self.day in (0, other.day)
            and (self.year in (0, other.year) or (not other.year and self.year in years))
            and self.since == other.since
        )


def dates_and_figures(folded: str) -> tuple[list[Day], list[Figure]]:
    """The dates that name a month, and all other figures."""
    days, spans = [], []
    for found in _DATE.finditer(folded):
        year, month, day = (_number(found[name] or found[f"iso_{name}"]) for name in ("year", "month", "day"))
        if 1 <= month <= 12 and day <= 31:
            days.append(Day(year, month, day, found[0].strip(), bool(_SINCE.match(folded, found.end()))))
            spans.append(found.span())
    for start, end in spans:
        folded = folded[:start] + "＿" * (end - start) + folded[end:]
    return days, figures(folded)


def _number(digits: str | None) -> int:
    if not digits:
        return 0
    return int(digits) if digits.isdigit() else int(han_value(digits) or 0)


def years_in(folded: str) -> frozenset[int]:
    """The years that a folded text names."""
    return frozenset(int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", folded))


def documents(folded: str) -> list[str]:
    """The titles in 《》."""
    return _DOCUMENT.findall(folded)


def quoted_names(folded: str) -> list[str]:
    """What stands in quotation marks."""
    return [next(name for name in found if name) for found in _QUOTED.findall(_DOCUMENT.sub(" ", folded))]
