"""What would be indexed of the files that a maintainer gives: which can be, with their sections, passages and changes, and why the others cannot."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.build import cleaned_of, to_article
from index.documents import Article, Block, Change, Metadata, Passage, Section
from index.errors import CallError
from index.language import Message
from index.reading.formats.pages.recognition import DOUBTFUL
from index.reading.formats.parsed import ParseLimits
from index.reading.sources import ArticleSource, Intake, read_all
from index.stored.manifest import ArticleEntry
from index.text.amendments import names_title
from index.text.facts import Fact, FactKind, facts_of
from index.text.split import SplitSettings, sections, split

_SHOWN = 60  # characters of a passage or a change that one line shows


@dataclass(frozen=True, slots=True)
class Touched:
    """An article of the index that this one says it repeals or amends: it could be marked so."""

    article: str
    title: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Preview:
    """An article as it would be indexed, and all that was changed or left out on the way.

    `notes` say how its file was read; `facts` are what it says of itself, each with its place; `touched` are articles that it repeals or
    amends.
    """

    article: Article
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    changes: tuple[Change, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[Message, ...] = ()
    facts: tuple[Fact, ...] = ()
    touched: tuple[Touched, ...] = ()

    @property
    def offered(self) -> dict[str, Fact]:
        """What the article says of itself and nobody has said, by the field of `Metadata` that it would be; to be confirmed by a person."""
        fields = Metadata.__dataclass_fields__
        return {
            fact.kind.value: fact for fact in self.facts if fact.kind.value in fields and not getattr(self.article.meta, fact.kind.value)
        }

    @property
    def disputed(self) -> dict[str, Fact]:
        """What the article says of itself otherwise than what is known of it, by field."""
        fields = Metadata.__dataclass_fields__
        known = {fact.kind.value: (fact, getattr(self.article.meta, fact.kind.value)) for fact in self.facts if fact.kind.value in fields}
        return {name: fact for name, (fact, value) in known.items() if value and value != fact.value}

    @property
    def doubtful(self) -> tuple[Block, ...]:
        """What was recognised in a picture and may be wrong, to be looked at before it is published."""
        return tuple(block for block in self.article.blocks if block.confidence is not None and block.confidence < DOUBTFUL)


def take_in(paths: Sequence[Path], given: Mapping[str, Any], limits: ParseLimits, known: Mapping[str, str] | None = None) -> Intake:
    """The sources that paths, folders and globs hold, each of them seen to have text that is left after cleaning.

    `given` is known of each and counts most; raises `CallError` when it names one article and several are found. What is indexed
    already, by the hashes in `known`, is not cleaned once more.
    """

    def check(source: ArticleSource) -> None:
        if known is None or known.get(source.meta.id) != source.sha256:
            to_article(source)

    intake = read_all(paths, given, limits, check)
    if (own := sorted(set(given) & {"id", "title"})) and len(intake.sources) + len(intake.failures) > 1:
        raise CallError("option-of-one", option=own[0], count=len(paths))
    return intake


def preview_of(source: ArticleSource, settings: SplitSettings, indexed: Sequence[ArticleEntry] = ()) -> Preview:
    """What would be indexed; raises `SourceError` when nothing of the source is left.

    `indexed` are the articles that are there, of which this one may repeal or amend some.
    """
    article = to_article(source)
    passages, changes = tuple(split(article, settings)), cleaned_of(source).changes
    notes = tuple(Message(f"note.{note.kind}", count=note.count) for note in source.notes)
    facts = facts_of(article)
    touched = tuple(_touched(facts, [entry for entry in indexed if entry.id != article.id]))
    return Preview(article, tuple(sections(article)), passages, changes, source.left_out, notes, facts, touched)


def _touched(facts: Sequence[Fact], indexed: Sequence[ArticleEntry]) -> Iterator[Touched]:
    """By their titles: a notice that issues a regulation has a longer one than the regulation, which stands in it."""
    for fact in facts:
        if fact.kind not in (FactKind.REPEALS, FactKind.AMENDS):
            continue
        for entry in indexed:
            if names_title(fact.value, entry.title):
                yield Touched(entry.id, entry.title, fact)


def described(preview: Preview, *, change: str = "", full: bool = False) -> Iterator[str]:
    """A preview as lines: what is known, sections with their passages, changes by rule; with `full` texts are not cut short."""
    article, meta = preview.article, preview.article.meta
    yield f"{meta.id}{f'  ({change})' if change else ''}"
    for name in (
        "title",
        "publisher",
        "paper",
        "published",
        "region",
        "status",
        "superseded_by",
        "effective",
        "expires",
        "number",
        "level",
        "source",
    ):
        if value := getattr(meta, name):
            yield f"  {name}: {value}"
    yield from _how_it_was_read(preview, full)
    sizes = sorted(len(passage.text) for passage in preview.passages)
    yield f"  {len(article.text):,} characters, {len(preview.sections)} sections, {len(sizes)} passages of {sizes[0]} to {sizes[-1]} characters"
    for section in preview.sections:
        yield f"  [{section.start}, {section.end}) {' › '.join(section.path) or '(no heading)'}"
        for passage in preview.passages:
            if section.start <= passage.start < section.end:
                yield f"    #{passage.ordinal:04d} [{passage.start}, {passage.end}) {_short(passage.text, full)}"
                if lead := next((lead for lead in passage.leads[:1] if lead not in passage.text), ""):
                    yield f"          under: {_short(lead, full)}"
    rules = Counter(change.rule for change in preview.changes) + Counter(reason for reason, _ in preview.left_out)
    yield f"  changed: {'; '.join(f'{rule} {times}' for rule, times in rules.items()) or 'nothing'}"
    for edit in preview.changes:
        yield f"    line {edit.line}  {edit.rule}: {_edit_line(edit, full)}"
    for reason, words in preview.left_out:
        yield f"    left out  {reason}: {_short(words, full)}"


def _how_it_was_read(preview: Preview, full: bool) -> Iterator[str]:
    for note in preview.notes:
        yield f"  note: {note}"
    for name, fact in preview.offered.items():
        yield f"  says of itself  {name}: {fact.value}  [{fact.start}, {fact.end}) {_short(preview.article.text[fact.start : fact.end], full)}"
    for name, fact in preview.disputed.items():
        yield f"  says otherwise  {name}: {fact.value}  [{fact.start}, {fact.end}) {_short(preview.article.text[fact.start : fact.end], full)}"
    for fact in preview.facts:
        if fact.kind in (FactKind.REPEALS, FactKind.AMENDS):
            yield f"  {fact.kind.value}  {fact.value}  [{fact.start}, {fact.end})"
    for other in preview.touched:
        yield f"  {other.fact.kind.value} an article that is indexed: {other.article}  {other.title}"
    for block in preview.doubtful:
        yield f"  doubtful {block.confidence:.2f} [{block.start}, {block.end}): {_short(preview.article.text[block.start : block.end], full)}"


def _edit_line(change: Change, full: bool) -> str:
    parts = (("-", change.removed), ("+", change.inserted), ("moved", change.moved))
    return "  ".join(f"{mark} {_short(words, full)!r}" for mark, words in parts if words)


def _short(text: str, full: bool) -> str:
    line = " ".join(text.split())
    return line if full or len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
