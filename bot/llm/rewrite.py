"""A follow-up -> a question that stands alone, by a language model; by rule wherever the model fails or adds something of its own."""

import logging
import re
import time
from collections.abc import Callable, Sequence
from datetime import date

from bot.checking.claims import dates_and_figures, years_in
from bot.checking.content import overlap
from bot.chinese.dates import notes
from bot.llm.breaker import Breaker
from bot.llm.client import OF_ENDPOINT, ChatModel, Failure, ModelError, Usage
from bot.llm.prompts import PromptFile
from bot.llm.replies import SentenceStream
from bot.question.follow_up import MOST_BEFORE, standalone
from bot.timing import count
from index.text.terms import fold

log = logging.getLogger(__name__)

StandAlone = Callable[[str, Sequence[str]], str]  # a question and those before it -> what is asked

VARIABLES = ("today", "before", "question")
_LEAST_SHARED = 0.75  # of the words of a rewritten question: the rest may be words that only join
_HAN = re.compile(r"[㐀-鿿]")


def absolute(question: str, today: date) -> str:
    """The question with the relative dates that a model left in it (去年6月) as the dates that they are today."""
    meant = {note.words: note.means for note in notes(question, today.isoformat()) if "本文" not in note.means}
    forms = "|".join(map(re.escape, sorted(meant, key=len, reverse=True)))
    return re.sub(forms, lambda found: meant[found[0]], question) if meant else question


class Rewriter:
    """Asks a model to make questions stand alone; a `StandAlone`, as `bot.question.follow_up.standalone` is. Safe to use from several threads."""

    def __init__(
        self,
        model: ChatModel,
        breaker: Breaker,
        *,
        most: int,
        by_rule: StandAlone = standalone,
        prompt: PromptFile | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`most` is how many characters a question may have."""
        self._model, self._breaker, self._most = model, breaker, most
        self._by_rule, self._today = by_rule, today
        self._prompt = prompt or PromptFile.load("rewrite", VARIABLES)

    def __call__(self, question: str, before: Sequence[str]) -> str:
        """The question that stands alone; the question itself where nothing is before it."""
        earlier = [asked for asked in before if asked.strip()][-MOST_BEFORE:]
        if not earlier:
            return question
        try:
            return self._ask(question, earlier)
        except ModelError as error:
            log.warning("model %s did not rewrite a follow-up (%s); it is understood by rule", self._model.name, error)
            return self._by_rule(question, before)

    def _ask(self, question: str, earlier: Sequence[str]) -> str:
        if not self._breaker.lets_through():
            raise ModelError(Failure.PAUSED)
        today = self._today()
        prompt = self._prompt.fill(today=f"{today.year}年{today.month}月{today.day}日", before="\n".join(earlier), question=question)
        stream, usage, start = SentenceStream(), Usage(), time.perf_counter()
        try:
            reply = "".join(part for piece in self._model.stream(prompt, usage) for part in stream.feed(piece)) + stream.rest()
        except ModelError as error:
            self._breaker.report(answered=error.failure not in OF_ENDPOINT)
            raise
        self._breaker.report(answered=True)
        count("tokens_in", usage.tokens_in)
        count("tokens_out", usage.tokens_out)
        used = f"{'about ' if usage.estimated else ''}{usage.tokens_in} tokens in, {usage.tokens_out} out, {(time.perf_counter() - start) * 1000:.0f} ms, prompt {self._prompt.hash}"
        log.info("model %s rewrote a follow-up. %s", self._model.name, used)
        rewritten = reply.strip().strip('“”"「」').strip()
        if problem := self._problem(rewritten, question, earlier, today):
            raise ModelError(problem)
        return absolute(rewritten, today)

    def _problem(self, rewritten: str, question: str, earlier: Sequence[str], today: date) -> Failure | None:
        """Why a reply cannot be asked: it is none, another language, or holds what the conversation does not."""
        if not rewritten:
            return Failure.EMPTY
        if len(rewritten) > self._most or "\n" in rewritten:
            return Failure.ENDLESS
        if bool(_HAN.search(rewritten)) != bool(_HAN.search(question)):
            return Failure.LANGUAGE
        known = fold(" ".join([*earlier, question]))
        figures = {figure.value for figure in dates_and_figures(known)[1]}
        new = fold(rewritten)
        years = years_in(new) - years_in(known) - {today.year + away for away in (-2, -1, 0, 1)}
        added = [figure for figure in dates_and_figures(new)[1] if figure.value not in figures and figure.unit != "年"]
        return Failure.UNSUPPORTED if years or added or overlap(new, known) < _LEAST_SHARED else None
