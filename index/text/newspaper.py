"""Rules for what a newspaper's page sets round an article: editors, page lines, the paper's name, bylines and captions."""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.documents import BlockKind
from index.text.page import DATE, STOPS, Line, Page
from index.text.punctuation import HAN

_NAME = rf"[{HAN}·]{{2,4}}"
_ROLES = "责任编辑|责编|美术编辑|美编|编辑|审读|审校|排版|校对|主编|值班主任|值班编委|组版|版式|制图|统筹|策划|监制|初审|复审|终审"
_SURE_ROLES = "责任编辑|责编|美术编辑|美编|审读|审校|排版|校对|值班主任|值班编委|组版|版式"  # words that open no ordinary line
_BEHIND_ROLE = "|".join(f"(?<={role})" for role in _ROLES.split("|"))
# A role, then runs of names, of which any may end in the next role. Nothing is given back (++), since names without gaps between
# them could be parted in as many ways as there are, and an ordinary sentence that begins with a role would take for ever.
_EDITORS = re.compile(rf"(?=.*(?:{_SURE_ROLES}))(?:{_ROLES})[：: /]*+(?:[{HAN}·]{{2,}}+(?:(?:{_BEHIND_ROLE})[：: /]*+)?[ 、,，/]*+)++")
_SYLLABLE = r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[iuü]?ang?|[iu]?e?ng?|iong|ong|[iuü]?e|i?ao|uai|ai|ei|i?ou|iu|ui|uo|ia|ua|[aoeiuü]|er|in|ing|un)"
_PAGE_TOKEN = rf"(?:{DATE}|星期[一二三四五六日天]|农历\S+|第?\s?[A-Z]?\d{{1,3}}\s?版(?:\s?\S{{2,4}})?|[A-D]\d{{1,2}}(?:\s\S{{2,4}})?)"
_PAGE_LINE = re.compile(rf"(?=.*(?:星期|版|[A-D]\d)){_PAGE_TOKEN}(?:[\s·|/]+{_PAGE_TOKEN})*")
_PAGE_NUMBER = re.compile(r"[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?")
_BYLINE_MARK = re.compile(r"□\s*(.+)")
_BYLINE = re.compile(
    rf"(?:本报|[{HAN}/]{{2,16}})?(?:记者|通讯员)[：: ]+{_NAME}(?:[ 、]+(?:(?:记者|通讯员)[：: ]*)?{_NAME})*(?:[ 、]+(?:文/图|文/摄|摄影报道|报道|文|图|摄影))*"
)
_CAPTION = re.compile(r"[■▲▼△▽]\s*(.+)")


def page_furniture(page: Page) -> None:
    """Editors, page lines, page numbers, and the paper's name with its pinyin belong to the page, not to the article."""
    editors = [line for line in page.lines if _EDITORS.fullmatch(line.text)]
    dated = [line for line in page.lines if _PAGE_LINE.fullmatch(line.text)]
    for line in dated:
        if date := re.search(DATE, line.text):
            page.found["published"] = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}"
    page.drop("editors' line", editors)
    page.drop("page line", dated)
    page.drop("page number", [line for line in page.lines if _PAGE_NUMBER.fullmatch(line.text)])
    for line, beside in _pinyin_pairs(page.lines):
        page.found["paper"] = beside.text
        page.drop("paper's name in pinyin", [line])
        page.drop("paper's name", [beside])
    page.drop("paper's name", [line for line in page.lines if line.text in page.known_names])


def _pinyin_pairs(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    """A line in Latin letters that reads as as many syllables as a short line beside it has Chinese characters, with that line."""
    for n, line in enumerate(lines):
        for beside in lines[max(n - 1, 0) : n] + lines[n + 1 : n + 2]:
            if re.fullmatch(rf"[{HAN}]{{2,8}}", beside.text):
                syllables = rf"(?:{_SYLLABLE}[\s·'’-]*){{{len(beside.text)}}}"
                if re.fullmatch(syllables, line.text, re.IGNORECASE):
                    yield line, beside
                    break


def bylines(page: Page) -> None:
    """A line of reporters becomes metadata."""
    signed = []
    for line in page.lines:
        words = mark[1] if (mark := _BYLINE_MARK.fullmatch(line.text)) else line.text
        if line.kind is BlockKind.PARAGRAPH and not STOPS.search(words) and (mark or _BYLINE.fullmatch(words)):
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


def captions(page: Page) -> None:
    """A picture's caption leaves the running text and is kept behind it, since facts stand in captions."""
    for line in page.lines:
        if line.kind is BlockKind.PARAGRAPH and (mark := _CAPTION.fullmatch(line.text)):
            page.note("caption", line, removed=line.text[: line.text.index(mark[1])].strip(), moved=mark[1])
    marked = [(line, _CAPTION.fullmatch(line.text) if line.kind is BlockKind.PARAGRAPH else None) for line in page.lines]
    running = [line for line, mark in marked if not mark]
    page.lines = running + [replace(line, kind=BlockKind.CAPTION, text=mark[1]) for line, mark in marked if mark]
