"""A Markdown file -> lines, and the front matter that stands before them. markdown-it reads it."""

import re
import tomllib
from datetime import date
from typing import Any

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.html import html_lines
from index.reading.parsed import Limits, Line, Parsed, check_size, parsed
from index.reading.tables import table_sentences

_FRONT = re.compile(r"\A\s*(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<said>.*?)\r?\n(?P=mark)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(r"\s*[\w-]+\s*[:=]")
_LONGEST = 20_000  # characters of front matter: what is longer is no description of an article


def read_markdown(data: bytes, limits: Limits) -> Parsed:
    """The text of a Markdown file, with the keys of its front matter in `properties` behind "front." to tell them apart."""
    text = decode(data)
    check_size(text, limits)
    front, body = front_matter(text)
    # Paragraphs stay open: people paste newspaper pages into .md files, with sentences that columns had parted.
    return parsed(_lines(body), {f"front.{name}": value for name, value in front.items()})


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """What YAML between --- or TOML between +++ says at the head of a text, and the text behind it; lists are joined by 、."""
    found = _FRONT.match(text.lstrip("\ufeff"))
    if not found or (found["said"].strip() and not _KEY.match(found["said"])):
        return {}, text
    if len(found["said"]) > _LONGEST:
        raise SourceError(f"has front matter of {len(found['said']):,} characters: expected at most {_LONGEST:,}; shorten it")
    values = _loaded(found["said"], found["mark"])
    return {str(name): _plain(value) for name, value in values.items() if value is not None}, text.lstrip("\ufeff")[found.end() :]


def _loaded(said: str, mark: str) -> dict[Any, Any]:
    import yaml

    try:
        values = yaml.safe_load(said) if mark == "---" else tomllib.loads(said)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise SourceError(f"has front matter that cannot be read ({' '.join(str(error).split())}): expected lines such as title: …") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SourceError(f"has front matter that is a {type(values).__name__}: expected lines such as title: …")
    return values


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _lines(body: str) -> list[Line]:
    from markdown_it import MarkdownIt

    lines: list[Line] = []
    marks: list[str] = []  # of the lists that are open: • or the next number
    pending = ""  # the mark of an item that has begun
    rows: list[list[str]] = []
    heading = ""
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            marks.append("•" if token.type == "bullet_list_open" else str(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
        elif token.type == "list_item_open":
            pending = f"{marks[-1]} " if marks[-1] == "•" else f"{marks[-1]}. "
            marks[-1] = marks[-1] if marks[-1] == "•" else str(int(marks[-1]) + 1)
        elif token.type == "heading_open":
            heading = token.markup if token.markup.startswith("#") else "#" * int(token.tag[1])
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            lines += map(Line, table_sentences(rows, 1))
            rows = []
        elif token.type == "inline":
            if rows:
                rows[-1].append(_words(token).replace("\n", " "))
            elif heading:
                lines.append(Line(f"{heading} {_words(token)}"))
                heading = ""
            elif marks:
                lines.append(Line(pending + _one_line(_words(token))))
                pending = ""
            else:
                lines += [Line(words, False) for words in _words(token).split("\n")]
        elif token.type in ("code_block", "fence"):
            lines += [Line(words, False) for words in token.content.split("\n")]
        elif token.type == "html_block" and re.search(r"<\s*[a-z]", token.content, re.IGNORECASE):
            lines += html_lines(token.content)[0]
    return lines


def _one_line(words: str) -> str:
    """The lines of an item as one; between Chinese characters nothing takes the place of the break."""
    return re.sub(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])", "", words).replace("\n", " ")


def _words(token: Any) -> str:
    """The words of a line without its marks; a link is its words, a picture its description."""
    said = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif child.type in ("text", "code_inline"):
            said.append(child.content)
        elif child.type == "image":
            said.append(child.content)
    return "".join(said)
