"""What was read -> the outcome in sentences of the articles: an answer in the shape that is wanted, what is related, or a refusal."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.answering import messages
from bot.answering.compose import Chosen, Part, compose, in_order
from bot.answering.outcomes import Answered, Outcome, Refused, Related, Said
from bot.answering.shapes.evidence import Library, clause_hits
from bot.answering.shapes.exceptions import exceptions_for
from bot.answering.shapes.open import compose_clauses, nearest
from bot.checking.citations import Citation, Sentence, cite, keep_supported
from bot.question.admission import Reason
from bot.question.conditions import figures_asked
from bot.question.parts import topic_of
from bot.question.wants import Act, Shape
from index.documents import Article, Span
from index.text.terms import fold

_FACTS = frozenset({Shape.FACT, Shape.SEVERAL})  # shapes that only a sentence which states it answers
_STATED_FIRST = frozenset({Shape.DECISION})  # shapes that a sentence answers which states it, else the clause on the topic
_LONGEST_TOPIC = 20  # characters of what is not stated: a longer one is a story, not a topic


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where an outcome turns into another.

    `answered` is the least probability that a sentence states the fact; `open` the least probability that a clause is on the topic of
    an open question; `decision` the same for one that asks whether; `related` the least at which anything near is shown.
    """

    answered: float
    open: float = 0.5
    decision: float = 0.5
    related: float = 0.3
    exception: float = 4.0  # weight of the question's terms, in units of inverse document frequency, that an exception must name


@dataclass(frozen=True, slots=True)
class Replies:
    """What the assistant says of its own: whom it sends the questioner to, what can be asked instead, how long a question may be."""

    hotline: str
    examples: Mapping[str, Sequence[str]]
    question_length: int

    def refuse(self, question: str, reason: Reason, confidence: float = 0.0) -> Refused:
        """The refusal of a question."""
        message = messages.text(reason, question, hotline=self.hotline, limit=self.question_length, examples=self.examples)
        return Refused(question, reason, message, confidence=confidence, timings_ms={"total": 0.0})

    def relate(self, question: str, sentences: tuple[Sentence, ...], citations: tuple[Citation, ...], confidence: float = 0.0) -> Related:
        """What comes nearest to a question, behind a line that says what is not stated."""
        plain = tuple(Sentence(sentence.text, sentence.cites) for sentence in sentences)  # bold is a claim
        message = messages.not_stated(_topic(question), question)
        return Related(question, Reason.NOT_STATED, message, plain, citations, confidence, timings_ms={"total": 0.0})

    def reply(self, message: str, act: Act) -> Said:
        """What is said to what was said to the assistant."""
        text = messages.said(act, message, hotline=self.hotline, examples=self.examples)
        return Said(message, act, text, timings_ms={"total": 0.0})


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides on the outcome of a question; `library` are the articles, `weigh` gives a question's terms by how rare they are."""

    library: Library
    weigh: Callable[[str], Mapping[str, float]]
    replies: Replies
    thresholds: Thresholds

    def decide(self, question: str, shape: Shape, parts: Sequence[Part]) -> Outcome:
        """The outcome of a question, given what was read for each of its parts."""
        readings = in_order(parts)
        if not readings:
            return self.replies.refuse(question, Reason.NOT_FOUND)
        confidence = readings[0].probability
        related = max(reading.related for reading in readings)
        if figures_asked(fold(question)) and shape is not Shape.COMPARISON:
            shape = Shape.SEVERAL if len(parts) > 1 else Shape.FACT
        if outcome := self._stated(question, shape, parts):
            return outcome
        hits = clause_hits(readings, self.library)
        least = self.thresholds.decision if shape in _STATED_FIRST else self.thresholds.open
        if hits and shape not in _FACTS and (related >= least or confidence >= self.thresholds.answered):
            chosen = compose_clauses(hits, shape, self.library)
            if answer := self._answer(question, shape, [*self._exceptions(question, shape, chosen), *chosen], max(confidence, related)):
                return answer
        if hits and related >= self.thresholds.related:
            return self.replies.relate(question, *cited(nearest(hits), self.library.article), confidence)
        return self.replies.refuse(question, Reason.NOT_FOUND, confidence)

    def _stated(self, question: str, shape: Shape, parts: Sequence[Part]) -> Answered | None:
        """The sentences that state what is asked, where a fact or a decision is wanted and the reader is sure of them."""
        if shape not in _FACTS | _STATED_FIRST:
            return None
        chosen, unanswered = compose(parts, self.thresholds.answered)
        readings = in_order(parts)
        answer = self._answer(question, shape, [*self._exceptions(question, shape, chosen), *chosen], readings[0].probability)
        if answer is None:
            return None
        span = readings[0].passage.quote(readings[0].span) if readings[0].span else None
        return Answered(question, answer.sentences, answer.citations, answer.confidence, span, tuple(unanswered), shape)

    def _exceptions(self, question: str, shape: Shape, chosen: Sequence[Chosen]) -> list[Chosen]:
        if shape is not Shape.DECISION:
            return []
        return exceptions_for(question, chosen, self.weigh(question), self.library, self.thresholds.exception)

    def _answer(self, question: str, shape: Shape, chosen: Sequence[Chosen], confidence: float) -> Answered | None:
        sentences, citations = cited(chosen, self.library.article)
        return Answered(question, sentences, citations, confidence, shape=shape) if sentences else None


def cited(chosen: Sequence[Chosen], article: Callable[[str], Article]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Each chosen stretch with a citation of its own, numbered from 1, and its paragraphs as sentences; what does not stand in its
    article is left out."""
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for n, choice in enumerate(chosen, 1):
        meta = article(choice.passage.article).meta
        citation = cite(n, choice.passage, choice.sentence, meta.publisher, meta.published, messages.standing(meta))
        citations.append(citation)
        paragraphs = [part for part in citation.quote.split("\n") if part.strip()]
        sentences += [Sentence(part, (n,), _within(choice) if len(paragraphs) == 1 else ()) for part in paragraphs]
    kept = keep_supported(sentences, citations, article)
    numbers = {n for sentence in kept for n in sentence.cites}
    return tuple(kept), tuple(citation for citation in citations if citation.n in numbers)


def _within(choice: Chosen) -> tuple[Span, ...]:
    """The spans as places in their sentence."""
    return tuple(Span(span.start - choice.sentence.start, span.end - choice.sentence.start) for span in choice.spans)


def _topic(question: str) -> str:
    """What a question asks of, where that can be said in a few words; "" where it cannot."""
    topic = re.sub(r"[\s？?！!。，,]+$", "", topic_of(question)).strip()
    return topic if 1 < len(topic) <= _LONGEST_TOPIC and not re.search(r"[，,。；？?！!]", topic) else ""
