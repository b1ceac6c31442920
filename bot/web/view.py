"""Outcomes as a page gets them: plain values, shown as text and never as markup. Pure functions.

What the assistant says of its own of a date or an article comes in both languages, Chinese first. A browser keeps these values, and
sends them back where they are to be shown again, so they are checked like everything from outside.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from bot.answering.outcomes import NAMES, Answered, Outcome, note_of
from bot.checking.citations import Citation, Sentence
from bot.chinese.dates import in_english, notes, years_since

Kind = Literal["answered", "related", "refused", "said"]
Shown = Literal["answered", "related"]  # what shows sentences of articles
_SHORT = 500
Short = Annotated[str, Field(max_length=_SHORT)]
Long = Annotated[str, Field(max_length=20_000)]
_MOST = 60  # sentences, citations or parts of one answer: no answer has half as many


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class NoteView(_Shown):
    """Words of a sentence that mean a date, and the date, in both languages."""

    words: Short
    means: tuple[Short, Short]


class SentenceView(_Shown):
    """A sentence in parts, each with whether it is what answers."""

    parts: Annotated[list[tuple[Long, bool]], Field(max_length=_MOST)]
    cites: Annotated[list[int], Field(max_length=_MOST)]
    notes: Annotated[list[NoteView], Field(max_length=_MOST)] = []

    @property
    def words(self) -> str:
        """The whole sentence."""
        return "".join(text for text, _ in self.parts)


class CitationView(_Shown):
    """A citation with the place of its quote, and what is known of its article."""

    n: int
    article: Short
    passage: int
    section: Short
    title: Short
    publisher: Short
    published: Short
    years: int
    standing: tuple[Short, Short]
    quote: Long
    start: int
    end: int


class OutcomeView(_Shown):
    """An outcome with its citations."""

    question: Long
    understood: Long = ""
    outcome: Kind
    shape: Short = "fact"
    reason: Short = ""
    message: Long = ""
    lead: Long = ""
    text: Long = ""
    mode: Short = "extract"
    note: Short = ""
    version: Short = ""
    sentences: Annotated[list[SentenceView], Field(max_length=_MOST)] = []
    unanswered: Annotated[list[Long], Field(max_length=_MOST)] = []
    further: int = 0
    citations: Annotated[list[CitationView], Field(max_length=_MOST)] = []
    suggestions: Annotated[list[Long], Field(max_length=_MOST)] = []

    @computed_field  # type: ignore[prop-decorator]
    @property
    def refused(self) -> bool:
        """Whether it states no answer."""
        return self.outcome != "answered"


def view(outcome: Outcome, today: date, suggestions: Sequence[str] = ()) -> OutcomeView:
    """An outcome with its citations; how old the articles are is counted to `today`."""
    published = {citation.n: citation.published for citation in outcome.citations}
    return OutcomeView.model_construct(
        question=outcome.question,
        understood=outcome.understood,
        outcome=NAMES[type(outcome)],
        shape=outcome.shape.value if isinstance(outcome, Answered) else "",
        reason="" if isinstance(outcome, Answered) else outcome.reason.value,
        message="" if isinstance(outcome, Answered) else outcome.message,
        lead=outcome.said_first if isinstance(outcome, Answered) else "",
        text=outcome.text,
        mode=outcome.mode,
        note=note_of(outcome),
        version=outcome.version,
        sentences=[_sentence(sentence, published) for sentence in outcome.sentences],
        unanswered=[_bare(question) for question in outcome.unanswered] if isinstance(outcome, Answered) else [],
        further=outcome.more if isinstance(outcome, Answered) else 0,
        citations=[_citation(citation, today) for citation in outcome.citations],
        suggestions=list(suggestions),
    )


def _sentence(sentence: Sentence, published: Mapping[int, str]) -> SentenceView:
    """A sentence in parts, and what its relative dates mean; `published` are the citations' dates."""
    since = next((published[n] for n in sentence.cites if n in published), "")
    return SentenceView.model_construct(
        parts=_parts(sentence),
        cites=list(sentence.cites),
        notes=[
            NoteView.model_construct(words=note.words, means=(note.means, in_english(note.means))) for note in notes(sentence.text, since)
        ],
    )


def _parts(sentence: Sentence) -> list[tuple[str, bool]]:
    """The text in parts, bold ones without the marks around them; of two that overlap the one that begins first."""
    parts: list[tuple[str, bool]] = []
    done = 0
    for span in sorted(sentence.bold, key=lambda span: (span.start, -span.end)):
        words = re.search(r"\w(?:.*\w)?[%％]?", sentence.text[span.start : span.end], re.DOTALL)
        if words and span.start + words.start() >= done:
            start, end = span.start + words.start(), span.start + words.end()
            parts += [(sentence.text[done:start], False), (sentence.text[start:end], True)]
            done = end
    return [(text, bold) for text, bold in (*parts, (sentence.text[done:], False)) if text]


def _citation(citation: Citation, today: date) -> CitationView:
    return CitationView.model_construct(
        n=citation.n,
        article=citation.passage.article,
        passage=citation.passage.ordinal,
        section=citation.passage.section[:_SHORT],
        title=citation.title[:_SHORT],
        publisher=citation.publisher,
        published=citation.published,
        years=years_since(citation.published, today),
        standing=citation.status_note,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
    )


def _bare(question: str) -> str:
    return question.rstrip("？?。，, ")
