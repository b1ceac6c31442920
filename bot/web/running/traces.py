"""A trace of each question for OpenTelemetry, where a setting says where it goes: what became of it and how long each stage took.

The provider of traces is our own and not the process's: FastAPI would note the address of each request, in which questions stand.
"""

from collections.abc import Callable

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span

from bot.answering.outcomes import NAMES, Answered, Outcome
from bot.web.running.logs import REQUEST

OpenSpan = Callable[[], Span | None]


def no_span() -> None:
    """Where nothing is traced."""


def open_spans(url: str) -> OpenSpan:
    """What opens a span that goes to a collector by OTLP over gRPC; no span where there is no address."""
    if not url:
        return no_span
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return spans_to(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, insecure=url.startswith("http://"))))


def spans_to(processor: SpanProcessor) -> OpenSpan:
    """What opens a span that goes to a processor."""
    provider = TracerProvider(resource=Resource.create({"service.name": "liangce"}))
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("liangce")
    return lambda: tracer.start_span("question")


def end_span(span: Span | None, outcome: Outcome | None) -> None:
    """End the span of a question with what became of it, None where nobody waited for that; its words are never noted."""
    if span is not None:
        _describe(span, outcome)
        span.end()


def _describe(span: Span, outcome: Outcome | None) -> None:
    if request := REQUEST.get():
        span.set_attribute("liangce.request", request)
    if outcome is None:
        return
    span.set_attribute("liangce.outcome", NAMES[type(outcome)])
    span.set_attribute("liangce.version", outcome.version)
    if isinstance(outcome, Answered):
        span.set_attribute("liangce.shape", outcome.shape.value)
    else:
        span.set_attribute("liangce.reason", outcome.reason.value)
    for stage, amount in outcome.timings_ms.items():
        span.set_attribute(f"liangce.{stage}" if stage.startswith("tokens") else f"liangce.ms.{stage}", amount)
