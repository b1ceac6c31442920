import ast
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
ORDER = {"index": 0, "bot": 1, "eval": 2}
MODULES = [path for package in ORDER for path in sorted((TOP / package).rglob("*.py"))]
HOMES = {
    "chromadb": {"index/store.py"},
    "gradio": {"bot/ui.py"},
    "langchain_core": {"bot/retriever.py", "bot/answer.py", "bot/generate.py"},
    "langchain_openai": {"bot/generate.py"},
    "openai": {"bot/generate.py"},
}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_imports_go_down_and_vendors_stay_at_home(path: Path) -> None:
    where = path.relative_to(TOP).as_posix()
    own = ORDER[where.partition("/")[0]]
    assert not {name for name in imported(path) if ORDER.get(name, own) > own}
    assert not {vendor for vendor, homes in HOMES.items() if vendor in imported(path) and where not in homes}


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
