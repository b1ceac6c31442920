"""The question path: question -> retrieve -> read -> compose -> cite -> verify -> Answered | Refused.

Where a language model is asked, the outcome of this is what stands in for its words, and what they have to rest on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from langchain_core.runnables import RunnableLambda, RunnablePassthrough, RunnableSequence

from bot.answering import messages
from bot.answering.compose import Chosen, Part, compose, in_order
from bot.answering.conditions import restrain
from bot.answering.outcomes import Answered, Outcome, Refused
from bot.answering.retriever import PassageDocument, PassageRetriever
from bot.checking.check import keep_supported
from bot.checking.citations import Citation, Sentence, cite
from bot.checking.evidence import Judge, Source
from bot.chinese.orders import without_orders
from bot.llm.rewrite import StandAlone
from bot.llm.writer import Draft, Writer, Written
from bot.question.admission import Reason, problem, tidy
from bot.question.follow_up import UNDERSTOOD, standalone
from bot.question.parts import parts
from bot.reading.reader import Reader, Reading
from bot.timing import Stopwatch, stage
from index.documents import Hit, Metadata, Passage, Span
from index.search import Index

_RELATED = 0.3  # a refusal shows the nearest sentence only where it is as probably as that on the question's topic
# A worded answer must rest on one of so many sentences that the reader puts first, which hold a right one for nine questions in ten (sentence_hit@3).
_CORE = 5


class Answering(Protocol):
    """What a page or a program needs of an assistant, whether over one version of the index or over the live one."""

    @property
    def version(self) -> str:
        """The version that the next question is answered from."""

    def ask(self, question: str, before: Sequence[str] = (), *, worded: bool = True) -> Outcome:
        """See `Assistant`."""

    def stream(self, question: str, before: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """See `Assistant`."""


def outcome_of(stages: Iterator[dict[str, Any]]) -> Outcome:
    """The outcome that a stream of stages ends in."""
    *_, last = stages
    outcome: Outcome = last["outcome"]
    return outcome


class Assistant:
    """Answers questions from one opened index. Everything that it needs is handed in; it is safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        retriever: PassageRetriever,
        reader: Reader,
        *,
        hotline: str,
        examples: Mapping[str, Sequence[str]],
        question_length: int,
        least_probability: float,
        stand_alone: StandAlone = standalone,
        writer: Writer | None = None,
        least_worded: float = 0.0,
    ) -> None:
        """`stand_alone` understands follow-ups; `writer` words what is stated at least as probably as `least_worded`, None extracts."""
        self._index, self._retriever, self._reader = index, retriever, reader
        self._hotline, self._examples, self._limit, self._least = hotline, examples, question_length, least_probability
        self._stand_alone, self._writer, self._least_worded = stand_alone, writer, least_worded
        self._judge = reader if isinstance(reader, Judge) else None
        self.chain = self._chain()

    @property
    def version(self) -> str:
        """The version of the index that answers come from."""
        return self._index.version

    def _chain(self) -> RunnableSequence[dict[str, Any], dict[str, Any]]:
        """{"question"} -> with "documents" from the retriever, what was read in them for each of the "parts" of the
        question and for all of it ("readings"), and the "outcome"."""
        return RunnableSequence(
            RunnablePassthrough.assign(documents=RunnableLambda(lambda state: state["question"]) | self._retriever),
            RunnablePassthrough.assign(parts=RunnableLambda(self._read)),
            RunnablePassthrough.assign(readings=RunnableLambda(lambda state: in_order(state["parts"]))),
            RunnablePassthrough.assign(outcome=RunnableLambda(self._compose)),
        )

    def ask(self, question: str, before: Sequence[str] = (), *, worded: bool = True) -> Outcome:
        """The outcome for one question; a question that cannot be asked of the articles is refused with the reason.

        `before` are the questions before it in the same conversation, oldest first; `worded` is whether a language model may be asked.
        """
        return outcome_of(self.stream(question, before, worded=worded))

    def stream(self, question: str, before: Sequence[str] = (), *, worded: bool = True) -> Iterator[dict[str, Any]]:
        """The stages of a question as they are done: "documents", "parts", "readings", each "draft" of a worded answer, and last
        "outcome"."""
        question = tidy(question)
        if reason := problem(question, self._limit):
            yield {"outcome": replace(self._refuse(question, reason), version=self.version)}
            return
        watch = Stopwatch()
        understood = watch.run(self._understood, question, before)
        sure = 1.0 if understood == question else UNDERSTOOD
        parts, state = self._stages({"question": understood, "sure": sure}), dict[str, Any]()
        while (part := watch.run(next, parts, None)) is not None:
            state |= part
            if "outcome" in part:
                told = "" if understood == question else understood
                outcome = replace(part["outcome"], question=question, understood=told, version=self.version)
                yield from self._worded(understood, outcome, state, watch, self._writer if worded else None)
            else:
                yield part

    def _stages(self, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What each step of the chain adds, once it is done.

        The chain's own `stream` tees its stages, and now and then holds what retrieval found back until all has been read: the
        thread that reads takes the tee's lock again before the one that waits for it to hand on what is there.
        """
        state = asked
        for step in self.chain.steps:
            after = step.invoke(state)
            yield {name: value for name, value in after.items() if name not in state}
            state = after

    def _understood(self, question: str, before: Sequence[str]) -> str:
        with stage("understand"):
            return self._stand_alone(question, before)

    def _worded(
        self, asked: str, outcome: Outcome, state: Mapping[str, Any], watch: Stopwatch, writer: Writer | None
    ) -> Iterator[dict[str, Any]]:
        """The drafts of a model and the outcome; the outcome as it is where no model is asked."""
        documents: Sequence[PassageDocument] = state["documents"]
        if writer and documents and outcome.confidence >= self._least_worded:
            sources = [self._source(n, document.hit.passage) for n, document in enumerate(documents, 1)]
            core = {(one.passage.article, one.start, one.end) for one in outcome.citations}
            core |= {(one.passage.article, one.sentence.start, one.sentence.end) for one in state["readings"][:_CORE]}
            for step in writer.write(asked, sources, self.version, self._described, core, self._judge):
                if isinstance(step, Draft):
                    yield {"draft": step}
                else:
                    watch.note("first_word", step.wording.first_ms)
                    watch.note("word", step.wording.total_ms)
                    watch.note("tokens_in", step.wording.tokens_in)
                    watch.note("tokens_out", step.wording.tokens_out)
                    outcome = self._written(outcome, step)
        yield {"outcome": replace(outcome, timings_ms=watch.timings())}

    def _source(self, n: int, passage: Passage) -> Source:
        meta = self._index.article(passage.article).meta
        return Source(n, passage, meta.published, f"{meta.publisher} {meta.region}")

    def _described(self, article: str) -> tuple[Metadata, tuple[str, str]]:
        meta = self._index.article(article).meta
        return meta, messages.standing(meta)

    def _written(self, outcome: Outcome, written: Written) -> Outcome:
        """The outcome in the model's words, or as it was where those are not to be shown."""
        if written.wording.failure:
            return replace(outcome, wording=written.wording)
        if written.refused:
            refused = self._refuse(outcome.question, Reason.NOT_FOUND, outcome.sentences[:1], outcome.citations[:1], outcome.confidence)
            return replace(refused, understood=outcome.understood, mode="llm", wording=written.wording, version=self.version)
        span = outcome.span if isinstance(outcome, Answered) else None
        wanted = [one.text[at.start : at.end] for one in outcome.sentences for at in one.bold]
        bold = [replace(one, bold=places(wanted, one.text)) for one in written.sentences]
        return Answered(
            outcome.question, tuple(bold), written.citations, outcome.confidence, span if any(one.bold for one in bold) else None,
            understood=outcome.understood, mode="llm", wording=written.wording, version=self.version,
        )  # fmt: skip

    def _read(self, state: dict[str, Any]) -> list[Part]:
        with stage("read"):
            hits = [document.hit for document in state["documents"]]
            asked_of = without_orders(state["question"])
            found = [Part(asked, tuple(self._restrained(state["question"], asked, hits))) for asked in parts(asked_of)]
            return [part.less_probable(state.get("sure", 1.0)) for part in found]

    def _restrained(self, question: str, asked: str, hits: Sequence[Hit]) -> list[Reading]:
        return restrain(question, self._reader.read(asked, hits), self._index.article, self._index.lexicon.holds)

    def _compose(self, state: dict[str, Any]) -> Outcome:
        with stage("compose"):
            question, readings = state["question"], state["readings"]
            chosen, unanswered = compose(state["parts"], self._least)
            sentences, citations = self._cited(chosen)
            best: Reading | None = readings[0] if readings else None
            if best and sentences:
                span = best.passage.quote(best.span) if best.span else None
                return Answered(question, sentences, citations, best.probability, span, tuple(unanswered))
            nearest = [Chosen(best.passage, best.sentence)] if best and best.related >= _RELATED else []
            return self._refuse(question, Reason.NOT_FOUND, *self._cited(nearest), best.probability if best else 0.0)

    def _cited(self, chosen: Sequence[Chosen]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """Each chosen sentence with a citation of its own, numbered from 1; what does not stand in its article is left out."""
        citations = []
        for n, one in enumerate(chosen, 1):
            meta = self._index.article(one.passage.article).meta
            citations.append(cite(n, one.passage, one.sentence, meta.publisher, meta.published, messages.standing(meta)))
        sentences = [Sentence(citation.quote, (citation.n,), _within(one)) for citation, one in zip(citations, chosen, strict=True)]
        kept = keep_supported(sentences, citations, self._index.article)
        cited = {n for sentence in kept for n in sentence.cites}
        return tuple(kept), tuple(citation for citation in citations if citation.n in cited)

    def _refuse(
        self,
        question: str,
        reason: Reason,
        sentences: tuple[Sentence, ...] = (),
        citations: tuple[Citation, ...] = (),
        confidence: float = 0.0,
    ) -> Refused:
        said = messages.text(reason, question, hotline=self._hotline, limit=self._limit, examples=self._examples)
        return Refused(question, reason, said, sentences, citations, confidence, timings_ms={"total": 0.0})


def places(wanted: Sequence[str], text: str) -> tuple[Span, ...]:
    """Where words stand in a text, those that do."""
    return tuple(Span(at, at + len(words)) for words in wanted if (at := text.find(words)) >= 0)


def _within(one: Chosen) -> tuple[Span, ...]:
    """The spans as places in their sentence."""
    return tuple(Span(span.start - one.sentence.start, span.end - one.sentence.start) for span in one.spans)
