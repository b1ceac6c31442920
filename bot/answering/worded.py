"""An outcome in sentences of the articles, and what a language model made of it -> the outcome as it is shown. Pure functions.

What the outcome is, the reader decides: a model words it. Its silence is not the last word, and what it leaves out of several things is
added in the articles' own words.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.outcomes import Answered, Outcome, Refused, Related
from bot.checking.citations import Citation, Sentence
from bot.llm.client import Failure
from bot.llm.drafts import Core, Place, Reply, reaches
from bot.question.wants import Shape
from bot.reading.reader import Reading
from index.documents import Span

# A worded answer must rest on one of so many sentences that the reader puts first, where it is not sure of any.
_CORE = 5
_LIKELY = 0.5
# Shapes that one clause answers: what else the extract quotes is beside it, and may be left out.
_ONE_CLAUSE = frozenset({Shape.FACT, Shape.DECISION, Shape.DEFINITION})


def core_of(outcome: Outcome, readings: Sequence[Reading]) -> Core:
    """What a model's words have to hold: of an answer what its first clause says, or for open questions one of its clauses; of what is
    related one of the sentences that the reader puts first."""
    places = tuple(_place(citation) for citation in outcome.citations)
    if isinstance(outcome, Answered):
        return Core(places[:1] if outcome.shape in _ONE_CLAUSE else places, outcome.span or "")
    first = ((reading.passage.article, reading.sentence.start, reading.sentence.end) for reading in readings[:_CORE])
    return Core((*places, *first))


def items_of(outcome: Outcome, readings: Sequence[Reading]) -> tuple[Place, ...]:
    """Of a digest the measures that it may hold: those of the extract, and whatever more likely than not helps; else nothing."""
    if not isinstance(outcome, Answered) or outcome.shape is not Shape.DIGEST:
        return ()
    more = (reading for reading in readings if reading.helps >= _LIKELY)
    places = (_place(citation) for citation in outcome.citations)
    return (*places, *((reading.passage.article, reading.sentence.start, reading.sentence.end) for reading in more))


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
        sentences, citations = (reply.sentences, reply.citations) if outcome.shape in _ONE_CLAUSE else _with_left_out(outcome, reply)
        wanted = [sentence.text[place.start : place.end] for sentence in outcome.sentences for place in sentence.bold]
        bold = tuple(replace(sentence, bold=places(wanted, sentence.text)) for sentence in sentences)
        span = outcome.span if any(sentence.bold for sentence in bold) else None
        return replace(outcome, sentences=bold, citations=citations, span=span, mode="llm", wording=use)
    if not reply.silent and outcome.confidence >= trusted:
        return Answered(
            outcome.question, reply.sentences, reply.citations, outcome.confidence, shape=shape, understood=outcome.understood, mode="llm",
            wording=use, version=outcome.version,
        )  # fmt: skip
    if not isinstance(outcome, Related):
        return replace(outcome, wording=use)
    sentences, citations = _with_left_out(outcome, reply)
    return replace(outcome, sentences=sentences, citations=citations, mode="llm", wording=use)


def _with_left_out(outcome: Outcome, reply: Reply) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The model's sentences, and behind them those of the articles that it left out, with their citations numbered on."""
    left = [
        citation for citation in outcome.citations if not any(reaches(other, _place(citation)) for other in reply.citations)
    ]  # fmt: skip
    number = {citation.n: n for n, citation in enumerate(left, len(reply.citations) + 1)}
    added = [
        replace(sentence, cites=tuple(number[n] for n in sentence.cites))
        for sentence in outcome.sentences
        if all(n in number for n in sentence.cites)
    ]
    return (*reply.sentences, *added), (*reply.citations, *(replace(citation, n=number[citation.n]) for citation in left))


def _place(citation: Citation) -> Place:
    return citation.passage.article, citation.start, citation.end


def places(wanted: Sequence[str], text: str) -> tuple[Span, ...]:
    """Where words stand in a text, those that do."""
    return tuple(Span(at, at + len(words)) for words in wanted if (at := text.find(words)) >= 0)
