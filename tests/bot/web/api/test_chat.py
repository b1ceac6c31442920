"""The door of OpenAI's protocol, tried with the clients that people use: the `openai` package and `langchain-openai`."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openai
import pytest
from fastapi.testclient import TestClient
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from bot.answering.assistant import Answering
from bot.answering.contract import to_json
from bot.answering.live import LiveAssistant
from bot.answering.outcomes import Answered
from bot.checking.citations import Sentence, cite
from bot.server import make_app
from bot.settings import DoorSettings, Settings
from bot.web.api.chat.completions import annotations
from bot.web.articles import open_article, places
from index.documents import Passage, Span

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "for-other-programs.md"
QUESTION, FOLLOW_UP = "青山区新建口袋公园多少处", "那什么时候启动的"


@pytest.fixture
def address(serve: Callable[[Answering], str], assistant: LiveAssistant) -> str:
    return serve(assistant)


@pytest.fixture
def openai_client(address: str, key: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as client:
        yield client


def without_times(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "timings_ms": None}


def test_openai_client_gets_the_answer_with_its_citations(
    openai_client: openai.OpenAI, assistant: LiveAssistant, address: str, settings: Settings
) -> None:
    assert [model.id for model in openai_client.models.list()] == ["liangce"]
    assert openai_client.models.retrieve("liangce").owned_by == "liangce"
    done = openai_client.chat.completions.create(
        model="liangce",
        temperature=0,
        messages=[
            {"role": "system", "content": "Answer as a pirate."},
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "15处"},
            {"role": "user", "content": [{"type": "text", "text": FOLLOW_UP}]},
        ],
    )
    outcome = assistant.ask(FOLLOW_UP, [QUESTION])
    message = done.choices[0].message
    assert (message.content, done.choices[0].finish_reason) == (outcome.text, "stop")
    assert without_times(done.model_extra["liangce"]) == without_times(to_json(outcome))  # type: ignore[index]
    assert message.annotations
    numbers = [f"[{n}]" for sentence in outcome.sentences for n in sentence.cites]
    cited = [each.url_citation for each in message.annotations]
    assert [outcome.text[each.start_index : each.end_index] for each in cited] == numbers
    assert {each.title for each in cited} == {citation.title for citation in outcome.citations}
    first = outcome.citations[0]
    asked_for = dict(parse_qsl(urlsplit(cited[0].url).query))
    assert cited[0].url.startswith(f"{address}/?")
    assert (asked_for["article"], asked_for["v"]) == (first.passage.article, "v000001")
    # What the page opens at that address has the cited sentence marked.
    opened = open_article(settings.index, asked_for["article"], asked_for["v"])
    (marked,) = places(opened, asked_for["at"], asked_for["passage"])
    assert opened.article.text[marked.start : marked.end] == first.quote
    assert done.usage
    assert done.usage.total_tokens == 0


def test_openai_client_gets_the_same_in_pieces(openai_client: openai.OpenAI, assistant: LiveAssistant) -> None:
    asked: Any = {"model": "liangce", "messages": [{"role": "user", "content": QUESTION}]}
    whole = openai_client.chat.completions.create(**asked)
    chunks = list(openai_client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    said = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert said == whole.choices[0].message.content == assistant.ask(QUESTION).text
    end, last = chunks[-2], chunks[-1]
    assert end.choices[0].finish_reason == "stop"
    given = end.choices[0].delta.model_extra["annotations"]  # type: ignore[index]
    assert given == [each.model_dump() for each in whole.choices[0].message.annotations or ()]
    assert end.model_extra["liangce"]["answer"] == said  # type: ignore[index]
    assert last.usage
    assert last.choices == []
    assert len({chunk.id for chunk in chunks}) == 1


def test_openai_client_understands_what_goes_wrong(openai_client: openai.OpenAI, address: str) -> None:
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-4o' here: expected liangce"):
        openai_client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": QUESTION}])
    with pytest.raises(openai.BadRequestError, match="expected a last message of the role user"):
        openai_client.chat.completions.create(model="liangce", messages=[{"role": "system", "content": QUESTION}])
    with pytest.raises(openai.UnprocessableEntityError, match=r"messages\.0\.role is not as expected"):
        openai_client.chat.completions.create(model="liangce", messages=[{"role": "king", "content": QUESTION}])  # type: ignore[misc,list-item]
    other = openai_client.with_options(api_key="lc-wrong")
    with pytest.raises(openai.AuthenticationError, match="this key is not known here"):
        other.models.list()


def test_failure_in_a_stream_reaches_the_openai_client(
    openai_client: openai.OpenAI, assistant: LiveAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(assistant, "stream", fail)
    with pytest.raises(openai.APIError, match="something went wrong here") as told:
        list(openai_client.chat.completions.create(model="liangce", messages=[{"role": "user", "content": QUESTION}], stream=True))
    assert "secret" not in str(told.value)


def test_langchain_asks_and_streams(address: str, key: str, assistant: LiveAssistant) -> None:
    model = ChatOpenAI(model="liangce", base_url=f"{address}/v1", api_key=SecretStr(key), max_retries=0)
    conversation = [("human", QUESTION), ("ai", "15处"), ("human", FOLLOW_UP)]
    wanted = assistant.ask(FOLLOW_UP, [QUESTION]).text
    assert model.invoke(conversation).content == wanted
    streamed = list(model.stream(conversation))
    assert "".join(str(chunk.content) for chunk in streamed) == wanted


def test_articles_are_cited_at_the_address_that_is_set(assistant: LiveAssistant, settings: Settings, key: str) -> None:
    outside = settings.model_copy(update={"doors": DoorSettings(public_url="https://www.example.gov.cn/zhengce")})
    client = TestClient(make_app(assistant, outside), headers={"Authorization": f"Bearer {key}", "Host": "www.example.gov.cn"})
    asked = {"model": "liangce", "messages": [{"role": "user", "content": QUESTION}]}
    given = client.post("/v1/chat/completions", json=asked).json()["choices"][0]["message"]["annotations"]
    assert given
    assert all(each["url_citation"]["url"].startswith("https://www.example.gov.cn/zhengce/?article=garden&") for each in given)


def test_documented_example_runs(address: str, key: str, assistant: LiveAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = (text for text in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL) if "OpenAI(" in text)
    example = example.replace("http://127.0.0.1:7860", address).replace("招聘会办了几场", QUESTION)
    exec(compile(example, str(DOCUMENT), "exec"), {"KEY": key})
    printed = capsys.readouterr().out
    outcome = assistant.ask(QUESTION)
    assert printed.startswith(f"{outcome.text}\n{outcome.citations[0].title} {address}/?article=garden&")
    assert printed.endswith(f"answered {outcome.citations[0].quote}\n")


def test_numbers_are_found_where_they_stand_whatever_the_words_look_like() -> None:
    passage = Passage("a", 0, ("节",), "甲[1]乙。丙。", 0, 8)
    cited = [cite(1, passage, Span(0, 6)), cite(2, passage, Span(6, 8))]
    outcome = Answered("问", (Sentence("甲[1]乙。", (1, 2)), Sentence("丙。", (2,))), tuple(cited), 1.0, lead="是。[2]")
    assert outcome.text == "是。[2]\n甲[1]乙。[1][2]\n丙。[2]"
    given = [each["url_citation"] for each in annotations(outcome, lambda citation: str(citation.n))]
    assert [(outcome.text[each["start_index"] : each["end_index"]], each["url"]) for each in given] == [
        ("[1]", "1"),
        ("[2]", "2"),
        ("[2]", "2"),
    ]
    assert [each["start_index"] for each in given] == [12, 15, 21]
