"""An article whose sentences can be clicked, to be quoted by a case."""

import html
from collections.abc import Collection
from pathlib import Path

from bot.web.articles import GoneError, metadata, open_article
from index.documents import Span
from index.errors import LiangceError
from index.stored.versions import require_live


def choices(root: Path) -> list[tuple[str, str]]:
    """The articles that are in use, each {what is shown, id}; none where nothing is indexed."""
    try:
        return [(meta.title or meta.id, meta.id) for meta in metadata(require_live(root))]
    except LiangceError:
        return []


def sentences(root: Path, name: str) -> tuple[str, list[Span]]:
    """The text of an article that is in use and where its sentences stand, in order; nothing where there is no such article."""
    try:
        opened = open_article(root, name, "")
    except (GoneError, LiangceError):
        return "", []
    spans = {(span.start, span.end) for passage in opened.passages for span in passage.sentences}
    return opened.article.text, [Span(start, end) for start, end in sorted(spans)]


def as_line(quote: str) -> str:
    """A quotation as one line: how white space is set does not count."""
    return " ".join(quote.split())


def shown(text: str, spans: Collection[Span], chosen: Collection[str]) -> str:
    """The article with each sentence to be clicked, those that are chosen marked."""
    parts, at = list[str](), 0
    for n, span in enumerate(spans):
        if span.start < at:
            continue  # within one that stands there already
        parts.append("</p><p>" if "\n" in text[at : span.start] else "")
        quote = text[span.start : span.end]
        pressed = "true" if as_line(quote) in chosen else "false"
        parts.append(f'<span class="sentence" role="button" tabindex="0" aria-pressed="{pressed}" data-n="{n}">{html.escape(quote)}</span>')
        at = span.end
    return f'<div class="text"><p>{"".join(parts)}</p></div>'
