"""Calls for a community that is being loaded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from yiqi.client import member_name
from yiqi.v1 import recommendation_pb2 as pb
from yiqi.v1 import recommendation_pb2_grpc as grpc_pb

from models.domain.records import Community, Member
from service.api.server import build_server
from service.core.settings import Settings
from service.serving import Runtime
from service.store.sql import SqlStore
from tests.held_back import loading_held_back


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
