"""What the tests of a model's answers share: a question, sentences that a model may say, and an assistant with a scripted model."""

import re

from bot.answering.assistant import Assistant, conclusion
from bot.answering.events import Drafted
from bot.answering.outcomes import Outcome
from bot.app import ModelServices, make_assistant
from bot.llm.answer_prompt import REFUSAL, AnswerPrompt
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
INSTRUCTIONS = AnswerPrompt.load().file.system.template.splitlines()[0]  # what a model must not repeat
OPEN = Settings(answering=AnsweringSettings(least_probability=0), llm=LLMSettings(least_probability=0))


def assistant(
    index: Index, model: ScriptedModel, *, cache_size: int = 0, settings: Settings = OPEN, breaker: Breaker | None = None
) -> Assistant:
    writer = Writer(model, breaker or Breaker(60), cache_size=cache_size)
    return make_assistant(index, BigramEncoder(), settings, SentenceReader, services=ModelServices(writer))


def numbered(index: Index, text: str, question: str = QUESTION) -> str:
    """The text with the numbers that the model is shown the passages under, in place of [1] for 公园 and [2] for 申请."""
    model = ScriptedModel(REFUSAL)
    assistant(index, model).ask(question)
    shown = re.findall(r"^\[(\d+)\] 《.*\n((?:(?!^\[\d+\] 《|「材料结束」).*\n?)*)", model.asked[0].user, re.MULTILINE)
    places = {word: next(n for n, words in shown if word in words) for word in ("口袋公园15", "工作日")}
    return text.replace("[1]", f"[@{places['口袋公园15']}]").replace("[2]", f"[@{places['工作日']}]").replace("@", "")


def drafts(made: Assistant, question: str = QUESTION) -> tuple[list[Draft], Outcome]:
    found: list[Draft] = []
    for event in made.stream(question):
        if isinstance(event, Drafted):
            found.append(event.draft)
    return found, conclusion(event)
