"""Outcomes as the page gets them: plain values, which the browser shows as text and never as markup. Pure functions.

What the assistant says of its own of a date or an article comes in both languages, Chinese first.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.answering import messages
from bot.answering.outcomes import NAMES, Answered, Outcome
from bot.checking.citations import Citation, Sentence
from bot.chinese.dates import in_english, notes, years_since


def view(outcome: Outcome, today: date, suggestions: Sequence[str] = ()) -> dict[str, Any]:
    """An outcome with its citations; how old the articles are is counted to `today`."""
    published = {citation.n: citation.published for citation in outcome.citations}
    return {
        "question": outcome.question,
        "understood": outcome.understood,
        "outcome": NAMES[type(outcome)],
        "refused": not isinstance(outcome, Answered),
        "reason": "" if isinstance(outcome, Answered) else outcome.reason.value,
        "message": "" if isinstance(outcome, Answered) else outcome.message,
        "text": outcome.text,
        "mode": outcome.mode,
        "note": messages.stands_in(outcome.wording.failure, outcome.question) if outcome.wording else "",
        "version": outcome.version,
        "sentences": [_sentence(sentence, published) for sentence in outcome.sentences],
        "unanswered": [_bare(question) for question in outcome.unanswered] if isinstance(outcome, Answered) else [],
        "citations": [_citation(citation, today) for citation in outcome.citations],
        "suggestions": list(suggestions),
    }


def _sentence(sentence: Sentence, published: Mapping[int, str]) -> dict[str, Any]:
    """A sentence in parts, each with whether it is what answers, and what its relative dates mean; `published` are the citations' dates."""
    since = next((published[n] for n in sentence.cites if n in published), "")
    return {
        "parts": _parts(sentence),
        "cites": list(sentence.cites),
        "notes": [{"words": note.words, "means": [note.means, in_english(note.means)]} for note in notes(sentence.text, since)],
    }


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


def _citation(citation: Citation, today: date) -> dict[str, Any]:
    return {
        "n": citation.n,
        "article": citation.passage.article,
        "passage": citation.passage.ordinal,
        "section": citation.passage.section,
        "title": citation.title,
        "publisher": citation.publisher,
        "published": citation.published,
        "years": years_since(citation.published, today),
        "standing": citation.status_note,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _bare(question: str) -> str:
    return question.rstrip("？?。，, ")
