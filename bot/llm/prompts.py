"""The texts that a language model reads: loaded from `prompts/`, checked, and filled in."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from string import Template

from index.errors import LiangceError

FOLDER = Path(__file__).resolve().parents[2] / "prompts"
_USER = "=== user ===\n"
_SECTION = re.compile(r"^=== (\S+) ===\n", re.MULTILINE)


class PromptError(LiangceError):
    """A file of a prompt is not as the program needs it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one call sends: the instructions, and what they are to be applied to."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A checked file: its two parts, and a hash of the whole by which logs and reports name it."""

    name: str
    system: Template
    user: Template
    hash: str

    @classmethod
    def load(cls, name: str, variables: Collection[str], folder: Path = FOLDER) -> "PromptFile":
        """`prompts/NAME.txt`; raises `PromptError` where it lacks a variable, has one that nobody fills, or is not in two parts."""
        path, text = _read(name, folder)
        system, found, user = text.partition(_USER)
        if not found or not system.strip() or not user.strip():
            raise PromptError("prompt-parts", path=path, line=_USER.strip())
        parts = Template(system.strip()), Template(user.strip())
        if wrong := [template.template for template in parts if not template.is_valid()]:
            raise PromptError("prompt-dollar", path=path, text=wrong[0][:60])
        held = {variable for template in parts for variable in template.get_identifiers()}
        if missing := sorted(set(variables) - held):
            raise PromptError("prompt-lacks", path=path, variable=missing[0])
        if unknown := sorted(held - set(variables)):
            raise PromptError("prompt-unknown", path=path, variable=unknown[0], known=sorted(variables))
        return cls(name, *parts, hashlib.sha256(text.encode()).hexdigest()[:12])

    def fill(self, **values: str) -> Prompt:
        """The prompt with its variables filled in; a $ in a value stays one."""
        return Prompt(self.system.substitute(values), self.user.substitute(values))


def load_sections(name: str, sections: Collection[str], folder: Path = FOLDER) -> dict[str, str]:
    """The texts of `prompts/NAME.txt` by the names of their sections, each below a line === NAME ===; raises `PromptError` where one is
    missing or empty, or there is one that nobody uses."""
    path, text = _read(name, folder)
    before, *parts = _SECTION.split(text)
    found = {section: body.strip() for section, body in zip(parts[::2], parts[1::2], strict=True)}
    if before.strip():
        raise PromptError("prompt-section-before", path=path, text=before.strip()[:60])
    if missing := sorted(section for section in sections if not found.get(section)):
        raise PromptError("prompt-section-lacks", path=path, section=missing[0])
    if unknown := sorted(set(found) - set(sections)):
        raise PromptError("prompt-section-unknown", path=path, section=unknown[0], known=sorted(sections))
    return found


def _read(name: str, folder: Path) -> tuple[Path, str]:
    path = folder / f"{name}.txt"
    try:
        return path, path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError("prompt-unreadable", path=path, error=error) from error
