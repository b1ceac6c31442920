"""What was read -> the outcome in sentences of the articles: an answer in the shape that is wanted, what is related, or a refusal."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering import messages
from bot.answering.compose import Chosen, Part, in_order
from bot.answering.outcomes import Answered, Outcome, Refused, Related, Said
from bot.answering.shapes.evidence import ClauseHit, Library, clause_hits
from bot.answering.shapes.open import compose_clauses, help_score, nearest
from bot.answering.shapes.stated import compose_stated
from bot.answering.shapes.summary import names_whole
from bot.answering.standing.differences import find_difference
from bot.checking.citations import Citation, Sentence, cite, keep_supported
from bot.question.admission import Reason
from bot.question.conditions import figures_asked
from bot.question.parts import topic_of
from bot.question.premises import correction
from bot.question.topics import is_name
from bot.question.verdicts import first_word
from bot.question.wants import Act, Shape
from bot.reading.confidence import Condition
from bot.reading.reader import Reading
from index.documents import Article, Hit, Span
from index.text.terms import fold

_STATED = frozenset({Shape.FACT, Shape.SEVERAL, Shape.DECISION})  # shapes that only a sentence which states it answers
_ADVICE = frozenset({Shape.DIGEST, Shape.PROCEDURE, Shape.DEFINITION})  # shapes to which a part of what there is is an answer
_NO_TOPIC = re.compile(r"[，,。；？?！!]|[吗么呢吧不]$|能不能|可不可以|是不是|要不要|有没有")  # what is still a question
_LONGEST_TOPIC = 20  # characters of what is not stated: a longer one is a story, not a topic


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where an outcome turns into another: probabilities, each the least.

    `answered`: that a clause states the fact that is asked for. `helped`: that one answers an open question that wants all of something, a
    list or a comparison. `advised`: that one helps whoever asks what there is, how it is done or what it means; what helps half is
    better shown than kept back. `related`: that a sentence is on the topic, so that it is shown as what is near.
    """

    answered: float
    helped: float = 0.5
    advised: float = 0.5
    related: float = 0.3

    def of_open(self, shape: Shape) -> float:
        """The least probability that a clause helps with an open question of a shape."""
        return self.advised if shape in _ADVICE else self.helped


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
    """Decides on the outcome of a question; `library` are the articles."""

    library: Library
    replies: Replies
    thresholds: Thresholds

    def decide(self, question: str, shape: Shape, parts: Sequence[Part], hits: Sequence[Hit]) -> Outcome:
        """The outcome of a question, given what search found and what was read for each of its parts."""
        readings = in_order(parts)
        if not readings:
            return self.replies.refuse(question, Reason.NOT_FOUND)
        shape = settled_shape(question, shape, len(parts))
        clauses = clause_hits(readings, self.library, help_score)
        answer = self._stated(question, shape, parts) if is_closed(shape) else self._helped(question, shape, clauses)
        if answer:
            return answer
        confidence = readings[0].probability
        if near := nearest(clauses, self.thresholds.related):
            return self.replies.relate(question, cited(near, self.library.article), confidence, names_topic=is_closed(shape))
        return self.replies.refuse(question, Reason.NOT_FOUND, confidence)

    def _stated(self, question: str, shape: Shape, parts: Sequence[Part]) -> Answered | None:
        """The clauses that state what is asked, where the reader is sure enough of them."""
        least, related = self.thresholds.answered, self.thresholds.related
        chosen, unanswered = compose_stated(parts, least, self.library)
        best = in_order(parts)[0]
        if difference := find_difference(question, parts, self.library, least, related):
            chosen, best = difference.shown_first(chosen, self.library), difference.first.reading
        answer = self._answer(question, shape, chosen, best.probability)
        span = best.passage.quote(best.span) if best.span and any(_is_bold(best.span, choice) for choice in chosen) else None
        if answer is None:
            return None
        lead = _lead(question, best, answer.citations) if len(parts) == 1 else ""
        said = difference.said(question) if difference else ""
        return replace(answer, span=span, unanswered=tuple(unanswered), lead=lead, difference=said)

    def _helped(self, question: str, shape: Shape, clauses: Sequence[ClauseHit]) -> Answered | None:
        """The clauses that help with an open question, where the reader is sure enough of the first."""
        if not clauses or not self._is_sure(question, shape, clauses[0].readings[0]):
            return None
        chosen, more = compose_clauses(clauses, shape, question, self.library, self.thresholds.of_open(shape))
        answer = self._answer(question, shape, chosen, clauses[0].readings[0].helps)
        return replace(answer, more=more) if answer else None

    def _is_sure(self, question: str, shape: Shape, first: Reading) -> bool:
        """Whether the first clause helps; what can be summed up need only be spoken of."""
        if shape is Shape.SUMMARY:
            spoken_of = names_whole(question) or first.related >= self.thresholds.related
            return spoken_of and Condition.ELSEWHERE not in first.conditions
        return first.helps >= self.thresholds.of_open(shape)

    def _answer(self, question: str, shape: Shape, chosen: Sequence[Chosen], confidence: float) -> Answered | None:
        sentences, citations = cited(chosen, self.library.article)
        return Answered(question, sentences, citations, confidence, shape=shape) if sentences else None


def settled_shape(question: str, shape: Shape, parts: int) -> Shape:
    """The shape of a question of so many parts: a figure that is asked for is stated, or it is not, whatever else was told of it."""
    if shape is Shape.COMPARISON or not figures_asked(fold(question)):
        return shape
    return Shape.SEVERAL if parts > 1 else Shape.FACT


def is_closed(shape: Shape) -> bool:
    """Whether only a clause that states what is asked answers, rather than clauses that help."""
    return shape in _STATED


def _is_bold(span: Span, choice: Chosen) -> bool:
    return any(bold.start <= span.start and span.end <= bold.end for bold in choice.spans)


def _lead(question: str, best: Reading, citations: Sequence[Citation]) -> str:
    """What is said before the sentence that answers: what the question took for granted and is otherwise, or yes or no."""
    shown = [citation.quote for citation in citations]
    if not any(best.quote.strip() in quote for quote in shown):
        return ""
    heads = "\n".join((best.passage.title, *best.passage.path))
    return correction(question, best.quote, [best.passage.text, *shown]) or first_word(question, best.quote, heads)


def cited(chosen: Sequence[Chosen], article: Callable[[str], Article]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Each chosen stretch with a citation of its own, numbered from 1, and its paragraphs as sentences; what does not stand in its
    article is left out."""
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for n, choice in enumerate(chosen, 1):
        meta = article(choice.passage.article).meta
        citation = cite(n, choice.passage, choice.sentence, meta.publisher, meta.published, messages.status_note(meta))
        citations.append(citation)
        sentences += _paragraphs(choice, citation.quote, n)
    kept = keep_supported(sentences, citations, article)
    numbers = {n for sentence in kept for n in sentence.cites}
    return tuple(kept), tuple(citation for citation in citations if citation.n in numbers)


def _paragraphs(choice: Chosen, quote: str, n: int) -> list[Sentence]:
    """The paragraphs of a quoted stretch as sentences that cite it, with the bold in each."""
    found, start = [], choice.sentence.start
    for part in quote.split("\n"):
        end = start + len(part)
        bold = tuple(Span(span.start - start, span.end - start) for span in choice.spans if start <= span.start and span.end <= end)
        if part.strip():
            found.append(Sentence(part, (n,), bold))
        start = end + 1
    return found


def _topic(question: str) -> str:
    """What a question asks of, where that can be said in a few words; "" where it cannot."""
    topic = re.sub(r"[\s？?！!。，,]+$", "", topic_of(question)).strip()
    return topic if 1 < len(topic) <= _LONGEST_TOPIC and topic != question and is_name(topic) else ""
