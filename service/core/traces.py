"""Traces by OpenTelemetry: a span a call, a turn of a consumer that takes in writes, and a job.

Nothing is sent unless `export` was called. Spans hold methods, codes and ids of communities, never texts, messages of
exceptions or members' ids.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.core.errors import FailedPrecondition

PARENT = "traceparent"  # the header of W3C Trace Context
WRITES = 64  # of a community whose traces are remembered until its consumers took them in
COMMUNITIES = 1_000

TRACER = trace.get_tracer("yiqi")  # a stand-in, until `export` says where spans go
_current: ContextVar[Span | None] = ContextVar("span", default=None)


def export(version: str) -> None:
    """Send spans from now on, as the variables OTEL_... say. Raises FailedPrecondition where the extra is missing."""
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        problem = 'OTEL_EXPORTER_OTLP_ENDPOINT is set, but the extra "traces" is not installed'
        raise FailedPrecondition(problem, debug=str(error)) from None
    ours = Resource.create({"service.name": "yiqi", "service.version": version})
    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say outranks it.
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def trace_id() -> str:
    """Of what this thread is doing, 32 hexadecimal digits; "" outside calls, turns and jobs."""
    span = _current.get()
    return trace.format_trace_id(span.get_span_context().trace_id) if span else ""


def call(method: str, parent: str) -> AbstractContextManager[Span]:
    """Around a call, a part of the trace that its header `parent` names, if it does."""
    context = TraceContextTextMapPropagator().extract({PARENT: parent}) if parent else Context()
    service, _, name = method.strip("/").rpartition("/")
    return _span(method.strip("/"), context, SpanKind.SERVER, {"rpc.service": service, "rpc.method": name})


def job(kind: str, community: str) -> AbstractContextManager[Span]:
    """Around a job."""
    return _span(f"job {kind}", Context(), SpanKind.INTERNAL, {"yiqi.community": community})


@dataclass(slots=True)
class _Written:
    """The newest writes of a community, how many there ever were, and how many each consumer saw."""

    newest: list[SpanContext] = field(default_factory=list)
    count: int = 0
    seen: dict[str, int] = field(default_factory=dict)


class WriteTraces:
    """Carries traces from writes to the consumers of the change feed, in memory. For any thread."""

    def __init__(self) -> None:
        self._written: OrderedDict[str, _Written] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, community: str) -> None:
        """What this thread is doing wrote to a community."""
        span = _current.get()
        if span is None or not span.is_recording():
            return
        with self._lock:
            written = self._written.setdefault(community, _Written())
            written.newest = [*written.newest[1 - WRITES :], span.get_span_context()]
            written.count += 1
            self._written.move_to_end(community)
            if len(self._written) > COMMUNITIES:
                self._written.popitem(last=False)

    def turn(self, consumer: str, community: str) -> AbstractContextManager[Span | None]:
        """Around a turn: part of the trace of the first write that the consumer did not see yet, linked to the others;
        nothing where there is none."""
        unseen = self._unseen(consumer, community)
        if not unseen:
            return nullcontext()
        parent = trace.set_span_in_context(NonRecordingSpan(unseen[0]), Context())
        attributes = {"yiqi.community": community, "yiqi.consumer": consumer}
        return _span(f"feed {consumer}", parent, SpanKind.CONSUMER, attributes, [Link(one) for one in unseen[1:]])

    def _unseen(self, consumer: str, community: str) -> list[SpanContext]:
        with self._lock:
            written = self._written.get(community)
            if written is None:
                return []
            unseen = written.count - written.seen.get(consumer, 0)
            written.seen[consumer] = written.count
            return written.newest[-unseen:] if unseen else []


@contextmanager
def _span(
    name: str, context: Context, kind: SpanKind, attributes: dict[str, str], links: Sequence[Link] = ()
) -> Iterator[Span]:
    span = TRACER.start_span(name, context, kind, attributes, links)
    if not span.get_span_context().is_valid:
        span = NonRecordingSpan(_made_up())
    before = _current.get()
    _current.set(span)
    try:
        yield span
    except BaseException:
        span.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        span.end()
        # A stream that was broken off may be closed by another thread, which is about something else.
        if _current.get() is span:
            _current.set(before)


def _made_up() -> SpanContext:
    """A trace of its own where none is sent: log lines of one call still share an id."""
    return SpanContext(random.getrandbits(128) or 1, random.getrandbits(64) or 1, is_remote=False)
