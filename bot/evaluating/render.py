"""What the evaluators' page shows, as HTML. All text of sets and programs is escaped here."""

import html
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from bot.evaluating.cases import Coverage
from bot.evaluating.runs import Progress, Run
from bot.evaluating.written import Change
from index.errors import LiangceError
from index.language import Language, look_up, render

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


def covered(found: Coverage, name: str, address: str) -> str:
    """What the cases of a set cover, as a table whose gaps stand out, and where they can be had."""
    heads = "".join(f"<th>{plain(label(kind))}</th>" for kind in found.kinds)
    lines = [
        f"<tr><th>{plain(measure or word('evaluate.no-measure'))}</th>"
        + "".join(_count(found.counts.get((measure, kind), 0), gap=found.is_gap(measure, kind)) for kind in found.kinds)
        + "</tr>"
        for measure in found.measures
    ]
    table = f'<div class="table"><table><thead><tr><th></th>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    return f"<p>{word('evaluate.gaps', n=found.gaps)}</p>{files(name, address)}{table}"


def files(name: str, address: str) -> str:
    """Where the cases of a set can be had as files."""
    links = (f'<a href="{address}/cases/{quote(name)}.{kind}" download>{word(f"evaluate.as-{kind}")}</a>' for kind in ("jsonl", "xlsx"))
    return f"<p>{' · '.join(links)}</p>"


def status(told: str) -> str:
    """What was done."""
    return f'<p role="status">{plain(told)}</p>'


def case_changes(found: Sequence[Change]) -> str:
    """Who changed which case, as a table."""
    if not found:
        return f'<p class="hint">{word("evaluate.no-changes")}</p>'
    heads = "".join(f"<th>{word(f'evaluate.change-{head}')}</th>" for head in ("when", "who", "what", "case", "question"))
    lines = "".join(
        f"<tr><td>{moment(one.time)}</td><td>{plain(one.who)}</td><td>{word(f'evaluate.deed-{one.what}')}</td><td>{plain(one.name)}</td>"
        f'<td class="long">{plain(str(one.row.get("question", "")))}</td></tr>'
        for one in found
    )
    return f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def moment(time: str) -> str:
    """A time in the server's zone; as it stands where it is none."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return plain(time)


def label(name: str) -> str:
    """What a kind is called; its own name where the catalogues have none."""
    found = look_up(f"label.{name}", LANGUAGE)
    return name if found == f"label.{name}" else found


def _count(n: int, *, gap: bool) -> str:
    return '<td class="gap">0</td>' if gap else f"<td>{n or ''}</td>"


def choice(run: Run) -> tuple[str, str]:
    """A run as it is chosen from: what is shown, and its name."""
    return f"{_when(run)} · {run.set} · {run.cases} · {_share(run.well)}", run.name


def _row(run: Run, address: str) -> str:
    link = f'<a href="{address}/reports/{html.escape(run.name)}" target="_blank" rel="noopener">{word("evaluate.open")}</a>'
    cells = (plain(_when(run)), plain(run.set), plain(run.mode), str(run.cases or "–"), _share(run.well), _share(run.misled))
    last = link if run.finished else word("evaluate.unfinished")
    last += f' <strong class="problem">{word("evaluate.worse")}</strong>' if run.worse else ""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{last}</td></tr>"


def _when(run: Run) -> str:
    try:
        return datetime.fromisoformat(run.started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return run.name


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
