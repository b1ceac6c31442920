"""Which paragraphs open an article [条] of a regulation, and which are items of a list and under what words. Pure functions."""

import re
from collections.abc import Sequence

_NUMBER = "一二三四五六七八九十百千零〇○0123456789"
_PROVISION = re.compile(rf"(?P<label>第(?P<number>[{_NUMBER}]{{1,7}})条(?P<insert>之[{_NUMBER}]{{1,3}})?)(?P<parted>[\s:：【（(]|$)?")
MARKS = {
    "1.": re.compile(r"\d{1,2}[.．、](?!\d)\s*\S"),
    "1)": re.compile(r"\d{1,2}[）)]\s*\S"),
    "(1)": re.compile(r"[（(]\d{1,2}[）)]\s*\S"),
    "①": re.compile(r"[①-⑳]\s*\S"),
    "•": re.compile(r"[-–*•◆●□■○·]\s*\S"),
    "（一）": re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S"),
    "一、": re.compile(r"[一二三四五六七八九十]{1,3}、\s*\S"),
    "第一步": re.compile(r"第[一二三四五六七八九十\d]{1,3}步[，,：:、.．\s]\s*\S"),
}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_LEAD = 150  # characters: a passage has as many at least, and the words that lead into a list must not outweigh it


def provisions(paragraphs: Sequence[str]) -> dict[int, str]:
    """The labels, such as 第三条, by the place of the paragraphs that open an article of a regulation; empty for other texts.

    A label parted from the text by a space or a mark opens one. One that runs on, as in 第三条规定的, does so only where its
    number is the next. A text with a single one is no regulation.
    """
    found: dict[int, str] = {}
    last = 0
    for place, text in enumerate(paragraphs):
        if (match := _PROVISION.match(text)) is None:
            continue
        number = number_of(match["number"])
        if match["parted"] is not None or number == last + 1 or (match["insert"] and number == last):
            found[place] = match["label"]
            last = number
    return found if len(found) > 1 else {}


def number_of(numeral: str) -> int:
    """The number that is written in Chinese or figures: 一百零五 is 105, 二〇 is 20."""
    if numeral.isascii():
        return int(numeral)
    if not set(numeral) & set("十百千"):
        return int("".join(str(_DIGITS.get(char, char)) for char in numeral))
    whole, digit = 0, 0
    for char in numeral:
        unit = {"十": 10, "百": 100, "千": 1000}.get(char)
        if unit:
            whole += (digit or 1) * unit
            digit = 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return whole + digit


def leads(paragraphs: Sequence[str]) -> list[str]:
    """For each paragraph that is an item of a list the words that lead into the list, outer lists first; else nothing.

    What leads in ends in a colon and stands before the first item; items that are marked in one way belong to one list.
    """
    found: list[str] = []
    open_lists: list[tuple[str, str]] = []  # the mark of their items, not known before the first, and what leads into them
    for text in paragraphs:
        mark = mark_of(text)
        open_lists = _still_open(open_lists, mark)
        found.append("\n".join(lead for _, lead in open_lists))
        if text.endswith(("：", ":")):
            open_lists = [*open_lists, ("", re.split(r"(?<=[。！？])", text)[-1][-_LEAD:])]
    return found


def mark_of(paragraph: str) -> str:
    """The kind of mark that a paragraph begins with as an item of a list, such as （一）; "" where it has none."""
    return next((name for name, form in MARKS.items() if form.match(paragraph)), "")


def _still_open(open_lists: list[tuple[str, str]], mark: str) -> list[tuple[str, str]]:
    """The lists that a paragraph with this mark stands in."""
    if not mark:
        return []
    for place, (known, _) in enumerate(open_lists):
        if known == mark:
            return open_lists[: place + 1]
    if open_lists and not open_lists[-1][0]:
        return [*open_lists[:-1], (mark, open_lists[-1][1])]
    return []
