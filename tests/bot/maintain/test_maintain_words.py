"""That each message of the programs that the maintainers' page may show has its Chinese form."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from bot.maintain.handlers import form_fields
from bot.maintain.words import in_chinese, status_in_english
from index.errors import SourceError
from index.reading.files import _MAGIC, SUFFIXES, receive
from index.reading.formats.parsed import ParseLimits
from tests.support.chinese import UNKNOWN, is_chinese

TOP = Path(__file__).resolve().parents[3]
# Raised when a program starts or by a command alone: the page never shows them.
ELSEWHERE = {"__main__", "version_commands", "settings", "split", "encoder", "bundled", "check", "cli"}


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("文件是空的，请换一份。", True),
        ("请另存为UTF-8编码，或改成.txt结尾。", True),
        ("文件读不了（程序记录：“File is not a zip file”）。", True),
        ("文件 is empty 请换一份再试", False),
        ("is empty: expected an article", False),
        ("程序给出的说明：something new", False),
    ],
)
def test_measure_tells_chinese_from_mixed_language(said: str, good: bool) -> None:
    assert is_chinese(said) is good


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_file_under_a_wrong_ending_is_told_in_chinese(tmp_path: Path, suffix: str) -> None:
    for magic, what, _ in _MAGIC:
        (tmp_path / f"a{suffix}").write_bytes(magic + b"\1" * 99)
        if what in {".pdf": ("a PDF",), ".docx": ("a zip archive",)}.get(suffix, ()):
            continue
        with pytest.raises(SourceError) as refused:
            receive(tmp_path / f"a{suffix}", ParseLimits())
        assert is_chinese(in_chinese(str(refused.value))), in_chinese(str(refused.value))


# What stands for the gaps of a message; "7" for all others.
GAPS = {
    "first_problem(error)": "title: Field required", "who": "another process", "where": "the form", "own[0]": "title",
    "told": "format: the index has 1, the settings say 2", "list(found)": "['v000001']", "twice[:3]": "['a.txt']", "missing[:5]": "['a.txt']",
    "what or 'no PDF'": "no PDF", "what or 'no Word file'": "no Word file", "what": "a picture", "do": "unpack it",
    "do or 'check the file, or give it its right ending'": "unpack it", "'HTML' if suffix.startswith('.htm') else 'text'": "text",
    "sort": "is encrypted", "one.file": "a.txt", "one.problem": "no file is given: choose one first",
}  # fmt: skip


def filled(node: ast.expr, names: dict[str, object]) -> str | None:
    """A message with something in its gaps; None where the words stand elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return None
    said = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        expression = ast.unparse(part.value)
        try:
            said += GAPS.get(expression) or ("'7'" if part.conversion == ord("r") else str(eval(expression, dict(names))))  # our own source
        except NameError:
            said += "7"
    return said


def messages() -> Iterator[tuple[str, str]]:
    """Each place that makes a message which the page may show, with that message."""
    for path in [*sorted((TOP / "index").rglob("*.py")), TOP / "bot" / "maintain" / "maintenance.py"]:
        if path.stem in ELSEWHERE:
            continue
        module = path.relative_to(TOP).with_suffix("").as_posix().replace("/", ".")
        tree, names = ast.parse(path.read_text("utf-8")), vars(import_module(module))
        only_eval = {
            id(node) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "read_rows" for node in ast.walk(one)
        }
        for node in ast.walk(tree):
            made: list[ast.expr] = []
            if isinstance(node, ast.Call) and id(node) not in only_eval:
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                made = node.args[:1] if name.endswith("Error") and name != "ValueError" else node.args[2:] if name == "Found" else []
                made = [*made, *(keyword.value for keyword in node.keywords if keyword.arg == "problem")]
            elif isinstance(node, ast.Dict):
                made = [
                    value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value == "refused"
                ]
            for one in made:
                if said := filled(one, names):
                    yield f"{path.name}:{one.lineno}", said


PLACES = list(messages())


def test_places_that_make_messages_are_found() -> None:
    assert len(PLACES) > 75


@pytest.mark.parametrize(("place", "message"), PLACES, ids=[place for place, _ in PLACES])
def test_message_of_each_place_has_a_chinese_form(place: str, message: str) -> None:
    assert is_chinese(in_chinese(message)), (place, message)


def test_message_that_is_not_known_is_given_whole() -> None:
    assert in_chinese("the moon is full: wait") == "程序给出的说明：the moon is full: wait"
    assert in_chinese("the form: title: Something new (given: 'x')").startswith(UNKNOWN)


@pytest.mark.parametrize(
    ("said", "read"),
    [("有效", "in force"), (" 已废止 ", "withdrawn"), ("被《新办法》取代", "superseded by 《新办法》"), ("已被新办法取代", "superseded by 新办法"), ("", ""), ("dead", "dead")],
)  # fmt: skip
def test_status_may_be_written_in_chinese(said: str, read: str) -> None:
    assert status_in_english(said) == read
    assert form_fields(("", "", "", "", said, "", "", "", ""))["status"] == read
