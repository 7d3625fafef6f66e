"""What metrics and traces cost a request: processor time of one server with them and one without, in turns.

    python -m tests.bench.observed --rounds 20 --requests 100

Both servers stand in this process over one runtime, so that all else is the same. In each round the one is asked and
then the other, the order changing from round to round; the median of the differences is printed. Spans are made and
handed to an exporter as in production, which counts them in place of sending.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import NoOpTracerProvider
from yiqi.client import YiqiClient
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from service.api.server import build_server
from service.compose import open_application
from service.core import traces
from service.core.metrics import Metrics
from service.core.settings import Settings
from service.serving import Runtime
from service.store.contract import Store
from tests.bench.figures import machine
from tests.bench.serving import arguments, data_of, recommendable

Ask = Callable[[YiqiClient, int], object]


class Counting(SpanExporter):
    """Takes spans and sends none."""

    def __init__(self) -> None:
        self.count = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Count them."""
        self.count += len(spans)
        return SpanExportResult.SUCCESS


@contextmanager
def asked(store: Store, runtime: Runtime, metrics: Metrics | None) -> Iterator[YiqiClient]:
    """A client of a server with these metrics, or without any."""
    server = build_server(store, runtime, runtime.tokens.check, metrics=metrics)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with YiqiClient(f"127.0.0.1:{port}", timeout=600) as client:
        yield client
    server.stop(None).wait()


def processor_seconds(client: YiqiClient, ask: Ask, requests: int) -> float:
    """Of this whole process, its client among it, for one request."""
    began = time.process_time()
    for n in range(requests):
        ask(client, n)
    return (time.process_time() - began) / requests


def compare(
    plain: YiqiClient, observed: YiqiClient, provider: TracerProvider, ask: Ask, options: argparse.Namespace
) -> str:
    """One line: what a request costs, and what is added to it."""
    costs: dict[bool, list[float]] = {False: [], True: []}

    def measure(with_all: bool) -> None:
        with patch.object(traces, "TRACER", (provider if with_all else NoOpTracerProvider()).get_tracer("yiqi")):
            costs[with_all].append(processor_seconds(observed if with_all else plain, ask, options.requests))

    for turn in range(options.rounds):
        for with_all in (False, True) if turn % 2 else (True, False):
            measure(with_all)
    added = statistics.median(b - a for a, b in zip(costs[False], costs[True], strict=True))
    usual = statistics.median(costs[False])
    share = 100 * added / usual
    return f"{1000 * usual:8.3f} ms a request, {1e6 * added:+7.0f} us for metrics and traces: {share:+5.1f} %"


def main() -> None:
    """The command."""
    parser = arguments(__doc__ or "")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=20, help="pairs of measurements (20)")
    parser.add_argument("--requests", type=int, default=100, help="of each measurement (100)")
    options = parser.parse_args()
    exporter, provider = Counting(), TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    with (
        data_of(options) as data,
        open_application(Settings(data=data)) as (store, runtime),
        closing_provider(provider),
        asked(store, runtime, None) as plain,
        asked(store, runtime, Metrics()) as observed,
    ):
        people = recommendable(plain, options.community)
        kinds: dict[str, Ask] = {
            "peers": lambda c, n: c.recommend_peers(
                options.community, people[n % len(people)], limit=10, audience=AUDIENCE_ORGANIZERS
            ),
            "search": lambda c, n: c.search_members(
                options.community, "who can mend radios", limit=10, audience=AUDIENCE_ORGANIZERS
            ),
            "get member": lambda c, n: c.get_member(options.community, people[n % len(people)]),
        }
        for name, ask in kinds.items():
            processor_seconds(plain, ask, 20)
            processor_seconds(observed, ask, 20)
            print(f"{name:<12} {compare(plain, observed, provider, ask, options)}", flush=True)
    print(f"{exporter.count} spans; {machine()}")


@contextmanager
def closing_provider(provider: TracerProvider) -> Iterator[None]:
    """Shut down at the end of the block."""
    try:
        yield
    finally:
        provider.shutdown()


if __name__ == "__main__":
    main()
