"""The numbers that Word writes before paragraphs by itself, such as 第一条, which stand in no paragraph's text."""

from collections import defaultdict
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting taiwaneseCountingThousand ideographDigital ideographTraditional".split()
)
_CIRCLED = frozenset("decimalEnclosedCircle decimalEnclosedCircleChinese".split())


class Numbering:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, numbering: Any | None) -> None:
        """`numbering` is the root of word/numbering.xml, or None where a document has none."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._shared: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._restarts: dict[str, dict[int, int]] = {}
        self._of_styles: dict[tuple[str, str], int] = {}
        if numbering is None:
            return
        definitions = {definition.get(f"{_W}abstractNumId"): definition for definition in numbering.iter(f"{_W}abstractNum")}
        linked = {_child(definition, "styleLink"): definition for definition in definitions.values()}
        for number in numbering.iter(f"{_W}num"):
            name, kind = number.get(f"{_W}numId"), _child(number, "abstractNumId")
            definition = definitions.get(kind)
            if name is None or definition is None:
                continue
            # A definition may stand for that of a style, which has the levels.
            link = _child(definition, "numStyleLink")
            definition = linked[link] if link and link in linked else definition
            self._shared[name] = str(kind)
            self._levels[name] = _levels(definition) | _overridden(number)
            self._restarts[name] = _restarts(number)
            for level in definition.iter(f"{_W}lvl"):
                if style := _child(level, "pStyle"):
                    self._of_styles[name, style] = _int(level.get(f"{_W}ilvl"))

    def level_of(self, number: str, style: str) -> int:
        """The level of a list at which paragraphs of a style stand that do not say theirs."""
        return self._of_styles.get((number, style), 0)

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of that list and level, such as "（一）" or "•"; empty where the list is unknown."""
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        form, text, start = levels[level]
        counts = self._counts[self._shared[number]]  # lists of one kind count on
        if level in self._restarts[number]:  # by its first paragraph only
            counts[level] = self._restarts[number].pop(level) - 1
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if form == "bullet":
            return "•"
        for above in range(level + 1):
            kind, _, first = levels.get(above, ("decimal", "", 1))
            text = text.replace(f"%{above + 1}", written(counts.get(above, first), kind))
        return text.strip() if form != "none" else ""


def _levels(element: Any) -> dict[int, tuple[str, str, int]]:
    found = {}
    for level in element.iter(f"{_W}lvl"):
        values = {child.tag: child.get(f"{_W}val") or "" for child in level}
        start = values.get(f"{_W}start", "1")
        found[_int(level.get(f"{_W}ilvl"))] = (values.get(f"{_W}numFmt", "decimal"), values.get(f"{_W}lvlText", ""), _int(start, 1))
    return found


def _overridden(number: Any) -> dict[int, tuple[str, str, int]]:
    found: dict[int, tuple[str, str, int]] = {}
    for override in number.iter(f"{_W}lvlOverride"):
        found |= _levels(override)
    return found


def _restarts(number: Any) -> dict[int, int]:
    """The numbers at which a list begins anew that else would count on, by level."""
    return {
        _int(override.get(f"{_W}ilvl")): _int(start, 1)
        for override in number.iter(f"{_W}lvlOverride")
        if (start := _child(override, "startOverride"))
    }


def _child(element: Any, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return "" if child is None else str(child.get(f"{_W}val") or "")


def _int(digits: str | None, otherwise: int = 0) -> int:
    return int(digits) if digits and digits.isascii() and digits.isdigit() and len(digits) < 6 else otherwise


def written(number: int, form: str) -> str:
    """A number as a list's form writes it: 3 is 三, c, iii, ③ or 3."""
    if form in _CHINESE:
        return chinese(number)
    if form in _CIRCLED and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and number >= 1:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 1 <= number < 4000:
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    return str(number)


def chinese(number: int) -> str:
    """A number from 0 to 9999 in Chinese: 10 is 十, 21 二十一, 105 一百零五."""
    if not 0 <= number <= 9999:
        return str(number)
    if number == 0:
        return "零"
    numeral, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            numeral += ("零" if gap else "") + _DIGITS[digit] + word
        gap = bool(numeral) and not digit
    return numeral.removeprefix("一") if numeral.startswith("一十") else numeral


def _roman(number: int) -> str:
    numeral = ""
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    for value, mark in zip(values, "m cm d cd c xc l xl x ix v iv i".split(), strict=True):
        numeral += mark * (number // value)
        number %= value
    return numeral
