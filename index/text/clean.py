"""A damaged newspaper page -> the article's text, by named rules that each say what they took away.

A page is read as lines, each of them a heading, a paragraph or a caption. Every rule is a function over those lines; what it
removes, puts in or moves is kept as a `Change`, so that the source can always be accounted for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from index.documents import Block, BlockKind, Change
from index.text.breaks import cut_lost_breaks
from index.text.contents import contents_of
from index.text.punctuation import HAN, difference, widened

_CLOSERS = "”’」』）)》】\"'"
_NAME = rf"[{HAN}·]{{2,4}}"
_ROLES = "责任编辑|责编|美术编辑|美编|编辑|审读|审校|排版|校对|主编|值班主任|值班编委|组版|版式|制图|统筹|策划|监制|初审|复审|终审"
_SURE_ROLES = "责任编辑|责编|美术编辑|美编|审读|审校|排版|校对|值班主任|值班编委|组版|版式"  # words that open no ordinary line
_BEHIND_ROLE = "|".join(f"(?<={role})" for role in _ROLES.split("|"))
# A role, then runs of names, of which any may end in the next role. Nothing is given back (++), since names without gaps between
# them could be parted in as many ways as there are, and an ordinary sentence that begins with a role would take for ever.
_EDITORS = re.compile(rf"(?=.*(?:{_SURE_ROLES}))(?:{_ROLES})[：: /]*+(?:[{HAN}·]{{2,}}+(?:(?:{_BEHIND_ROLE})[：: /]*+)?[ 、,，/]*+)++")
_SYLLABLE = r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[iuü]?ang?|[iu]?e?ng?|iong|ong|[iuü]?e|i?ao|uai|ai|ei|i?ou|iu|ui|uo|ia|ua|[aoeiuü]|er|in|ing|un)"
_DATE = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_PAGE_TOKEN = rf"(?:{_DATE}|星期[一二三四五六日天]|农历\S+|第?\s?[A-Z]?\d{{1,3}}\s?版(?:\s?\S{{2,4}})?|[A-D]\d{{1,2}}(?:\s\S{{2,4}})?)"
_PAGE_LINE = re.compile(rf"(?=.*(?:星期|版|[A-D]\d)){_PAGE_TOKEN}(?:[\s·|/]+{_PAGE_TOKEN})*")
_PAGE_NUMBER = re.compile(r"[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?")
_BYLINE_MARK = re.compile(r"□\s*(.+)")
_BYLINE = re.compile(
    rf"(?:本报|[{HAN}/]{{2,16}})?(?:记者|通讯员)[：: ]+{_NAME}(?:[ 、]+(?:(?:记者|通讯员)[：: ]*)?{_NAME})*(?:[ 、]+(?:文/图|文/摄|摄影报道|报道|文|图|摄影))*"
)
_CAPTION = re.compile(r"[■▲▼△▽]\s*(.+)")
_HEADING_MARK = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
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
_STOPS = re.compile(r"[。！？!?；;]")
_IN_CLAUSE = r"(?:[^，,；;。！？!?]|(?<=\d),(?=\d))"
_REPEATED = re.compile(
    rf"(?:(?<=[，,、；;。！？!?：:{_CLOSERS}])|^)(?=(?:{_IN_CLAUSE}{{0,80}}?[{HAN}]){{6}})({_IN_CLAUSE}{{6,80}})([，,；;。！？!?])(?:\1(?=[，,；;。！？!?])\2?)+"
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HEADING_LENGTH = 40  # characters: a line over this is a paragraph, whatever it begins with


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text of an article, its blocks, what the page said about itself (field of `Metadata` -> value), and what was changed."""

    text: str
    blocks: tuple[Block, ...]
    found: dict[str, str | tuple[str, ...]]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    kind: BlockKind
    text: str
    number: int
    level: int = 0
    closed: bool = False
    confidence: float | None = None  # where it was recognised in a picture


@dataclass(slots=True)
class _Page:
    lines: list[_Line]
    known_names: tuple[str, ...] = ()
    marked: bool = False  # its headings are marked, so that an unmarked line is none
    found: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def note(self, rule: str, line: _Line, **what: str) -> None:
        self.changes.append(Change(rule, line.number, **what))

    def drop(self, rule: str, dropped: list[_Line]) -> None:
        for line in dropped:
            self.note(rule, line, removed=line.text)
        # By themselves, not by their number: a line that lost its breaks has become many lines of one number.
        gone = set(map(id, dropped))
        self.lines = [line for line in self.lines if id(line) not in gone]


def clean(
    source: str,
    known_names: tuple[str, ...] = (),
    closed: frozenset[int] = frozenset(),
    recognised: Mapping[int, float] | None = None,
) -> Cleaned:
    """The article in a page's text. `known_names` are names of the paper that may stand alone in a line; `closed` are the numbers
    of lines that are whole by themselves, as a list's items and a table's rows are, so that none is joined to another; `recognised` are those that were read from a picture, with their confidence."""
    page = _Page(_lines(source, closed, recognised or {}), known_names)
    for rule in RULES:
        rule(page)
    if page.lines and page.lines[0].kind is BlockKind.HEADING:
        page.found["title"] = page.lines[0].text
    text, blocks = _assemble(page.lines)
    return Cleaned(text, blocks, page.found, tuple(page.changes))


def _lines(source: str, closed: frozenset[int], recognised: Mapping[int, float]) -> list[_Line]:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    numbered = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip()]
    return [_Line(BlockKind.PARAGRAPH, line, n, closed=n in closed, confidence=recognised.get(n)) for n, line in numbered]


def invisible_characters(page: _Page) -> None:
    """Control and zero-width characters are no text."""
    for n, line in enumerate(page.lines):
        if gone := "".join(_INVISIBLE.findall(line.text)):
            page.note("invisible characters", line, removed=gone)
            page.lines[n] = replace(line, text=_INVISIBLE.sub("", line.text).strip())
    page.lines = [line for line in page.lines if line.text]


def heading_marks(page: _Page) -> None:
    """Lines behind # become headings; the marks go, the structure stays."""
    for n, line in enumerate(page.lines):
        if mark := _HEADING_MARK.fullmatch(line.text):
            page.note("heading mark", line, removed=mark[1])
            page.lines[n] = replace(line, kind=BlockKind.HEADING, text=mark[2], level=len(mark[1]), closed=False)
    page.marked = any(line.kind is BlockKind.HEADING for line in page.lines)


def lost_line_breaks(page: _Page) -> None:
    """A long line in which a chapter, an article, an item or a question begins several times had line breaks once: it is cut there."""
    lines: list[_Line] = []
    for line in page.lines:
        parts = [line.text] if line.closed or line.kind is not BlockKind.PARAGRAPH else cut_lost_breaks(line.text)
        if len(parts) > 1:
            page.note("lost line breaks", line, moved=line.text)
        lines += [replace(line, text=part) for part in parts]
    page.lines = lines


def table_of_contents(page: _Page) -> None:
    """A table of contents says each heading a second time."""
    places = contents_of([line.text for line in page.lines])
    page.drop("table of contents", page.lines[places.start : places.stop])


def page_furniture(page: _Page) -> None:
    """Editors, page lines, page numbers, and the paper's name with its pinyin belong to the page, not to the article."""
    editors = [line for line in page.lines if _EDITORS.fullmatch(line.text)]
    dated = [line for line in page.lines if _PAGE_LINE.fullmatch(line.text)]
    for line in dated:
        if date := re.search(_DATE, line.text):
            page.found["published"] = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}"
    page.drop("editors' line", editors)
    page.drop("page line", dated)
    page.drop("page number", [line for line in page.lines if _PAGE_NUMBER.fullmatch(line.text)])
    for line, beside in _pinyin_pairs(page.lines):
        page.found["paper"] = beside.text
        page.drop("paper's name in pinyin", [line])
        page.drop("paper's name", [beside])
    page.drop("paper's name", [line for line in page.lines if line.text in page.known_names])


def _pinyin_pairs(lines: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """A line in Latin letters that reads as as many syllables as a short line beside it has Chinese characters, with that line."""
    for n, line in enumerate(lines):
        for beside in lines[max(n - 1, 0) : n] + lines[n + 1 : n + 2]:
            if re.fullmatch(rf"[{HAN}]{{2,8}}", beside.text):
                syllables = rf"(?:{_SYLLABLE}[\s·'’-]*){{{len(beside.text)}}}"
                if re.fullmatch(syllables, line.text, re.IGNORECASE):
                    yield line, beside
                    break


def bylines(page: _Page) -> None:
    """A line of reporters becomes metadata."""
    signed = []
    for line in page.lines:
        words = mark[1] if (mark := _BYLINE_MARK.fullmatch(line.text)) else line.text
        if line.kind is BlockKind.PARAGRAPH and not _STOPS.search(words) and (mark or _BYLINE.fullmatch(words)):
            signed.append(line)
            outlet, reporters = _read_byline(words)
            if outlet:
                page.found["publisher"] = outlet
            page.found["reporters"] = tuple(dict.fromkeys([*page.found.get("reporters", ()), *reporters]))
    page.drop("byline", signed)


def _read_byline(words: str) -> tuple[str, list[str]]:
    """The outlet and the names in a line such as 某报记者 张三 通讯员 李四 文/图."""
    outlet, names = "", []
    for token in re.split(r"[\s、，,：:]+", words):
        if role := re.fullmatch(r"(.*?)(?:特约)?(?:记者|通讯员)", token):
            outlet = outlet or ("" if role[1] == "本报" else role[1])
        elif re.fullmatch(_NAME, token) and token not in ("摄影报道", "报道", "摄影"):
            names.append(token)
    return outlet, names


def captions(page: _Page) -> None:
    """A picture's caption leaves the running text and is kept behind it, since facts stand in captions."""
    for line in page.lines:
        if line.kind is BlockKind.PARAGRAPH and (mark := _CAPTION.fullmatch(line.text)):
            page.note("caption", line, removed=line.text[: line.text.index(mark[1])].strip(), moved=mark[1])
    marked = [(line, _CAPTION.fullmatch(line.text) if line.kind is BlockKind.PARAGRAPH else None) for line in page.lines]
    running = [line for line, mark in marked if not mark]
    page.lines = running + [replace(line, kind=BlockKind.CAPTION, text=mark[1]) for line, mark in marked if mark]


def unmarked_headings(page: _Page) -> None:
    """Numbered lines without a sentence in them are headings, and so is a short bare line where a page marks none."""
    for n, (line, after) in enumerate(zip(page.lines, [*page.lines[1:], None], strict=True)):
        if (
            line.kind is not BlockKind.PARAGRAPH
            or len(line.text) > _HEADING_LENGTH
            or re.search(r"[。！？!?；;，,：:]$", line.text)
            or _STOPS.search(line.text)
        ):
            continue
        level = next((level for level, form in _NUMBERED if form.fullmatch(line.text)), 0)
        bare = (
            not page.marked
            and not re.search(r"[，,、：:]", line.text)
            and after
            and (_STOPS.search(after.text) or any(form.fullmatch(after.text) for _, form in _NUMBERED))
            and not re.match(_DATE, line.text)
        )
        if level or bare:
            page.lines[n] = replace(line, kind=BlockKind.HEADING, level=level or (1 if n == 0 else 12))


def broken_sentences(page: _Page) -> None:
    """A paragraph that ends in the middle of a sentence goes on in the next one: columns and captions had parted them."""
    joined: list[_Line] = []
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


def _is_torn(last: _Line, line: _Line) -> bool:
    # Closing marks are few: a look at the end alone keeps a page of unending lines from being searched anew for each of them.
    ends = _ENDS.search(last.text[-80:])
    return last.kind is line.kind is BlockKind.PARAGRAPH and not (last.closed or line.closed) and not ends and not _ITEM.match(line.text)


def repeated_clauses(page: _Page) -> None:
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


def half_width_punctuation(page: _Page) -> None:
    """Half-width commas, colons and brackets beside Chinese characters become full-width, and lose the space behind them."""
    for n, line in enumerate(page.lines):
        text = widened(line.text)
        if text != line.text:
            page.note("half-width punctuation", line, **difference(line.text, text))
            page.lines[n] = replace(line, text=text)


RULES: tuple[Callable[[_Page], None], ...] = (
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


def _assemble(lines: list[_Line]) -> tuple[str, tuple[Block, ...]]:
    blocks, at = [], 0
    for line in lines:
        blocks.append(Block(line.kind, at, at + len(line.text), line.level, line.confidence))
        at += len(line.text) + 2
    return "\n\n".join(line.text for line in lines), tuple(blocks)
