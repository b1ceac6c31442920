"""The reader that the product stands on: it reads question and passage together, marks the answer, and says whether it is stated."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.checking.evidence import Judge, Quote
from bot.chinese.language import language
from bot.reading.checkpoint import check_fit, load, read
from bot.reading.confidence import Condition, Confidence, Features, log_odds, probability
from bot.reading.marking import Context, Mark, Marker, trimmed
from bot.reading.network import HEADS, GraphNetwork, TorchNetwork
from bot.reading.reader import ReaderFor, Reading
from bot.reading.sentence_reader import SentenceReader
from index.documents import Hit, Passage, Span
from index.encoding.encoder import Encoder, SentenceEncoder
from index.encoding.graph import Precision
from index.encoding.graph_encoder import GraphEncoder
from index.encoding.trunk import computes_int8
from index.errors import ReaderError
from index.stored.lexicon import Lexicon
from index.text.terms import simplified

log = logging.getLogger(__name__)

# Passages further behind than that by the sentences' own scores are not read, beyond the first ones: with six read, of ten, as many open
# cases are dealt with well as with all of them, with four fewer.
_REACH, _AT_LEAST = 0.12, 5

WEIGHTS = Path(__file__).parent / "weights"


class PairReader:
    """Reads the hits with a trained network. See `Reader`."""

    # Chosen on the dev halves of the seed's questions, its open ones and the made-up district's: lower ones mislead more, higher ones
    # answer less. `python -m eval calibrate` shows what each does.
    least_probability = 0.5
    least_helpful = 0.75
    least_advising = 0.5
    # Chosen on half of the sentences of tests/support/seed_sentences.py: of the other half 3 of 78 honest ones are below and 43 of 61 false
    # ones, most of which the rules find as well. `python -m tests.tools.planted DIR --judge` shows what it drops of people's answers.
    least_supported = 0.19

    def __init__(self, marker: Marker, lexicon: Lexicon, sentences: int, confidence: Confidence | None = None) -> None:
        """`lexicon` weighs the words that a question and a sentence share; `sentences` is how many the index holds."""
        self._marker, self._lexicon = marker, lexicon
        self._by_sentence = SentenceReader(lexicon, sentences)
        self.confidence = confidence or Confidence()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """See `Reader`. One reading for each sentence, with the stretch that would answer."""
        by_sentence = self._by_sentence.read(question, hits)
        hits = self._within_reach(hits, by_sentence)
        contexts = [context_of(hit.passage) for hit in hits]
        plain = simplified(question)
        # The network saw the two scripts together hardly ever: the question follows the passage's.
        asked = [plain if simplified(context.text) == context.text else question for context in contexts]
        marks = self._marker.mark(asked, contexts)
        compared = {(reading.passage.id, reading.sentence): reading for reading in by_sentence}
        best = max((hit.score for hit in hits), default=0.0)
        first = _first(hits, marks, by_sentence)
        readings = [
            self._reading(hit, mark, first, compared[hit.passage.id, _moved(mark.sentence, hit.passage.start)], best)
            for hit, found in zip(hits, marks, strict=True)
            for mark in found
        ]
        if language(question) == "en":
            readings = [
                self.confidence.under(reading, Condition.FOREIGN) if language(reading.passage.text) == "zh" else reading
                for reading in readings
            ]
        return sorted(readings, key=lambda reading: (-reading.score, reading.passage.id, reading.sentence.start))

    @property
    def judge(self) -> Judge:
        """The reader itself: see `supports`."""
        return self

    def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
        """See `bot.checking.evidence.Judge`: the network's judgement of the sentence beside each passage that it cites."""
        # The whole passage under its headings: of single sentences the network tells false claims on the seed from honest ones less well.
        contexts = [context_of(passage) for passage in {quote.numbered.passage.id: quote.numbered.passage for quote in quotes}.values()]
        texts = [f"{context.head}\n{context.text}" if context.head else context.text for context in contexts]
        judged = self._marker.judge([simplified(sentence)] * len(texts), list(map(simplified, texts)))
        return max((probability(float(row[HEADS.index("supported")])) for row in judged), default=0.0)

    def _within_reach(self, hits: Sequence[Hit], by_sentence: Sequence[Reading]) -> list[Hit]:
        """The hits whose best sentence is near enough to the best of all that reading them may put it first, and some at any rate."""
        best: dict[str, float] = {}
        for reading in by_sentence:
            best.setdefault(reading.passage.id, reading.score)
        order = sorted((hit for hit in hits if hit.passage.id in best), key=lambda hit: -best[hit.passage.id])
        least = best[order[0].passage.id] - _REACH if order else 0.0
        return [hit for place, hit in enumerate(order) if place < _AT_LEAST or best[hit.passage.id] >= least]

    def _reading(self, hit: Hit, mark: Mark, first: Mark, compared: Reading, best: float) -> Reading:
        passage = hit.passage
        span = _moved(trimmed(mark.span, passage.text), passage.start)
        before = compared.features or Features()
        features = Features(
            mark.stated, mark.relevant, mark.margin, mark.behind, first.stated, first.relevant, log_odds(compared.related),
            before.words, before.heads, before.cosine, hit.score, hit.score - best,
        )  # fmt: skip
        return self.confidence.judge(Reading(passage, compared.sentence, span, 0.0, 0.0, compared.related), features)


def _first(hits: Sequence[Hit], marks: Sequence[Sequence[Mark]], by_sentence: Sequence[Reading]) -> Mark:
    """A mark of the passage that the comparison of sentences put first among those that were read."""
    of_passage = {hit.passage.id: found[0] for hit, found in zip(hits, marks, strict=True) if found}
    found = (of_passage[reading.passage.id] for reading in by_sentence if reading.passage.id in of_passage)
    return next(found, Mark(Span(0, 0), Span(0, 0), 0.0, 0.0, 0.0))


def context_of(passage: Passage) -> Context:
    """The passage with its title and headings above it, as far as its text does not name them; sentences count from its start."""
    heads = [head for head in (passage.title, *passage.path) if head and head not in passage.text]
    sentences = tuple(_moved(sentence, -passage.start) for sentence in passage.sentences)
    return Context("\n".join(dict.fromkeys(heads)), passage.text, sentences)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def load_marker(
    encoder: SentenceEncoder | GraphEncoder, folder: Path = WEIGHTS, precision: Precision | None = None
) -> tuple[Marker, dict[str, Any]]:
    """The network in a folder, on a copy of the encoder's transformer, and its card; raises `ReaderError` where the two do not fit.

    By ONNX Runtime, `precision` is int8 where the processor computes it exactly, unless one is given; torch chooses by itself.
    """
    check_fit(folder, encoder.fingerprint)
    if isinstance(encoder, GraphEncoder):
        weights, heads, card = read(encoder.stem.weights(), folder, encoder.fingerprint)
        trunk = encoder.stem.trunk(weights, precision or ("int8" if computes_int8() else "float32"))
        return Marker(GraphNetwork(trunk, heads, encoder.stem.tokens)), card
    from bot.reading.model import build_model

    model, tokenizer = build_model(encoder)
    card = load(model, folder, encoder.fingerprint)
    return Marker(TorchNetwork(model, tokenizer)), card


def load_reader(encoder: Encoder, folder: Path = WEIGHTS) -> ReaderFor:
    """What makes a reader of an index: the one in a folder, with the calibration and the ranking of its card, loaded once; or
    `SentenceReader` where it does not fit the encoder.

    The log says why the network is not used. Weights that are damaged raise `ReaderError`: an assistant that is set to use them
    should not answer in another way unnoticed.
    """
    try:
        check_fit(folder, encoder.fingerprint)
    except ReaderError as error:
        log.warning("%s. Until then sentences are compared with the question one by one, which cannot tell a near miss", error)
        return SentenceReader
    if not isinstance(encoder, SentenceEncoder | GraphEncoder):
        raise TypeError(f"the reader needs the transformer of a SentenceEncoder or a GraphEncoder, not of {type(encoder).__name__}")
    marker, card = load_marker(encoder, folder)
    confidence = Confidence.of_card(card)
    return lambda lexicon, sentences: PairReader(marker, lexicon, sentences, confidence)
