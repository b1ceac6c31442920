"""Cleaned article -> passages of about 150 to 350 characters, cut only between sentences and never across a heading."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.documents import Article, Block, BlockKind, Passage, Section, Span
from index.errors import CallError
from index.text.lists import leads, provisions

CAPTIONS = "图片说明"
_PROVISION_LEVEL = 100  # below every heading that may stand above an article of a regulation

# A sentence ends behind its closing marks and the quotes and brackets that close with it. A dash of dots ends one only before
# white space or the end: newspapers set a row of quoted slogans in front of "……". A Latin stop must be followed by white space.
_END = re.compile(r"(?:[。！？!?]+|(?:…+|(?<=[A-Za-z)\]\"”])\.)(?=[”’」』）)\]》】\"']*(?:\s|$)))[”’」』）)\]》】]*\s*")


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """Sizes of a passage in characters: the one aimed at and the bounds kept where the sentences allow it."""

    target: int = 250
    least: int = 150
    most: int = 350

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.target <= self.most:
            raise CallError("split-order", least=self.least, target=self.target, most=self.most)


def split(article: Article, settings: SplitSettings | None = None) -> list[Passage]:
    """The passages of an article in its order, ordinals from 0; together they hold every block of the text."""
    settings = settings or SplitSettings()
    passages: list[Passage] = []
    starts = [block.start for block in article.blocks]
    for section in sections(article):
        blocks = list(article.blocks[bisect_left(starts, section.start) : bisect_left(starts, section.end)])
        for span, inside, lead in _chunks(article.text, blocks, settings):
            text = article.text[span.start : span.end]
            kind = section.kind
            passages.append(Passage(article.id, len(passages), section.path, text, span.start, span.end, inside, kind, article.title, lead))
    return passages


def sections(article: Article) -> list[Section]:
    """The stretches between headings, each with the headings above it; captions make a section of their own, and so does each
    article [条] of a regulation, under its label.

    A heading that is followed by another heading belongs to the section below it, so that none stands alone.
    """
    found: list[Section] = []
    path: list[tuple[int, str]] = []
    start: int | None = None
    opening = _openings(article)
    for block, after in _with_next(article.blocks):
        if block.start in opening:
            path = [above for above in path if above[0] < _PROVISION_LEVEL] + [(_PROVISION_LEVEL, opening[block.start])]
        if block.kind is BlockKind.HEADING:
            if start is None:
                start = block.start
            path = [above for above in path if above[0] < block.level] + [(block.level, article.text[block.start : block.end])]
        elif start is None:
            start = block.start
        closes = (
            after is None
            or (after.kind is BlockKind.HEADING and block.kind is not BlockKind.HEADING)
            or (after.kind is BlockKind.CAPTION) != (block.kind is BlockKind.CAPTION)
            or (after.start in opening and block.kind is not BlockKind.HEADING)
        )
        if closes:
            caption = block.kind is BlockKind.CAPTION
            heads = (CAPTIONS,) if caption else tuple(head for _, head in path if head != article.title)
            found.append(Section(heads, start, block.end, BlockKind.CAPTION if caption else BlockKind.PARAGRAPH))
            start = None
    return found


def _openings(article: Article) -> dict[int, str]:
    """The labels of a regulation's articles by the start of the paragraph that opens each."""
    body = [block for block in article.blocks if block.kind is BlockKind.PARAGRAPH]
    found = provisions([article.text[block.start : block.end] for block in body])
    return {body[place].start: label for place, label in found.items()}


def _with_next(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, Block | None]]:
    return zip(blocks, [*blocks[1:], None], strict=True)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]` without the white space between them, in order."""
    end = len(text) if end is None else end
    cuts = [start, *(found.end() for found in _END.finditer(text, start, end)), end]
    spans = []
    for a, b in pairwise(cuts):
        piece = text[a:b]
        if piece.strip():
            spans.append(Span(a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip())))
    return spans


def _chunks(text: str, blocks: list[Block], settings: SplitSettings) -> Iterator[tuple[Span, tuple[Span, ...], tuple[str, ...]]]:
    """Each passage's span, the sentences in it, and what leads into the lists that these are items of; headings count towards the
    first passage and are no sentences."""
    body = [block for block in blocks if block.kind is not BlockKind.HEADING]
    led = zip(body, leads([text[block.start : block.end] for block in body]), strict=True)
    both = [(sentence, lead) for block, lead in led for sentence in sentences(text, block.start, block.end)]
    inside = [sentence for sentence, _ in both]
    ends = {block.end for block in body}
    if not inside:
        yield Span(blocks[0].start, blocks[-1].end), (), ()
        return
    first = blocks[0].start
    for a, b in _cuts(inside, first, ends, settings):
        yield Span(first if a == 0 else inside[a].start, inside[b - 1].end), tuple(inside[a:b]), tuple(lead for _, lead in both[a:b])


def _cuts(inside: list[Span], first: int, paragraph_ends: set[int], settings: SplitSettings) -> list[tuple[int, int]]:
    """Where to cut a section: ranges of sentences with the least sum of squared distances from the target size.

    Leaving the bounds costs ten times as much, and a cut inside a paragraph as much as 80 characters off the target, so that
    passages follow the paragraphs where those are of a fitting size. Dynamic programming over the last cut.
    """
    starts = [first, *(span.start for span in inside[1:])]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for b in range(1, len(inside) + 1):
        end = inside[b - 1].end
        torn = 0.0 if b == len(inside) or end in paragraph_ends else 80.0**2
        options = []
        for a in range(b - 1, -1, -1):
            size = end - starts[a]
            if size > settings.most and a < b - 1:
                break
            outside = 10.0 if size < settings.least else 1.0
            options.append((best[a][0] + outside * (size - settings.target) ** 2 + torn, a))
        best.append(min(options))
    cuts: list[tuple[int, int]] = []
    b = len(inside)
    while b:
        a = best[b][1]
        cuts.append((a, b))
        b = a
    return cuts[::-1]
