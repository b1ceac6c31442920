"""What a running server tells whoever watches it: signs of life, and figures."""

import re
import shutil
import urllib.request
from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.events import Event
from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import DoorSettings, RunningSettings, Settings
from bot.web.running.metrics import Metrics, serve_metrics
from bot.web.running.reception import Reception
from bot.web.running.traces import spans_to
from index.database import open_database
from index.stored.versions import require_live

QUESTION = "新建口袋公园多少处"


def figures(text: str) -> dict[tuple[str, ...], float]:
    found = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, *map(str, sample.labels.values())): sample.value for sample in found}


@pytest.fixture
def watched(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"running": RunningSettings(metrics_path="/metrics", least_free_megabytes=0), "doors": DoorSettings(api="open")}
    )


def test_figures_count_questions_by_what_became_of_them(assistant: LiveAssistant, watched: Settings) -> None:
    client = TestClient(make_app(assistant, watched))
    for question in (QUESTION, QUESTION, ""):
        client.post("/api/v1/ask", json={"question": question})
    found = figures(client.get("/metrics").text)
    assert found["liangce_questions_total", "answered", "", "fact"] == 2
    assert found["liangce_questions_total", "refused", "empty_question", ""] == 1
    assert found["liangce_stage_seconds_count", "search"] == 2
    assert found["liangce_stage_seconds_count", "total"] == 3
    assert found["liangce_index_version",] == 1
    assert found["liangce_questions_under_way",] == 0
    assert found["liangce_questions_waiting",] == 0
    assert QUESTION not in client.get("/metrics").text


def test_figures_are_nobodys_where_no_setting_opens_them(assistant: LiveAssistant, settings: Settings) -> None:
    answer = TestClient(make_app(assistant, settings)).get("/metrics")
    assert "liangce_questions" not in answer.text


def test_figures_stand_on_a_port_of_their_own(assistant: LiveAssistant, settings: Settings) -> None:
    reception = Reception(assistant, open_database(settings))
    reception.ask(QUESTION)
    close = serve_metrics(reception.metrics, "127.0.0.1", 19464)
    try:
        with urllib.request.urlopen("http://127.0.0.1:19464/metrics") as answer:
            assert figures(answer.read().decode())["liangce_questions_total", "answered", "", "fact"] == 1
    finally:
        close()


class Failing:
    """An assistant that fails, and tells of one question under way."""

    version = "v000007"

    def __init__(self) -> None:
        self.metrics: Metrics | None = None
        self.under_way: list[float] = []

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        assert self.metrics
        self.under_way.append(
            next(sample.value for family in self.metrics.collect() if family.name.endswith("under_way") for sample in family.samples)
        )
        raise RuntimeError
        yield


def test_figures_count_failures_and_what_is_under_way(settings: Settings) -> None:
    failing = Failing()
    reception = Reception(failing, open_database(settings))  # type: ignore[arg-type]
    failing.metrics = reception.metrics
    with pytest.raises(RuntimeError):
        reception.ask(QUESTION)
    found = {sample.name: sample.value for family in reception.metrics.collect() for sample in family.samples}
    assert failing.under_way == [1]
    assert (found["liangce_questions_under_way"], found["liangce_questions_failed_total"], found["liangce_index_version"]) == (0, 1, 7)


def test_live_server_is_ready_until_something_is_missing(
    assistant: LiveAssistant, watched: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = TestClient(make_app(assistant, watched))
    well = {"status": "ready", "index": "v000001", "checks": {"index": True, "disk": True, "models": True}}
    assert (client.get("/ready").json(), client.get("/live").json()) == (well, {"status": "ok"})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=-1))
    full = client.get("/ready")
    assert (full.status_code, full.json()["checks"]["disk"]) == (503, False)
    monkeypatch.undo()
    (require_live(watched.index) / "manifest.json").write_text("{", "utf-8")
    damaged = client.get("/ready")
    assert (damaged.status_code, damaged.json()["checks"]["index"]) == (503, False)
    assert client.get("/live").status_code == 200
    assert re.search("the server is not ready: index", caplog.text)
    assert str(watched.data) not in damaged.text


def test_server_whose_models_fail_is_not_ready(settings: Settings, assistant: LiveAssistant) -> None:
    broken = SimpleNamespace(version="v000001", ask=lambda *_, **__: 1 / 0)
    from bot.web.running.health import Health

    assert Health(broken, settings).checks()["models"] is False  # type: ignore[arg-type]
    assert Health(assistant, settings).checks()["models"] is True


def test_trace_of_a_question_tells_what_became_of_it_without_its_words(assistant: LiveAssistant, settings: Settings) -> None:
    exporter = InMemorySpanExporter()
    reception = Reception(assistant, open_database(settings), spans_to(SimpleSpanProcessor(exporter)))
    reception.ask(QUESTION)
    reception.ask("")
    given_up = reception.stream(QUESTION)
    next(given_up)
    given_up.close()  # type: ignore[attr-defined]
    answered, refused, left = exporter.get_finished_spans()
    assert answered.attributes
    assert refused.attributes
    assert (answered.attributes["liangce.outcome"], answered.attributes["liangce.shape"]) == ("answered", "fact")
    assert answered.attributes["liangce.ms.search"] >= 0  # type: ignore[operator]
    assert refused.attributes["liangce.reason"] == "empty_question"
    assert "liangce.outcome" not in (left.attributes or {})
    assert QUESTION not in answered.to_json()
