"""What every parser gives back, and the bounds that each of them keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.errors import SourceError


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """The most that one file may take. What is over a bound is refused with a message, so that memory stays bounded."""

    file_bytes: int = 50_000_000  # a newspaper page as PDF has 2 to 20 MB
    unpacked_bytes: int = 200_000_000  # of a .docx, which is a zip archive
    characters: int = 1_000_000  # of text; the Civil Code, the longest law, has 107,000
    line: int = 100_000  # characters without a line break
    seconds: int = 60  # for one file
    memory_bytes: int = 1 << 30  # address space of the process that parses; Python, lxml and pdfium take a third of it
    scanned_pages: int = 300  # in one file, each of which takes seconds to be recognised
    scan_memory_bytes: int = 3 << 30  # address space of the process that recognises; the models and a page take 2 GiB of it


class NeedsRecognition(Exception):  # noqa: N818  # says where to turn, and is no error
    """Pages of a document are pictures, and the process does not recognise."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document; `closed` says that it is whole by itself, so that no other is joined to it.

    `confidence` in [0, 1] is of words that were recognised in a picture, None where the file says them.
    """

    text: str
    closed: bool = True
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a maintainer should know of how a document was read: the text `note.KIND` of the catalogues, and how often it happened."""

    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as a page's text for the cleaner: headings behind #, one paragraph, list item or table row a line.

    `closed` are the numbers of lines, from 1, that are whole by themselves. `properties` are fields of `Metadata` that the
    document says of itself; `left_out` is what is no part of the article, by reason; `notes` say what a maintainer should look at;
    `recognised` are the lines that were read from a picture, by number, with the confidence of each.
    """

    text: str
    closed: frozenset[int] = frozenset()
    properties: dict[str, str] = field(default_factory=dict)
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    recognised: dict[int, float] = field(default_factory=dict)


def parsed(
    lines: Sequence[Line],
    properties: Mapping[str, str] | None = None,
    left_out: Sequence[tuple[str, str]] = (),
    notes: Mapping[str, int] | None = None,
) -> Parsed:
    """The lines as one text, white space within each of them folded; `notes` are counts by kind, of which zeros say nothing."""
    kept = [(text, line) for line in lines if (text := " ".join(line.text.split()))]
    closed = frozenset(n for n, (_, line) in enumerate(kept, 1) if line.closed)
    recognised = {n: line.confidence for n, (_, line) in enumerate(kept, 1) if line.confidence is not None}
    known = {name: value for name, value in (properties or {}).items() if value}
    told = tuple(Note(kind, count) for kind, count in (notes or {}).items() if count)
    return Parsed("\n".join(text for text, _ in kept), closed, known, tuple(left_out), told, recognised)


def check_size(text: str, limits: ParseLimits) -> None:
    """Raise `SourceError` when a text or one of its lines is longer than it may be."""
    if len(text) > limits.characters:
        raise SourceError("text-too-long", length=len(text), most=limits.characters)
    longest = max(map(len, text.splitlines()), default=0)
    if longest > limits.line:
        raise SourceError("text-line-too-long", length=longest, most=limits.line)
