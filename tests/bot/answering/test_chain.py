"""The question path as one Runnable, and the search as a retriever, in the product and in a foreign chain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from bot import app
from bot.answering.events import Concluded, Decided, Question, Read, Retrieved, Understood
from bot.answering.live import Live
from bot.answering.outcomes import Answered, Refused, Said
from bot.answering.retriever import PassageRetriever
from bot.app import build_chain, make_assistant, open_retriever
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from index.build import BuildReport
from index.documents import Status
from index.search import Index
from index.stored.articles import read_article
from index.stored.versions import require_live
from tests.support.fakes import GARDEN, BigramEncoder, source

QUESTION = "口袋公园怎么申请？"


Change = Callable[..., BuildReport]


@pytest.fixture
def settings(tmp_path: Path, change: Change, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an index that holds the garden article, with encoder and reader of the tests' own."""
    change(source("garden", GARDEN, published="2022"))
    monkeypatch.setattr(app, "load_encoder", lambda *args, **more: BigramEncoder())
    monkeypatch.setattr(app, "choose_reader", lambda encoder, settings: SentenceReader)
    return Settings(data=tmp_path, answering=AnsweringSettings(least_probability=0))


class Trace(BaseCallbackHandler):
    """The runs of a trace: name, and the name of the run that it stands in."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}
        self.runs: list[tuple[str, str]] = []

    def _note(self, name: str, run_id: Any, parent: Any) -> None:
        self.names[run_id] = name
        self.runs.append((name, self.names.get(parent, "")))

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: Any, parent_run_id: Any = None, **more: Any) -> None:
        self._note(more.get("name", ""), run_id, parent_run_id)

    def on_retriever_start(self, serialized: Any, query: str, *, run_id: Any, parent_run_id: Any = None, **more: Any) -> None:
        self._note("search", run_id, parent_run_id)


def test_chain_streams_each_event_as_soon_as_it_is_there(small_index: Index) -> None:
    class Watched(SentenceReader):
        def read(self, question: str, hits: Any) -> Any:
            seen.append("reading")
            return super().read(question, hits)

    seen: list[Any] = []
    chain = make_assistant(small_index, BigramEncoder(), Settings(answering=AnsweringSettings(least_probability=0)), Watched).chain
    for event in chain.stream(Question(QUESTION)):
        seen.append(type(event))
    assert seen == [Question, Understood, Retrieved, "reading", Read, Decided, Concluded]


def test_invoking_and_streaming_the_chain_come_to_the_same(small_index: Index) -> None:
    chain = make_assistant(small_index, BigramEncoder(), Settings(answering=AnsweringSettings(least_probability=0)), SentenceReader).chain
    *_, last = chain.stream(QUESTION)
    invoked = chain.invoke(QUESTION)
    assert isinstance(last, Concluded)
    assert isinstance(invoked, Concluded)
    assert replace(invoked.outcome, timings_ms={}) == replace(last.outcome, timings_ms={})
    assert isinstance(invoked.outcome, Answered)
    assert set(invoked.outcome.timings_ms) >= {"encode", "search", "read", "compose", "total"}


def test_question_that_cannot_be_asked_ends_before_the_search(small_index: Index) -> None:
    chain = make_assistant(small_index, BigramEncoder(), Settings(), SentenceReader).chain
    events = list(chain.stream("？"))
    assert [type(event) for event in events] == [Question, Concluded]
    assert isinstance(events[-1].outcome, Refused)
    assert chain.invoke("？").outcome == events[-1].outcome


@pytest.mark.parametrize("how", ["invoke", "stream"])
def test_trace_of_a_question_has_one_root(small_index: Index, how: str) -> None:
    chain, trace = make_assistant(small_index, BigramEncoder(), Settings(), SentenceReader).chain, Trace()
    list(chain.stream(QUESTION, {"callbacks": [trace]})) if how == "stream" else chain.invoke(QUESTION, {"callbacks": [trace]})
    roots = [name for name, parent in trace.runs if not parent]
    assert len(roots) == 1
    assert sorted(name for name, parent in trace.runs if parent == roots[0]) == ["decide", "read", "retrieve", "understand", "write"]
    assert ("search", "retrieve") in trace.runs


def test_built_chain_answers_and_follows_the_live_version(settings: Settings, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Live, "look_now_and_then", Live.look)
    chain = build_chain(settings)
    first = chain.invoke(QUESTION).outcome
    assert (type(first), first.version) == (Answered, "v000001")
    change(keep_others=True, status={"garden": Status.WITHDRAWN})
    second = chain.invoke(QUESTION).outcome
    assert (type(second), second.version) == (Refused, "v000002")


def test_opened_retriever_works_in_a_foreign_chain(settings: Settings) -> None:
    retriever = open_retriever(settings)
    prompt = ChatPromptTemplate.from_template("{passages}\n问题：{question}")
    seen: list[str] = []
    chain = (
        {
            "passages": retriever | (lambda documents: "\n".join(document.page_content for document in documents)),
            "question": RunnablePassthrough(),
        }
        | prompt
        | (lambda filled: seen.append(filled.to_string()) or filled)
        | FakeListChatModel(responses=["向街道申请"])
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "向街道申请"
    assert "口袋公园" in seen[0]
    retriever.close()


def test_documents_say_where_they_stand_and_what_is_known(settings: Settings) -> None:
    retriever = open_retriever(settings)
    document = retriever.invoke(QUESTION)[0]
    assert document.metadata | {"score": 0.0} == {
        "article": "garden",
        "title": document.metadata["title"],
        "publisher": "",
        "published": "2022",
        "region": "",
        "status": "in force",
        "effective": "",
        "expires": "",
        "section": document.metadata["section"],
        "start": document.metadata["start"],
        "end": document.metadata["end"],
        "score": 0.0,
    }
    text = read_article(require_live(settings.index), "garden").text
    assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    retriever.close()


@pytest.mark.parametrize(
    "open_one",
    [
        lambda settings: open_retriever(settings),
        lambda settings: PassageRetriever(index=Index.open_live(settings.index), encoder=BigramEncoder()),
    ],
)
def test_withdrawn_article_is_not_found_by_default(settings: Settings, change: Change, open_one: Callable[[Settings], Any]) -> None:
    assert open_one(settings).invoke(QUESTION)
    change(keep_others=True, status={"garden": Status.WITHDRAWN})
    assert open_one(settings).invoke(QUESTION) == []


def test_article_that_has_expired_since_is_not_found(settings: Settings, change: Change) -> None:
    change(source("garden", GARDEN, published="2022", expires="2023-01-01"))
    assert date.today() > date(2023, 1, 1)
    assert open_retriever(settings).invoke(QUESTION) == []


def test_personal_data_goes_no_further_than_the_first_step(small_index: Index) -> None:
    chain = make_assistant(small_index, BigramEncoder(), Settings(), SentenceReader).chain
    said = chain.invoke("我的电话是13812345678，口袋公园怎么申请？").outcome
    assert (type(said), said.reason, said.question) == (Said, "personal_data", "我的电话是［手机号］，口袋公园怎么申请？")
    assert "13812345678" not in said.text
    _, understood, *_ = chain.stream(Question("那多少处？", ("口袋公园怎么申请？我的电话是13812345678",)))
    assert understood.question.before == ("口袋公园怎么申请？我的电话是［手机号］",)
    assert "13812345678" not in understood.text
