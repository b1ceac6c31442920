"""What the tests of a model's answers share: a question, sentences that a model may say, and an assistant with a scripted model."""

from bot.answering.assistant import Assistant, conclusion
from bot.answering.events import Drafted, Retrieved
from bot.answering.outcomes import Outcome
from bot.app import ModelServices, make_assistant
from bot.llm.breaker import Breaker
from bot.llm.drafts import Draft
from bot.llm.writer import Writer
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, LLMSettings, Settings
from index.search import Index
from tests.support.fakes import BigramEncoder, ScriptedModel

QUESTION = "青山区新建口袋公园多少处？"
GOOD = "青山区2022年新建口袋公园15处。[1]"
MORE = "街道在10个工作日内答复。[2]"
OPEN = Settings(answering=AnsweringSettings(least_probability=0), llm=LLMSettings(least_probability=0))


def assistant(
    index: Index, model: ScriptedModel, *, cache_size: int = 0, settings: Settings = OPEN, breaker: Breaker | None = None
) -> Assistant:
    writer = Writer(model, breaker or Breaker(60), cache_size=cache_size)
    return make_assistant(index, BigramEncoder(), settings, SentenceReader, services=ModelServices(writer))


def numbered(index: Index, text: str) -> str:
    """The text with the numbers of the passages that it is from, in place of [1] for 公园 and [2] for 申请."""
    plain = make_assistant(index, BigramEncoder(), OPEN, SentenceReader)
    documents = next(event.documents for event in plain.stream(QUESTION) if isinstance(event, Retrieved))
    places = {word: next(n for n, document in enumerate(documents, 1) if word in document.page_content) for word in ("口袋公园", "工作日")}
    return text.replace("[1]", f"[@{places['口袋公园']}]").replace("[2]", f"[@{places['工作日']}]").replace("@", "")


def drafts(made: Assistant, question: str = QUESTION) -> tuple[list[Draft], Outcome]:
    found: list[Draft] = []
    for event in made.stream(question):
        if isinstance(event, Drafted):
            found.append(event.draft)
    return found, conclusion(event)
