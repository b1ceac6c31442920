"""An outcome in sentences of the articles -> the same in the words of a language model, as far as those pass the checks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering import messages
from bot.answering.decide import Replies
from bot.answering.events import Concluded, Decided, Drafted
from bot.answering.outcomes import Answered, Outcome
from bot.checking.evidence import Judge, NumberedPassage
from bot.llm.drafts import Draft, Reply
from bot.llm.writer import Writer
from bot.question.admission import Reason
from index.documents import Article, Metadata, Passage, Span

# A worded answer must rest on one of so many sentences that the reader puts first, which hold a right one for nine questions in ten (sentence_hit@3).
_CORE = 5


@dataclass(frozen=True, slots=True)
class WritingStep:
    """Asks a language model to word what is stated at least as probably as `least_probability`; `judge` has the last word on each sentence."""

    writer: Writer
    judge: Judge | None
    least_probability: float
    article: Callable[[str], Article]
    replies: Replies
    version: str

    def write(self, decided: Decided) -> Iterator[Drafted | Concluded]:
        """The drafts as sentences pass the checks, and last the outcome; the outcome as it is where no model is to be asked."""
        retrieved = decided.read.retrieved
        question, outcome = retrieved.understood.question, decided.outcome
        if not question.may_write or not retrieved.documents or outcome.confidence < self.least_probability:
            yield Concluded(outcome)
            return
        passages = [self._numbered(n, document.hit.passage) for n, document in enumerate(retrieved.documents, 1)]
        core = {(citation.passage.article, citation.start, citation.end) for citation in outcome.citations}
        core |= {(reading.passage.article, reading.sentence.start, reading.sentence.end) for reading in decided.read.readings[:_CORE]}
        watch = retrieved.understood.watch
        for step in self.writer.write(retrieved.understood.text, passages, self.version, self._described, core, self.judge):
            if isinstance(step, Draft):
                yield Drafted(step)
            else:
                watch.note("first_word", step.use.first_ms)
                watch.note("word", step.use.total_ms)
                watch.note("tokens_in", step.use.tokens_in)
                watch.note("tokens_out", step.use.tokens_out)
                yield Concluded(self._outcome(outcome, step))

    def _numbered(self, n: int, passage: Passage) -> NumberedPassage:
        meta = self.article(passage.article).meta
        return NumberedPassage(n, passage, meta.published, f"{meta.publisher} {meta.region}")

    def _described(self, article: str) -> tuple[Metadata, tuple[str, str]]:
        meta = self.article(article).meta
        return meta, messages.status_note(meta)

    def _outcome(self, outcome: Outcome, reply: Reply) -> Outcome:
        """The outcome in the model's words, or as it was where those are not to be shown."""
        if reply.use.failure:
            return replace(outcome, wording=reply.use)
        if reply.refused:
            silent: Outcome = self.replies.refuse(outcome.question, Reason.NOT_FOUND, outcome.confidence)
            if outcome.sentences:
                silent = self.replies.relate(outcome.question, (outcome.sentences[:1], outcome.citations[:1]), outcome.confidence)
            return replace(silent, understood=outcome.understood, mode="llm", wording=reply.use, version=self.version)
        span = outcome.span if isinstance(outcome, Answered) else None
        wanted = [sentence.text[place.start : place.end] for sentence in outcome.sentences for place in sentence.bold]
        bold = [replace(sentence, bold=places(wanted, sentence.text)) for sentence in reply.sentences]
        return Answered(
            outcome.question, tuple(bold), reply.citations, outcome.confidence, span if any(sentence.bold for sentence in bold) else None,
            understood=outcome.understood, mode="llm", wording=reply.use, version=self.version,
            difference=outcome.difference if isinstance(outcome, Answered) else "",
        )  # fmt: skip


def places(wanted: Sequence[str], text: str) -> tuple[Span, ...]:
    """Where words stand in a text, those that do."""
    return tuple(Span(at, at + len(words)) for words in wanted if (at := text.find(words)) >= 0)
