"""What was read -> the outcome in sentences of the articles: an answer, or a refusal with what comes nearest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.answering import messages
from bot.answering.compose import Chosen, Part, compose, in_order
from bot.answering.outcomes import Answered, Outcome, Refused
from bot.checking.citations import Citation, Sentence, cite, keep_supported
from bot.question.admission import Reason
from index.documents import Article, Span

_RELATED = 0.3  # a refusal shows the nearest sentence only where it is as probably as that on the question's topic


@dataclass(frozen=True, slots=True)
class Refusal:
    """How the assistant refuses: whom it sends the questioner to, what can be asked instead, how long a question may be."""

    hotline: str
    examples: Mapping[str, Sequence[str]]
    question_length: int

    def of(
        self,
        question: str,
        reason: Reason,
        sentences: tuple[Sentence, ...] = (),
        citations: tuple[Citation, ...] = (),
        confidence: float = 0.0,
    ) -> Refused:
        """The refusal of a question, with the nearest sentences where there are any."""
        message = messages.text(reason, question, hotline=self.hotline, limit=self.question_length, examples=self.examples)
        return Refused(question, reason, message, sentences, citations, confidence, timings_ms={"total": 0.0})


def decide(question: str, parts: Sequence[Part], article: Callable[[str], Article], refusal: Refusal, least_probability: float) -> Outcome:
    """The outcome of a question, given what was read for each of its parts; `article` gives an article by its id."""
    readings = in_order(parts)
    chosen, unanswered = compose(parts, least_probability)
    sentences, citations = _cited(chosen, article)
    best = readings[0] if readings else None
    if best and sentences:
        span = best.passage.quote(best.span) if best.span else None
        return Answered(question, sentences, citations, best.probability, span, tuple(unanswered))
    nearest = [Chosen(best.passage, best.sentence)] if best and best.related >= _RELATED else []
    return refusal.of(question, Reason.NOT_FOUND, *_cited(nearest, article), best.probability if best else 0.0)


def _cited(chosen: Sequence[Chosen], article: Callable[[str], Article]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Each chosen sentence with a citation of its own, numbered from 1; what does not stand in its article is left out."""
    citations = []
    for n, choice in enumerate(chosen, 1):
        meta = article(choice.passage.article).meta
        citations.append(cite(n, choice.passage, choice.sentence, meta.publisher, meta.published, messages.standing(meta)))
    sentences = [Sentence(citation.quote, (citation.n,), _within(choice)) for citation, choice in zip(citations, chosen, strict=True)]
    kept = keep_supported(sentences, citations, article)
    cited = {n for sentence in kept for n in sentence.cites}
    return tuple(kept), tuple(citation for citation in citations if citation.n in cited)


def _within(choice: Chosen) -> tuple[Span, ...]:
    """The spans as places in their sentence."""
    return tuple(Span(span.start - choice.sentence.start, span.end - choice.sentence.start) for span in choice.spans)
