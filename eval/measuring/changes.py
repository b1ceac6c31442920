"""What differs between two runs besides their results: settings, weights, prompts, code and articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DIGESTS = ("weights", "prompts", "code")  # inputs that are known by a hash of what they hold


@dataclass(frozen=True, slots=True)
class InputChange:
    """One thing that differs: its name, and what it was and is, "" where it was not there or is only known to differ."""

    what: str
    before: str = ""
    after: str = ""


def changed_inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[InputChange]:
    """What differs between the inputs of two runs, or of their reports; what an older run did not note is left out."""
    old, new = before.get("settings", {}), after.get("settings", {})
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    changes = [InputChange(name, _told(old.get(name)), _told(new.get(name))) for name in names]
    changes += [InputChange(name, before[name], after[name]) for name in DIGESTS if _differ(before, after, name)]
    if _differ(before, after, "articles"):
        was, now = before["articles"], after["articles"]
        changes += [
            InputChange(f"article {name}", was.get(name, ""), now.get(name, ""))
            for name in dict.fromkeys((*was, *now))
            if was.get(name) != now.get(name)
        ]
    return changes


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    return name in before and name in after and before[name] != after[name]


def _told(value: object) -> str:
    return "" if value is None else str(value)
