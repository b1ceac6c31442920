"""The part of the evaluators' page where two runs are compared blind."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from bot.evaluating.blind import Agreement, Label, Pair, Tally, agreements, keep, labels, pairs, tally
from bot.evaluating.render import plain, problem, word
from bot.settings import Settings
from index.errors import LiangceError

SIDES = ("left", "neither", "right")
_DIFFER = 20  # cases that are named

State = tuple[str, str, str] | None  # the two runs and the case that is shown; kept by the server


class BlindHandlers:
    """The functions behind the buttons."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def begin(self, before: str | None, after: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The next pair of two runs that whoever asks has not judged."""
        if not before or not after or before == after:
            return None, problem(word("evaluate.choose-two")), gr.Row(visible=False), ""
        return self._next(before, after, _who(request))

    def judge(self, side: str, state: State, request: gr.Request) -> tuple[Any, ...]:
        """Keep which side is better, and show the next pair."""
        if not state:
            return None, problem(word("evaluate.choose-two")), gr.Row(visible=False), ""
        before, after, case = state
        who = _who(request)
        try:
            pair = next((one for one in pairs(self._settings.runs, before, after, who) if one.case == case), None)
        except LiangceError as error:
            return None, problem(error), gr.Row(visible=False), ""
        if pair:
            when = datetime.now(UTC).isoformat(timespec="seconds")
            keep(self._settings.data, Label(time=when, who=who, before=before, after=after, case=case, better=pair.better(side)))
        return self._next(before, after, who)

    def results(self, before: str | None, after: str | None) -> str:
        """What was said of two runs so far."""
        if not before or not after or before == after:
            return problem(word("evaluate.choose-two"))
        given = labels(self._settings.data, before, after)
        return tallied(tally(given), agreements(given))

    def _next(self, before: str, after: str, who: str) -> tuple[Any, ...]:
        try:
            all_pairs = pairs(self._settings.runs, before, after, who)
        except LiangceError as error:
            return None, problem(error), gr.Row(visible=False), ""
        done = {label.case for label in labels(self._settings.data, before, after) if label.who == who}
        left = [pair for pair in all_pairs if pair.case not in done]
        if not left:
            told = word("evaluate.blind-done", n=len(all_pairs)) if all_pairs else word("evaluate.blind-same")
            return None, f'<p role="status">{told}</p>', gr.Row(visible=False), ""
        return (before, after, left[0].case), shown(left[0], len(all_pairs) - len(left) + 1, len(all_pairs)), gr.Row(visible=True), ""


def add_blind(handlers: BlindHandlers) -> list[gr.Dropdown]:
    """The components in the tab that is open, wired; the two dropdowns of runs are given back, to be filled."""
    gr.HTML(f'<p class="hint">{word("evaluate.blind-hint")}</p>')
    with gr.Row():
        before = gr.Dropdown(label=word("evaluate.before"), choices=[], elem_id="blind-before")
        after = gr.Dropdown(label=word("evaluate.after"), choices=[], elem_id="blind-after")
    begin = gr.Button(word("evaluate.blind-begin"), variant="primary", elem_id="blind-begin")
    state = gr.State(None)
    pair = gr.HTML(elem_id="pair")
    with gr.Row(visible=False) as choices:
        buttons = [gr.Button(word(f"evaluate.better-{side}"), elem_id=f"better-{side}") for side in SIDES]
    look = gr.Button(word("evaluate.blind-results"), elem_id="blind-look")
    found = gr.HTML(elem_id="blind-found")
    outputs = [state, pair, choices, found]
    begin.click(handlers.begin, [before, after], outputs, api_visibility="private")
    for side, button in zip(SIDES, buttons, strict=True):
        button.click(_judging(handlers, side), state, outputs, api_visibility="private")
    look.click(handlers.results, [before, after], found, api_visibility="private")
    return [before, after]


def shown(pair: Pair, n: int, of: int) -> str:
    """A pair of answers, without whose they are."""
    sides = "".join(
        f"<div><h4>{word(f'evaluate.side-{side}')}</h4>{plain(text or '–')}</div>"
        for side, text in (("left", pair.left), ("right", pair.right))
    )
    return f'<p class="hint">{word("evaluate.blind-nth", n=n, of=of)}</p><h3>{plain(pair.question)}</h3><div class="sides">{sides}</div>'


def tallied(found: Tally, agreed: Sequence[Agreement]) -> str:
    """The counts, and how far evaluators agree."""
    told = [word("evaluate.tally", before=found.before, after=found.after, neither=found.neither)]
    if found.chance is not None and found.low is not None and found.high is not None:
        told.append(word("evaluate.sign-test", chance=f"{found.chance:.3f}", low=f"{found.low:.0%}", high=f"{found.high:.0%}"))
    for one in agreed:
        kappa = "–" if one.kappa is None else f"{one.kappa:.2f}"
        told.append(word("evaluate.kappa", first=one.first, second=one.second, shared=one.shared, kappa=kappa))
        if one.differ:
            more = "…" if len(one.differ) > _DIFFER else ""
            told.append(word("evaluate.differ", cases="、".join(one.differ[:_DIFFER]) + more))
    return "".join(f"<p>{plain(text)}</p>" for text in told)


def _judging(handlers: BlindHandlers, side: str) -> Any:
    def judge(state: State, request: gr.Request) -> tuple[Any, ...]:
        return handlers.judge(side, state, request)

    return judge


def _who(request: gr.Request) -> str:
    """Who is logged in: the name that was given with the password."""
    return request.username or "?"
