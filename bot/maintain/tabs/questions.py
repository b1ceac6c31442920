"""The tabs of what people ask: trying a draft, what was not answered, and what people thought of answers."""

from typing import Any

import gradio as gr

from bot.maintain import people, render
from bot.maintain.gaps import Gap, close_gap, draft_of_gap, open_gaps
from bot.maintain.maintenance import Maintenance
from bot.maintain.notices import notice_of
from bot.maintain.render import word
from bot.maintain.tabs.parts import who
from bot.maintain.trial import Tried, try_out
from bot.web.accounts.users import Role
from bot.web.feedback import Feedback
from bot.web.running import drafts
from index.errors import CallError, LiangceError
from index.stored.versions import pointed

_MOST_GAPS, _MOST_FEEDBACK = 50, 50  # that can be chosen at once


class Questions:
    """What the buttons of the tabs do."""

    def __init__(self, maintenance: Maintenance) -> None:
        self._maintenance = maintenance

    def drafted(self) -> str:
        """Which version is the draft."""
        try:
            draft = self._maintenance.draft_name()
        except LiangceError as error:
            return render.unreadable(error)
        return render.hint(word("maintain.draft-is", version=draft) if draft else word("maintain.draft-none"))

    def try_out(self, questions: str) -> str:
        """What the live version and the draft say to questions, one a line."""
        return self._tried(questions.split("\n"))

    def gaps(self) -> tuple[gr.Radio, str, str]:
        """The open groups of questions that were not answered."""
        try:
            found = open_gaps(self._maintenance.database, self._maintenance.encoder)
        except LiangceError as error:
            return gr.Radio(choices=[], value=None), render.unreadable(error), ""
        choices = [(word("maintain.gap", question=gap.question, times=gap.times), gap.question) for gap in found[:_MOST_GAPS]]
        told = "" if found else render.hint(word("maintain.no-gaps"))
        return gr.Radio(choices=choices, value=None, visible=bool(choices)), told, ""

    def gap(self, question: str | None) -> str:
        """The questions of the chosen group."""
        gap = self._gap(question)
        return people.gap(gap) if gap else ""

    def close(self, request: gr.Request, question: str | None) -> tuple[Any, ...]:
        """Close the chosen group."""
        gap = self._gap(question)

        def run() -> str:
            if gap is None:
                raise CallError("gap-first")
            close_gap(self._maintenance.database, gap, who(request, Role.EDIT))
            return word("maintain.gap-closed", question=gap.question)

        return notice_of(run).html, *self.gaps()

    def try_gap(self, question: str | None) -> str:
        """Whether the draft answers the chosen group."""
        gap = self._gap(question)
        return self._tried([one.question for one in gap.questions[:5]] if gap else [])

    def case_of_gap(self, request: gr.Request, question: str | None) -> str:
        """Make the draft of a test case of the chosen group."""
        gap = self._gap(question)
        return self._make_case(request, draft_of_gap(gap) if gap else None, "gap-first")

    def feedback(self) -> tuple[gr.Dropdown, str]:
        """What people thought of answers."""
        try:
            found = self._maintenance.feedback()
        except LiangceError as error:
            return gr.Dropdown(choices=[], value=None), render.unreadable(error)
        choices = [
            (word("maintain.numbered", n=n, question=one.question[:60]), _key(one)) for n, one in enumerate(found[:_MOST_FEEDBACK], 1)
        ]
        return gr.Dropdown(choices=choices, value=None), people.feedback(found)

    def case_of_feedback(self, request: gr.Request, key: str | None) -> str:
        """Make the draft of a test case of the chosen feedback."""
        found = next((one for one in self._maintenance.feedback() if _key(one) == key), None)
        return self._make_case(request, drafts.of_feedback(found) if found else None, "feedback-first")

    def _gap(self, question: str | None) -> Gap | None:
        gaps = open_gaps(self._maintenance.database, self._maintenance.encoder) if question else []
        return next((gap for gap in gaps if gap.question == question), None)

    def _tried(self, questions: list[str]) -> str:
        found: list[Tried] = []

        def run() -> str:
            live, draft = pointed(self._maintenance.settings.index), self._maintenance.draft_name()
            found.extend(try_out(questions, live, draft, self._maintenance.open_version))
            return word("maintain.tried", count=len(found), gains=sum(one.gains for one in found), loses=sum(one.loses for one in found))

        return notice_of(run).html + people.tried(found)

    def _make_case(self, request: gr.Request, draft: dict[str, Any] | None, missing: str) -> str:
        def run() -> str:
            if draft is None:
                raise CallError(missing)
            draft["note"] += f"; drafted by {who(request, Role.EDIT)}"
            return word("maintain.case-made", path=drafts.add_draft(self._maintenance.settings.data, draft))

        return notice_of(run).html


def trial_tab(handlers: Questions, tab: gr.Tab) -> None:
    """Questions asked of the draft beside the live version."""
    draft = gr.HTML(elem_id="drafted")
    questions = gr.Textbox(label=word("maintain.trial-questions"), lines=3, elem_id="trial")
    ask = gr.Button(word("maintain.try"), variant="primary", elem_id="try")
    shown = gr.HTML(elem_id="tried")
    ask.click(handlers.try_out, questions, shown, api_visibility="private", show_progress_on=[shown])
    tab.select(handlers.drafted, None, draft, api_visibility="private", show_progress="hidden")


def gaps_tab(handlers: Questions, tab: gr.Tab) -> None:
    """What was not answered, grouped."""
    gr.HTML(render.hint(word("maintain.gaps-hint")))
    told = gr.HTML(elem_id="gaps-told")
    gaps = gr.Radio(label=word("maintain.tab-gaps"), choices=[], elem_id="gaps")
    with gr.Row():
        ask = gr.Button(word("maintain.draft-answers"), elem_id="gap-try")
        case = gr.Button(word("maintain.make-case"), elem_id="gap-case")
        close = gr.Button(word("maintain.close-gap"), elem_id="gap-close")
    notice = gr.HTML(elem_id="gap-notice")
    shown = gr.HTML(elem_id="gap")
    gaps.change(handlers.gap, gaps, shown, api_visibility="private", show_progress="hidden")
    ask.click(handlers.try_gap, gaps, notice, api_visibility="private", show_progress_on=[notice])
    case.click(handlers.case_of_gap, gaps, notice, api_visibility="private", show_progress="hidden")
    close.click(handlers.close, gaps, [notice, gaps, told, shown], api_visibility="private", show_progress="hidden")
    tab.select(handlers.gaps, None, [gaps, told, shown], api_visibility="private", show_progress_on=[told])


def feedback_tab(handlers: Questions, tab: gr.Tab) -> None:
    """What people thought of answers."""
    gr.HTML(render.hint(word("maintain.feedback-hint")))
    with gr.Row():
        chosen = gr.Dropdown(label=word("maintain.choose-feedback"), choices=[], elem_id="feedback-choice")
        case = gr.Button(word("maintain.make-case"), elem_id="feedback-case")
    notice = gr.HTML(elem_id="feedback-notice")
    shown = gr.HTML(elem_id="feedback")
    case.click(handlers.case_of_feedback, chosen, notice, api_visibility="private", show_progress="hidden")
    tab.select(handlers.feedback, None, [chosen, shown], api_visibility="private", show_progress="hidden")


def _key(feedback: Feedback) -> str:
    return f"{feedback.time} {feedback.verdict} {feedback.question}"
