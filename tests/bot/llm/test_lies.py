"""A server that lies with the freedom that a model has: each lie is dropped, the honest sentence beside it is shown."""

from collections.abc import Iterator

import pytest

from bot.checking.evidence import NumberedPassage
from bot.llm.answer_prompt import Task
from bot.llm.breaker import Breaker
from bot.llm.client import OpenAIChat, RequestLimits
from bot.llm.drafts import Core, Place, Reply
from bot.llm.writer import Writer
from bot.question.wants import Shape
from index.documents import Metadata
from tests.bot.checking.test_attribution import OTHERS
from tests.support.llm_server import Endpoint, ServerReply, llm_server


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with llm_server() as endpoint:
        yield endpoint


def place(numbered: NumberedPassage, words: str) -> Place:
    start = numbered.passage.text.index(words)
    return numbered.passage.article, start, start + len(words)


def ask(server: Endpoint, said: str, shape: Shape = Shape.FACT, items: tuple[Place, ...] = ()) -> Reply:
    server.plan = [ServerReply(said)]
    chat = OpenAIChat(server.url, "m", None, RequestLimits(seconds=5, first=4))
    core = Core(tuple((numbered.passage.article, 0, len(numbered.passage.text)) for numbered in OTHERS))
    task = Task("有什么支持？", shape, OTHERS, core.places, core, items)
    *_, last = Writer(chat, Breaker(60)).write(task, "v1", lambda article: (Metadata(id=article), ("", "")))
    chat.close()
    assert isinstance(last, Reply)
    return last


@pytest.mark.parametrize(
    ("lie", "honest"),
    [
        ("青山区新建口袋公园14处。", "青山区新建了15处口袋公园。"),
        ("绿道15处，口袋公园12公里。", "青山区新建绿道12公里。"),
        ("对新招用员工的企业给予一次性补贴。", "对新招用员工的企业给予一次性补贴，劳务派遣单位除外。"),
        ("Enterprises that hire new staff receive a one-time subsidy.", "企业可以到窗口申请补贴。"),
        ("白河启动实施了“精英企业家培育计划”。", "白河还将启动实施“精英企业家培育计划”。"),
    ],
    ids=["two measures mixed", "figures exchanged", "exception dropped", "exception dropped in translation", "plan told as done"],
)
def test_lie_without_a_number_is_dropped(server: Endpoint, lie: str, honest: str) -> None:
    reply = ask(server, honest)
    assert [sentence.text for sentence in reply.sentences] == [honest]
    assert lie not in [sentence.text for sentence in ask(server, honest + lie).sentences]


def test_digest_item_that_is_no_measure_is_dropped_and_counted(server: Endpoint) -> None:
    steps = OTHERS[3]
    measures = (place(steps, "企业可以在网上申请补贴，也可以到窗口申请。"),)
    said = "企业可以在网上申请补贴。会议听取了企业的意见。"
    assert len(ask(server, said).sentences) == 2
    reply = ask(server, said, Shape.DIGEST, measures)
    assert [sentence.text for sentence in reply.sentences] == ["企业可以在网上申请补贴。"]
    assert reply.use.faults == (("aside", 1),)
