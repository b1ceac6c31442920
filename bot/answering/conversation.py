"""What was shown for an earlier question -> what comes next of it, or one of it in detail.

Nothing is kept between questions: the earlier one is decided on again, from the same passages, and what that shows is left out or picked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering import messages
from bot.answering.compose import Chosen, Part
from bot.answering.decide import Decider, cited
from bot.answering.outcomes import Answered, Outcome, Related
from bot.answering.shapes.evidence import within_passages
from bot.checking.citations import Citation
from bot.question.admission import Reason
from bot.question.turns import LAST, Ask, Turn
from bot.question.wants import Shape
from bot.reading.reader import Reading
from index.documents import Hit, Span

_MOST_IN_DETAIL = 3  # clauses


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers what asks on about what was shown; `decider` decides on the earlier question as it did then."""

    decider: Decider

    def answer(self, turn: Turn, asked: str, question: str, shape: Shape, parts: Sequence[Part], hits: Sequence[Hit]) -> Outcome:
        """The outcome of a turn: `question`, `shape`, `parts` and `hits` are those of the earlier question, `asked` is what is asked now."""
        outcome = self.decider.decide(question, shape, parts, hits)
        seen: list[Citation] = []
        for _ in range(turn.times):
            seen += outcome.citations
            rest = [replace(part, readings=tuple(reading for reading in part.readings if not _shown(reading, seen))) for part in parts]
            outcome = _without(self.decider.decide(question, shape, rest, hits), seen)
        if turn.ask is Ask.DETAIL:
            return self._in_detail(turn, asked, outcome)
        if isinstance(outcome, Answered) and outcome.citations:
            return outcome
        message = messages.no_more(asked, self.decider.replies.hotline)
        if isinstance(outcome, Related) and outcome.citations:
            return replace(outcome, message=message)
        return replace(self.decider.replies.refuse(asked, Reason.NOT_FOUND, outcome.confidence), message=message)

    def _in_detail(self, turn: Turn, asked: str, outcome: Outcome) -> Outcome:
        """What the citations stand in, whole."""
        meant = outcome.citations
        if turn.place:
            meant = meant[-1:] if turn.place == LAST else meant[turn.place - 1 : turn.place]
        chosen = dict.fromkeys(choice for citation in meant[:_MOST_IN_DETAIL] for choice in self._whole(citation))
        sentences, citations = cited(list(chosen), self.decider.library.article)
        if not sentences:
            refused = self.decider.replies.refuse(asked, Reason.NOT_FOUND)
            return replace(refused, message=messages.no_such_place(asked, len(outcome.citations)))
        return Answered(asked, sentences, citations, outcome.confidence, shape=Shape.DEFINITION, timings_ms=outcome.timings_ms)

    def _whole(self, citation: Citation) -> list[Chosen]:
        """The clause that a citation stands in; where it shows all of that, the passage."""
        library, passage = self.decider.library, citation.passage
        clause = library.clauses(passage.article).at(citation.start)
        if clause and clause.end - clause.start > citation.end - citation.start:
            return within_passages(passage.article, Span(clause.start, clause.end), library)
        return within_passages(passage.article, Span(passage.start, passage.end), library)


def _shown(reading: Reading, citations: Sequence[Citation]) -> bool:
    """Whether a citation shows some of the sentence that was read."""
    return any(
        citation.passage.article == reading.passage.article
        and citation.start < reading.sentence.end
        and reading.sentence.start < citation.end
        for citation in citations
    )


def _without(outcome: Outcome, seen: Sequence[Citation]) -> Outcome:
    """The outcome without what was shown before, its citations numbered from 1 again."""
    known = {(citation.passage.article, citation.start, citation.end) for citation in seen}
    fresh = [citation for citation in outcome.citations if (citation.passage.article, citation.start, citation.end) not in known]
    numbers = {citation.n: n for n, citation in enumerate(fresh, 1)}
    sentences = tuple(
        replace(sentence, cites=tuple(numbers[n] for n in sentence.cites if n in numbers))
        for sentence in outcome.sentences
        if any(n in numbers for n in sentence.cites)
    )
    return replace(outcome, sentences=sentences, citations=tuple(replace(citation, n=numbers[citation.n]) for citation in fresh))
