"""Readings -> the sentences of an extract answer: which of them, with which neighbours, in which order."""

import re
from collections.abc import Sequence

from bot.reader import Reading
from index.documents import Passage, Span

MOST_SENTENCES = 3
_MARGIN = 0.03  # of the score: a reading this close to the best one may hold the answer as well

# A sentence that begins so speaks of something named in the sentence before it.
_LEANS = re.compile(r"(?:该|此(?![前后外次])|这(?!里)|其(?!他|它)|上述|前述|为此|对此|据此|由此|因此|通过(?:此|这))")


def choose(readings: Sequence[Reading], least_probability: float) -> list[tuple[Passage, Span]]:
    """At most three sentences, the best reading's among them; none where that reading is less probable than asked for.

    A sentence that leans on the one before it brings that one along. Passages stand in the order of their best reading,
    the sentences of one passage in its own order.
    """
    if not readings or readings[0].probability < least_probability:
        return []
    close = [one for one in readings if one.score >= readings[0].score - _MARGIN and one.probability >= least_probability]
    chosen: list[tuple[Passage, Span]] = []
    for reading in close:
        wanted = [one for one in _with_support(reading) if one not in chosen]
        if len(chosen) + len(wanted) <= MOST_SENTENCES:
            chosen += wanted
    order = list(dict.fromkeys(passage.id for passage, _ in chosen))
    return sorted(chosen, key=lambda one: (order.index(one[0].id), one[1].start))


def _with_support(reading: Reading) -> list[tuple[Passage, Span]]:
    passage = reading.passage
    place = passage.sentences.index(reading.sentence)
    spans = [reading.sentence]
    if place and _LEANS.match(reading.quote):
        before = passage.sentences[place - 1]
        if "\n" not in passage.quote(Span(before.end, reading.sentence.start)):  # in the same paragraph
            spans.insert(0, before)
    return [(passage, span) for span in spans]
