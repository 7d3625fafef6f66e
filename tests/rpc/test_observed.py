"""What can be watched of a server: conditions, metrics of what is damaged, traces from a write to its consumers."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from yiqi.client import id_of
from yiqi.v1.common_pb2 import Need
from yiqi.v1.community_pb2 import DeleteCommunityRequest
from yiqi.v1.member_pb2 import CreateMemberRequest, GetMemberRequest, Member
from yiqi.v1.member_pb2_grpc import MemberServiceStub

from models.domain.requests import Recommendations
from models.ranking import pipeline
from service.api.server import new_health, set_well
from service.core import logs, traces
from service.core.conditions import Conditions
from service.serving.encoders import Encoders
from service.serving.measured import Measured
from tests.rpc.toy_server import Served, served  # noqa: F401

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = (("traceparent", f"00-{TRACE}-b7ad6b7169203331-01"),)
WAIT = 30.0


def wait_for(condition: Callable[[], Any]) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


# -- conditions ------------------------------------------------------------------------------------------------------


def test_a_community_is_loading_then_serving_then_degraded_then_damaged() -> None:
    conditions = Conditions(lambda what, community, well: None)
    seen = []
    for what, well in (("feed", True), ("communities", True), ("feed", False), ("data", False), ("communities", True)):
        conditions.set_well(what, "c", well)  # type: ignore[arg-type]
        seen += [name for name, count in conditions.count(["c"]).items() if count]
    assert seen == ["loading", "serving", "degraded", "damaged", "damaged"]


def test_health_tells_damaged_data_by_a_name_of_its_own() -> None:
    health = new_health()
    conditions = Conditions(lambda what, community, well: set_well(health, what, community, well))
    conditions.set_well("communities", "c", True)
    assert checked(health, "data/c") == health_pb2.HealthCheckResponse.SERVING
    conditions.set_well("data", "c", False)
    conditions.set_well("communities", "c", True)
    assert checked(health, "data/c") == health_pb2.HealthCheckResponse.NOT_SERVING


def checked(health: Any, name: str) -> int:
    """What health says over a connection."""
    server = grpc.server(ThreadPoolExecutor(1))
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        status = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=WAIT).status
    server.stop(None).wait()
    return int(status)


# -- metrics ---------------------------------------------------------------------------------------------------------


def scraped(served: Served) -> str:  # noqa: F811
    registry = CollectorRegistry()
    registry.register(Measured(served.store, served.runtime, Conditions(lambda what, community, well: None)))
    return generate_latest(registry).decode()


def test_what_cannot_be_looked_up_hides_nothing_else(
    served: Served,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "yiqi_metrics_complete 1.0" in scraped(served)

    def damaged() -> Any:
        raise OSError("a page that cannot be read")

    monkeypatch.setattr(served.store, "job_counts", damaged)
    text = scraped(served)
    assert "yiqi_metrics_complete 0.0" in text
    assert 'yiqi_feed_lag_entries{consumer="index"} 0.0' in text
    assert 'yiqi_community_memory_bytes{community="toy"}' in text


def test_communities_beyond_the_largest_are_told_as_one(
    served: Served,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = served.view()
    several = {"toy": view, "second": view, "third": view}
    monkeypatch.setattr(served.runtime, "in_memory", lambda: several)
    monkeypatch.setattr("service.serving.measured.MOST_COMMUNITIES", 1)
    sizes = [line for line in scraped(served).splitlines() if line.startswith("yiqi_community_memory_bytes{")]
    assert [line.split("}")[0].split('"')[1] for line in sizes] == ["second", "(other)"]


EXPOSURE = 'yiqi_exposure_seen_share{community="toy"}'


@contextmanager
def in_flight(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: F811
    """Who is in a list of one that was computed, and is on its way to the caller for as long as the block lasts."""
    computed, let_go, compute = threading.Event(), threading.Event(), pipeline.recommend_peers
    found: list[str] = []

    def held(*asked: Any) -> Recommendations:
        answer = compute(*asked)
        found.extend(match.id for match in answer.matches)
        computed.set()
        assert let_go.wait(WAIT)
        return answer

    monkeypatch.setattr(pipeline, "recommend_peers", held)
    with ThreadPoolExecutor(1) as caller:
        asked = caller.submit(served.client.recommend_peers, "toy", "mei", limit=1)
        try:
            assert computed.wait(WAIT)
            yield found[0]
        finally:
            let_go.set()
        assert [id_of(one.resource) for one in asked.result(WAIT).recommendations] == found
    monkeypatch.setattr(pipeline, "recommend_peers", compute)


def test_an_answer_on_its_way_is_no_exposure_in_a_community_that_was_made_anew(
    served: Served,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with in_flight(served, monkeypatch) as found:
        served.client.communities.DeleteCommunity(DeleteCommunityRequest(name="communities/toy"))
        served.client.create_community("toy")
        for id in ("mei", found):
            served.client.create_member("toy", id, Member(profile="seeds", consent="CONSENT_MEMBERS"))
        served.view()
    assert EXPOSURE not in scraped(served)
    asked = served.client.recommend_peers("toy", "mei", include_fillers=True)
    assert [id_of(one.resource) for one in asked.recommendations] == [found]
    assert EXPOSURE in scraped(served)


@pytest.mark.parametrize("on_its_way", [True, False])
def test_nobody_who_was_erased_is_kept_as_shown(
    served: Served,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    on_its_way: bool,
) -> None:
    before = served.view()
    with in_flight(served, monkeypatch) as found:
        if on_its_way:
            served.client.erase_member("toy", found)
    if not on_its_way:
        assert served.runtime.shown.exposure("toy", before)
        served.client.erase_member("toy", found)
    assert served.runtime.shown.exposure("toy", before) is None


def test_nobody_is_kept_as_shown_whom_a_view_has_that_comes_later(served: Served) -> None:  # noqa: F811
    before, shown = served.view(), served.runtime.shown
    shown.forget("toy", ["noah"], seen=False)
    shown.note(shown.since(), "toy", ["noah"])
    assert shown.exposure("toy", before) is None
    shown.note(shown.since(), "toy", ["noah", "mei"])
    exposure = shown.exposure("toy", before)
    assert exposure
    assert exposure.seen == pytest.approx(1 / sum(one is not None for one in before.members), rel=0.5)


def test_texts_that_wait_for_the_encoder_are_counted_until_they_are_done() -> None:
    queue = Encoders("use-multilingual-v3").queue
    with queue.waiting(10) as done:
        done(4)
        assert queue.length == 6
    assert queue.length == 0


# -- traces ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is sent."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(traces, "TRACER", provider.get_tracer("yiqi"))
    yield exporter
    provider.shutdown()


def newcomer(id: str) -> CreateMemberRequest:
    member = Member(display_name="Secret Name", seeks=[Need(text="secret words")], consent="CONSENT_MEMBERS")
    return CreateMemberRequest(parent="communities/toy", member_id=id, member=member)


def test_a_write_and_what_its_consumers_make_of_it_are_one_trace(
    served: Served,  # noqa: F811
    spans: InMemorySpanExporter,
) -> None:
    with grpc.insecure_channel(served.target) as channel:
        MemberServiceStub(channel).CreateMember(newcomer("zoe"), metadata=PARENT, timeout=WAIT)
    wait_for(lambda: {"yiqi.v1.MemberService/CreateMember", "feed index"} <= names_of(spans, TRACE))


def test_spans_hold_no_text_and_no_member(
    served: Served,  # noqa: F811
    spans: InMemorySpanExporter,
) -> None:
    with grpc.insecure_channel(served.target) as channel:
        stub = MemberServiceStub(channel)
        stub.CreateMember(newcomer("zoe"), metadata=PARENT, timeout=WAIT)
        with pytest.raises(grpc.RpcError):
            stub.GetMember(GetMemberRequest(name="communities/toy/members/nobody-knows"), timeout=WAIT)
    wait_for(lambda: {"yiqi.v1.MemberService/GetMember", "feed index"} <= {one.name for one in finished(spans)})
    said = "".join(span.to_json() for span in finished(spans)).lower()
    assert '"rpc.grpc.status_code": 5' in said
    assert [word for word in ("secret", "zoe", "nobody-knows") if word in said] == []


def test_log_lines_of_a_call_name_its_trace_also_where_nothing_is_sent(
    served: Served,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    lines: list[dict[str, Any]] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(json.loads(logs.formatter().format(record)))  # type: ignore[method-assign]
    logger = logging.getLogger("yiqi.rpc")
    logger.addHandler(handler)
    try:
        with caplog.at_level(logging.INFO, "yiqi"), grpc.insecure_channel(served.target) as channel:
            stub = MemberServiceStub(channel)
            stub.CreateMember(newcomer("zoe"), metadata=PARENT, timeout=WAIT)
            stub.CreateMember(newcomer("yan"), timeout=WAIT)
            wait_for(lambda: len(lines) == 2)
    finally:
        logger.removeHandler(handler)
    assert lines[0]["trace"] == TRACE
    assert len(lines[1]["trace"]) == 32
    assert lines[1]["trace"] != TRACE


def finished(spans: InMemorySpanExporter) -> tuple[ReadableSpan, ...]:
    return spans.get_finished_spans()


def names_of(spans: InMemorySpanExporter, of: str) -> set[str]:
    return {one.name for one in finished(spans) if trace.format_trace_id(one.context.trace_id) == of}
