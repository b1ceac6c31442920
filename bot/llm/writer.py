"""An answer in the words of a language model: asked with numbered passages, its sentences shown one by one, each when it is checked."""

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from bot.checking.check import check
from bot.checking.evidence import CheckedSentence, Fault, Judge, NumberedPassage
from bot.llm.answer_prompt import fill_answer_prompt, load_answer_prompt
from bot.llm.breaker import Breaker
from bot.llm.client import OF_ENDPOINT, ChatModel, Failure, ModelError, Usage
from bot.llm.drafts import Collector, Describe, Draft, ModelUse, Place, Reply
from bot.llm.prompts import Prompt, PromptFile
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
        prompt: PromptFile | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`cache_size` is how many answers are remembered."""
        self.model, self.prompt = model, prompt or load_answer_prompt()
        self._breaker, self._clock, self._cache = breaker, clock, ReplyCache(cache_size)

    def write(
        self,
        question: str,
        passages: Sequence[NumberedPassage],
        version: str,
        describe: Describe,
        core: Collection[Place],
        judge: Judge | None = None,
    ) -> Iterator[Draft | Reply]:
        """The drafts as sentences pass the checks, and last what came of it; an answer that is remembered comes at once.

        `core` are the sentences that answer by the reader's judgement: a model's answer has to rest on one of them.
        `judge` has the last word on each sentence.
        """
        key = (question, version, self.prompt.hash, self.model.name, *(numbered.passage.id for numbered in passages))
        if known := self._cache.get(key):
            yield known.from_cache()
            return
        for step in self._write(question, passages, describe, core, judge):
            yield step
            if isinstance(step, Reply) and not step.use.failure:
                self._cache.put(key, step)

    def _write(
        self, question: str, passages: Sequence[NumberedPassage], describe: Describe, core: Collection[Place], judge: Judge | None
    ) -> Iterator[Draft | Reply]:
        start, usage = self._clock(), Usage()
        collector, first_ms, refused = Collector(describe), 0.0, False
        failure: ModelError | None = None
        try:
            for checked in self._check(question, passages, usage, judge):
                if collector.add(checked):
                    first_ms = first_ms or (self._clock() - start) * 1000
                if checked.holds:
                    yield collector.draft
        except _Refusal:
            refused = not collector.draft.sentences
        except ModelError as error:
            failure = error
        if failure is None and not refused and not collector.rests_on(core):
            failure = ModelError(Failure.UNSUPPORTED if collector.received else Failure.EMPTY)
        use = ModelUse(
            self.model.name, self.prompt.hash, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, first_ms=round(first_ms, 1),
            total_ms=round((self._clock() - start) * 1000, 1), failure=failure.failure.value if failure else "",
        )  # fmt: skip
        use = collector.count_into(use)
        _log_use(use, failure)
        draft = collector.draft
        yield Reply(use) if failure else Reply(use, draft.sentences, draft.citations, refused)

    def _check(self, question: str, passages: Sequence[NumberedPassage], usage: Usage, judge: Judge | None) -> Iterator[CheckedSentence]:
        """The model's sentences as they come, checked; raises `ModelError` where it fails, `_Refusal` where it refuses."""
        if not self._breaker.lets_through():
            raise ModelError(Failure.PAUSED)
        prompt = fill_answer_prompt(self.prompt, passages, question)
        try:
            for place, raw in enumerate(self._sentences(prompt, usage)):
                sentence = parse_sentence(raw)
                watch(sentence.text, prompt, passages)
                checked = check(sentence, passages, judge)
                if _REFUSED.search(raw) or (place == 0 and any(finding.fault is Fault.SILENCE for finding in checked.findings)):
                    raise _Refusal
                yield checked
        except ModelError as error:
            self._breaker.report(answered=error.failure not in OF_ENDPOINT)
            raise
        except _Refusal:
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


class _Refusal(Exception):  # noqa: N818 - control flow, not an error
    """The model says that the articles do not say."""


def _log_use(use: ModelUse, failure: ModelError | None) -> None:
    """One line in the log for each answer that was asked for."""
    faults = f" ({', '.join(f'{name} {n}' for name, n in use.faults)})" if use.faults else ""
    share = f" = {use.dropped / use.said:.0%}" if use.said else ""
    used = (
        f"{use.said} sentences, {use.dropped} dropped{share}{faults}. {use.tokens_in} tokens in, {use.tokens_out} out, "
        f"{use.total_ms:.0f} ms, prompt {use.prompt}"
    )
    if failure:
        log.warning("model %s gave no answer to show (%s); an extract stands in. %s", use.model, failure, used)
    else:
        log.info("model %s: %s", use.model, used)
