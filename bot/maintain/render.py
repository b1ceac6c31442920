"""What the maintainers' page shows, as HTML. All text of articles and people is escaped here."""

import html
import re
from collections.abc import Iterable, Sequence

from bot.maintain.maintenance import Seen
from bot.web.feedback import Feedback
from index.documents import Change
from index.errors import LiangceError
from index.journal import AuditEntry
from index.language import Language, look_up, render
from index.stored.manifest import ArticleEntry
from index.upkeep.history import Version
from index.upkeep.preview import Preview

LANGUAGE: Language = "zh"  # of the page
_FIELDS = ("title", "publisher", "published", "region", "effective", "expires")
_MOST_FEEDBACK = 200
_MOST_LINES = 2000  # of a source that are shown


def word(code: str, /, **fields: object) -> str:
    """A text of the catalogues in the language of the page."""
    return render(code, LANGUAGE, **fields)


def word_for(code: str, otherwise: str) -> str:
    """The same for a code that the catalogues may not have."""
    found = look_up(code, LANGUAGE)
    return otherwise if found == code else found


def nothing() -> str:
    """What stands in place of previews where no file is chosen."""
    return _hint(word("maintain.no-files"))


def status_of(status: str) -> str:
    """A status in the language of the page."""
    return word_for(f"in-force.{status}", status)


def problem(message: str) -> str:
    """What went wrong."""
    return f'<p class="problem" role="alert">{plain_html(word("maintain.failed", problem=message))}</p>'


def refused(error: LiangceError) -> str:
    """Why something was not done."""
    return problem(error.in_language(LANGUAGE))


def unreadable(error: LiangceError) -> str:
    """Why something cannot be shown."""
    return f'<p class="problem" role="alert">{plain_html(word("maintain.unreadable", problem=error))}</p>'


def done(message: str) -> str:
    """What was done."""
    return f'<p class="done" role="status">{plain_html(message)}</p>'


def previews(seen: Sequence[Seen]) -> str:
    """Files as they were looked at, one after the other."""
    return "".join(_good(upload, upload.preview) if upload.preview else _bad(upload.file, upload.problem) for upload in seen) or nothing()


def _bad(file: str, problem: LiangceError | None) -> str:
    reason = plain_html(word("maintain.not-taken", problem=problem))
    return f'<section class="file"><h3>{plain_html(file)}</h3><p class="problem">{reason}</p></section>'


def _good(upload: Seen, preview: Preview) -> str:
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
        f'<section class="file"><h3>{plain_html(upload.file)} <small>{word(f"change.{upload.change}")}</small></h3><dl>{rows}</dl><p>{counts}</p>'
        f"<details open><summary>{word('maintain.received')}</summary>{_legend(preview)}{marked(source, preview.changes)}</details>"
        f"<details><summary>{word('maintain.passages')}</summary><ol class=\"passages\">{parts}</ol></details></section>"
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
    more = _hint(word("maintain.more-lines", n=len(lines) - _MOST_LINES)) if len(lines) > _MOST_LINES else ""
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


def articles(listed: Sequence[ArticleEntry]) -> str:
    """The articles of the live version."""
    rows = [(entry.id, entry.title, entry.published, status_of(entry.status), str(entry.passages)) for entry in listed]
    return _table(("id", "title", "published", "status", "passages"), rows, word("maintain.no-articles"))


def versions(found: Sequence[Version]) -> str:
    """The versions that are kept."""
    rows = [
        (
            version.name,
            word("maintain.live") if version.live else "",
            _when(version.made),
            word("maintain.holds", articles=version.articles, passages=version.passages),
            _origin(version.command),
        )
        for version in found
    ]
    return _table(("version", "", "time", "content", "origin"), rows, word("maintain.no-versions"))


def audit_table(found: Sequence[AuditEntry]) -> str:
    """The audit list, newest first."""
    rows = [(_when(entry.time), entry.who, _action(entry.what), "、".join(entry.articles), entry.version) for entry in found]
    return _table(("time", "who", "what", "article", "version"), rows, word("maintain.no-log"))


def feedback(found: Sequence[Feedback]) -> str:
    """What people said of answers, newest first, the newest so many."""
    rows = [
        (
            _when(entry.time),
            word(f"verdict.{entry.verdict}"),
            entry.question,
            entry.answer,
            word(f"reason.{entry.reason}") if entry.reason else "",
            entry.comment,
        )
        for entry in found[:_MOST_FEEDBACK]
    ]
    more = _hint(word("maintain.more-feedback", n=len(found) - _MOST_FEEDBACK)) if len(found) > _MOST_FEEDBACK else ""
    return _table(("time", "verdict", "question", "answer", "reason", "comment"), rows, word("maintain.no-feedback")) + more


def _when(iso: str) -> str:
    """A time to the minute: 2026-11-23T09:00:12+00:00 is 2026-11-23 09:00."""
    return iso[:16].replace("T", " ")


def _origin(command: str) -> str:
    """How a version came to be, which is noted as this page's deed or as the command that was typed."""
    if found := re.fullmatch(r"page: (\w+) by (.*)", command, re.DOTALL):
        return word("maintain.by-page", who=found[2], what=word_for(f"deed.{found[1]}", found[1]))
    if found := re.match(r"(?:python -m index|liangce-index) (\w+)", command):
        undone = found[1] == "withdraw" and "--undo" in command.split()
        what = word("deed.reinstate") if undone else word_for(f"command.{found[1]}", found[1])
        return word("maintain.by-command", what=what, command=command)
    return command


def _action(what: str) -> str:
    """What somebody did; of a change of many articles the list holds how many they were."""
    found = re.fullmatch(r"(.*?)(?: \((\d+) articles\))?", what, re.DOTALL)
    assert found is not None, "both parts may be empty"
    action = word_for(f"deed.{found[1]}", "") or _origin(found[1])
    return word("maintain.many", what=action, n=found[2]) if found[2] else action


def _hint(text: str) -> str:
    return f'<p class="hint">{text}</p>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    if not rows:
        return _hint(empty)
    top = "".join(f'<th scope="col">{word(f"head.{head}") if head else ""}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{plain_html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def plain_html(text: str) -> str:
    """`text` as HTML that shows it letter by letter; braces and dollars too, since Gradio fills templates written with them."""
    return re.sub(r"[{}$]", lambda mark: f"&#{ord(mark[0])};", html.escape(text))
