"""The nouns of the article path: what stands in an article and what search gives back. Offsets count characters."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether an article may be relied on today."""

    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class BlockKind(StrEnum):
    """What a block of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its text; an empty string says that a thing is not known.

    `published`, `effective` and `expires` are ISO dates as far as they are known: "2023", "2023-05" or "2023-05-30". An article
    is in force from its effective date to its expiry, both days included; `superseded_by` names what stands in its place. `number` is
    the document's own, such as 穗府办规〔2024〕13号; `level` is 国家, 省, 市 or 区.
    """

    id: str
    title: str = ""
    publisher: str = ""
    paper: str = ""
    published: str = ""
    region: str = ""
    reporters: tuple[str, ...] = ()
    status: Status = Status.IN_FORCE
    source: str = ""
    licence: str = ""
    note: str = ""
    superseded_by: str = ""
    effective: str = ""
    expires: str = ""
    number: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a caption: `text[start:end]` of its article. `level` is a heading's depth, 1 the outermost.

    `confidence` in [0, 1] is of the least sure words where they were recognised in a picture, None where the file says them all.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path and the stretch `[start, end)` of the article's text that stands under it, headings included."""

    path: tuple[str, ...]
    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule of the cleaner did in one place: `line` counts from 1 in the source, 0 where the words stood outside its text.

    A part that only moved is not in `removed`.
    """

    rule: str
    line: int
    removed: str = ""
    inserted: str = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is indexed: what is known of it, its cleaned text, the blocks of that text in order, and what was cleaned."""

    meta: Metadata
    text: str
    blocks: tuple[Block, ...] = ()
    sha256: str = ""  # of the file as received: tells that it changed
    changes: tuple[Change, ...] = ()

    @property
    def id(self) -> str:
        return self.meta.id

    @property
    def title(self) -> str:
        return self.meta.title

    def confidence_within(self, start: int, end: int) -> float | None:
        """The lowest confidence of what stands in `text[start:end]` and was recognised in a picture, None where nothing was."""
        sure = (block.confidence for block in self.blocks if block.start < end and start < block.end)
        return min((confidence for confidence in sure if confidence is not None), default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start, end)` of an article's text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class ClauseKind(StrEnum):
    """What makes a stretch of text belong together."""

    PARAGRAPH = "paragraph"
    PROVISION = "provision"  # an article [条] of a regulation
    LIST = "list"  # the words that lead in, and the items
    FAQ = "faq"  # a question and its answer


@dataclass(frozen=True, slots=True)
class Clause:
    """What a person would copy out of an article: `article.text[start:end]`, the headings above it, and its sentences' places.

    `leads` stand beside the sentences: the place of the sentence that leads into the list that this one is an item of, else None.
    """

    article: str
    kind: ClauseKind
    path: tuple[str, ...]
    start: int
    end: int
    sentences: tuple[Span, ...]
    leads: tuple[Span | None, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded: `text == article.text[start:end]`, the headings above it, and its sentences' places in the article.

    `leads` stand beside the sentences: for one that is an item of a list, the words that lead into the list, else nothing.
    """

    article: str
    ordinal: int
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    sentences: tuple[Span, ...] = ()
    kind: BlockKind = BlockKind.PARAGRAPH
    title: str = ""
    leads: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.article}#{self.ordinal:04d}"

    @property
    def section(self) -> str:
        return " › ".join(self.path)

    def quote(self, span: Span) -> str:
        """The words of `span`, which lies within this passage."""
        return self.text[span.start - self.start : span.end - self.start]

    def to_embed(self) -> str:
        """What the encoder and the lexicon read: the title and the headings before the text, since a passage alone may not name its
        topic, and the words that lead into a list that began before the passage."""
        heads = [head for head in (self.title, *self.path, *self.leads[:1]) if head and head not in self.text]
        return "\n".join([*dict.fromkeys(heads), self.text])

    def sentences_to_embed(self) -> list[str]:
        """What the encoder reads of each sentence: an item of a list behind the words that lead into it."""
        leads = self.leads or ("",) * len(self.sentences)
        return [f"{lead}\n{self.quote(span)}" if lead else self.quote(span) for lead, span in zip(leads, self.sentences, strict=True)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found, with its scores; higher is better in each.

    `sentence_scores` are the cosines of its sentences, in their order; `background` is the question's mean cosine to all
    sentences of the index: what a sentence scores that has nothing to do with it.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float
    sentence_scores: tuple[float, ...] = ()
    background: float = 0.0
