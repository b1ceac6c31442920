"""What the evaluators' page shows, as HTML. All text of sets and programs is escaped here."""

import html
from collections.abc import Sequence
from datetime import datetime

from bot.evaluating.runs import Progress, Run
from index.errors import LiangceError
from index.language import Language, render

LANGUAGE: Language = "zh"  # of the page, as of the maintainers'


def word(code: str, /, **fields: object) -> str:
    """A text of the catalogues in the language of the page."""
    return render(code, LANGUAGE, **fields)


def plain(text: str) -> str:
    """Text as HTML."""
    return html.escape(text).replace("\n", "<br>")


def problem(error: LiangceError | str) -> str:
    """Why something was not done."""
    return f'<p class="problem" role="alert">{plain(error if isinstance(error, str) else error.in_language(LANGUAGE))}</p>'


def state(progress: Progress | None, *, running: bool, failure: str) -> str:
    """What is under way, how far it is and how long it takes yet, or why the last run ended without a report."""
    if failure:
        return problem(word("evaluate.failed", told=failure))
    if not running:
        return f'<p class="hint">{word("evaluate.idle")}</p>'
    if progress is None:
        return f'<p role="status">{word("evaluate.beginning")}</p>'
    told = word("evaluate.progress", done=progress.done, of=progress.of)
    if progress.left is not None:
        minutes, seconds = divmod(round(progress.left), 60)
        told += " " + word("evaluate.left", minutes=minutes, seconds=seconds)
    return f'<p role="status">{told}</p><progress max="{progress.of}" value="{progress.done}"></progress>'


def runs(found: Sequence[Run], address: str) -> str:
    """The runs as a table, each finished one with a link to its report below an address."""
    if not found:
        return f'<p class="hint">{word("evaluate.no-runs")}</p>'
    heads = "".join(f"<th>{word(f'evaluate.head-{head}')}</th>" for head in ("run", "set", "mode", "cases", "well", "misled", "report"))
    return f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(_row(run, address) for run in found)}</tbody></table></div>'


def choice(run: Run) -> tuple[str, str]:
    """A run as it is chosen from: what is shown, and its name."""
    return f"{_when(run)} · {run.set} · {run.cases} · {_share(run.well)}", run.name


def _row(run: Run, address: str) -> str:
    link = f'<a href="{address}/reports/{html.escape(run.name)}" target="_blank" rel="noopener">{word("evaluate.open")}</a>'
    cells = (plain(_when(run)), plain(run.set), plain(run.mode), str(run.cases or "–"), _share(run.well), _share(run.misled))
    last = link if run.finished else word("evaluate.unfinished")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{last}</td></tr>"


def _when(run: Run) -> str:
    try:
        return datetime.fromisoformat(run.started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return run.name


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
