"""Figures of a running server, as Prometheus reads them: questions by what became of them, time by stage, what waits, what fails."""

import os
from collections.abc import Callable, Iterable

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.answering.outcomes import NAMES, Answered, Outcome
from bot.settings import RunningSettings

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
_COUNTS = ("tokens_in", "tokens_out")  # what stands among the times of a question and is none


class Metrics(Collector):
    """The figures of one application. Of several workers each has its own, unless PROMETHEUS_MULTIPROC_DIR names a folder for all."""

    def __init__(self, version: Callable[[], str], waiting: Callable[[], int] = lambda: 0) -> None:
        """`version` gives the version of the index, `waiting` how many questions of programs wait for their turn."""
        self._shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        self._version = version
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "liangce_questions", "Questions by what became of them", ["outcome", "shape", "reason"], registry=self.registry
        )
        self._stages = Histogram(
            "liangce_stage_seconds", "Time of a question by stage", ["stage"], buckets=_BUCKETS, registry=self.registry
        )
        self._under_way = Gauge(
            "liangce_questions_under_way", "Questions that are being answered", registry=self.registry, multiprocess_mode="livesum"
        )
        self._failures = Counter(
            "liangce_endpoint_failures", "Replies of a language model that could not be shown", ["failure"], registry=self.registry
        )
        self._tokens = Counter("liangce_endpoint_tokens", "Tokens that a language model took and gave", ["way"], registry=self.registry)
        self._broken = Counter("liangce_questions_failed", "Questions at which the program failed", registry=self.registry)
        self._index = Gauge(
            "liangce_index_version", "Number of the version of the index that questions are answered from", registry=self.registry,
            multiprocess_mode="livemin",
        )  # fmt: skip
        self._waiting = Gauge(
            "liangce_questions_waiting",
            "Questions of programs that wait for their turn",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._waits = waiting

    def begin(self) -> None:
        """A question has come."""
        self._under_way.inc()

    def end(self, outcome: Outcome | None) -> None:
        """A question is done with, in an outcome, or in none where nobody waited for it."""
        self._under_way.dec()
        if outcome is None:
            return
        shape, reason = (outcome.shape.value, "") if isinstance(outcome, Answered) else ("", outcome.reason.value)
        self._questions.labels(NAMES[type(outcome)], shape, reason).inc()
        for stage, amount in outcome.timings_ms.items():
            if stage not in _COUNTS:
                self._stages.labels(stage).observe(amount / 1000)
        for way in _COUNTS:
            self._tokens.labels(way).inc(outcome.timings_ms.get(way, 0))
        if outcome.wording and outcome.wording.failure:
            self._failures.labels(outcome.wording.failure).inc()

    def fail(self) -> None:
        """The program failed at a question."""
        self._broken.inc()

    def collect(self) -> Iterable[Metric]:
        """All figures, as Prometheus's own registries give them."""
        self._index.set(int("".join(filter(str.isdigit, self._version())) or 0))
        self._waiting.set(self._waits())
        if not self._shared:
            return self.registry.collect()
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together.collect()


def add_metrics(app: FastAPI, metrics: Metrics, settings: RunningSettings) -> None:
    """Put the page of figures into `app`, where the settings name a path for it."""
    if settings.metrics_path:

        @app.get(settings.metrics_path)
        def figures() -> Response:
            return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)


def serve_metrics(metrics: Metrics, host: str, port: int) -> Callable[[], None]:
    """Serve the page of figures on a port of its own; gives what ends that. Raises `OSError` where the port cannot be had."""
    server, thread = start_http_server(port, host, registry=metrics)

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return close
