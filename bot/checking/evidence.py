"""A sentence of an answer, what it rests on, and what is wrong with it: the nouns of checking."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from index.documents import Passage, Span


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """One sentence of a model: its words without citations and markup, and the numbers that it cites, each once, in order."""

    text: str
    numbers: tuple[int, ...] = ()


class Fault(StrEnum):
    """Why a sentence of a model is not shown."""

    EMPTY = "empty"
    UNCITED = "uncited"
    WORDS = "words"
    MIXED = "mixed"  # a clause takes one thing from here and one from there
    FIGURE = "figure"
    DATE = "date"
    DOCUMENT = "document"
    NAME = "name"
    ORGANISATION = "organisation"
    PLACE = "place"
    NEGATION = "negation"
    CONDITION = "condition"
    OPPOSITE = "opposite"
    STRONGER = "stronger"  # all, only, first or best, where the source does not say so
    JUDGE = "judge"
    ASIDE = "aside"  # it says what stands there, and that is none of the things that were asked for
    SILENCE = "silence"  # it says that the articles do not say: nothing can be cited for that


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, and the words at fault."""

    fault: Fault
    words: str = ""


@dataclass(frozen=True, slots=True)
class NumberedPassage:
    """A passage under the number that the model knows it by; `published` is its article's date, `about` what else names its topic."""

    n: int
    passage: Passage
    published: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source that a sentence of the answer rests on."""

    numbered: NumberedPassage
    span: Span

    @property
    def text(self) -> str:
        """Its words."""
        return self.numbered.passage.quote(self.span)


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence with the sentences that it rests on, and what is wrong with it: shown only where nothing is."""

    text: str
    quotes: tuple[Quote, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it may be shown."""
        return not self.findings


class Judge(Protocol):
    """Whether cited sentences support a sentence, beyond what can be told by rule."""

    least_supported: float  # the probability below which a sentence is not shown

    def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
        """The probability that the quotes say what the sentence says."""


class SupportRules(Protocol):
    """What tells by rule whether quotes say what a sentence says, beyond the facts that must stand in them to the letter."""

    def find_faults(self, text: str, quotes: Sequence[Quote], shown: str) -> list[Finding]:
        """What is wrong with a sentence that rests on quotes; `shown` is all that the model was shown."""
