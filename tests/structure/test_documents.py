"""The documents: the README stays short, and what they name is there: links, pictures, paths, modules, commands, settings."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.__main__ import app as bot
from eval.__main__ import app as evaluation
from index.__main__ import app as index

TOP = Path(__file__).resolve().parents[2]
README, DOCS = TOP / "README.md", TOP / "docs"
DOCUMENTS = [README, *sorted(DOCS.glob("*.md")), TOP / "prompts" / "README.md"]
MOST_LINES = 150
PROGRAMS = {"bot": typer.main.get_command(bot), "eval": typer.main.get_command(evaluation), "index": typer.main.get_command(index)}

PATH = re.compile(r"(?:bot|index|eval|tests|prompts|seeds|docs|\.ci)/[\w./-]*")
DOTTED = re.compile(r"(?:bot|index|eval|tests)(?:\.\w+)+")
RUN = re.compile(r"python -m (bot|index|eval|tests)((?:\.\w+)*)(?: +([a-z][a-z-]*))?(.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
SETTING = re.compile(r"LIANGCE_[A-Z][A-Z_]*[A-Z]")


def name(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name)


def tokens(document: Path) -> Iterator[Token]:
    """The tokens of a document, those within a paragraph among them."""
    for token in MarkdownIt().enable("table").parse(document.read_text("utf-8")):
        yield token
        yield from token.children or ()


def links(document: Path) -> Iterator[str]:
    """Where a document's links and pictures lead."""
    for token in tokens(document):
        if token.type in ("link_open", "image"):
            yield str(token.attrs.get("href") or token.attrs.get("src"))
        elif token.type in ("html_inline", "html_block"):
            yield from re.findall(r'<(?:img|a)\b[^>]*?(?:src|href)="([^"]+)"', token.content)


def anchors(document: Path) -> set[str]:
    """The names by which the headings of a document can be linked to, made as GitHub makes them."""
    found, seen, in_heading = set[str](), Counter[str](), False
    for token in tokens(document):
        if token.type == "inline" and in_heading:
            slug = re.sub(r"[^\w\- ]", "", token.content.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        in_heading = token.type == "heading_open"
    return found


def code(document: Path) -> Iterator[str]:
    """What stands in backticks, and each line of a block of code up to the explanation behind it."""
    for token in tokens(document):
        if token.type == "code_inline":
            yield token.content
        elif token.type == "fence":
            yield from (re.split(r" {3,}|  +#", line.strip())[0] for line in token.content.splitlines())


def is_module(dotted: str) -> bool:
    """Whether a dotted name is a module of the project, or something in one that is named there."""
    path = TOP.joinpath(*dotted.split("."))
    if path.with_suffix(".py").exists() or path.is_dir():
        return True
    module, _, member = dotted.rpartition(".")
    file = TOP.joinpath(*module.split(".")).with_suffix(".py")
    return file.exists() and re.search(rf"^(?:class|def|async def)? *{member}\b", file.read_text("utf-8"), re.M) is not None


def test_the_readme_can_be_read_in_five_minutes() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= MOST_LINES


@every_document
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    broken = []
    for link in links(document):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or not target.is_relative_to(TOP) or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@every_document
def test_the_paths_that_are_named_exist(document: Path) -> None:
    named = {text for text in code(document) if PATH.fullmatch(text)}
    assert not {path for path in named if not (TOP / path).exists()}


@every_document
def test_the_modules_that_are_named_exist(document: Path) -> None:
    named = {text for text in code(document) if DOTTED.fullmatch(text)}
    named |= {run[1] + run[2] for text in code(document) for run in RUN.finditer(text)}
    assert not {dotted for dotted in named if not is_module(dotted)}


@every_document
def test_the_commands_that_are_named_exist(document: Path) -> None:
    wrong = []
    for text in code(document):
        for run in RUN.finditer(text):
            program, module, command, rest = run.groups()
            if program not in PROGRAMS or module or not command:
                continue
            found = PROGRAMS[program].commands.get(command)
            while isinstance(found, typer.core.TyperGroup) and (below := re.match(r" +([a-z][a-z-]*)", rest)):
                found, rest = found.commands.get(below[1]), rest[below.end() :]
            if found is None or set(OPTION.findall(rest)) - {option for param in found.params for option in param.opts} - {"--help"}:
                wrong.append(text)
    assert not wrong


@every_document
def test_the_make_targets_that_are_named_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.M))
    assert {run[1] for text in code(document) if (run := re.match(r"make ([a-z]+)", text))} <= targets


@every_document
def test_the_settings_that_are_named_are_listed(document: Path) -> None:
    listed = set(SETTING.findall((DOCS / "settings.md").read_text("utf-8")))
    assert set(SETTING.findall(document.read_text("utf-8"))) <= listed


def test_every_document_and_picture_is_shown_somewhere() -> None:
    shown = {(document.parent / link.partition("#")[0]).resolve() for document in DOCUMENTS for link in links(document)}
    assert set(DOCUMENTS[1:]) | set((DOCS / "pictures").iterdir()) <= shown | {DOCS}
    index_page = {(DOCS / link).resolve() for link in links(DOCS / "README.md")}
    assert set(DOCS.glob("*.md")) - {DOCS / "README.md"} <= index_page


def test_the_tree_in_the_readme_has_every_room() -> None:
    blocks = [token.content for token in tokens(README) if token.type == "fence"]
    tree = next(block for block in blocks if block.startswith("seeds/"))
    listed, top = set[str](), ""
    for line in tree.splitlines():
        folder = line.split()[0]
        top, inner = (top, folder) if line.startswith(" ") else (folder, "")
        listed.add(top + inner)
    rooms = {f"{name(path.parent)}/" for top in ("index", "bot", "eval") for path in (TOP / top).glob("*/__init__.py")}
    assert rooms <= listed
    assert not {folder for folder in listed if not (TOP / folder).is_dir()}
