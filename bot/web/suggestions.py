"""Questions that the page suggests: only such as the assistant has just answered from the version that is live.

Candidates are the examples of the settings, and for each passage a question on what its article names repeatedly in quotation marks and on its headings.
Each is asked once, in the background, when the program starts and whenever another version goes live.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.answering.assistant import Answering
from bot.answering.outcomes import Answered, Outcome
from index.documents import BlockKind, Passage
from index.stored.articles import read_article
from index.stored.manifest import Manifest
from index.text.split import split

log = logging.getLogger(__name__)

SHOWN = 3  # suggestions below an answer
_MOST_CANDIDATES = 60  # that are asked of one version: some ten seconds of one processor
_MOST_ARTICLES = 40  # that candidates are made from
_EACH = 2  # candidates from one passage
_LEAST_CONFIDENCE = 0.6  # confidence below which an answer is too weak to be offered, chosen by reading the answers on the seed article
_NAME = re.compile(r"“([^“”‘’]{4,12})”")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that is answered, and what its answer cites first: the sentence, and where its passage stands."""

    question: str
    quote: str
    article: str
    ordinal: int
    section: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    passage: Passage
    name: str  # what the cited sentence has to hold, "" for anything


@dataclass(frozen=True, slots=True)
class _Checked:
    version: str
    examples: dict[str, list[str]]
    suggestions: tuple[Suggestion, ...]


class Suggestions:
    """The checked questions of the live version; empty until they are checked."""

    def __init__(self, assistant: Answering, examples: Mapping[str, Sequence[str]], folder: Callable[[], Path]) -> None:
        """`folder` gives the folder of the live version, which candidates are made from."""
        self._assistant, self._examples, self._folder = assistant, examples, folder
        self._checked = _Checked("", {}, ())
        self._end = threading.Event()

    @property
    def version(self) -> str:
        """The version that the suggestions were checked on, "" before the first check is done."""
        return self._checked.version

    def examples(self) -> dict[str, list[str]]:
        """The examples of the settings that are answered, by topic; where none is, some of the suggestions under no topic."""
        return self._checked.examples

    def after(self, outcome: Outcome, asked: Sequence[str] = ()) -> list[str]:
        """What may be asked after an outcome: of the article that it cites first, nearest first, what people wrote before what was made
        from the article; neither what was asked already nor what the same sentence answers."""
        if not outcome.citations:
            return []
        first = outcome.citations[0].passage
        known = {_bare(question) for question in (*asked, outcome.question)}
        shown = {citation.quote for citation in outcome.citations}
        further = [
            suggestion
            for suggestion in self._checked.suggestions
            if suggestion.article == first.article and suggestion.quote not in shown and _bare(suggestion.question) not in known
        ]
        written = {question for questions in self._examples.values() for question in questions}
        further.sort(
            key=lambda one: (one.question not in written, one.section != first.section, abs(one.ordinal - first.ordinal)),
        )
        nearest = {suggestion.quote: suggestion.question for suggestion in reversed(further)}  # of several that one sentence answers
        return [suggestion.question for suggestion in further if nearest[suggestion.quote] == suggestion.question][:SHOWN]

    def start(self, every: float = 1.0) -> None:
        """Check now and whenever another version is live, looking every so many seconds, in a thread of its own, until `close`."""

        def watch() -> None:
            while not self._end.is_set():
                if self._assistant.version != self.version:
                    try:
                        self.check()
                    except Exception:  # suggestions are a help, not a need: the page does without until the next version
                        log.exception("the suggested questions could not be checked")
                        self._checked = _Checked(self._assistant.version, {}, ())
                self._end.wait(every)

        threading.Thread(target=watch, name="suggestions", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._end.set()

    def check(self) -> None:
        """Ask every candidate once; those of an older version stay until it is done."""
        version = self._assistant.version
        examples: dict[str, list[str]] = {}
        found: dict[str, Suggestion] = {}
        for topic, questions in self._examples.items():
            for question in questions:
                if (suggestion := self._answered(question)) is not None:
                    examples.setdefault(topic, []).append(question)
                    found.setdefault(question, suggestion)
        if self._checked.version == "":  # the examples are what is shown first
            self._checked = _Checked("", examples, tuple(found.values()))
        for candidate in islice(_candidates(self._folder()), _MOST_CANDIDATES):
            start = time.monotonic()
            if candidate.question not in found and (suggestion := self._answered(candidate.question, candidate)) is not None:
                found[candidate.question] = suggestion
            if self._end.wait(time.monotonic() - start):  # half of the time is left to people's own questions
                return
        examples = examples or ({"": list(found)[: 2 * SHOWN]} if found else {})
        self._checked = _Checked(version, examples, tuple(found.values()))

    def _answered(self, question: str, candidate: _Candidate | None = None) -> Suggestion | None:
        outcome = self._assistant.ask(question, may_write=False)  # dozens at every start: no model is paid for them
        if not isinstance(outcome, Answered) or outcome.unanswered:
            return None
        first = outcome.citations[0]
        if candidate is not None:
            same = first.passage.article == candidate.passage.article and first.passage.section == candidate.passage.section
            if not same or candidate.name not in first.quote or outcome.confidence < _LEAST_CONFIDENCE:
                return None
        return Suggestion(question, first.quote, first.passage.article, first.passage.ordinal, first.passage.section)


def _candidates(folder: Path) -> Iterator[_Candidate]:
    manifest = Manifest.read(folder)
    for listed in manifest.articles[:_MOST_ARTICLES]:
        article = read_article(folder, listed.id)
        for passage in split(article, manifest.split):
            if passage.kind is not BlockKind.CAPTION:
                yield from islice(_candidates_of(passage, article.text), _EACH)


def _candidates_of(passage: Passage, text: str) -> Iterator[_Candidate]:
    """What a passage names; what opens its section by its headings, of which a headline in parts has several.

    What an article speaks of has its name there more than once; what stands in quotation marks once is a slogan as often as not.
    """
    for name in dict.fromkeys(name for name in _NAME.findall(passage.text) if text.count(name) > 1):
        yield _Candidate(f"“{name}”是怎么回事？", passage, name)
    if passage.path and passage.text.startswith(passage.path[-1]):
        for part in re.split(r"[：:\s]+", passage.path[-1])[1:]:
            if 4 <= len(part) <= 16 and "“" not in part:
                yield _Candidate(f"{part}有哪些做法？", passage, "")


def _bare(question: str) -> str:
    return re.sub(r"\W", "", question)
