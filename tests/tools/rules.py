"""How many rules about Chinese words the assistant holds: python -m tests.tools.rules [--tables] [--ablate]

A table is a compiled pattern, a set, or a dict or tuple of words or patterns that a module names, with a Chinese word in it; a pattern
that stands in the middle of a function counts as one as well. The alternatives of a table are what its patterns divide by |, and its
words one by one. Texts that are shown to people are no rules, and neither is the range of all Chinese characters.

With --ablate each rule by which a model's sentences are checked is left out in turn: how many false sentences on the seed article then
get past that did not, and how many honest ones are shown that were not. Last all are left out: what the facts find alone.
"""

import argparse
import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.checking.check import WORD_RULES
from bot.checking.rules.word_rules import WordRules
from tests.support.seed_sentences import FALSE, FALSE_BUT_SHOWN, HONEST, HONEST_BUT_DROPPED, check_at_best, seed_passages

TOP = Path(__file__).resolve().parents[2]
_HAN = re.compile("[㐀-鿿]")
_DIVIDES = re.compile(r"[|\s]+")
_ANY_HAN = re.compile(r"[㐀一]-鿿|\\u4e00-\\u9fff")  # whether a text is Chinese, not what it says
_SHOWN = re.compile("[㐀-鿿][。？！]")  # a sentence, not a character class
_TEXTS = ("bot/maintain/", "bot/web/", "bot/answering/messages.py")  # what they name is shown
_PATTERN_CALLS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "split"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of rules: its module and name, and how many alternatives it holds."""

    module: str
    name: str
    alternatives: int


def strings_in(node: ast.AST) -> Iterator[str]:
    """The strings under a node that hold Chinese words, also those in f-strings."""
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and _HAN.search(plain := _ANY_HAN.sub("", child.value)):
            yield plain


def alternatives(node: ast.AST) -> int:
    """How many alternatives stand under a node."""
    return sum(bool(_HAN.search(piece)) for string in strings_in(node) for piece in _DIVIDES.split(string))


def is_pattern_call(node: ast.AST) -> bool:
    """Whether a node is a call such as re.search(…)."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _PATTERN_CALLS
    )


def is_table(value: ast.expr) -> bool:
    """Whether a value that a module names is a table of rules, rather than texts that are shown."""
    if any(is_pattern_call(child) for child in ast.walk(value)):
        return True
    several = isinstance(value, ast.Dict | ast.Tuple | ast.List | ast.Set | ast.Call | ast.ListComp | ast.BinOp) or (
        isinstance(value, ast.Constant | ast.JoinedStr) and any("|" in string for string in strings_in(value))
    )
    return several and not any(_SHOWN.search(string) for string in strings_in(value))


def tables_of(path: Path) -> list[Table]:
    """The tables of a module in their order."""
    module, found = path.relative_to(TOP).as_posix(), list[Table]()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            if node.value and alternatives(node.value) and is_table(node.value):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                found.append(Table(module, ast.unparse(target), alternatives(node.value)))
        else:
            patterns = [call.args[0] for call in ast.walk(node) if isinstance(call, ast.Call) and is_pattern_call(call) and call.args]
            name = getattr(node, "name", "")
            found += [Table(module, f"{name}: in a line", alternatives(pattern)) for pattern in patterns if alternatives(pattern)]
    return found


def ablate() -> None:
    """Print what each rule finds that no other does."""
    passages = seed_passages()

    def shown(texts: Sequence[str], rules: WordRules) -> int:
        return sum(check_at_best(text, passages, rules).holds for text in texts)

    false, honest = FALSE + FALSE_BUT_SHOWN, HONEST + HONEST_BUT_DROPPED
    false_before, honest_before = shown(false, WORD_RULES), shown(honest, WORD_RULES)
    print(f"with all rules {false_before} of {len(false)} false sentences are shown, and {honest_before} of {len(honest)} honest ones")
    without = [(rule.__name__, tuple(other for other in WORD_RULES.rules if other is not rule)) for rule in WORD_RULES.rules]
    for name, rest in [*without, ("all of them", ())]:
        rules = WordRules(rest)
        print(f"without {name}: {shown(false, rules) - false_before:+} false, {shown(honest, rules) - honest_before:+} honest", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true", help="name each table")
    parser.add_argument("--ablate", action="store_true", help="leave out one rule of checking at a time; takes minutes")
    given = parser.parse_args()
    modules = [path for path in sorted((TOP / "bot").rglob("*.py")) if not path.relative_to(TOP).as_posix().startswith(_TEXTS)]
    found = [table for path in modules for table in tables_of(path)]
    for module in dict.fromkeys(table.module for table in found):
        own = [table for table in found if table.module == module]
        print(f"{module}: {len(own)} tables, {sum(table.alternatives for table in own)} alternatives")
        for table in own if given.tables else ():
            print(f"    {table.name}: {table.alternatives}")
    print(f"all: {len(found)} tables, {sum(table.alternatives for table in found)} alternatives")
    at_work = [table for table in found if "/training/" not in table.module]
    print(f"without what makes training data: {len(at_work)} tables, {sum(table.alternatives for table in at_work)} alternatives")
    if given.ablate:
        ablate()


if __name__ == "__main__":
    main()
