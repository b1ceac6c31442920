"""A Markdown file -> lines, and the front matter that stands before them. markdown-it reads it."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.formats.html import html_lines
from index.reading.formats.parsed import Line, Parsed, ParseLimits, check_size, parsed
from index.reading.formats.tables import table_sentences

_FRONT = re.compile(r"\A\s*(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<fields>.*?)\r?\n(?P=mark)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(r"\s*[\w-]+\s*[:=]")
_LONGEST = 20_000  # characters of front matter: what is longer is no description of an article


def read_markdown(data: bytes, limits: ParseLimits) -> Parsed:
    """The text of a Markdown file, with the keys of its front matter in `properties` behind "front." to tell them apart."""
    text = decode(data)
    check_size(text, limits)
    front, body = front_matter(text)
    # Paragraphs stay open: people paste newspaper pages into .md files, with sentences that columns had parted.
    return parsed(_lines(body), {f"front.{name}": value for name, value in front.items()})


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """What YAML between --- or TOML between +++ says at the head of a text, and the text behind it; lists are joined by 、."""
    found = _FRONT.match(text.lstrip("\ufeff"))
    if not found or (found["fields"].strip() and not _KEY.match(found["fields"])):
        return {}, text
    if len(found["fields"]) > _LONGEST:
        raise SourceError("front-matter-long", length=len(found["fields"]), most=_LONGEST)
    values = _loaded(found["fields"], found["mark"])
    return {str(name): _plain(value) for name, value in values.items() if value is not None}, text.lstrip("\ufeff")[found.end() :]


def _loaded(fields: str, mark: str) -> dict[Any, Any]:
    import yaml

    try:
        if mark == "---" and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(fields, Loader=yaml.SafeLoader)):
            raise SourceError("front-matter-alias")  # a few of them stand for any amount of text
        values = yaml.safe_load(fields) if mark == "---" else tomllib.loads(fields)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise SourceError("front-matter-unreadable", error=error) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SourceError("front-matter-kind", kind=type(values).__name__)
    return values


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _lines(body: str) -> list[Line]:
    from markdown_it import MarkdownIt

    page = _Page()
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        page.take(token)
    return page.lines


@dataclass(slots=True)
class _Page:
    """The lines so far, and what is open where the reading stands."""

    lines: list[Line] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)  # the next number of each list that is open; 0 for one without numbers
    mark: str = ""  # of an item that has begun
    heading: str = ""  # its marks
    rows: list[list[str]] = field(default_factory=list)  # of the table that is open

    def take(self, token: Any) -> None:
        """Take the next token of markdown-it's stream."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append(0 if token.type.startswith("bullet") else int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self._begin_item()
            case "heading_open":
                self.heading = "#" * int(token.tag[1])
            case "tr_open":
                self.rows.append([])
            case "table_close":
                self.lines += map(Line, table_sentences(self.rows, 1))
                self.rows = []
            case "inline":
                self._say(_words(token))
            case "code_block" | "fence":
                self.lines += [Line(words, False) for words in token.content.split("\n")]
            case "html_block" if re.search(r"<\s*[a-z]", token.content, re.IGNORECASE):
                self.lines += html_lines(token.content)[0]

    def _begin_item(self) -> None:
        self.mark = f"{self.lists[-1]}. " if self.lists[-1] else "• "
        self.lists[-1] += 1 if self.lists[-1] else 0

    def _say(self, words: str) -> None:
        if self.rows:
            self.rows[-1].append(words.replace("\n", " "))
        elif self.heading:
            self.lines.append(Line(f"{self.heading} {words}"))
            self.heading = ""
        elif self.lists:
            self.lines.append(Line(self.mark + _one_line(words)))
            self.mark = ""
        else:
            # Each line by itself: the cleaner joins those that stop in the middle of a sentence.
            self.lines += [Line(line, False) for line in words.split("\n")]


def _one_line(words: str) -> str:
    """The lines of an item as one; between Chinese characters nothing takes the place of the break."""
    return re.sub(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])", "", words).replace("\n", " ")


def _words(token: Any) -> str:
    """The words of a line without its marks; a link is its words, a picture its description.

    A star between two figures multiplies (7*24, 5*8), although two of them make emphasis by the rules of CommonMark.
    """
    pieces, opened, pairs = list[str](), list[int](), list[tuple[int, int, str]]()
    for child in token.children or ():
        if child.type in ("em_open", "strong_open"):
            opened.append(len(pieces))
            pieces.append("")
        elif child.type in ("em_close", "strong_close"):
            pairs.append((opened.pop(), len(pieces), child.markup))
            pieces.append("")
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.type in ("text", "code_inline", "image"):
            pieces.append(child.content)
    multiplies = [pair for pair in pairs if _between_figures(pieces, pair[0]) or _between_figures(pieces, pair[1])]
    for first, last, mark in multiplies:
        pieces[first] = pieces[last] = mark
    return "".join(pieces)


def _between_figures(pieces: list[str], at: int) -> bool:
    """Whether the words on both sides of a mark are figures."""
    before = next((piece[-1] for piece in reversed(pieces[:at]) if piece), "")
    after = next((piece[0] for piece in pieces[at + 1 :] if piece), "")
    return before.isdigit() and after.isdigit()
