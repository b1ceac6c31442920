"""An answer in the words of a language model: asked with numbered passages, its sentences shown one by one, each when it is checked."""

import logging
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from bot.checking.check import check
from bot.checking.citations import Citation, Sentence, cite
from bot.checking.evidence import CheckedSentence, Fault, Judge, NumberedPassage, Quote
from bot.llm.breaker import Breaker
from bot.llm.client import OF_ENDPOINT, ChatModel, Failure, ModelError, Usage
from bot.llm.prompts import Prompt, PromptFile
from bot.llm.replies import SentenceStream, parse_sentence
from index.documents import Metadata

log = logging.getLogger(__name__)

REFUSAL = "【文章未说明】"
VARIABLES = ("most", "refusal", "passages", "question")
_REFUSED = re.compile(r"文章未说明")
MOST_SENTENCES = 5
_MOST_CHARACTERS = 4000  # of a reply: some ten times what is asked for
_LEAKED = 16  # characters of the instructions in a row that no article holds
_LETTERS = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[㐀-鿿]")
_LEAST_HAN = 0.4  # of the letters of a sentence; names of companies and programs may be Latin
_LEAST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class ModelUse:
    """How a language model took part in an answer: what it said and what of it was dropped, in sentences; tokens; and why its words
    are not shown, where they are not."""

    model: str
    prompt: str  # the hash of its file
    said: int = 0
    dropped: int = 0
    faults: tuple[tuple[str, int], ...] = ()
    unfounded: int = 0  # of the dropped ones, those with a figure or a date that what they cite does not have
    tokens_in: int = 0
    tokens_out: int = 0
    first_ms: float = 0.0  # to the first sentence that could be shown
    total_ms: float = 0.0
    failure: str = ""
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The checked sentences so far."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking: sentences to show, or a refusal, or neither, and then `use.failure` says why."""

    use: ModelUse
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    refused: bool = False


Place = tuple[str, int, int]  # an article's id, and where a sentence begins and ends in it
Describe = Callable[[str], tuple[Metadata, tuple[str, str]]]  # an article's id -> what is known of it, and what became of it


class Writer:
    """Words answers with a model. One is shared by all versions of the index; it is safe to use from several threads."""

    def __init__(
        self,
        model: ChatModel,
        breaker: Breaker,
        *,
        kept: int = 0,
        prompt: PromptFile | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`kept` is how many answers are remembered."""
        self.model, self.prompt = model, prompt or PromptFile.load("answer", VARIABLES)
        self._breaker, self._clock = breaker, clock
        self._kept: OrderedDict[tuple[str, ...], Reply] = OrderedDict()
        self._most, self._lock = kept, Lock()

    def write(
        self,
        question: str,
        sources: Sequence[NumberedPassage],
        version: str,
        describe: Describe,
        core: Collection[Place],
        judge: Judge | None = None,
    ) -> Iterator[Draft | Reply]:
        """The drafts as sentences pass the checks, and last what came of it; an answer that is remembered comes at once.

        `core` are the sentences that answer by the reader's judgement: a worded answer has to rest on one of them.
        `judge` has the last word on each sentence.
        """
        key = (question, version, self.prompt.hash, self.model.name, *(source.passage.id for source in sources))
        with self._lock:
            known = self._kept.get(key)
        if known:
            yield replace(known, use=replace(known.use, cached=True, tokens_in=0, tokens_out=0, first_ms=0.0, total_ms=0.0))
            return
        written: Reply | None = None
        for step in self._write(question, sources, describe, core, judge):
            yield step
            written = step if isinstance(step, Reply) else None
        if written and not written.use.failure and self._most:
            with self._lock:
                self._kept[key] = written
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)

    def _write(
        self, question: str, sources: Sequence[NumberedPassage], describe: Describe, core: Collection[Place], judge: Judge | None
    ) -> Iterator[Draft | Reply]:
        start, usage = self._clock(), Usage()
        taken = _Taken(describe)
        failure: ModelError | None = None
        try:
            for checked in self._checked(question, sources, usage, judge):
                if taken.take(checked) and not taken.first_ms:
                    taken.first_ms = (self._clock() - start) * 1000
                if checked.holds:
                    yield Draft(tuple(taken.sentences), tuple(taken.citations))
        except _SaidNothing:
            taken.refused = not taken.sentences
        except ModelError as error:
            failure = error
        if failure is None and not taken.refused and not taken.answers(core):
            failure = ModelError(Failure.UNSUPPORTED if taken.said else Failure.EMPTY)
        wording = replace(
            taken.wording(), model=self.model.name, prompt=self.prompt.hash, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out,
            total_ms=round((self._clock() - start) * 1000, 1), failure=failure.failure.value if failure else "",
        )  # fmt: skip
        _tell(wording, failure)
        yield Reply(wording) if failure else Reply(wording, tuple(taken.sentences), tuple(taken.citations), taken.refused)

    def _checked(self, question: str, sources: Sequence[NumberedPassage], usage: Usage, judge: Judge | None) -> Iterator[CheckedSentence]:
        """The model's sentences as they come, checked; raises `ModelError` where it fails, `_SaidNothing` where it refuses."""
        if not self._breaker.lets_through():
            raise ModelError(Failure.PAUSED)
        prompt = self.prompt.fill(most=str(MOST_SENTENCES), refusal=REFUSAL, passages=fenced(sources), question=_plain(question))
        try:
            for place, written in enumerate(self._sentences(prompt, usage)):
                one = parse_sentence(written)
                _watch(one.text, prompt, sources)
                checked = check(one, sources, judge)
                if _REFUSED.search(written) or (place == 0 and any(finding.fault is Fault.SILENCE for finding in checked.findings)):
                    raise _SaidNothing
                yield checked
        except ModelError as error:
            self._breaker.report(answered=error.failure not in OF_ENDPOINT)
            raise
        except _SaidNothing:
            self._breaker.report(answered=True)
            raise
        self._breaker.report(answered=True)

    def _sentences(self, prompt: Prompt, usage: Usage) -> Iterator[str]:
        taken, length = SentenceStream(), 0
        pieces = self.model.stream(prompt, usage)
        try:
            for piece in pieces:
                length += len(piece)
                if length > _MOST_CHARACTERS:
                    raise ModelError(Failure.ENDLESS, f"more than {_MOST_CHARACTERS} characters")
                yield from taken.feed(piece)
            if rest := taken.rest():
                yield rest
        finally:
            if close := getattr(pieces, "close", None):
                close()


class _SaidNothing(Exception):  # noqa: N818 - a turn of the way, not an error
    """The model says that the articles do not say."""


class _Taken:
    """What a reply has come to so far."""

    def __init__(self, describe: Describe) -> None:
        self._describe = describe
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.first_ms = 0.0
        self.said, self.dropped, self.refused = 0, 0, False
        self._numbers: dict[Place, int] = {}
        self._faults: Counter[str] = Counter()
        self._unfounded = 0

    def take(self, checked: CheckedSentence) -> bool:
        """Add a sentence with its citations if it holds, and count it."""
        self.said += 1
        if not checked.holds or any(checked.text == sentence.text for sentence in self.sentences):
            self.dropped += not checked.holds
            self._unfounded += any(finding.fault in (Fault.FIGURE, Fault.DATE) for finding in checked.findings)
            self._faults.update({finding.fault.value for finding in checked.findings})
            return False
        self.sentences.append(Sentence(checked.text, tuple(dict.fromkeys(self._number(quote) for quote in checked.quotes))))
        return True

    def _number(self, quote: Quote) -> int:
        passage = quote.numbered.passage
        place = (passage.article, quote.span.start, quote.span.end)
        if place not in self._numbers:
            self._numbers[place] = n = len(self._numbers) + 1
            meta, standing = self._describe(passage.article)
            self.citations.append(cite(n, passage, quote.span, meta.publisher, meta.published, standing))
        return self._numbers[place]

    def answers(self, core: Collection[Place]) -> bool:
        """Whether what is left is an answer: one of it rests on what answers by the reader's judgement."""
        return any(place in core for place in self._numbers)

    def wording(self) -> ModelUse:
        """The counts."""
        faults = tuple(sorted(self._faults.items()))
        return ModelUse("", "", self.said, self.dropped, faults, self._unfounded, first_ms=round(self.first_ms, 1))


def fenced(sources: Sequence[NumberedPassage]) -> str:
    """The passages as the model reads them: each with its number, title, date and heading."""
    return "\n\n".join(
        f"[{source.n}] 《{_plain(source.passage.title)}》 日期：{source.published or '不详'} 小节：{_plain(source.passage.section) or '无'}\n"
        f"{_plain(source.passage.text)}"
        for source in sources
    )


def _plain(text: str) -> str:
    """The text without what would end the part that it is fenced in, or be taken for the number of a passage."""
    return re.sub(r"^\s*\[(\d+)\]", r"（\1）", re.sub(r"「(?=\S{0,6}(?:开始|结束)」)", "“", text), flags=re.MULTILINE)


def _watch(text: str, prompt: Prompt, sources: Sequence[NumberedPassage]) -> None:
    """Raise `ModelError` where a sentence is in another language, or repeats the instructions."""
    letters = _LETTERS.findall(text)
    if len(letters) >= _LEAST_LETTERS and len(_HAN.findall(text)) < _LEAST_HAN * len(letters):
        raise ModelError(Failure.LANGUAGE)
    if re.search(r"[ぁ-ゖァ-ヺ가-힣]{3}", text):
        raise ModelError(Failure.LANGUAGE)
    runs = (text[at : at + _LEAKED] for at in range(len(text) - _LEAKED + 1))
    if any(run in prompt.system and not any(run in source.passage.text for source in sources) for run in runs):
        raise ModelError(Failure.LEAKED)


def _tell(wording: ModelUse, failure: ModelError | None) -> None:
    """One line in the log for each answer that was asked for."""
    faults = f" ({', '.join(f'{name} {n}' for name, n in wording.faults)})" if wording.faults else ""
    share = f" = {wording.dropped / wording.said:.0%}" if wording.said else ""
    used = (
        f"{wording.said} sentences, {wording.dropped} dropped{share}{faults}. {wording.tokens_in} tokens in, {wording.tokens_out} out, "
        f"{wording.total_ms:.0f} ms, prompt {wording.prompt}"
    )
    if failure:
        log.warning("model %s gave no answer to show (%s); an extract stands in. %s", wording.model, failure, used)
    else:
        log.info("model %s: %s", wording.model, used)
