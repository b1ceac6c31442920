"""The house: which room may import which, where the types of vendors stay, and how many modules a room holds."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PACKAGES = {"index": 0, "bot": 1, "eval": 2}
# Each room of the assistant and what it may import of the others; any of them may import the index, and the two leaves below.
ROOMS = {
    "bot.chinese": set[str](),
    "bot.question": {"bot.chinese"},
    "bot.checking": {"bot.chinese"},
    "bot.reading": {"bot.chinese", "bot.checking"},
    "bot.llm": {"bot.question", "bot.checking", "bot.chinese"},
    "bot.answering": {"bot.question", "bot.reading", "bot.llm", "bot.checking", "bot.chinese"},
    "bot.web": {"bot.answering", "bot.question", "bot.checking", "bot.chinese"},
    "bot.maintain": {"bot.web", "bot.answering"},
    "bot.evaluating": {"bot.web"},
}
LEAVES = {"bot.settings", "bot.timing"}  # they import no room, and any may import them
# The same within the index: its top is the two paths, and may import all.
INDEX_ROOMS = {
    "index.text": set[str](),
    "index.encoding": set[str](),
    "index.reading": {"index.text"},
    "index.stored": {"index.text", "index.encoding"},
    "index.upkeep": {"index.text", "index.encoding", "index.reading", "index.stored"},
}
INDEX_LEAVES = {
    "index.documents",
    "index.errors",
    "index.language",
    "index.progress",
    "index.journal",
    "index.validity",
    "index.database",
    "index.lines",
}
ABOVE = {"index.upkeep"}  # stands on the two paths: what a maintainer does with a whole index
VENDORS = {
    "chromadb": {"index/stored"},
    "gradio": {"bot/web", "bot/maintain", "bot/maintain/tabs", "bot/evaluating"},
    "langchain_core": {"bot/answering", "bot/llm"},
    "langchain": {"bot/llm"},
    "langchain_openai": {"bot/llm"},
    "openai": {"bot/llm"},
    "mcp": {"bot/web/api"},
    "onnx": {"index/encoding"},
    "onnxruntime": {"index/encoding"},
    "prometheus_client": {"bot/web/running"},
    "argon2": {"bot/web/accounts"},
    "sqlalchemy": {"index", "bot/web", "bot/web/running", "bot/web/accounts", "bot/maintain", "bot/evaluating"},
}
# And within the evaluation: its top is one run from beginning to end, and its commands.
EVAL_ROOMS = {
    "eval.testset": set[str](),
    "eval.running": {"eval.testset"},
    "eval.measuring": {"eval.running", "eval.testset"},
    "eval.reporting": {"eval.measuring", "eval.running", "eval.testset"},
    "eval.calibrating": {"eval.measuring", "eval.running", "eval.testset"},
}
EVAL_LEAVES = set[str]()
MOST_MODULES = 14
MODULES = [path for package in PACKAGES for path in sorted((TOP / package).rglob("*.py"))]


def where(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def imported(path: Path) -> set[str]:
    """The modules that a file imports, as dotted names; `from a.b import c` counts as a.b and as a.b.c."""
    names = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def room_of(dotted: str, rooms: dict[str, set[str]]) -> str | None:
    return next((room for room in rooms if dotted == room or dotted.startswith(room + ".")), None)


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_imports_go_down_and_vendors_stay_at_home(path: Path) -> None:
    names, place = imported(path), where(path)
    own = PACKAGES[place.partition("/")[0]]
    assert not {name for name in names if PACKAGES.get(name.partition(".")[0], own) > own}
    tops = {name.partition(".")[0] for name in names}
    assert not {vendor for vendor, homes in VENDORS.items() if vendor in tops and str(Path(place).parent) not in homes}


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_a_room_imports_only_the_rooms_that_it_may(path: Path) -> None:
    dotted = where(path).removesuffix(".py").replace("/", ".")
    for rooms, leaves in ((ROOMS, LEAVES), (INDEX_ROOMS, INDEX_LEAVES), (EVAL_ROOMS, EVAL_LEAVES)):
        top = next(iter(rooms)).partition(".")[0]
        room = room_of(dotted, rooms)
        if room:
            used = {room_of(name, rooms) for name in imported(path)} - {None, room}
            assert used <= rooms[room]
            if room not in ABOVE:
                assert not {name for name in imported(path) if name.startswith(top + ".") and not room_of(name, rooms)} - _within(
                    leaves, path
                )
        elif dotted in leaves:
            assert not {name for name in imported(path) if room_of(name, rooms)}


def _within(leaves: set[str], path: Path) -> set[str]:
    """The names by which a module imports leaves: the leaf, and what it takes of it."""
    return {name for name in imported(path) if any(name == leaf or name.startswith(leaf + ".") for leaf in leaves)}


def test_the_rooms_that_are_named_are_all_that_there_are() -> None:
    found = {where(folder).replace("/", ".") for top in PACKAGES for folder in (TOP / top).iterdir() if (folder / "__init__.py").exists()}
    assert found == {*ROOMS, *INDEX_ROOMS, *EVAL_ROOMS}


def test_no_room_is_crowded() -> None:
    folders = {path.parent for path in MODULES} | {path.parent for path in (TOP / "tests").rglob("*.py")}
    sizes = {where(folder): len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) for folder in folders}
    assert not {folder: size for folder, size in sizes.items() if size > MOST_MODULES}


@pytest.mark.parametrize("program", ["index", "bot", "eval"])
def test_help_loads_nothing_heavy(program: str) -> None:
    script = f"""
import sys
from {program}.__main__ import app
try: app(["--help"])
except SystemExit as end: assert end.code == 0
heavy = {{"torch", "chromadb", "gradio", "sentence_transformers", "langchain_core", "numpy"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=TOP, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout
