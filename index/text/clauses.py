"""An article -> its clauses, the units of an answer. Pure functions.

A clause is not a sentence torn out but what belongs together: an article [条] of a regulation with its paragraphs and items, the words
that lead into a list with its items, a question with its answer, or a paragraph.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.documents import Article, Block, BlockKind, Clause, ClauseKind, Section, Span
from index.text.lists import mark_of, provisions
from index.text.split import sections, sentences

_QUESTION = re.compile(r"(?:\d{1,3}[.、．]\s*)?(?:问|Q)\s*\d{0,3}\s*[：:]")


@dataclass(frozen=True)
class ClauseMap:
    """The clauses of one article in order."""

    clauses: tuple[Clause, ...]

    def at(self, place: int) -> Clause | None:
        """The clause that holds a place of the text; None for headings and captions."""
        found = bisect_right(self._starts, place) - 1
        return self.clauses[found] if found >= 0 and place < self.clauses[found].end else None

    @cached_property
    def _starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]


def clauses_of(article: Article) -> ClauseMap:
    """The clauses of an article; headings and captions belong to none."""
    starts = [block.start for block in article.blocks]
    found: list[Clause] = []
    for section in sections(article):
        blocks = article.blocks[bisect_left(starts, section.start) : bisect_left(starts, section.end)]
        body = [block for block in blocks if block.kind is BlockKind.PARAGRAPH]
        found += [_clause(article, section.path, kind, group) for kind, group in _groups(article, section, body)]
    return ClauseMap(tuple(found))


def _groups(article: Article, section: Section, body: list[Block]) -> Iterator[tuple[ClauseKind, list[Block]]]:
    """The blocks of a section that belong together."""
    texts = [article.text[block.start : block.end] for block in body]
    if body and (label := section.path[-1:]) and provisions([texts[0], "第一条 "]) and texts[0].startswith(label[0]):
        yield ClauseKind.PROVISION, body
        return
    at = 0
    while at < len(body):
        until = at + 1
        kind = ClauseKind.PARAGRAPH
        if _QUESTION.match(texts[at]):
            kind = ClauseKind.FAQ
            while until < len(body) and not _QUESTION.match(texts[until]):
                until += 1
        elif texts[at].endswith(("：", ":")) and until < len(body) and (mark := mark_of(texts[until])):
            kind = ClauseKind.LIST
            while until < len(body) and _goes_on(texts, at, until, mark):
                until += 1
        yield kind, body[at:until]
        at = until


def _goes_on(texts: Sequence[str], lead: int, place: int, mark: str) -> bool:
    """Whether a paragraph is an item of the list that opened at `lead`, or of one inside it; a list ends where its outer list goes on."""
    own = mark_of(texts[place])
    return bool(own) and (own == mark or own != mark_of(texts[lead]))


def _clause(article: Article, path: tuple[str, ...], kind: ClauseKind, blocks: Sequence[Block]) -> Clause:
    spans: list[Span] = []
    leads: list[Span | None] = []
    open_lead: Span | None = None
    for block in blocks:
        own = sentences(article.text, block.start, block.end)
        is_item = bool(mark_of(article.text[block.start : block.end]))
        if not is_item:
            open_lead = None
        spans += own
        leads += [open_lead] * len(own)
        if own and article.text[own[-1].start : own[-1].end].endswith(("：", ":")):
            open_lead = own[-1]
    return Clause(article.id, kind, path, blocks[0].start, blocks[-1].end, tuple(spans), tuple(leads))
