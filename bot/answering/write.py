"""An outcome in sentences of the articles -> the same in the words of a language model, as far as those pass the checks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering import messages
from bot.answering.decide import Thresholds
from bot.answering.events import Concluded, Decided, Drafted
from bot.answering.outcomes import Answered, Outcome
from bot.answering.worded import core_of, items_of, may_be_worded, put_in_words
from bot.checking.evidence import Judge, NumberedPassage
from bot.llm.answer_prompt import RELATED, Task
from bot.llm.drafts import Draft, Place
from bot.llm.writer import Writer
from bot.question.wants import Shape
from index.documents import Article, Metadata, Passage

_FURTHER = 6  # sentences that a model is shown beside those that the extract quotes


@dataclass(frozen=True, slots=True)
class WritingStep:
    """Asks a language model to word what is stated at least as probably as `least_probability`; `judge` has the last word on each
    sentence. See `put_in_words` for `trusted`, and `items_of` for `thresholds`."""

    writer: Writer
    judge: Judge | None
    least_probability: float
    trusted: float
    thresholds: Thresholds
    article: Callable[[str], Article]
    version: str

    def write(self, decided: Decided) -> Iterator[Drafted | Concluded]:
        """The drafts as sentences pass the checks, and last the outcome; the outcome as it is where no model is to be asked."""
        retrieved = decided.read.retrieved
        question, outcome = retrieved.understood.question, decided.outcome
        is_wanted = question.may_write and may_be_worded(outcome, self.least_probability, self.trusted)
        if not is_wanted or not retrieved.documents:
            yield Concluded(outcome)
            return
        watch = retrieved.understood.watch
        for step in self.writer.write(self._task(decided), self.version, self._described, self.judge):
            if isinstance(step, Draft):
                yield Drafted(step)
            else:
                watch.note("first_word", step.use.first_ms)
                watch.note("word", step.use.total_ms)
                watch.note("tokens_in", step.use.tokens_in)
                watch.note("tokens_out", step.use.tokens_out)
                yield Concluded(put_in_words(outcome, step, retrieved.understood.shape, self.trusted))

    def _task(self, decided: Decided) -> Task:
        """What the model is to word: first what the extract quotes, then what the reader puts next."""
        outcome, retrieved, readings = decided.outcome, decided.read.retrieved, decided.read.readings
        form = self._form(outcome, retrieved.understood.shape)
        further = readings if form in (Shape.FACT, Shape.SEVERAL, Shape.DECISION) else sorted(readings, key=lambda one: -one.help_score)
        wanted = [(citation.passage.article, citation.start, citation.end) for citation in outcome.citations]
        wanted += [(reading.passage.article, reading.sentence.start, reading.sentence.end) for reading in further[:_FURTHER]]
        found = [*(citation.passage for citation in outcome.citations), *(document.hit.passage for document in retrieved.documents)]
        return Task(
            retrieved.understood.text,
            form,
            tuple(self._numbered(found, wanted)),
            tuple(wanted),
            core_of(outcome, readings),
            items_of(outcome, readings, self.thresholds),
            may_be_silent=not isinstance(outcome, Answered),
        )

    def _form(self, outcome: Outcome, shape: Shape) -> str:
        if isinstance(outcome, Answered):
            return outcome.shape
        return shape if outcome.confidence >= self.trusted else RELATED

    def _numbered(self, found: Sequence[Passage], wanted: Sequence[Place]) -> Iterator[NumberedPassage]:
        """The passages, numbered in the order in which they are wanted."""

        def first_wanted(passage: Passage) -> int:
            return next(
                (n for n, (article, at, _) in enumerate(wanted) if article == passage.article and passage.start <= at < passage.end),
                len(wanted),
            )

        for n, passage in enumerate(sorted({passage.id: passage for passage in found}.values(), key=first_wanted), 1):
            meta = self.article(passage.article).meta
            yield NumberedPassage(n, passage, meta.published, f"{meta.publisher} {meta.region}")

    def _described(self, article: str) -> tuple[Metadata, tuple[str, str]]:
        meta = self.article(article).meta
        return meta, messages.status_note(meta)
