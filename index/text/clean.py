"""A damaged newspaper page -> the article's text, by named rules that each say what they took away.

A page is read as lines, each of them a heading, a paragraph or a caption. Every rule is a function over those lines; what it
removes, puts in or moves is kept as a `Change`, so that the source can always be accounted for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from index.documents import Block, BlockKind, Change
from index.text.breaks import cut_lost_breaks
from index.text.contents import contents_of
from index.text.newspaper import bylines, captions, page_furniture
from index.text.page import DATE, STOPS, Line, Page
from index.text.punctuation import HAN, difference, widened

_CLOSERS = "”’」』）)》】\"'"
_HEADING_MARK = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_LONG_MARK = re.compile(r"#{1,6}\s+(?=\S)")
_NUMBERED = (
    (7, re.compile(rf"第[一二三四五六七八九十百零\d]+编(?:\s.*|[{HAN}].*)?")),
    (8, re.compile(rf"第[一二三四五六七八九十百零\d]+章(?:\s.*|[{HAN}].*)?")),
    (9, re.compile(rf"第[一二三四五六七八九十百零\d]+节(?:\s.*|[{HAN}].*)?")),
    (10, re.compile(r"[一二三四五六七八九十]+、.+")),
    (11, re.compile(r"[（(][一二三四五六七八九十]+[）)].+")),
)
_ITEM = re.compile(
    r"(?:[（(]?\d{1,2}[）).、．]|[①-⑳]|[-*•◆●□■▲▼△▽|]|第[一二三四五六七八九十百零\d]+条|[（(]?[一二三四五六七八九十]+[）)、])\s*\S"
)
_ENDS = re.compile(rf"(?:[。！？!?…；;：:]|(?<=[A-Za-z0-9])\.)[{_CLOSERS}]*$")
_IN_CLAUSE = r"(?:[^，,；;。！？!?]|(?<=\d),(?=\d))"
_REPEATED = re.compile(
    rf"(?:(?<=[，,、；;。！？!?：:{_CLOSERS}])|^)(?=(?:{_IN_CLAUSE}{{0,80}}?[{HAN}]){{6}})({_IN_CLAUSE}{{6,80}})([，,；;。！？!?])(?:\1(?=[，,；;。！？!?])\2?)+"
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MARKED_LENGTH = 120  # characters: the same of a line with marks; headings stand above each passage that is read
_HEADING_LENGTH = 40  # characters: a line over this is a paragraph, whatever it begins with


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text of an article, its blocks, what the page said about itself (field of `Metadata` -> value), and what was changed."""

    text: str
    blocks: tuple[Block, ...]
    found: dict[str, str | tuple[str, ...]]
    changes: tuple[Change, ...]


def clean(
    source: str,
    known_names: tuple[str, ...] = (),
    closed: frozenset[int] = frozenset(),
    recognised: Mapping[int, float] | None = None,
) -> Cleaned:
    """The article in a page's text. `known_names` are names of the paper that may stand alone in a line; `closed` are the numbers
    of lines that are whole by themselves, as a list's items and a table's rows are, so that none is joined to another; `recognised` are those that were read from a picture, with their confidence."""
    page = Page(_lines(source, closed, recognised or {}), known_names)
    for rule in RULES:
        rule(page)
    if page.lines and page.lines[0].kind is BlockKind.HEADING:
        page.found["title"] = page.lines[0].text
    text, blocks = _assemble(page.lines)
    return Cleaned(text, blocks, page.found, tuple(page.changes))


def _lines(source: str, closed: frozenset[int], recognised: Mapping[int, float]) -> list[Line]:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    numbered = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip()]
    return [Line(BlockKind.PARAGRAPH, line, n, closed=n in closed, confidence=recognised.get(n)) for n, line in numbered]


def invisible_characters(page: Page) -> None:
    """Control and zero-width characters are no text."""
    for n, line in enumerate(page.lines):
        if gone := "".join(_INVISIBLE.findall(line.text)):
            page.note("invisible characters", line, removed=gone)
            page.lines[n] = replace(line, text=_INVISIBLE.sub("", line.text).strip())
    page.lines = [line for line in page.lines if line.text]


def heading_marks(page: Page) -> None:
    """Lines behind # become headings; the marks go, the structure stays."""
    for n, line in enumerate(page.lines):
        if len(line.text) > _MARKED_LENGTH:
            if mark := _LONG_MARK.match(line.text):
                page.note("heading mark", line, removed=mark[0].strip())
                page.lines[n] = replace(line, text=line.text[mark.end() :])
        elif mark := _HEADING_MARK.fullmatch(line.text):
            page.note("heading mark", line, removed=mark[1])
            page.lines[n] = replace(line, kind=BlockKind.HEADING, text=mark[2], level=len(mark[1]), closed=False)
    page.marked = any(line.kind is BlockKind.HEADING for line in page.lines)


def lost_line_breaks(page: Page) -> None:
    """A long line in which a chapter, an article, an item or a question begins several times had line breaks once: it is cut there."""
    lines: list[Line] = []
    for line in page.lines:
        parts = [line.text] if line.closed or line.kind is not BlockKind.PARAGRAPH else cut_lost_breaks(line.text)
        if len(parts) > 1:
            page.note("lost line breaks", line, moved=line.text)
        lines += [replace(line, text=part) for part in parts]
    page.lines = lines


def table_of_contents(page: Page) -> None:
    """A table of contents says each heading a second time."""
    places = contents_of([line.text for line in page.lines])
    page.drop("table of contents", page.lines[places.start : places.stop])


def unmarked_headings(page: Page) -> None:
    """Numbered lines without a sentence in them are headings, and so is a short bare line where a page marks none."""
    for n, (line, after) in enumerate(zip(page.lines, [*page.lines[1:], None], strict=True)):
        if (
            line.kind is not BlockKind.PARAGRAPH
            or len(line.text) > _HEADING_LENGTH
            or re.search(r"[。！？!?；;，,：:]$", line.text)
            or STOPS.search(line.text)
        ):
            continue
        level = next((level for level, form in _NUMBERED if form.fullmatch(line.text)), 0)
        bare = (
            not page.marked
            and not re.search(r"[，,、：:]", line.text)
            and after
            and (STOPS.search(after.text) or any(form.fullmatch(after.text) for _, form in _NUMBERED))
            and not re.match(DATE, line.text)
        )
        if level or bare:
            page.lines[n] = replace(line, kind=BlockKind.HEADING, level=level or (1 if n == 0 else 12))


def broken_sentences(page: Page) -> None:
    """A paragraph that ends in the middle of a sentence goes on in the next one: columns and captions had parted them."""
    joined: list[Line] = []
    for line in page.lines:
        last = joined[-1] if joined else None
        if last and _is_torn(last, line):
            latin = last.text[-1].isascii() and line.text[0].isascii() and last.text[-1].isalnum() and line.text[0].isalnum()
            gap = " " if latin and not (last.text[-1].isdigit() and line.text[0].isdigit()) else ""
            page.note("broken sentence", line, moved=line.text)
            sure = [confidence for confidence in (last.confidence, line.confidence) if confidence is not None]
            joined[-1] = replace(last, text=last.text + gap + line.text, confidence=min(sure, default=None))
        else:
            joined.append(line)
    page.lines = joined


def _is_torn(last: Line, line: Line) -> bool:
    # Closing marks are few: a look at the end alone keeps a page of unending lines from being searched anew for each of them.
    ends = _ENDS.search(last.text[-80:])
    return last.kind is line.kind is BlockKind.PARAGRAPH and not (last.closed or line.closed) and not ends and not _ITEM.match(line.text)


def repeated_clauses(page: Page) -> None:
    """A clause of six Chinese characters or more that is printed twice in a row stands once."""
    for n, line in enumerate(page.lines):
        if line.kind is BlockKind.HEADING:
            continue
        for again in _REPEATED.finditer(line.text):
            page.note("repeated clause", line, removed=again[0][len(again[1] + again[2]) :])
        page.lines[n] = replace(line, text=_REPEATED.sub(r"\1\2", line.text))
    twice = [
        line
        for last, line in zip(page.lines, page.lines[1:], strict=False)
        if last.text == line.text and len(re.findall(f"[{HAN}]", line.text)) >= 6
    ]
    page.drop("repeated clause", twice)


def half_width_punctuation(page: Page) -> None:
    """Half-width commas, colons and brackets beside Chinese characters become full-width, and lose the space behind them."""
    for n, line in enumerate(page.lines):
        text = widened(line.text)
        if text != line.text:
            page.note("half-width punctuation", line, **difference(line.text, text))
            page.lines[n] = replace(line, text=text)


RULES: tuple[Callable[[Page], None], ...] = (
    invisible_characters,
    heading_marks,
    lost_line_breaks,
    table_of_contents,
    page_furniture,
    bylines,
    captions,
    unmarked_headings,
    broken_sentences,
    repeated_clauses,
    half_width_punctuation,
)


def _assemble(lines: list[Line]) -> tuple[str, tuple[Block, ...]]:
    blocks, at = [], 0
    for line in lines:
        blocks.append(Block(line.kind, at, at + len(line.text), line.level, line.confidence))
        at += len(line.text) + 2
    return "\n\n".join(line.text for line in lines), tuple(blocks)
