"""Builds the assistant once, from settings, and hands its parts down."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.chain import Assistant
from bot.answering.live import LiveAssistant, Opened
from bot.answering.retriever import PassageRetriever
from bot.llm.breaker import Breaker
from bot.llm.client import Limits, OpenAIChat
from bot.llm.rewrite import Rewriter, StandAlone
from bot.llm.writer import Writer
from bot.question.follow_up import standalone
from bot.reading.reader import ReaderFor
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from index.build import manifest_for
from index.encoding.encoder import Encoder, load_encoder
from index.search import Index
from index.stored.manifest import Manifest
from index.stored.versions import require_live
from index.validity import InForce

log = logging.getLogger(__name__)


def open_encoder(settings: Settings) -> Encoder:
    """The encoder; raises `IndexMissingError` before anything slow where nothing is indexed yet."""
    Manifest.read(require_live(settings.index))
    return load_encoder(settings.encoder, settings.model_cache, dtype=settings.dtype, device=settings.device)


def open_assistant(settings: Settings) -> LiveAssistant:
    """The assistant over the live index; raises `IndexMissingError` where nothing is indexed yet."""
    encoder = open_encoder(settings)
    return live_assistant(encoder, settings, choose_reader(encoder, settings))


def live_assistant(encoder: Encoder, settings: Settings, reader_for: ReaderFor) -> LiveAssistant:
    """The assistant over whatever version is live; all versions share the encoder and what the reader loaded."""
    wanted, worded = manifest_for(encoder, settings.split), wordsmiths(settings)

    def open_version() -> Opened:
        index = Index.open_live(settings.index, wanted, settings.chroma_url)
        try:
            index.warm()
            return Opened(make_assistant(index, encoder, settings, reader_for, worded=worded), index.close)
        except BaseException:
            index.close()
            raise

    return LiveAssistant(lambda: require_live(settings.index).name, open_version, at_end=worded.close)


def choose_reader(encoder: Encoder, settings: Settings) -> ReaderFor:
    """What makes the reader of an index, as the settings say; the trained one is loaded here, once."""
    if settings.reader == "trained":
        from bot.reading.pair_reader import load_reader

        return load_reader(encoder)
    return SentenceReader


@dataclass(frozen=True, slots=True)
class Wordsmiths:
    """What a language model does: it words answers, and understands follow-ups. One for all versions of the index."""

    writer: Writer | None = None
    stand_alone: StandAlone = standalone
    close: Callable[[], None] = lambda: None  # ends its connections


def limits_of(settings: Settings) -> Limits:
    """The most that one reply may take."""
    return Limits(settings.llm_seconds, settings.llm_first_seconds, settings.llm_gap_seconds, settings.llm_tokens, settings.llm_retries)


def wordsmiths(settings: Settings) -> Wordsmiths:
    """Those of the endpoint in the settings; without one, nothing is worded and follow-ups are understood by rule."""
    if not settings.llm_url:
        return Wordsmiths()
    limits = limits_of(settings)
    # A question is short, and its answer waits for it.
    short = replace(limits, seconds=min(8.0, limits.seconds), first=min(5.0, limits.first), tokens=200, retries=0)
    breaker = Breaker(settings.llm_pause_seconds)
    chat, rewriting = (
        OpenAIChat(settings.llm_url, settings.llm_model, settings.llm_api_key, each, settings.llm_body) for each in (limits, short)
    )

    def close() -> None:
        chat.close()
        rewriting.close()

    log.info("answers are worded by %s", settings.llm_model)
    return Wordsmiths(Writer(chat, breaker, kept=settings.llm_cache), Rewriter(rewriting, breaker, most=settings.question_length), close)


def make_assistant(
    index: Index,
    encoder: Encoder,
    settings: Settings,
    reader_for: ReaderFor,
    within: frozenset[str] | None = None,
    worded: Wordsmiths | None = None,
) -> Assistant:
    """The assistant over an opened index, its encoder and reader; `within` are the ids of the articles that it answers from, None for
    all; `worded` is what a language model does for it, None for nothing."""
    worded = worded or Wordsmiths()
    in_force = InForce(index.manifest.articles, date.today, settings.as_of)
    retriever = PassageRetriever(index=index, encoder=encoder, k=settings.passages, within=within, in_force=in_force)
    sentences = sum(article.sentences for article in index.manifest.articles if within is None or article.id in within)
    reader = reader_for(index.lexicon, sentences)
    least = settings.least_probability
    return Assistant(
        index,
        retriever,
        reader,
        hotline=settings.hotline,
        examples=settings.examples,
        question_length=settings.question_length,
        least_probability=reader.least_probability if least is None else least,
        stand_alone=worded.stand_alone,
        writer=worded.writer,
        least_worded=settings.llm_least_probability,
    )
