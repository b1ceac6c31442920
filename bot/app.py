"""Builds the assistant once, from settings, and hands its parts down."""

from datetime import date

from bot.answer import Assistant
from bot.live import LiveAssistant, Opened
from bot.reader import ReaderFor, SentenceReader
from bot.retriever import PassageRetriever
from bot.settings import Settings
from index.build import manifest_for
from index.encoder import Encoder, load_encoder
from index.search import Index
from index.validity import InForce
from index.versions import Manifest, require_live


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
    wanted = manifest_for(encoder, settings.split)

    def open_version() -> Opened:
        index = Index.open_live(settings.index, wanted, settings.chroma_url)
        try:
            index.warm()
            return Opened(make_assistant(index, encoder, settings, reader_for), index.close)
        except BaseException:
            index.close()
            raise

    return LiveAssistant(lambda: require_live(settings.index).name, open_version)


def choose_reader(encoder: Encoder, settings: Settings) -> ReaderFor:
    """What makes the reader of an index, as the settings say; the trained one is loaded here, once."""
    if settings.reader == "trained":
        from bot.pair_reader import load_reader

        return load_reader(encoder)
    return SentenceReader


def make_assistant(
    index: Index, encoder: Encoder, settings: Settings, reader_for: ReaderFor, within: frozenset[str] | None = None
) -> Assistant:
    """The assistant over an opened index, its encoder and reader; `within` are the ids of the articles that it answers from, None for all."""
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
    )
