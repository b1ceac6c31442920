"""Which articles of an index amend which others, by the titles that they name. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.documents import Article, Status
from index.text.facts import FactKind, facts_of

LEAST_TITLE = 6  # characters: shorter titles stand in many others
_CLAUSE = re.compile(r"^(?P<title>.+) (?P<clause>第[^ ]+?条)[^ ]*$")


class Amending(Protocol):
    """What is asked of an article: the manifest's `ArticleEntry` has it. `amends` are titles, each with the article [条] or without."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def amends(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an article changes of another one: which of its articles [条], none where it does not say; its id, its title, and when it did."""

    article: str
    title: str
    published: str
    clauses: tuple[str, ...]

    def is_later_than(self, published: str) -> bool:
        """Whether it came after what was published then, so that this does not hold the change already; unknown counts as later."""
        return not published or not self.published or self.published > published


def amends(article: Article) -> tuple[str, ...]:
    """What an article says that it amends."""
    return tuple(dict.fromkeys(fact.value for fact in facts_of(article) if fact.kind is FactKind.AMENDS))


def names_title(named: str, title: str) -> bool:
    """Whether a text that names a document means the one of that title: a notice that issues a regulation has a longer title."""
    named, title = bare_title(named), bare_title(title)
    return bool(title) and (title == named or (len(title) >= LEAST_TITLE and named.removesuffix("的通知").endswith(title)))


def bare_title(title: str) -> str:
    """A title without spaces and title marks."""
    return re.sub(r"[\s《》〈〉]", "", title)


def amendments_of(entries: Iterable[Amending]) -> dict[str, tuple[Amendment, ...]]:
    """The amendments by articles that are in force, by the id of the article that they change."""
    every = list(entries)
    found: dict[str, list[Amendment]] = {}
    for entry in every:
        if not entry.amends or entry.status != Status.IN_FORCE:
            continue
        for title, clauses in _by_title(entry.amends).items():
            for other in every:
                if other.id != entry.id and names_title(title, other.title):
                    found.setdefault(other.id, []).append(Amendment(entry.id, entry.title or entry.id, entry.published, tuple(clauses)))
    return {name: tuple(own) for name, own in found.items()}


def _by_title(named: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value in named:
        split = _CLAUSE.match(value)
        own = found.setdefault(split["title"] if split else value, [])
        if split and split["clause"] not in own:
            own.append(split["clause"])
    return found
