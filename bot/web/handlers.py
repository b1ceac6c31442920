"""What happens on the chat page: a question is asked, answered, stopped, judged or handed over. It keeps nothing of anybody.

A conversation comes from the browser with each call and goes back to it; see `bot.web.conversation`.
"""

import logging
import math
import re
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from typing import Any, Literal

import gradio as gr
from markupsafe import escape

from bot.answering.assistant import Answering
from bot.question.admission import whole
from bot.question.safety import mask
from bot.settings import Settings
from bot.web.articles import GoneError, address_of, blocks, look_for, metadata_now, open_article, places, quotes_at, quotes_of
from bot.web.conversation import Conversation, Turn, Verdict
from bot.web.feedback import Feedback, add_feedback
from bot.web.guarding.addresses import RateLimit
from bot.web.guarding.admission import Admission, TooOftenError
from bot.web.guarding.turns import BusyError
from bot.web.questions import respond, source_of_page
from bot.web.render import as_markdown, asked_html, fill, page_word, rule_name, turn_html
from bot.web.shared import Shared
from bot.web.suggestions import Suggestions
from bot.web.view import OutcomeView
from index.database import open_database
from index.errors import RecordsError
from index.language import Language

log = logging.getLogger(__name__)

Kept = dict[str, Any]  # a conversation as the browser keeps it
FEEDBACK, WITHIN = 30, 10 * 60  # feedback that one address may send within so many seconds
LONGEST_COMMENT = 1000
_LONGEST_NAME = 50  # characters of the name of a file
_EXAMPLES = 8  # examples that are shown
_HANDED_OVER = ("not_found", "not_stated")  # the reasons of refusals that the maintainers can do something about


class Handlers:
    """The handlers of the chat page in one language."""

    def __init__(
        self,
        assistant: Answering,
        settings: Settings,
        suggestions: Suggestions,
        limit: RateLimit,
        language: Language,
        off: Callable[[], str] = lambda: "",
        admission: Admission | None = None,
    ) -> None:
        """`off` is what is shown in place of answers, "" while questions are answered."""
        self._off = off
        self._assistant, self._settings, self._suggestions = assistant, settings, suggestions
        self._limit, self._language = limit, language
        self._admission = admission or Admission(settings.server)
        self._shared = Shared(settings.data, settings.index)

    def word(self, key: str, /, **fields: object) -> str:
        """A text of the page."""
        return page_word(key, self._language, **fields)

    # -- asking

    def begin(self, question: str, kept: Kept) -> tuple[Any, ...]:
        """The question joins the conversation, and is shown; numbers of people are masked before anything is kept."""
        conversation = Conversation.read(kept)
        asked = mask(whole(question.strip()))[: self._settings.answering.question_length + 1]
        if asked:
            conversation = conversation.asked(asked)
        return ("" if asked else question, *self._told(conversation, working=bool(asked)))

    def again(self, kept: Kept) -> tuple[Any, ...]:
        """The last question is to be answered anew."""
        conversation = Conversation.read(kept).with_last(outcome=None, trouble="", verdict="")
        return self._told(conversation, working=bool(conversation.turns))

    async def answer_in_turn(self, kept: Kept, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """The same as `answer` once its turn comes, or why it does not."""
        conversation = Conversation.read(kept)
        if not conversation.turns or not conversation.turns[-1].pending:
            yield (gr.skip(),) * 5
            return
        work = self._admission.let_in(self.answer(kept), source_of_page(request), request.session_hash)
        try:
            async with aclosing(work) as shown:
                async for told in shown:
                    yield told
        except TooOftenError:
            yield self._told(conversation.with_last(trouble="often"))
        except BusyError:
            yield self._told(conversation.with_last(trouble="busy"))

    def undo(self, kept: Kept) -> tuple[Any, ...]:
        """The last question is taken back into the box, to be put in another way."""
        conversation = Conversation.read(kept)
        question = conversation.turns[-1].question if conversation.turns else ""
        return (question, *self._told(conversation.model_copy(update={"turns": conversation.turns[:-1], "rating": None})))

    def answer(self, kept: Kept) -> Generator[tuple[Any, ...], None, None]:
        """What becomes of the last question as it happens, if it is still to be answered."""
        conversation = Conversation.read(kept)
        if not conversation.turns or not conversation.turns[-1].pending:
            yield (gr.skip(),) * 5
            return
        question = conversation.turns[-1].question
        for state in respond(self._assistant, question, conversation.before(), self._suggestions):
            if state["state"] == "done":
                outcome = OutcomeView.model_validate(state["outcome"])
                conversation = conversation.with_last(outcome=outcome, question=outcome.question or question)
            elif state["state"] == "failed":
                conversation = conversation.with_last(trouble="failed")
            elif state["state"] != "working":
                yield (self._messages(conversation, state.get("passages", 0), state.get("sentences", ())), *[gr.skip()] * 4)
            else:
                yield (gr.skip(),) * 5  # only between two states can a question be stopped
        yield self._told(conversation)

    def busy(self, kept: Kept) -> tuple[Any, ...]:
        """The question under way was not taken, since too many wait already."""
        conversation = Conversation.read(kept)
        pending = bool(conversation.turns) and conversation.turns[-1].pending
        return self._told(conversation.with_last(trouble="busy") if pending else conversation)

    def stopped(self, kept: Kept) -> tuple[Any, ...]:
        """The question under way was stopped."""
        return self._told(_at_rest(Conversation.read(kept)))

    def show(self, kept: Kept) -> tuple[Any, ...]:
        """A conversation that was kept, such as after a reload; what was under way then was stopped by it."""
        return self._told(_at_rest(Conversation.read(kept)))

    def linked(self, kept: Kept, request: gr.Request) -> tuple[Any, ...]:
        """The page as it opens: the kept conversation, or a new one with the question that the address asks."""
        query = dict(request.query_params or {})
        asked = mask(whole(query.get("q", "").strip()))[: self._settings.answering.question_length + 1]
        conversation = Conversation().asked(asked) if asked else _at_rest(Conversation.read(kept))
        if asked and not self._off() and (shared := self._shared.read(query, self._language, date.today())):
            conversation = conversation.with_last(outcome=shared)
        if not conversation.turns:  # nothing of what somebody quick does meanwhile is undone
            return (gr.Chatbot(**self.start()), *[gr.skip()] * 4)
        return self._told(conversation, working=bool(asked) and conversation.turns[-1].pending)

    def chosen(self, data: gr.SelectData) -> str:
        """The example or suggestion that was clicked."""
        value = data.value
        return str(value.get("text", "") if isinstance(value, dict) else value)

    # -- judging

    def rate(self, kept: Kept, data: gr.LikeData, request: gr.Request) -> tuple[Any, ...]:
        """A thumb up is kept at once; after a thumb down it is asked why."""
        conversation = Conversation.read(kept)
        n = int(data.index[0] if isinstance(data.index, list | tuple) else data.index) // 2
        if data.liked is True and self._add(conversation, n, "up", request):
            conversation = conversation.with_turn(n, verdict="up").model_copy(update={"rating": None})
        elif data.liked is False:
            conversation = conversation.model_copy(update={"rating": n})
        return self._told(conversation)

    def explain(self, kept: Kept, reason: str, comment: str, request: gr.Request) -> tuple[Any, ...]:
        """A thumb down with its reason."""
        conversation = Conversation.read(kept)
        n = conversation.rating
        if n is not None and self._add(conversation, n, "down", request, reason or "", comment[:LONGEST_COMMENT]):
            conversation = conversation.with_turn(n, verdict="down").model_copy(update={"rating": None})
        return self._told(conversation)

    def cancel(self, kept: Kept) -> tuple[Any, ...]:
        """A thumb down is taken back."""
        return self._told(Conversation.read(kept).model_copy(update={"rating": None}))

    def hand_over(self, kept: Kept, request: gr.Request) -> tuple[Any, ...]:
        """The last question, which was refused, goes to the maintainers."""
        conversation = Conversation.read(kept)
        if self._add(conversation, len(conversation.turns) - 1, "handed over", request):
            conversation = conversation.with_last(verdict="handed over")
        return self._told(conversation)

    def _add(
        self,
        conversation: Conversation,
        n: int,
        verdict: Literal["up", "down", "handed over"],
        request: gr.Request,
        reason: str = "",
        comment: str = "",
    ) -> bool:
        """Whether feedback on a turn was kept; why it was not is shown."""
        outcome = conversation.turns[n].outcome if 0 <= n < len(conversation.turns) else None
        if outcome is None:
            return False
        source = source_of_page(request)
        if not self._limit.add(source):
            gr.Warning(self.word("too_often", minutes=max(math.ceil(self._limit.wait(source) / 60), 1)))
            return False
        when = datetime.now(UTC).isoformat(timespec="seconds")
        given = {"question": outcome.question, "answer": outcome.text, "refused": outcome.refused, "version": outcome.version}
        feedback = Feedback.model_validate({"time": when, "verdict": verdict, "reason": reason, "comment": comment.strip(), **given})
        try:
            add_feedback(open_database(self._settings), feedback)
        except RecordsError as error:
            log.error("feedback was not kept: %s", error)
            gr.Warning(self.word("not_kept"))
            return False
        gr.Info(self.word("handed_over" if verdict == "handed over" else "thanks"))
        return True

    # -- what stands beside the conversation

    def article(self, query: dict[str, Any]) -> str:
        """An article whole, with what an address names of it marked: {article, v, at, passage}.

        `was` is such an address in another version, whose sentences are looked for; `quotes` are those where that one is not kept.
        """
        given = address_of(query)
        values: dict[str, Any] = {"query": given, "gone": "", "live_has_it": False, "shown": None, "places": 0, "lost": False}
        try:
            opened = open_article(self._settings.index, given["article"], given["v"])
        except GoneError as gone:
            return self._fill("article", values | {"title": self.word("article"), "gone": gone.what, "live_has_it": gone.live})
        was = address_of(query.get("was"))
        quotes = quotes_at(self._settings.index, was) or quotes_of(query.get("quotes"))
        marked = look_for(opened, quotes) if quotes else places(opened, given["at"], given["passage"])
        wanted = (was["at"] or given["at"]).partition(":")[0]
        values |= {
            "title": opened.article.title or opened.article.id,
            "shown": opened.about(date.today(), None if opened.live else metadata_now(self._settings.index, given["article"])),
            "text": opened.article.text,
            "blocks": blocks(opened, marked),
            "places": len(marked),
            "first": next((n for n, place in enumerate(marked) if str(place.n) == wanted), 0),
            "lost": len(marked) < len(quotes),
            "rule": lambda name: rule_name(name, self._language),
        }
        return self._fill("article", values)

    def export(self, given: dict[str, Any]) -> dict[str, str]:
        """A conversation as a file in Markdown, {name, text}: of {conversation, base}."""
        conversation = Conversation.read(given.get("conversation"))
        text = as_markdown(conversation, self._language, self._settings.page.title_in(self._language), str(given.get("base", ""))[:500])
        called = conversation.name or (conversation.turns[0].question if conversation.turns else "")
        name = re.sub(r"\W+", "-", f"{conversation.started[:10]}-{called}")[:_LONGEST_NAME].strip("-")
        return {"name": f"{name}.md", "text": text}

    def _fill(self, template: str, values: dict[str, Any]) -> str:
        return fill(template, self._language, **values)

    # -- what is shown

    def _told(self, conversation: Conversation, *, working: bool = False) -> tuple[Any, ...]:
        """The conversation, what is kept of it, the form below it, why a thumb is down, and whether a question can be handed over."""
        last = conversation.turns[-1] if conversation.turns else None
        can_hand_over = bool(last and last.outcome and last.outcome.reason in _HANDED_OVER and last.verdict != "handed over")
        return (
            self._messages(conversation),
            conversation.model_dump(mode="json"),
            gr.Textbox(submit_btn=False, stop_btn=self.word("stop"))
            if working
            else gr.Textbox(submit_btn=self.word("send"), stop_btn=False),
            gr.Column(visible=conversation.rating is not None),
            gr.Column(visible=can_hand_over and not working),
        )

    def _messages(self, conversation: Conversation, passages: int = 0, draft: Sequence[str] = ()) -> gr.Chatbot:
        messages: list[Any] = []
        last = len(conversation.turns) - 1
        for n, turn in enumerate(conversation.turns):
            further = turn.outcome.suggestions if n == last and turn.outcome else []
            found, worded = (passages, draft) if n == last else (0, ())
            html = turn_html(turn, n, self._language, passages=found, draft=worded, share=self._shared.query)
            messages.append({"role": "user", "content": asked_html(turn.question, n)})
            messages.append({"role": "assistant", "content": html, "options": [{"value": question} for question in further]})
        return gr.Chatbot(value=messages, feedback_value=[_thumb(turn) for turn in conversation.turns])

    def start(self) -> dict[str, Any]:
        """What stands in an empty conversation: the examples under a heading, or nothing while none was found to be answered; while
        nothing is answered at all, why."""
        if text := self._off():
            return {"examples": [], "placeholder": str(escape(text))}
        examples = self.examples()
        return {"examples": examples, "placeholder": self.word("examples") if examples else "&nbsp;"}

    def examples(self) -> list[Any]:
        """The examples as the chat shows them, one of each topic first."""
        topics = [[(topic, question) for question in questions] for topic, questions in self._suggestions.examples().items()]
        in_turn = [group[n] for n in range(max(map(len, topics), default=0)) for group in topics if n < len(group)]
        return [
            {"text": question, "display_text": f"{topic}：{question}" if topic else question} for topic, question in in_turn[:_EXAMPLES]
        ]


def _at_rest(conversation: Conversation) -> Conversation:
    """The conversation without a question under way."""
    pending = bool(conversation.turns) and conversation.turns[-1].pending
    return conversation.with_last(trouble="stopped") if pending else conversation


def _thumb(turn: Turn) -> str | None:
    thumbs: dict[Verdict, str] = {"up": "Like", "down": "Dislike"}
    return thumbs.get(turn.verdict)
