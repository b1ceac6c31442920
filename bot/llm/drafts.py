"""What a model's reply comes to: the checked sentences so far, their citations, and the counts of what was dropped and why."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.checking.citations import Citation, Sentence, cite
from bot.checking.claims import dates_and_figures
from bot.checking.content import overlap
from bot.checking.evidence import CheckedSentence, Fault, Quote
from index.documents import Metadata
from index.text.terms import fold

Place = tuple[str, int, int]  # an article's id, and where a sentence begins and ends in it
_LEAST_SAID = 0.6  # of the content of the words that answer, as of any sentence that says what a source says

Describe = Callable[[str], tuple[Metadata, tuple[str, str]]]  # an article's id -> what is known of it, and what became of it


@dataclass(frozen=True, slots=True)
class ModelUse:
    """How a language model took part in an answer: what it said and what of it was dropped, in sentences; tokens; and why its words
    are not shown, where they are not. Other programs read these fields by name."""

    model: str
    prompt: str  # the hash of its file
    said: int = 0
    dropped: int = 0
    faults: tuple[tuple[str, int], ...] = ()
    unfounded: int = 0  # of the dropped ones, those with a figure or a date that what they cite does not have
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False  # whether the tokens are an estimate, since the endpoint did not count them
    first_ms: float = 0.0  # to the first sentence that could be shown
    total_ms: float = 0.0
    failure: str = ""
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The checked sentences so far."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Core:
    """What a reply has to hold by the reader's judgement: it rests on one of the places, and says the words that answer, where there are any."""

    places: tuple[Place, ...]
    words: str = ""

    def is_rested_on(self, draft: Draft) -> bool:
        """Whether one of the citations reaches into one of the places."""
        return any(reaches(citation, place) for citation in draft.citations for place in self.places)

    def is_said(self, draft: Draft) -> bool:
        """Whether the sentences hold the figures and the content of the words that answer."""
        words, text = fold(self.words), fold(" ".join(sentence.text for sentence in draft.sentences))
        own, held = dates_and_figures(words)[1], dates_and_figures(text)[1]
        return all(any(other.stands_for(figure) for other in held) for figure in own) and overlap(words, text) >= _LEAST_SAID


def reaches(citation: Citation, place: Place) -> bool:
    """Whether a citation quotes something of a place."""
    article, start, end = place
    return citation.passage.article == article and citation.start < end and start < citation.end


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking: sentences to show, or none, and then `use.failure` says why; `silent` where the model said that the articles
    do not say."""

    use: ModelUse
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    silent: bool = False

    def from_cache(self) -> "Reply":
        """The same, as it is given again without asking."""
        return replace(self, use=replace(self.use, cached=True, tokens_in=0, tokens_out=0, first_ms=0.0, total_ms=0.0))


class Collector:
    """Takes in the sentences of one reply as they are checked."""

    def __init__(self, describe: Describe) -> None:
        self._describe = describe
        self._sentences: list[Sentence] = []
        self._citations: list[Citation] = []
        self._numbers: dict[Place, int] = {}
        self._faults: Counter[str] = Counter()
        self._dropped, self._unfounded = 0, 0
        self.received = 0  # sentences, whatever became of them

    def add(self, checked: CheckedSentence) -> bool:
        """Count a sentence, and keep it with its citations if it holds and is new; returns whether it was kept."""
        self.received += 1
        if not checked.holds or any(checked.text == sentence.text for sentence in self._sentences):
            self._dropped += not checked.holds
            self._unfounded += any(finding.fault in (Fault.FIGURE, Fault.DATE) for finding in checked.findings)
            self._faults.update({finding.fault.value for finding in checked.findings})
            return False
        self._sentences.append(Sentence(checked.text, tuple(dict.fromkeys(self._number(quote) for quote in checked.quotes))))
        return True

    def _number(self, quote: Quote) -> int:
        passage = quote.numbered.passage
        place = (passage.article, quote.span.start, quote.span.end)
        if place not in self._numbers:
            self._numbers[place] = n = len(self._numbers) + 1
            meta, status_note = self._describe(passage.article)
            self._citations.append(cite(n, passage, quote.span, meta.publisher, meta.published, status_note))
        return self._numbers[place]

    @property
    def draft(self) -> Draft:
        """What was kept so far."""
        return Draft(tuple(self._sentences), tuple(self._citations))

    def count_into(self, use: ModelUse) -> ModelUse:
        """The use with the counts of this reply."""
        faults = tuple(sorted(self._faults.items()))
        return replace(use, said=self.received, dropped=self._dropped, faults=faults, unfounded=self._unfounded)
