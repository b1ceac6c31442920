"""An outcome in sentences of the articles, and what a language model made of it -> the outcome as it is shown. Pure functions.

What the outcome is and what comes first in it, the reader decides: a model words it. Its silence is not the last word, what it leaves out is
added in the articles' own words, and what it cites is shown with the whole clause that the extract quotes.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.decide import Thresholds, is_closed
from bot.answering.outcomes import Answered, Outcome, Refused, Related
from bot.answering.shapes.open import REACH
from bot.checking.citations import Citation
from bot.llm.client import Failure
from bot.llm.drafts import Core, Place, Reply
from bot.llm.merging import in_order_of
from bot.question.wants import Shape
from bot.reading.reader import Reading
from index.documents import Span

# A worded answer must rest on one of so many sentences that the reader puts first, where it is not sure of any.
_CORE = 5
_LIKELY = 0.5
# Shapes that one clause answers: the words have to rest on the first.
_ONE_CLAUSE = frozenset({Shape.FACT, Shape.DECISION, Shape.DEFINITION})
_WHOLE = frozenset({Shape.LIST, Shape.PROCEDURE})  # shapes of which nothing may be left out


def core_of(outcome: Outcome, readings: Sequence[Reading]) -> Core:
    """What a model's words have to hold: of an answer what its first clause says, or for open questions one of its clauses; of what is
    related one of the sentences that the reader puts first."""
    places = tuple(_place(citation) for citation in outcome.citations)
    if isinstance(outcome, Answered):
        return Core(places[:1] if outcome.shape in _ONE_CLAUSE else places, outcome.span or "")
    return Core((*places, *map(_sentence_of, readings[:_CORE])))


def items_of(outcome: Outcome, readings: Sequence[Reading], thresholds: Thresholds) -> tuple[Place, ...]:
    """What a model's sentences may speak of: of an answer what the extract quotes, and unless that has to be one clause, whatever more
    likely than not is to the point, or by thresholds that are lower; else what the reader puts first."""
    if not isinstance(outcome, Answered):
        return core_of(outcome, readings).places
    quoted = tuple(map(_place, outcome.citations))
    if outcome.shape in REACH and REACH[outcome.shape].most == 1:
        return quoted
    is_stated = is_closed(outcome.shape)
    least = min(_LIKELY, thresholds.answered if is_stated else thresholds.of_open(outcome.shape))
    more = (reading for reading in readings if (reading.probability if is_stated else reading.helps) >= least)
    return (*quoted, *map(_sentence_of, more))


def may_be_worded(outcome: Outcome, least: float, trusted: float) -> bool:
    """Whether a model is to be asked: where the articles state it at least as probably as `least`, and there is something to word or it
    may become an answer; see `put_in_words`."""
    return outcome.confidence >= (max(least, trusted) if isinstance(outcome, Refused) else least)


def put_in_words(outcome: Outcome, reply: Reply, shape: Shape, trusted: float) -> Outcome:
    """The outcome in the model's words, or as it was where there are none to show.

    What is no answer becomes an answer of that shape where the reader finds it `trusted` probable that the articles state it, and the
    model does not say that they do not.
    """
    use = reply.use
    if not reply.sentences:
        if reply.silent and isinstance(outcome, Answered):
            use = replace(use, failure=Failure.SILENT.value)
        return replace(outcome, wording=use)
    if isinstance(outcome, Answered):
        return _answer_in_words(outcome, reply)
    if not reply.silent and outcome.confidence >= trusted:
        return Answered(
            outcome.question, reply.sentences, reply.citations, outcome.confidence, shape=shape, understood=outcome.understood, mode="llm",
            wording=use, version=outcome.version,
        )  # fmt: skip
    if not isinstance(outcome, Related):
        return replace(outcome, wording=use)
    merged = in_order_of(outcome.sentences, outcome.citations, reply)
    return replace(outcome, sentences=merged.sentences, citations=merged.citations, mode="llm", wording=use)


def _answer_in_words(outcome: Answered, reply: Reply) -> Answered:
    merged = in_order_of(outcome.sentences, outcome.citations, reply, whole=outcome.shape in _WHOLE)
    if not merged.worded:
        return replace(outcome, wording=replace(reply.use, failure=Failure.BESIDE.value))
    wanted = [sentence.text[place.start : place.end] for sentence in outcome.sentences for place in sentence.bold]
    bold = tuple(replace(sentence, bold=places(wanted, sentence.text)) for sentence in merged.sentences)
    span = outcome.span if any(sentence.bold for sentence in bold) else None
    return replace(outcome, sentences=bold, citations=merged.citations, span=span, mode="llm", wording=reply.use)


def _place(citation: Citation) -> Place:
    return citation.passage.article, citation.start, citation.end


def _sentence_of(reading: Reading) -> Place:
    return reading.passage.article, reading.sentence.start, reading.sentence.end


def places(wanted: Sequence[str], text: str) -> tuple[Span, ...]:
    """Where words stand in a text, those that do."""
    return tuple(Span(at, at + len(words)) for words in wanted if (at := text.find(words)) >= 0)
