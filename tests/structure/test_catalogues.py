"""The words of all programs: that each code in the source stands in both catalogues with the same fields, and that none is left over."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.llm.client import ModelError
from bot.llm.prompts import PromptError
from index import language
from index.errors import LiangceError, SourceError
from index.language import DOMAIN, FORMS, LANGUAGES, LOCALE, look_up, render
from tests.support.chinese import is_chinese

TOP = Path(__file__).resolve().parents[2]
FILES = [path for package in ("index", "bot", "eval") for path in sorted((TOP / package).rglob("*.py"))]


def names_below(kind: type) -> set[str]:
    return {kind.__name__}.union(*map(names_below, kind.__subclasses__()))


ERRORS = names_below(LiangceError) | {ModelError.__name__, PromptError.__name__}
TAKE_CODES = {"Message", "render", "look_up", "refusal", "word", "word_for", *ERRORS}  # their first argument is a code


def catalogue(name: str) -> dict[str, str]:
    with (LOCALE / name / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


TEXTS = {name: catalogue(name) for name in LANGUAGES}


@dataclass(frozen=True)
class Use:
    """A code where it stands in the source; `fields` is None where the source does not name them one by one."""

    place: str
    code: str  # for one that is put together, what it begins with
    whole: bool
    fields: frozenset[str] | None


def uses(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, place = called_name(node), f"{path.relative_to(TOP)}:{node.lineno}"
        if called not in TAKE_CODES:
            continue
        named = {keyword.arg for keyword in node.keywords}
        fields = None if None in named or called in ("look_up", "refusal", "word_for") else frozenset(str(name) for name in named)
        for code, whole in codes_of(node.args[0]):
            yield Use(place, code, whole, fields)


def called_name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    # An error's own __init__, which hands its code on.
    inner = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "__init__" else None
    return "LiangceError" if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super" else ""


def codes_of(node: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, True
    elif isinstance(node, ast.IfExp):
        yield from codes_of(node.body)
        yield from codes_of(node.orelse)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value), False


USES = [use for path in FILES for use in uses(path)]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_codes_are_found_in_the_source() -> None:
    assert len({use.code for use in USES}) > 150


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.place}-{use.code}")
def test_code_stands_in_both_catalogues_with_its_fields(use: Use) -> None:
    codes = [code for code in TEXTS["en"] if code == use.code or (not use.whole and code.startswith(use.code))]
    assert codes
    for code in codes:
        own = [gaps(TEXTS[name][code]) for name in LANGUAGES]
        if use.fields is not None:
            assert set().union(*own) <= use.fields
            assert not use.whole or set().union(*own) == use.fields  # nothing is handed in that no language tells


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TOP)))
def test_error_of_ours_is_raised_with_a_code(path: Path) -> None:
    """A sentence in place of a code would be shown in English to everybody, and so would that of a ValueError."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and called_name(node) in ERRORS and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr), f"{path}:{node.lineno}"
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            assert called_name(node.exc) != "ValueError", f"{path}:{node.lineno}"


def test_no_text_of_the_catalogues_is_left_over() -> None:
    spelt = set().union(*(strings(path) for path in FILES), (code for code, more in told_by_templates() if not more))
    begun = tuple([use.code for use in USES if not use.whole] + [code for code, more in told_by_templates() if more])
    assert [code for code in TEXTS["en"] if code not in spelt and not code.startswith(begun)] == []


def told_by_templates() -> list[tuple[str, str]]:
    """The codes that the templates of reports name, each with what follows where it is only the beginning of one."""
    return [found for path in (TOP / "eval").rglob("*.jinja") for found in re.findall(r'both\("([\w.-]+)"( ~)?', path.read_text("utf-8"))]


def test_codes_of_templates_stand_in_the_catalogues() -> None:
    assert len(told_by_templates()) > 50
    for code, more in told_by_templates():
        assert any(known == code or (more and known.startswith(code)) for known in TEXTS["en"]), code


def strings(path: Path) -> set[str]:
    return {
        str(node.value)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_catalogues_hold_the_same_codes() -> None:
    assert list(TEXTS["zh"]) == list(TEXTS["en"])
    assert all(text for texts in TEXTS.values() for text in texts.values())


@pytest.mark.parametrize("name", LANGUAGES)
def test_gaps_of_a_text_have_forms_that_are_known(name: str) -> None:
    for code, text in TEXTS[name].items():
        for _, field, form, conversion in Formatter().parse(text):
            if field is not None:
                assert form is not None
                assert field.isidentifier(), code
                assert form in FORMS or form.startswith("joined") or re.fullmatch(r"|,|\.\df|g", form), (code, form)
                assert conversion in (None, "r"), code


@pytest.mark.parametrize("code", [code for code in TEXTS["zh"] if "-" in code.partition(".")[0]])
def test_error_is_chinese_all_through(code: str) -> None:
    text = re.sub(r"{[^}]*}", "甲乙丙丁", TEXTS["zh"][code])
    assert is_chinese(text if len(text) > 5 else "甲乙丙丁" + text), text


@pytest.mark.parametrize("name", LANGUAGES)
def test_compiled_catalogue_is_what_its_source_compiles_to(name: str) -> None:
    compiled = io.BytesIO()
    with (LOCALE / name / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file))
    made, kept = (gettext.GNUTranslations(io.BytesIO(data)) for data in (compiled.getvalue(), compiled_file(name).read_bytes()))
    assert {code: kept.gettext(code) for code in TEXTS[name]} == {code: made.gettext(code) for code in TEXTS[name]} == TEXTS[name]
    assert codes_in(compiled_file(name)) == {"", *TEXTS[name]}


def compiled_file(name: str) -> Path:
    return LOCALE / name / "LC_MESSAGES" / f"{DOMAIN}.mo"


def codes_in(path: Path) -> set[str]:
    from babel.messages.mofile import read_mo

    with path.open("rb") as file:
        return {str(entry.id) for entry in read_mo(file)} | {""}


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_catalogue_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    if damage == "broken":
        (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / "en" / "LC_MESSAGES" / f"{DOMAIN}.mo").write_bytes(b"no catalogue at all, but long enough")
    language._catalogue.cache_clear()
    try:
        with pytest.raises(OSError, match=r"No translation file found|Bad magic number"):
            look_up("file-empty", "en")
    finally:
        language._catalogue.cache_clear()


def test_text_that_no_catalogue_has_is_shown_as_it_is() -> None:
    assert render("the {moon} is full", "zh", moon=1) == "the {moon} is full"


def test_error_is_rendered_in_both_languages() -> None:
    error: Any = SourceError("file-too-large", size=61_234_567, most=50_000_000)
    assert str(error) == "has 61,234,567 bytes: expected at most 50,000,000; split it into several articles"
    assert error.in_language("zh") == "文件有61.3MB，最大50MB。请分成几篇。"
    assert repr(error) == f"SourceError({str(error)!r})"
