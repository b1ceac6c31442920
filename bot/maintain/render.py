"""What the maintainers' page shows, as HTML. All text of articles and people is escaped here."""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date

from bot.maintain.losses import Loss
from index.errors import LiangceError
from index.journal import AuditEntry
from index.language import Language, look_up, render
from index.stored.manifest import ArticleEntry
from index.upkeep.history import Version
from index.validity import SOON, latest

LANGUAGE: Language = "zh"  # of the page


class Html(str):
    """What is HTML already."""


def word(code: str, /, **fields: object) -> str:
    """A text of the catalogues in the language of the page."""
    return render(code, LANGUAGE, **fields)


def word_for(code: str, otherwise: str) -> str:
    """The same for a code that the catalogues may not have."""
    found = look_up(code, LANGUAGE)
    return otherwise if found == code else found


def nothing() -> str:
    """What stands in place of previews where no file is chosen."""
    return hint(word("maintain.no-files"))


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


def progress(what: str, n: int, of: int) -> str:
    """How far something is."""
    told = plain_html(word("maintain.progress", what=what, n=n, of=of) if n else what)
    return f'<p class="progress" role="status"><progress value="{n}" max="{max(of, 1)}"></progress> {told}</p>'


def losses(found: Iterable[Loss]) -> str:
    """What would be lost."""
    lines = (f"<li>{plain_html(loss.what.in_language(LANGUAGE))}{_named(loss.articles)}</li>" for loss in found)
    shown = "".join(lines) or f"<li>{word('loss.none')}</li>"
    return f'<p><b>{word("maintain.asks")}</b></p><ul class="losses">{shown}</ul>'


def _named(articles: Sequence[str]) -> str:
    return f"<br><small>{plain_html('；'.join(articles))}</small>" if articles else ""


def not_taken(problem: LiangceError | None) -> str:
    """Why a file cannot go in."""
    return f'<p class="problem">{plain_html(word("maintain.not-taken", problem=problem))}</p>'


def headed(name: str, shown: str) -> str:
    """Something of a file, under its name."""
    return f'<section class="file"><h3>{plain_html(name)}</h3>{shown}</section>'


def ending(listed: Sequence[ArticleEntry], today: date) -> str:
    """The articles that end soon, ended, or have not begun."""
    if not listed:
        return hint(word("maintain.none-ending"))
    lines = "".join(f"<li>{plain_html(_end_of(entry, today))}</li>" for entry in listed)
    return f"<p><b>{word('maintain.ending')}</b></p><ul>{lines}</ul>"


def _end_of(entry: ArticleEntry, today: date) -> str:
    title, last = entry.title or entry.id, latest(entry.expires)
    if last is None or last > today + SOON:
        return word("maintain.begins-on", title=title, day=entry.effective)
    if last < today:
        return word("maintain.ended", title=title, day=entry.expires)
    return word("maintain.ends-in", title=title, day=entry.expires, days=(last - today).days)


def articles(listed: Sequence[ArticleEntry]) -> str:
    """The articles of the live version."""
    rows = [
        (entry.title or entry.id, entry.published, entry.effective, entry.expires, status_of(entry.status), str(entry.passages), entry.id)
        for entry in listed
    ]
    return _table(("title", "published", "effective", "expires", "status", "passages", "id"), rows, word("maintain.no-articles"))


def versions(found: Sequence[Version]) -> str:
    """The versions that are kept."""
    rows = [
        (
            version.name,
            word("maintain.live") if version.live else word("maintain.is-draft") if version.draft else "",
            Html(when(version.made)),
            word("maintain.holds", articles=version.articles, passages=version.passages),
            _origin(version.command),
        )
        for version in found
    ]
    return _table(("version", "", "time", "content", "origin"), rows, word("maintain.no-versions"))


def audit_table(found: Sequence[AuditEntry]) -> str:
    """The audit list, newest first."""
    rows = [(Html(when(entry.time)), entry.who, _action(entry.what), "、".join(entry.articles), entry.version) for entry in found]
    return _table(("time", "who", "what", "article", "version"), rows, word("maintain.no-log"))


def when(iso: str) -> str:
    """A time to the minute, as HTML that a browser shows in its reader's zone: 2026-11-23T09:00:12+00:00 is 2026-11-23 09:00 UTC."""
    return f'<time datetime="{plain_html(iso)}">{plain_html(iso[:16].replace("T", " "))} UTC</time>' if iso else ""


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


def hint(text: str) -> str:
    """Something that explains."""
    return f'<p class="hint">{text}</p>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    if not rows:
        return hint(empty)
    top = "".join(f'<th scope="col">{word(f"head.{head}") if head else ""}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(_cell(head, cell) for head, cell in zip(heads, row, strict=True))}</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(head: str, cell: str) -> str:
    """A cell with its column's name, which stands before it on a phone, where a row is a card."""
    name = f' data-head="{word(f"head.{head}")}"' if head else ""
    return f"<td{name}>{cell if isinstance(cell, Html) else plain_html(cell)}</td>"


def plain_html(text: str) -> str:
    """`text` as HTML that shows it letter by letter; braces and dollars too, since Gradio fills templates written with them."""
    return re.sub(r"[{}$]", lambda mark: f"&#{ord(mark[0])};", html.escape(text))
