"""What was read -> the outcome in sentences of the articles: an answer in the shape that is wanted, what is related, or a refusal."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering import messages
from bot.answering.compose import Chosen, Part, compose, in_order
from bot.answering.outcomes import Answered, Outcome, Refused, Related, Said
from bot.answering.shapes.evidence import Library, clause_hits
from bot.answering.shapes.open import compose_clauses, nearest
from bot.checking.citations import Citation, Sentence, cite, keep_supported
from bot.question.admission import Reason
from bot.question.conditions import figures_asked
from bot.question.parts import topic_of
from bot.question.wants import Act, Shape
from bot.reading.relevance import Relevance, SearchRelevance
from index.documents import Article, Hit, Span
from index.text.terms import fold

_STATED = frozenset({Shape.FACT, Shape.SEVERAL, Shape.DECISION})  # shapes that only a sentence which states it answers
_NO_TOPIC = re.compile(r"[，,。；？?！!]|[吗么呢吧不]$|能不能|可不可以|是不是|要不要|有没有")  # what is still a question
_LONGEST_TOPIC = 20  # characters of what is not stated: a longer one is a story, not a topic


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where an outcome turns into another: probabilities, each the least.

    `answered`: that a sentence states the fact that is asked for. An open question is answered where one of its sentences states what
    is asked at `open_stated`, or is on its topic at `open_related`. `related`: on the topic, so that something near is shown.

    The defaults were chosen by what `python -m eval run` measures as dealt with well and misled on the open cases of the seed and of the
    made-up district, both halves: lower ones mislead more, higher ones answer less.
    """

    answered: float
    open_stated: float = 0.3
    open_related: float = 0.95
    related: float = 0.3


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

    def relate(
        self, question: str, near: tuple[tuple[Sentence, ...], tuple[Citation, ...]], confidence: float = 0.0, *, names_topic: bool = True
    ) -> Related:
        """What comes nearest to a question, behind a line that says what is not stated; `names_topic` in the question's own terms."""
        plain = tuple(Sentence(sentence.text, sentence.cites) for sentence in near[0])  # bold is a claim
        message = messages.not_stated(_topic(question) if names_topic else "", question)
        return Related(question, Reason.NOT_STATED, message, plain, near[1], confidence, timings_ms={"total": 0.0})

    def reply(self, message: str, act: Act) -> Said:
        """What is said to what was said to the assistant."""
        text = messages.said(act, message, hotline=self.hotline, examples=self.examples)
        return Said(message, act, text, timings_ms={"total": 0.0})


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides on the outcome of a question; `library` are the articles, `relevance` ranks what helps with an open question."""

    library: Library
    replies: Replies
    thresholds: Thresholds
    relevance: Relevance = field(default_factory=SearchRelevance)

    def decide(self, question: str, shape: Shape, parts: Sequence[Part], hits: Sequence[Hit]) -> Outcome:
        """The outcome of a question, given what search found and what was read for each of its parts."""
        readings = in_order(parts)
        if not readings:
            return self.replies.refuse(question, Reason.NOT_FOUND)
        confidence, related = readings[0].probability, max(reading.related for reading in readings)
        if figures_asked(fold(question)) and shape is not Shape.COMPARISON:  # a figure is stated, or it is not
            shape = Shape.SEVERAL if len(parts) > 1 else Shape.FACT
        if shape in _STATED and (answer := self._stated(question, shape, parts)):
            return answer
        scores = {hit.passage.id: hit.score for hit in hits}
        clauses = clause_hits(
            [replace(reading, score=self.relevance.score(reading, scores[reading.passage.id])) for reading in readings], self.library
        )
        limits = self.thresholds
        helps = confidence >= limits.open_stated or related >= limits.open_related
        if clauses and shape not in _STATED and helps:
            chosen = compose_clauses(clauses, shape, self.library)
            return self._answer(question, shape, chosen, max(confidence, related)) or self.replies.refuse(question, Reason.NOT_FOUND)
        if near := nearest(clauses, limits.related):
            return self.replies.relate(question, cited(near, self.library.article), confidence, names_topic=shape in _STATED)
        return self.replies.refuse(question, Reason.NOT_FOUND, confidence)

    def _stated(self, question: str, shape: Shape, parts: Sequence[Part]) -> Answered | None:
        """The sentences that state what is asked, where the reader is sure enough of them."""
        chosen, unanswered = compose(parts, self.thresholds.answered)
        best = in_order(parts)[0]
        answer = self._answer(question, shape, chosen, best.probability)
        span = best.passage.quote(best.span) if best.span and any(best.span in choice.spans for choice in chosen) else None
        return replace(answer, span=span, unanswered=tuple(unanswered)) if answer else None

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
        citation = cite(n, choice.passage, choice.sentence, meta.publisher, meta.published, messages.status_note(meta))
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
    return topic if 1 < len(topic) <= _LONGEST_TOPIC and topic != question and not _NO_TOPIC.search(topic) else ""
