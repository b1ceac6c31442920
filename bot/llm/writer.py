"""An answer in the words of a language model: asked with numbered passages, its sentences shown one by one, each when it is checked."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.checking.check import check
from bot.checking.evidence import CheckedSentence, Fault, Finding, Judge, Quote
from bot.llm.answer_prompt import AnswerPrompt, Task
from bot.llm.breaker import Breaker
from bot.llm.client import OF_ENDPOINT, ChatModel, Failure, ModelError, Usage
from bot.llm.drafts import Collector, Core, Describe, Draft, ModelUse, Place, Reply
from bot.llm.prompts import Prompt
from bot.llm.replies import SentenceStream, parse_sentence
from bot.llm.reply_cache import ReplyCache
from bot.llm.watch import watch
from index.language import Message

log = logging.getLogger(__name__)

_REFUSED = re.compile(r"文章未说明")  # what `REFUSAL` says, with its brackets or without
_MOST_CHARACTERS = 4000  # of a reply: some ten times what is asked for


class Writer:
    """Words answers with a model. One is shared by all versions of the index; it is safe to use from several threads."""

    def __init__(
        self,
        model: ChatModel,
        breaker: Breaker,
        *,
        cache_size: int = 0,
        prompt: AnswerPrompt | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`cache_size` is how many answers are remembered."""
        self.model, self.prompt = model, prompt or AnswerPrompt.load()
        self._breaker, self._clock, self._cache = breaker, clock, ReplyCache(cache_size)

    def write(self, task: Task, version: str, describe: Describe, judge: Judge | None = None) -> Iterator[Draft | Reply]:
        """The drafts as sentences pass the checks, and last what came of it; an answer that is remembered comes at once.

        `judge` has the last word on each sentence.
        """
        passages = (numbered.passage.id for numbered in task.passages)
        key = (task.question, task.form, version, self.prompt.hash, self.model.name, *passages)
        if known := self._cache.get(key):
            yield known.from_cache()
            return
        for step in self._write(task, describe, judge):
            yield step
            if isinstance(step, Reply) and not step.use.failure:
                self._cache.put(key, step)

    def _write(self, task: Task, describe: Describe, judge: Judge | None) -> Iterator[Draft | Reply]:
        start, usage = self._clock(), Usage()
        collector, first_ms, silent = Collector(describe), 0.0, False
        failure: ModelError | None = None
        try:
            for checked in self._check(task, usage, judge):
                silent = silent or any(finding.fault is Fault.SILENCE for finding in checked.findings)
                if collector.add(checked):
                    first_ms = first_ms or (self._clock() - start) * 1000
                if checked.holds:
                    yield collector.draft
                else:
                    log.debug(
                        "dropped (%s): %s",
                        ", ".join(f"{finding.fault.value} {finding.words}".strip() for finding in checked.findings),
                        checked.text,
                    )
        except _Silence:
            silent = True
        except ModelError as error:
            failure = error
        draft = collector.draft
        if failure is None and not (silent and not draft.sentences):
            failure = _what_is_wrong(draft, task.core, received=bool(collector.received))
        use = ModelUse(
            self.model.name, self.prompt.hash, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, estimated=usage.estimated, first_ms=round(first_ms, 1),
            total_ms=round((self._clock() - start) * 1000, 1), failure=failure.failure.value if failure else "",
        )  # fmt: skip
        use = collector.count_into(use)
        _log_use(use, failure)
        yield Reply(use, silent=silent) if failure else Reply(use, draft.sentences, draft.citations, silent)

    def _check(self, task: Task, usage: Usage, judge: Judge | None) -> Iterator[CheckedSentence]:
        """The model's sentences as they come, checked; raises `ModelError` where it fails, `_Silence` where it gives the token for having found nothing."""
        if not self._breaker.lets_through():
            raise ModelError(Failure.PAUSED)
        prompt = self.prompt.fill(task)
        try:
            for raw in self._sentences(prompt, usage):
                if _REFUSED.search(raw):
                    raise _Silence
                sentence = parse_sentence(raw)
                watch(sentence.text, prompt, task.passages)
                yield _of_the_items(check(sentence, task.passages, judge), task.items)
        except ModelError as error:
            self._breaker.report(answered=error.failure not in OF_ENDPOINT)
            raise
        except _Silence:
            self._breaker.report(answered=True)
            raise
        self._breaker.report(answered=True)

    def _sentences(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        stream, length = SentenceStream(), 0
        pieces = self.model.stream(prompt, usage)
        try:
            for piece in pieces:
                length += len(piece)
                if length > _MOST_CHARACTERS:
                    raise ModelError(Failure.ENDLESS, Message("reply-too-long", most=_MOST_CHARACTERS))
                yield from stream.feed(piece)
            if rest := stream.rest():
                yield rest
        finally:
            if close := getattr(pieces, "close", None):
                close()


class _Silence(Exception):  # noqa: N818 - control flow, not an error
    """The model says that the articles do not say."""


def _what_is_wrong(draft: Draft, core: Core, *, received: bool) -> ModelError | None:
    """Why the sentences that passed the checks are no answer by the reader's judgement; None where they are one."""
    if not draft.sentences or not core.is_rested_on(draft):
        return ModelError(Failure.UNSUPPORTED if received else Failure.EMPTY)
    return None if core.is_said(draft) else ModelError(Failure.BESIDE)


def _log_use(use: ModelUse, failure: ModelError | None) -> None:
    """One line in the log for each answer that was asked for."""
    faults = f" ({', '.join(f'{name} {n}' for name, n in use.faults)})" if use.faults else ""
    share = f" = {use.dropped / use.said:.0%}" if use.said else ""
    used = (
        f"{use.said} sentences, {use.dropped} dropped{share}{faults}. {_about(use.estimated)}{use.tokens_in} tokens in, {use.tokens_out} out, "
        f"{use.total_ms:.0f} ms, prompt {use.prompt}"
    )
    if failure:
        log.warning("model %s gave no answer to show (%s); an extract stands in. %s", use.model, failure, used)
    else:
        log.info("model %s: %s", use.model, used)


def _of_the_items(checked: CheckedSentence, items: tuple[Place, ...]) -> CheckedSentence:
    """The sentence, with a fault where it holds but says nothing of the items that were asked for."""
    if not checked.holds or not items or any(_is_of(quote, item) for quote in checked.quotes for item in items):
        return checked
    return replace(checked, findings=(Finding(Fault.ASIDE),))


def _is_of(quote: Quote, item: Place) -> bool:
    article, start, end = item
    return quote.numbered.passage.article == article and quote.span.start < end and start < quote.span.end


def _about(estimated: bool) -> str:
    return "about " if estimated else ""
