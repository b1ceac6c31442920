"""The REST door: what it answers, what it refuses and how, and that its document says what it does."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.answering.contract import to_json
from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import DoorSettings, ServerSettings, Settings
from bot.web.api import forms
from bot.web.api.keys import KeyStore, Scope
from bot.web.api.problems import STATUS, TYPE
from bot.web.api.search import Search
from bot.web.feedback import read_feedback
from index.build import build
from index.database import open_database
from index.plan import BuildRequest
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source

QUESTION = "新建口袋公园多少处"


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem of a response, whose form and headers are as they must be."""
    assert (response.status_code, response.headers["content-type"]) == (status, TYPE)
    found: dict[str, Any] = response.json()
    assert forms.Problem.model_validate(found).status == status
    assert found["type"].endswith(f"/api/v1/problems/{found['code']}")
    return found


def test_answer_is_the_object_of_the_contract(client: TestClient, assistant: LiveAssistant) -> None:
    given = client.post("/api/v1/ask", json={"question": QUESTION, "id": "q1", "history": ["青山区推出了什么行动"]}).json()
    wanted = to_json(assistant.ask(QUESTION, ["青山区推出了什么行动"]), "q1")
    assert {**given, "timings_ms": 0} == {**wanted, "timings_ms": 0}
    assert list(given) == list(wanted)
    assert set(given) == set(forms.Answer.model_fields)
    assert forms.Answer.model_validate(given, extra="forbid").citations
    cited = given["citations"][0]
    text = client.get(f"/api/v1/articles/{cited['article']}", params={"version": given["version"]}).json()["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_question_that_cannot_be_asked_is_an_answer_with_its_reason(client: TestClient) -> None:
    for question, reason in (("", "empty_question"), ("长" * 600, "question_too_long"), ("a\0b", "unreadable_question")):
        given = client.post("/api/v1/ask", json={"question": question})
        assert (given.status_code, given.json()["outcome"], given.json()["reason"]) == (200, "refused", reason)


def test_search_brings_passages_that_stand_in_their_articles(client: TestClient) -> None:
    found = client.get("/api/v1/search", params={"q": "口袋公园", "limit": 2}).json()
    assert forms.Passages.model_validate(found, extra="forbid").version == "v000001"
    assert next(passage["article"] for passage in found["passages"]) == "garden"
    assert len(found["passages"]) == 2
    for passage in found["passages"]:
        text = client.get(f"/api/v1/articles/{passage['article']}").json()["text"]
        assert passage["text"] in text[passage["start"] : passage["end"]]
    assert client.get("/api/v1/search", params={"q": " "}).json()["passages"] == []
    assert len(client.get("/api/v1/search", params={"q": "公园", "limit": 50}).json()["passages"]) > 2


def test_search_moves_to_a_new_version(client: TestClient, settings: Settings, encoder: BigramEncoder) -> None:
    assert client.get("/api/v1/search", params={"q": "口袋公园"}).json()["version"] == "v000001"
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings())
    time.sleep(1.1)  # it looks once in a second
    found = client.get("/api/v1/search", params={"q": "口袋公园"}).json()
    assert found["version"] == "v000002"
    assert "16处" in found["passages"][0]["text"]


def test_articles_are_listed_by_pages_and_opened_in_their_version(client: TestClient, settings: Settings, encoder: BigramEncoder) -> None:
    build(BuildRequest([source("garden", GARDEN.replace("15处", "16处"))]), settings.index, encoder, SplitSettings())
    listed = client.get("/api/v1/articles", params={"version": "v000001", "limit": 1}).json()
    assert forms.Articles.model_validate(listed, extra="forbid").total == 2
    following = client.get("/api/v1/articles", params={"version": "v000001", "limit": 1, "start": listed["next"]}).json()
    assert following["next"] is None
    assert {each["article"] for each in listed["articles"] + following["articles"]} == {"garden", "港口 规定"}
    assert client.get("/api/v1/articles").json()["version"] == "v000002"
    old, live = (client.get("/api/v1/articles/garden", params=params).json() for params in ({"version": "v000001"}, {}))
    assert forms.WholeArticle.model_validate(old, extra="forbid").live is False
    assert ("15处" in old["text"], "16处" in live["text"], live["live"]) == (True, True, True)
    assert client.get("/api/v1/articles/港口 规定", params={"version": "v000001"}).json()["article"] == "港口 规定"
    for path, params, code in (
        ("nothing", {}, "article-gone"),
        ("../../CURRENT", {}, "article-gone"),
        ("garden", {"version": "v000009"}, "version-gone"),
        ("garden", {"version": "../index"}, "version-gone"),
    ):
        assert problem(client.get(f"/api/v1/articles/{path.replace('/', '%2F')}", params=params), 404)["code"] == code
    assert problem(client.get("/api/v1/articles", params={"version": "v000009"}), 404)["code"] == "version-gone"


def test_feedback_is_kept_with_what_the_page_sends(client: TestClient, settings: Settings) -> None:
    given = {"question": "渔港几点开门", "answer": "没有找到", "refused": True, "verdict": "handed over", "version": "v000001"}
    assert client.post("/api/v1/feedback", json=given).status_code == 204
    assert [(kept.question, kept.verdict) for kept in read_feedback(open_database(settings))] == [("渔港几点开门", "handed over")]
    told = problem(client.post("/api/v1/feedback", json=given | {"verdict": "sideways"}), 422)
    assert told["errors"][0]["pointer"] == "#/verdict"
    assert "verdict" in told["detail"]


def test_wrong_request_is_a_problem_in_the_language_of_the_caller(client: TestClient) -> None:
    told = problem(client.post("/api/v1/ask", json={"question": 5, "extra": 1}), 422)
    assert (told["code"], [fault["pointer"] for fault in told["errors"]]) == ("form", ["#/question", "#/extra"])
    assert "question is not as expected: Input should be a valid string" in told["detail"]
    chinese = client.post("/api/v1/ask", json={}, headers={"Accept-Language": "zh-CN"}).json()
    assert chinese["detail"].startswith("question不合要求")
    assert problem(client.post("/api/v1/ask", content=b"{", headers={"Content-Type": "application/json"}), 422)["code"] == "form"
    assert problem(client.get("/api/v1/nothing"), 404)["code"] == "no-such-path"
    assert problem(client.get("/api/v1/ask"), 405)["code"] == "method"
    assert problem(client.post("/api/v1/ask", json={"question": "长" * 400_000}), 413)["code"] == "too-large"
    assert problem(client.post("/api/v1/ask", content=iter([b"{}"])), 413)["code"] == "too-large"
    assert problem(client.get("/api/v1/search", params={"q": "a", "limit": 51}), 422)["errors"][0]["parameter"] == "limit"
    assert client.get("/api/v1/problems/too-large").json()["status"] == 413


def test_key_is_needed_and_its_lack_is_told(assistant: LiveAssistant, settings: Settings, keys: KeyStore, search: Search) -> None:
    client = TestClient(make_app(assistant, settings, search=search))
    ask = {"question": QUESTION}
    refused = client.post("/api/v1/ask", json=ask)
    assert problem(refused, 401)["code"] == "key-none-made"
    assert "python -m bot key add NAME --scope ask" in refused.json()["detail"]
    assert refused.headers["www-authenticate"] == 'Bearer realm="liangce"'
    asking = keys.add("asks", [Scope.ASK], 60)
    assert problem(client.post("/api/v1/ask", json=ask), 401)["code"] == "key-missing"
    assert problem(client.post("/api/v1/ask", json=ask, headers={"Authorization": "Bearer lc-x"}), 401)["code"] == "key-unknown"
    mine = {"Authorization": f"Bearer {asking}"}
    assert client.post("/api/v1/ask", json=ask, headers=mine).status_code == 200
    assert problem(client.get("/api/v1/search", params={"q": "公园"}, headers=mine), 403)["code"] == "key-scope"
    keys.remove("asks")
    keys.add("another", [Scope.ASK], 60)
    assert problem(client.post("/api/v1/ask", json=ask, headers=mine), 401)["code"] == "key-unknown"
    assert client.get("/api/v1/articles").status_code == 200, "articles are public"


def test_each_key_has_a_limit_of_its_own(assistant: LiveAssistant, settings: Settings, keys: KeyStore, search: Search) -> None:
    client = TestClient(make_app(assistant, settings, search=search))
    few, many = (({"Authorization": f"Bearer {keys.add(str(most), list(Scope), most)}"}) for most in (2, 100))
    sent = [client.get("/api/v1/search", params={"q": "公园"}, headers=few) for _ in range(3)]
    assert [response.status_code for response in sent] == [200, 200, 429]
    assert problem(sent[2], 429)["code"] == "too-often"
    assert 0 < int(sent[2].headers["retry-after"]) <= 60
    assert client.get("/api/v1/search", params={"q": "公园"}, headers=many).status_code == 200
    assert [use.times for key in keys.all() for use in keys.uses(key)] == [1, 2], "what is refused is not counted as used"


def test_guessing_of_keys_is_slowed_down(assistant: LiveAssistant, keys: KeyStore, settings: Settings) -> None:
    few = settings.model_copy(update={"doors": DoorSettings(api_per_minute=3)})
    keys.add("a", [Scope.ASK], 60)
    client = TestClient(make_app(assistant, few))
    sent = [client.post("/api/v1/ask", json={"question": "a"}, headers={"Authorization": f"Bearer lc-{n}"}) for n in range(4)]
    assert [response.status_code for response in sent] == [401, 401, 401, 429]


def test_open_door_takes_everybody_within_limits_and_no_other_site(assistant: LiveAssistant, settings: Settings, search: Search) -> None:
    client = TestClient(
        make_app(assistant, settings.model_copy(update={"doors": DoorSettings(api="open", api_per_minute=3)}), search=search)
    )
    ask = {"question": QUESTION}
    assert problem(client.post("/api/v1/ask", json=ask, headers={"Sec-Fetch-Site": "cross-site"}), 403)["code"] == "other-site"
    assert [client.post("/api/v1/ask", json=ask).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_doors_that_are_off_are_not_there(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings.model_copy(update={"doors": DoorSettings(api="off")})))
    assert client.post("/api/v1/ask", json={"question": QUESTION}).status_code in (404, 405)
    assert client.get("/api/v1/openapi.json").status_code == 404


def test_failure_is_told_without_its_reason(client: TestClient, assistant: LiveAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(assistant, "stream", fail)
    calm = TestClient(client.app, headers=dict(client.headers), raise_server_exceptions=False)
    told = problem(calm.post("/api/v1/ask", json={"question": QUESTION}), 500)
    assert "secret" not in str(told)
    events = calm.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}).text
    assert "event: problem" in events
    assert "secret" not in events


def test_document_and_its_page_load_nothing_from_outside(assistant: LiveAssistant, settings: Settings, search: Search) -> None:
    behind = settings.model_copy(update={"server": ServerSettings(root_path="/zhengce")})
    client = TestClient(make_app(assistant, behind, search=search))
    page = client.get("/zhengce/api/v1/docs")
    assert page.status_code == 200
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)|url: ['"]([^'"]+)""", page.text)
    addresses = [first or second for first, second in loaded]
    assert len(addresses) == 4  # its script, its style, its picture, and the document
    for address in addresses:
        assert address.startswith("/zhengce/api/v1/")
        assert client.get(address).status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_document_describes_every_address_and_problem(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {"/ask", "/search", "/articles", "/articles/{article}", "/feedback"}
    assert document["servers"] == [{"url": "/api/v1"}]
    asked = document["paths"]["/ask"]["post"]
    assert set(asked["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert {str(status) for status in STATUS.values()} <= set(asked["responses"])
    assert asked["security"]
    assert "security" not in document["paths"]["/articles"]["get"]


def test_responses_are_kept_and_framed_by_no_browser(client: TestClient, tmp_path: Path) -> None:
    for response in (client.post("/api/v1/ask", json={"question": QUESTION}), client.get("/api/v1/nothing")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["x-content-type-options"] == "nosniff"


def test_web_socket_is_refused(client: TestClient) -> None:
    for path in ("/api/v1/ask", "/v1/chat/completions"):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
            pass


def test_article_that_has_not_changed_is_not_sent_again(client: TestClient, settings: Settings, encoder: BigramEncoder) -> None:
    first = client.get("/api/v1/articles/garden")
    tag = first.headers["etag"]
    again = client.get("/api/v1/articles/garden", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    build(BuildRequest([source("garden", GARDEN + "\n再加一句。")], keep_others=True), settings.index, encoder, SplitSettings())
    changed = client.get("/api/v1/articles/garden", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)
