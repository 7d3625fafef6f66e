"""What `yiqi serve` sends to a collector of traces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from tests.e2e.serving import member, serving, start


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.services: set[str] = set()

    def Export(
        self, request: trace_service_pb2.ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        for resource in request.resource_spans:
            about = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.services.add(about["service.name"])
            self.names |= {span.name for scope in resource.scope_spans for span in scope.spans}
        return trace_service_pb2.ExportTraceServiceResponse()


def test_calls_and_turns_reach_a_collector_before_the_server_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = Collector()
    server = grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    with serving(tmp_path / "data") as (served, client):
        client.create_community("c")
        written = client.create_member("c", "ann", member("Potter"))
        client.recommend_peers("c", "ann", min_sequence=written.sequence)
        assert served.stop() == 0
    server.stop(None).wait()
    assert {"yiqi.v1.MemberService/CreateMember", "feed index"} <= collector.names
    assert collector.services == {"yiqi"}


def test_a_server_that_should_send_traces_and_cannot_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
    without = "import sys; sys.modules['opentelemetry.sdk'] = None; from service.__main__ import main; main()"
    server = start(tmp_path / "data", code=without)
    _, said = server.communicate(timeout=60)
    assert server.returncode == 1
    assert 'the extra "traces" is not installed' in said
    assert "Traceback" not in said
