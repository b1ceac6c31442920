"""Text that lost its line breaks -> the lines that it was made of. Pure functions."""

import re
from itertools import pairwise

# What begins a line in a text that is numbered: a chapter, an article, an item, a question and its answer.
_NUMERAL = "一二三四五六七八九十百零〇"
_OPENER = re.compile(
    rf"(?:(?<=\s)|(?<=[。；：！？”）]))(?:第[{_NUMERAL}\d]{{1,5}}[编章节条](?![的第、至和规之款])|[{_NUMERAL}]{{1,3}}、|[（(][{_NUMERAL}]{{1,3}}[）)](?![、和至])"
    r"|\d{1,2}[.．、](?![\d])|(?:问|答)[：:])"
)
_LOST_BREAK = re.compile(r"(?<=[。；：！？])\s+(?=\S)")  # nobody types a space behind a full-width stop
_LONG_LINE, _LEAST_OPENERS = 200, 3


def cut_lost_breaks(text: str) -> list[str]:
    """The lines of a text that stood in one: cut where a chapter, an article, an item or a question begins, and behind a stop with a
    space. The text alone where it is short, or where too little of that begins in it."""
    openers = [found.start() for found in _OPENER.finditer(text)] if len(text) > _LONG_LINE else []
    if len(openers) < _LEAST_OPENERS:
        return [text]
    cuts = sorted({0, len(text), *openers, *(found.end() for found in _LOST_BREAK.finditer(text))})
    return [part for a, b in pairwise(cuts) if (part := text[a:b].strip())]
