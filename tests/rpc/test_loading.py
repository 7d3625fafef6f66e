"""Calls for a community that is being loaded."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from yiqi.client import member_name
from yiqi.v1 import recommendation_pb2 as pb
from yiqi.v1 import recommendation_pb2_grpc as grpc_pb

from models.domain.records import Community, Member
from service.api.server import AWAY, build_server
from service.core.settings import Settings
from service.serving import Runtime
from service.store.sql import SqlStore
from tests.held_back import loading_held_back
from tests.rpc.test_load import details


@pytest.mark.parametrize("timeout", [None, 60.0], ids=["without a deadline", "until its deadline"])
def test_a_call_waits_until_its_community_is_loaded(
    tmp_path: Path, timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_on = loading_held_back(monkeypatch)
    settings = Settings(data=tmp_path, introductions=False)
    with closing(SqlStore(settings.database)) as store:
        store.put("c", [Community(id="c"), Member(id="ann", consent="members"), Member(id="bo", consent="members")])
        with closing(Runtime(store, tmp_path, settings, following=True)) as runtime:
            server = build_server(store, runtime, runtime.tokens.check)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, ThreadPoolExecutor(1) as caller:
                stub = grpc_pb.RecommendationServiceStub(channel)
                asked = pb.RecommendPeersRequest(member=member_name("c", "ann"))
                answer = caller.submit(stub.RecommendPeers, asked, timeout=timeout)
                assert begun.wait(60)
                let_on.set()
                assert answer.result(60).info.model_version
            server.stop(None).wait()


def test_few_wait_for_a_community_to_be_loaded_and_others_are_told_when_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_on = loading_held_back(monkeypatch)
    settings, more = Settings(data=tmp_path, introductions=False), 4
    with closing(SqlStore(settings.database)) as store:
        store.put("c", [Community(id="c"), Member(id="ann", consent="members"), Member(id="bo", consent="members")])
        with closing(Runtime(store, tmp_path, settings, following=True)) as runtime:
            server = build_server(store, runtime, runtime.tokens.check)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = grpc_pb.RecommendationServiceStub(channel)
                request = pb.RecommendPeersRequest(member=member_name("c", "ann"))
                asked = [stub.RecommendPeers.future(request, timeout=60) for _ in range(AWAY // 2 + more)]
                assert begun.wait(60)
                until = time.monotonic() + 15
                while sum(call.done() for call in asked) < more and time.monotonic() < until:
                    time.sleep(0.01)
                refused = [call for call in asked if call.done()]
                assert [call.code() for call in refused] == [grpc.StatusCode.UNAVAILABLE] * more
                assert all(details(call, RetryInfo).retry_delay.ToTimedelta() > timedelta() for call in refused)
                let_on.set()
                assert all(call.result().info.model_version for call in asked if call not in refused)
            server.stop(None).wait()
