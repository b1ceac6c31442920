"""A file as the maintainers' page shows it before it goes in, as HTML."""

import re
from collections.abc import Iterable, Sequence

from bot.maintain.render import LANGUAGE, hint, plain_html, status_of, word, word_for
from bot.maintain.uploads import Seen
from index.documents import Change
from index.text.facts import FactKind
from index.upkeep.preview import Preview

_FIELDS = ("title", "publisher", "published", "region", "level", "number", "effective", "expires")
_MOST_DOUBTFUL = 20
_MOST_LINES = 2000  # of a source that are shown


def preview(upload: Seen) -> str:
    """A file as it would be indexed: how it was read, what it says of itself, its text with all changes, its passages."""
    preview = upload.preview
    assert preview is not None, "a file that cannot be read has its reason shown"
    meta = preview.article.meta
    known = [(word(f"head.{field}"), getattr(meta, field)) for field in _FIELDS]
    known += [(word("head.status"), status_of(meta.status.value)), (word("head.id"), meta.id)]
    unknown = f"<i>{word('maintain.unknown')}</i>"
    rows = "".join(f"<dt>{name}</dt><dd>{plain_html(value) or unknown}</dd>" for name, value in known)
    parts = "".join(f"<li><small>{word('maintain.passage', n=passage.ordinal + 1)} · {plain_html(' › '.join(passage.path))}</small><p>{plain_html(passage.text)}</p></li>"
                    for passage in preview.passages)  # fmt: skip
    counts = word(
        "maintain.counts", characters=len(preview.article.text), sections=len(preview.sections), passages=len(preview.passages),
        changes=len(preview.changes),
    )  # fmt: skip
    source = upload.source.text if upload.source else ""
    return (
        f"<details><summary>{word('maintain.known')}</summary><dl>{rows}</dl></details>{_read(preview)}<p>{counts}</p>"
        f"<details><summary>{word('maintain.received')}</summary>{_legend(preview)}{marked(source, preview.changes)}</details>"
        f"<details><summary>{word('maintain.passages')}</summary><ol class=\"passages\">{parts}</ol></details>"
    )  # fmt: skip


def _legend(preview: Preview) -> str:
    gone = "".join(
        f"<li>{word('maintain.rule-text', rule=_rule(reason))}<del>{plain_html(words)}</del></li>" for reason, words in preview.left_out
    )
    removed, inserted, moved = word("maintain.legend-removed"), word("maintain.legend-inserted"), word("maintain.legend-moved")
    marks = f'<del>{removed}</del> <ins>{inserted}</ins> <span class="moved">{moved}</span>'
    return f'<p class="hint">{marks}</p>' + (f"<ul>{gone}</ul>" if gone else "")


def marked(source: str, changes: Sequence[Change]) -> str:
    """The lines of a source with what each rule took out, put in or moved, each with the rule's name; at most 2,000 lines."""
    by_line: dict[int, list[Change]] = {}
    for change in changes:
        by_line.setdefault(change.line, []).append(change)
    lines = source.split("\n")
    shown = "".join(
        f'<li value="{n}">{_marked_line(line, by_line.get(n, ()))}</li>' for n, line in enumerate(lines[:_MOST_LINES], 1) if line.strip()
    )
    more = hint(word("maintain.more-lines", n=len(lines) - _MOST_LINES)) if len(lines) > _MOST_LINES else ""
    return f'<ol class="source">{shown}</ol>{more}'


def _marked_line(line: str, changes: Iterable[Change]) -> str:
    """One line with its changes; a change whose words do not stand in it as they are, such as single marks, is told behind it."""
    places: list[tuple[int, int, str, str]] = []
    told: list[str] = []
    for change in changes:
        found = False
        for tag, words in (("del", change.removed), ('span class="moved"', change.moved)):
            at = line.find(words) if words else -1
            if at >= 0 and len(words) > 1 and not any(a < at + len(words) and at < b for a, b, *_ in places):
                places.append((at, at + len(words), tag, _rule(change.rule)))
                found = True
        if not found or change.inserted:
            parts = (("del", change.removed if not found else ""), ("ins", change.inserted), ("span", change.moved if not found else ""))
            told.append(_rule(change.rule) + " " + "".join(f"<{tag}>{plain_html(words)}</{tag}>" for tag, words in parts if words))
    shown, last = "", 0
    for start, end, tag, rule in sorted(places):
        closing = re.split(r"\s", tag)[0]
        shown += f'{plain_html(line[last:start])}<{tag} title="{rule}">{plain_html(line[start:end])}</{closing}>'
        last = end
    return shown + plain_html(line[last:]) + "".join(f" <small>［{note}］</small>" for note in told)


def _rule(name: str) -> str:
    return plain_html(word_for(f"rule.{name}", name))


def _read(preview: Preview) -> str:
    """How the file was read, what the article says of itself with the place, what it repeals or amends, and what may be misread."""
    text = preview.article.text

    def place(start: int, end: int) -> str:
        return f"<q>{plain_html(' '.join(text[start:end].split())[:80])}</q>"

    lines = [] if preview.article.title else [word("maintain.title-unknown")]
    lines += [plain_html(note.in_language(LANGUAGE)) for note in preview.notes]
    for code, facts in (("maintain.offered", preview.offered), ("maintain.disputed", preview.disputed)):
        lines += [
            plain_html(word(code, field=word(f"head.{name}"), value=fact.value)) + " " + place(fact.start, fact.end)
            for name, fact in facts.items()
        ]
    for fact in preview.facts:
        if fact.kind in (FactKind.REPEALS, FactKind.AMENDS):
            held = [other.title for other in preview.touched if other.fact == fact]
            lines.append(plain_html(word(f"fact.{fact.kind.value}{'-held' if held else ''}", title=fact.value)))
    lines += [
        f"{plain_html(word('maintain.doubtful', confidence=block.confidence))} {place(block.start, block.end)}"
        for block in preview.doubtful[:_MOST_DOUBTFUL]
    ]
    return f'<ul class="facts">{"".join(f"<li>{line}</li>" for line in lines)}</ul>' if lines else ""
