"""Builds the assistant once, from settings, and hands its parts down.

`build_chain` and `open_retriever` are for other programs: docs/for-other-programs.md.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.assistant import Answering, Assistant
from bot.answering.chain import Chain, Steps, make_chain
from bot.answering.decide import Decider, Replies, Thresholds
from bot.answering.live import Live, LiveAssistant, LiveRetriever, Opened
from bot.answering.retriever import PassageRetriever
from bot.llm.answer_prompt import AnswerPrompt
from bot.llm.breaker import Breaker
from bot.llm.client import OpenAIChat, RequestLimits
from bot.llm.rewrite import Rewriter, StandAlone
from bot.llm.writer import Writer
from bot.question.classifier import load_classifier
from bot.question.follow_up import standalone
from bot.reading.reader import Reader, ReaderFor
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from index.build import manifest_for
from index.encoding.encoder import Encoder, load_encoder
from index.search import Index
from index.stored.manifest import Manifest
from index.stored.versions import require, require_live
from index.validity import InForce

log = logging.getLogger(__name__)


def open_encoder(settings: Settings) -> Encoder:
    """The encoder; raises `IndexMissingError` before anything slow where nothing is indexed yet."""
    Manifest.read(require_live(settings.index))
    encoding = settings.encoding
    return load_encoder(encoding.encoder, encoding.model_cache, dtype=encoding.dtype, device=encoding.device, runtime=encoding.runtime)


def open_assistant(settings: Settings) -> LiveAssistant:
    """The assistant over the live index; raises `IndexMissingError` where nothing is indexed yet."""
    encoder = open_encoder(settings)
    return live_assistant(encoder, settings, choose_reader(encoder, settings))


def build_chain(settings: Settings) -> Chain:
    """The question path over the live index, as one LangChain Runnable: a question's text, or a `Question` -> events.

    `invoke` returns `Concluded`, whose `outcome` is the answer; `stream` yields each event as it happens. Raises `IndexMissingError`
    where nothing is indexed yet.
    """
    return open_assistant(settings).chain()


def open_retriever(settings: Settings) -> LiveRetriever:
    """A LangChain retriever over the live index, which leaves out what is not in force; its documents say where they stand.

    Raises `IndexMissingError` where nothing is indexed yet.
    """
    return LiveRetriever(live=live_search(open_encoder(settings), settings))


def live_search(encoder: Encoder, settings: Settings, passages: int | None = None) -> Live[PassageRetriever]:
    """The search over whatever version is live; `passages` are how many it finds, None for as many as are read for a question."""
    wanted = manifest_for(encoder, settings.passage.split)

    def open_version() -> Opened[PassageRetriever]:
        index = Index.open_live(settings.index, wanted, settings.store.chroma_url)
        return Opened(make_retriever(index, encoder, settings, passages=passages), index.version, index.close)

    return Live(lambda: require_live(settings.index).name, open_version)


def live_assistant(encoder: Encoder, settings: Settings, reader_for: ReaderFor) -> LiveAssistant:
    """The assistant over whatever version is live; all versions share the encoder and what the reader loaded."""
    wanted, services = manifest_for(encoder, settings.passage.split), model_services(settings)

    def open_version() -> Opened[Assistant]:
        index = Index.open_live(settings.index, wanted, settings.store.chroma_url)
        try:
            index.warm()
            return Opened(make_assistant(index, encoder, settings, reader_for, services=services), index.version, index.close)
        except BaseException:
            index.close()
            raise

    return LiveAssistant(lambda: require_live(settings.index).name, open_version, at_end=services.close)


def version_opener(encoder: Encoder, settings: Settings, reader_for: ReaderFor) -> Callable[[str], Opened[Answering]]:
    """What opens any version that is kept, by its name, to ask it questions in extracts."""
    wanted = manifest_for(encoder, settings.passage.split)

    def open_version(name: str) -> Opened[Answering]:
        index = Index.open(require(settings.index, name), wanted, settings.store.chroma_url)
        return Opened(make_assistant(index, encoder, settings, reader_for), index.version, index.close)

    return open_version


def choose_reader(encoder: Encoder, settings: Settings) -> ReaderFor:
    """What makes the reader of an index, as the settings say; the trained one is loaded here, once."""
    if settings.answering.reader == "trained":
        from bot.reading.pair_reader import load_reader

        return load_reader(encoder)
    return SentenceReader


@dataclass(frozen=True, slots=True)
class ModelServices:
    """What a language model does: it words answers, and understands follow-ups. One for all versions of the index."""

    writer: Writer | None = None
    stand_alone: StandAlone = standalone
    close: Callable[[], None] = lambda: None  # ends its connections


def limits_of(settings: Settings) -> RequestLimits:
    """The most that one reply may take."""
    return RequestLimits(
        settings.llm.seconds, settings.llm.first_seconds, settings.llm.gap_seconds, settings.llm.tokens, settings.llm.retries
    )


def model_services(settings: Settings) -> ModelServices:
    """Those of the endpoint in the settings; without one, nothing is worded and follow-ups are understood by rule."""
    if not settings.llm.url:
        return ModelServices()
    limits = limits_of(settings)
    # A question is short, and its answer waits for it.
    short = replace(limits, seconds=min(8.0, limits.seconds), first=min(5.0, limits.first), tokens=200, retries=0)
    chat, rewriting = (
        OpenAIChat(settings.llm.url, settings.llm.model, settings.llm.api_key, each, settings.llm.body) for each in (limits, short)
    )

    def close() -> None:
        chat.close()
        rewriting.close()

    log.info("answers are worded by %s", settings.llm.model)
    return ModelServices(
        Writer(
            chat, Breaker(settings.llm.pause_seconds), cache_size=settings.llm.cache, prompt=AnswerPrompt.load(settings.llm.prompt_tokens)
        ),
        # One of its own: an endpoint that is too slow for rewriting may be quick enough for answers, which wait longer.
        Rewriter(rewriting, Breaker(settings.llm.pause_seconds), most=settings.answering.question_length),
        close,
    )


def thresholds_of(reader: Reader, settings: Settings) -> Thresholds:
    """Where outcomes turn into others: the reader's own thresholds, save those that the settings name."""
    wished = settings.answering.least_probability, settings.answering.least_helpful, settings.answering.least_advising
    own = reader.least_probability, reader.least_helpful, reader.least_advising
    return Thresholds(*(mine if wish is None else wish for wish, mine in zip(wished, own, strict=True)))


def make_assistant(
    index: Index,
    encoder: Encoder,
    settings: Settings,
    reader_for: ReaderFor,
    within: frozenset[str] | None = None,
    services: ModelServices | None = None,
) -> Assistant:
    """The assistant over an opened index, its encoder and reader; `within` are the ids of the articles that it answers from, None for
    all; `services` is what a language model does for it, None for nothing."""
    services = services or ModelServices()
    sentences = sum(article.sentences for article in index.manifest.articles if within is None or article.id in within)
    reader = reader_for(index.lexicon, sentences)
    steps = Steps(
        index,
        make_retriever(index, encoder, settings, within),
        reader,
        Decider(
            index,
            Replies(settings.page.hotline, settings.page.examples, settings.answering.question_length),
            thresholds_of(reader, settings),
        ),
        classifier=load_classifier(encoder.fingerprint),
        stand_alone=services.stand_alone,
        writer=services.writer,
        judge=reader.judge,
        least_for_writing=settings.llm.least_probability,
        seconds=settings.answering.seconds,
        trusted=settings.llm.trusted_probability,
    )
    return Assistant(make_chain(steps), index.version)


def make_retriever(
    index: Index, encoder: Encoder, settings: Settings, within: frozenset[str] | None = None, passages: int | None = None
) -> PassageRetriever:
    """The search over an opened index, of what is in force on the day that the settings say, or today."""
    in_force = InForce(index.manifest.articles, date.today, settings.answering.as_of)
    k = settings.answering.passages if passages is None else passages
    return PassageRetriever(index=index, encoder=encoder, k=k, within=within, in_force=in_force)
