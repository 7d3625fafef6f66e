"""Under load: streams that are left open take nothing from anybody, and what cannot be answered in time is told so."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2_grpc
from yiqi.client import YiqiClient, YiqiRpcError, member_name
from yiqi.v1 import community_pb2_grpc, message_pb2, message_pb2_grpc, recommendation_pb2, recommendation_pb2_grpc
from yiqi.v1.community_pb2 import CreateCommunityRequest, ExportCommunityRequest, ListCommunitiesRequest

from models.domain.requests import Options, Recommendations
from service.api.interceptors import admission
from service.api.interceptors.load import LISTS, LISTS_OF_COMMUNITY, Load
from service.api.server import build_server, new_health, set_serving
from service.application import recommendations as usecase
from service.core.gate import Gate
from service.store.sql import SqlStore

SECONDS = 30.0


class Slow:
    """A runtime of which each answer waits until it is let go, as far as its community is busy."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.let_go = threading.Event()
        self.closed = threading.Semaphore(0)  # streams of lists that are over

    def wait_indexed(self, community: str, sequence: int, timeout: float) -> bool:
        return True

    def answer(self, community: str) -> usecase.Answer:
        if community == "busy":
            self.begun.release()
            assert self.let_go.wait(SECONDS)
        return usecase.Answer(Recommendations((), 0, "m"), index_version="i", indexed_through=1, token="")


class Server:
    def __init__(self, target: str, runtime: Slow, stack: ExitStack) -> None:
        self.target, self.runtime, self._stack = target, runtime, stack
        self.channel = self.connection()
        self.client = stack.enter_context(YiqiClient(target, timeout=SECONDS, attempts=1))
        self.peers = recommendation_pb2_grpc.RecommendationServiceStub(self.channel).RecommendPeers  # type: ignore[no-untyped-call]
        self.health = health_pb2_grpc.HealthStub(self.channel)  # type: ignore[no-untyped-call]

    def connection(self) -> grpc.Channel:
        channel = grpc.insecure_channel(self.target, options=[("grpc.use_local_subchannel_pool", 1)])
        return self._stack.enter_context(closing(channel))

    def ask(self, community: str, seconds: float = SECONDS) -> Any:
        request = recommendation_pb2.RecommendPeersRequest(member=member_name(community, "ann"))
        return self.peers.future(request, timeout=seconds)

    def serves(self) -> bool:
        """Whether health answers that it does, and a call is answered."""
        well = self.health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status
        self.client.communities.ListCommunities(ListCommunitiesRequest())
        return bool(well == health_pb2.HealthCheckResponse.SERVING)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Load], Server]]:
    def peers(runtime: Slow, community: str, member: str, options: Options) -> usecase.Answer:
        return runtime.answer(community)

    def lists(runtime: Slow, community: str, *asked: Any) -> Iterator[tuple[str, usecase.Answer]]:
        try:
            for member in repeat("ann") if community == "endless" else ("ann", "bo"):
                yield member, runtime.answer(community)
        finally:
            runtime.closed.release()

    monkeypatch.setattr(usecase, "recommend_peers", peers)
    monkeypatch.setattr(usecase, "recipients", lambda *asked: ["ann", "bo"])
    monkeypatch.setattr(usecase, "recommend_all", lists)
    with ExitStack() as stack:

        def start(load: Load) -> Server:
            store, runtime, health = SqlStore(tmp_path / "yiqi.db"), Slow(), new_health()
            server = build_server(store, runtime, lambda community, outcome: None, health=health, load=load)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            set_serving(health, True)
            stack.callback(store.close)
            stack.callback(lambda: server.stop(None).wait())
            stack.callback(runtime.let_go.set)
            return Server(f"127.0.0.1:{port}", runtime, stack)

        yield start


def details(error: Any, kind: Any) -> Any:
    """What the details of a failed call hold of a kind."""
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    found = kind()
    assert any(one.Unpack(found) for one in Status.FromString(packed).details)
    return found


@contextmanager
def idle(opened: Callable[[Iterator[Any]], Any]) -> Iterator[Any]:
    """A stream over which nothing is sent."""
    over = threading.Event()

    def nothing() -> Iterator[Any]:
        over.wait(SECONDS)
        yield from ()

    call = opened(nothing())
    try:
        yield call
    finally:
        over.set()
        call.cancel()


@contextmanager
def closing_call(call: Any) -> Iterator[Any]:
    """A stream of replies, the first of which has come."""
    next(call)
    try:
        yield call
    finally:
        call.cancel()


def ingest(server: Server) -> Any:
    return message_pb2_grpc.MessageServiceStub(server.connection()).IngestMessages  # type: ignore[no-untyped-call]


def test_idle_streams_take_nothing_from_calls_and_health(served: Callable[[Load], Server]) -> None:
    server = served(Load(streams=8))
    ask = ingest(server).future
    reflect = reflection_pb2_grpc.ServerReflectionStub(server.connection()).ServerReflectionInfo
    watch = health_pb2_grpc.HealthStub(server.connection()).Watch  # type: ignore[no-untyped-call]
    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(idle(ask)) for _ in range(80)]
        for _ in range(85):
            open_streams.enter_context(idle(reflect))
        for _ in range(200):
            told = watch(health_pb2.HealthCheckRequest(), timeout=SECONDS)
            open_streams.callback(told.cancel)
            assert next(told).status == health_pb2.HealthCheckResponse.SERVING
        refused = threading.Semaphore(0)
        for stream in streams:
            stream.add_done_callback(lambda _: refused.release())
        for _ in range(72):
            assert refused.acquire(timeout=SECONDS)
        assert server.serves()
        failed = next(stream for stream in streams if stream.done())
        assert failed.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert details(failed, ErrorInfo).reason == "TOO_MANY_STREAMS"
        assert details(failed, RetryInfo).retry_delay.seconds > 0


def test_a_stream_over_which_nothing_comes_is_closed_and_its_place_is_free(served: Callable[[Load], Server]) -> None:
    server = served(Load(streams=1, stream_idle_seconds=0.3))
    for _ in range(3):
        with idle(ingest(server).future) as stream, pytest.raises(grpc.RpcError):
            stream.result(SECONDS)
        assert stream.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert dict(stream.trailing_metadata())["yiqi-reason"] == "STREAM_IDLE"


def test_a_stream_that_never_pauses_is_closed_when_its_time_is_over(served: Callable[[Load], Server]) -> None:
    server = served(Load(stream_seconds=1.0))
    server.client.communities.CreateCommunity(CreateCommunityRequest(community_id="c"))
    over = threading.Event()

    def pieces() -> Iterator[message_pb2.IngestMessagesRequest]:
        while not over.wait(0.05):
            yield message_pb2.IngestMessagesRequest(parent="communities/c")

    call = ingest(server).future(pieces())
    with pytest.raises(grpc.RpcError):
        call.result(SECONDS)
    over.set()
    assert dict(call.trailing_metadata())["yiqi-reason"] == "STREAM_OVER"


def test_one_community_leaves_half_of_the_streams_to_others(served: Callable[[Load], Server]) -> None:
    server = served(Load(streams=8))
    over = threading.Event()

    def pieces(community: str) -> Iterator[message_pb2.IngestMessagesRequest]:
        yield message_pb2.IngestMessagesRequest(parent=f"communities/{community}")
        over.wait(SECONDS)

    for community in ("busy", "quiet"):
        server.client.communities.CreateCommunity(CreateCommunityRequest(community_id=community))
    open_stream = ingest(server).future
    busy = [open_stream(pieces("busy")) for _ in range(8)]
    try:
        failed = one_of_those_over(busy, 4)
        assert failed.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert details(failed, ErrorInfo).reason == "TOO_MANY_STREAMS"
        assert failed.details().startswith("The community has as many streams open as it may.")
        assert details(failed, RetryInfo).retry_delay.seconds > 0
        with pytest.raises(grpc.RpcError) as exporting:
            list(export(server, "busy"))
        assert details(exporting.value, ErrorInfo).reason == "TOO_MANY_STREAMS"
        assert list(export(server, "quiet"))
        quiet = [open_stream(pieces("quiet")) for _ in range(4)]
    finally:
        over.set()
    for stream in quiet:
        assert stream.result(SECONDS).summary.rejected == 0
    assert sum(stream.code() is grpc.StatusCode.OK for stream in busy) == 4
    assert list(export(server, "busy"))


def one_of_those_over(calls: Sequence[Any], count: int) -> Any:
    """Once so many of the calls are."""
    over = threading.Semaphore(0)
    for call in calls:
        call.add_done_callback(lambda _: over.release())
    for _ in range(count):
        assert over.acquire(timeout=SECONDS)
    return next(call for call in calls if call.done())


def export(server: Server, community: str) -> Any:
    stub = community_pb2_grpc.CommunityServiceStub(server.channel)  # type: ignore[no-untyped-call]
    return stub.ExportCommunity(ExportCommunityRequest(name=f"communities/{community}"), timeout=SECONDS)


def test_calls_that_never_send_their_request_are_ended(
    served: Callable[[Load], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "REQUEST_SECONDS", 0.2)
    server = served(Load(workers=4))
    opened = server.connection().stream_unary("/yiqi.v1.CommunityService/ListCommunities")
    with ExitStack() as open_calls:
        calls = [open_calls.enter_context(idle(opened.future)) for _ in range(300)]
        for call in calls:
            with pytest.raises(grpc.RpcError):
                call.result(SECONDS)
        assert {call.code() for call in calls} == {grpc.StatusCode.CANCELLED}
        assert server.serves()


def test_whoever_opens_calls_on_all_threads_and_sends_nothing_keeps_nobody_waiting(
    served: Callable[[Load], Server],
) -> None:
    server = served(Load(workers=4))
    opened = server.connection().stream_unary("/yiqi.v1.CommunityService/ListCommunities")
    with ExitStack() as open_calls:
        for _ in range(500):
            open_calls.enter_context(idle(opened.future))
        began = time.monotonic()
        assert server.serves()
        assert time.monotonic() - began < admission.REQUEST_SECONDS / 2


def test_a_busy_community_leaves_room_for_another_and_tells_when_to_come_back(
    served: Callable[[Load], Server], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "yiqi.rpc")
    server = served(Load(workers=8, queue_seconds=0.5))
    asked = [server.ask("busy") for _ in range(300)]
    for _ in range(2):
        assert server.runtime.begun.acquire(timeout=SECONDS)
    assert server.ask("quiet").result(SECONDS).info.model_version == "m"
    assert server.serves()
    failed = one_of_those_over(asked, 298)
    assert failed.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(failed, ErrorInfo).reason == "OVERLOADED"
    assert 0.5 <= details(failed, RetryInfo).retry_delay.ToTimedelta().total_seconds() <= 1.0
    counted = [one for one in caplog.records if getattr(one, "code", "") == "RESOURCE_EXHAUSTED"]
    assert 0 < len(counted) < 20  # a line a second, not one for each
    server.runtime.let_go.set()
    answered = [call for call in asked if call.code() is grpc.StatusCode.OK]
    assert len(answered) == 2
    assert server.ask("busy").result(SECONDS).info.model_version == "m"


def test_who_comes_late_is_refused_where_the_call_arrives_and_counted(
    served: Callable[[Load], Server], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "yiqi.rpc")
    seen: list[tuple[str, float]] = []
    monkeypatch.setattr(Gate, "pressed", lambda gate: True)
    monkeypatch.setattr(Gate, "late", lambda gate, method, seconds: seen.append((method, seconds)) or True)
    server = served(Load())
    late = server.ask("quiet", seconds=7.0)
    assert late.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details(late, ErrorInfo).reason == "OVERLOADED"
    assert details(late, RetryInfo).retry_delay.ToMilliseconds() > 0
    assert [one.count for one in caplog.records if getattr(one, "code", "") == "RESOURCE_EXHAUSTED"] == [1]  # type: ignore[attr-defined]
    (method, seconds), *_ = seen
    assert method == "/yiqi.v1.RecommendationService/RecommendPeers"
    assert 5.0 < seconds <= 7.0
    well = server.health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
    assert well.status == health_pb2.HealthCheckResponse.SERVING


def test_the_client_comes_back_when_it_is_told_to(served: Callable[[Load], Server]) -> None:
    server = served(Load(queue_seconds=0.5))
    running = [server.ask("busy") for _ in range(2)]
    for _ in running:
        assert server.runtime.begun.acquire(timeout=SECONDS)
    with YiqiClient(server.target, timeout=SECONDS) as patient, ThreadPoolExecutor(1) as caller:
        asked = caller.submit(patient.recommend_peers, "busy", "ann")
        threading.Event().wait(0.3)  # so that it is refused before this one is, which lets all others go
        refused = server.ask("busy")
        refused.add_done_callback(lambda _: server.runtime.let_go.set())
        assert asked.result(SECONDS).info.model_version == "m"
    assert refused.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert int(dict(refused.trailing_metadata())["grpc-retry-pushback-ms"]) >= 500


def test_a_call_without_a_request_is_told_so(served: Callable[[Load], Server]) -> None:
    server = served(Load())
    list_communities = community_pb2_grpc.CommunityServiceStub(server.channel)  # type: ignore[no-untyped-call]
    assert list_communities.ListCommunities(ListCommunitiesRequest()).ListFields() == []
    call = server.channel.stream_unary("/yiqi.v1.CommunityService/ListCommunities")
    with pytest.raises(grpc.RpcError) as refused:
        call(iter(()), timeout=SECONDS)
    assert dict(refused.value.trailing_metadata())["yiqi-reason"] == "MALFORMED_REQUEST"


def test_many_patient_callers_are_all_answered(served: Callable[[Load], Server]) -> None:
    server = served(Load(workers=4, queue_seconds=SECONDS))
    with ThreadPoolExecutor(48) as callers:

        def ask(number: int) -> bool:
            try:
                return bool(server.ask(f"quiet{number % 3}").result(SECONDS).info)
            except (grpc.RpcError, YiqiRpcError):
                return False

        assert all(callers.map(ask, range(200)))


def test_more_streams_of_lists_than_there_is_room_for_are_refused(served: Callable[[Load], Server]) -> None:
    server = served(Load(workers=8 * LISTS))  # each has its turn
    ask = recommendation_pb2_grpc.RecommendationServiceStub(server.channel).RecommendAll  # type: ignore[no-untyped-call]

    def lists(community: str) -> Any:
        return ask(recommendation_pb2.RecommendAllRequest(parent=f"communities/{community}"), timeout=SECONDS)

    def refusal(community: str) -> grpc.RpcError:
        with pytest.raises(grpc.RpcError) as refused:
            next(lists(community))
        assert details(refused.value, ErrorInfo).reason == "TOO_MANY_STREAMS"
        return refused.value

    with ExitStack() as open_streams:
        for _ in range(LISTS_OF_COMMUNITY):
            open_streams.callback(lists("busy").cancel)
        for _ in range(LISTS_OF_COMMUNITY):
            assert server.runtime.begun.acquire(timeout=SECONDS)
        assert str(refusal("busy").details()).startswith("The community has as many")
        assert len(list(lists("quiet"))) == 2
        for _ in range(LISTS - LISTS_OF_COMMUNITY):
            open_streams.enter_context(closing_call(lists("endless")))
        assert str(refusal("quiet").details()).startswith("The service has as many")
        assert server.ask("quiet").result(SECONDS).info.model_version == "m"


def test_each_list_waits_for_its_turn(served: Callable[[Load], Server]) -> None:
    server = served(Load(workers=2, queue_seconds=0.2))
    calls = [server.ask("busy") for _ in range(2)]
    for _ in calls:
        assert server.runtime.begun.acquire(timeout=SECONDS)
    ask = recommendation_pb2_grpc.RecommendationServiceStub(server.channel).RecommendAll  # type: ignore[no-untyped-call]
    request = recommendation_pb2.RecommendAllRequest(parent="communities/quiet")
    with pytest.raises(grpc.RpcError) as refused:
        list(ask(request, timeout=SECONDS))
    assert details(refused.value, ErrorInfo).reason == "OVERLOADED"
    server.runtime.let_go.set()
    assert len(list(ask(request, timeout=SECONDS))) == 2


def test_lists_go_on_over_another_stream_when_the_time_of_one_is_over(served: Callable[[Load], Server]) -> None:
    server = served(Load(stream_seconds=0.2))
    replies: Any = server.client.recommend_all("endless")
    while not server.runtime.closed.acquire(blocking=False):  # one stream is over
        next(replies)
    assert next(replies).info.model_version == "m"
    replies.close()


def test_lists_are_computed_no_more_once_the_caller_is_gone(served: Callable[[Load], Server]) -> None:
    server = served(Load())
    replies: Any = server.client.recommend_all("endless")
    assert next(replies).info.model_version == "m"
    replies.close()
    assert server.runtime.closed.acquire(timeout=SECONDS)
