"""The Python client: retries, batches, deadlines, and a wheel that needs gRPC and protobuf only."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import grpc
import pytest
import yiqi.client
import yiqi.v1
from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.client import BATCH_ITEMS, YiqiClient, YiqiRpcError, id_of, member_name, message_name, timestamp
from yiqi.v1 import member_pb2, member_pb2_grpc
from yiqi.v1 import message_pb2 as messages

from .conftest import NOW, Running

PROTO = Path(__file__).parents[2] / "proto"
T = Timestamp(seconds=NOW // 1_000_000)


def message(id: str, text: str = "hello") -> messages.Message:
    return messages.Message(name=message_name("c", id), author=member_name("c", "ann"), time=T, text=text)


class Flaky(member_pb2_grpc.MemberServiceServicer):
    """Unavailable for the first calls."""

    def __init__(self, failures: int) -> None:
        self.left = failures
        self.calls = 0

    def GetMember(self, request: member_pb2.GetMemberRequest, context: Any) -> member_pb2.GetMemberResponse:
        self.calls += 1
        if self.calls <= self.left:
            context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        return member_pb2.GetMemberResponse(member=member_pb2.Member(name=request.name))

    def MergeMembers(self, request: member_pb2.MergeMembersRequest, context: Any) -> Any:
        self.calls += 1
        context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")

    def ListMembers(self, request: member_pb2.ListMembersRequest, context: Any) -> member_pb2.ListMembersResponse:
        time.sleep(1)
        return member_pb2.ListMembersResponse()


@pytest.fixture
def flaky() -> Iterator[tuple[Flaky, str]]:
    servicer = Flaky(2)
    server = grpc.server(ThreadPoolExecutor(2))
    member_pb2_grpc.add_MemberServiceServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield servicer, f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_a_call_that_may_be_repeated_is_tried_again_while_unavailable(flaky: tuple[Flaky, str]) -> None:
    servicer, target = flaky
    with YiqiClient(target) as client:
        assert client.get_member("c", "ann").name == member_name("c", "ann")
    assert servicer.calls == 3


def test_calls_of_every_service_of_the_contract_are_tried_again() -> None:
    modules = [import_module(f"yiqi.v1.{found.name}") for found in iter_modules(yiqi.v1.__path__)]
    offered = {name for one in modules if hasattr(one, "DESCRIPTOR") for name in one.DESCRIPTOR.services_by_name}
    repeated = {name for proto in yiqi.client._PROTOS for name in proto.DESCRIPTOR.services_by_name}
    assert offered
    assert repeated == offered


def test_a_call_that_must_not_be_repeated_is_tried_once(flaky: tuple[Flaky, str]) -> None:
    servicer, target = flaky
    with YiqiClient(target) as client, pytest.raises(YiqiRpcError) as caught:
        client.members.MergeMembers(member_pb2.MergeMembersRequest())
    assert (servicer.calls, caught.value.status, caught.value.reason) == (1, grpc.StatusCode.UNAVAILABLE, "")


def test_retries_can_be_switched_off(flaky: tuple[Flaky, str]) -> None:
    servicer, target = flaky
    with YiqiClient(target, attempts=1) as client, pytest.raises(YiqiRpcError):
        client.get_member("c", "ann")
    assert servicer.calls == 1


def test_the_deadline_ends_a_slow_call(flaky: tuple[Flaky, str]) -> None:
    with YiqiClient(flaky[1], timeout=0.2) as client, pytest.raises(YiqiRpcError) as caught:
        list(client.list_members("c"))
    assert caught.value.status is grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_server_that_is_not_there_is_an_error_and_not_a_hang() -> None:
    with YiqiClient("127.0.0.1:1", timeout=2) as client:
        with pytest.raises(YiqiRpcError) as caught:
            client.wait_until_ready(0.3)
        assert caught.value.status is grpc.StatusCode.UNAVAILABLE
        with pytest.raises(YiqiRpcError):
            client.get_member("c", "ann")


def test_messages_are_sent_in_batches_and_counted_as_one(running: Running) -> None:
    running.client.create_community("c")
    many = [message(f"m{i}") for i in range(BATCH_ITEMS + 5)]
    many[BATCH_ITEMS + 2].ClearField("author")
    reply = running.client.ingest_messages("c", iter(many))
    assert (reply.summary.created, reply.summary.rejected) == (BATCH_ITEMS + 4, 1)
    assert reply.summary.rejections[0].index == BATCH_ITEMS + 2
    assert reply.sequence == running.store.head("c")


def test_large_messages_stay_below_the_limit_of_a_request(running: Running) -> None:
    running.client.create_community("c")
    reply = running.client.ingest_messages("c", (message(f"m{i}", "x" * 100_000) for i in range(90)))
    assert reply.summary.created == 90


def test_pages_are_followed_to_the_end(running: Running) -> None:
    running.client.create_community("c")
    rows = [member_pb2.Member(name=member_name("c", f"m{i:04}")) for i in range(1000)]
    for part in (rows[:700], rows[700:]):
        piece = member_pb2.ImportMembersRequest(parent="communities/c", members=part)
        running.client.members.ImportMembers(iter([piece]))
    assert [id_of(member.name) for member in running.client.list_members("c")] == [f"m{i:04}" for i in range(1000)]


def test_times_need_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        timestamp(datetime(2026, 1, 1))
    assert timestamp(datetime(1970, 1, 1, 0, 1, tzinfo=UTC)).seconds == 60


PROGRAM = """
import sys
for name in ("torch", "sqlalchemy", "numpy", "service", "models", "google.rpc"):
    sys.modules[name] = None
from yiqi.client import YiqiClient
import yiqi
assert "wheel" in yiqi.__file__, yiqi.__file__
with YiqiClient(sys.argv[1]) as client:
    client.create_community("from the wheel")
    print(next(client.list_communities()).name)
"""


@pytest.mark.slow
def test_the_wheel_of_the_client_calls_a_server_on_its_own(running: Running, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=PROTO, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("yiqi_client-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "wheel")
        requires = [line for line in _metadata(packed).splitlines() if line.startswith("Requires-Dist:")]
    assert sorted(line.split()[1].split(">")[0].split("<")[0] for line in requires) == ["grpcio", "protobuf"]
    assert (tmp_path / "wheel/yiqi/v1/member.proto").exists()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, running.target],
        env={"PYTHONPATH": str(tmp_path / "wheel"), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "communities/from the wheel", done.stderr


def _metadata(packed: zipfile.ZipFile) -> str:
    return packed.read(next(name for name in packed.namelist() if name.endswith("/METADATA"))).decode()


def test_a_server_tells_its_version_with_every_answer_and_every_refusal(running: Running) -> None:
    assert re.fullmatch(r"\d+(\.\w+)+", running.client.server_version())
    get = member_pb2_grpc.MemberServiceStub(running.channel).GetMember  # type: ignore[no-untyped-call]
    with pytest.raises(grpc.RpcError) as refused:
        get(member_pb2.GetMemberRequest(name=member_name("c", "nobody")))
    assert dict(refused.value.initial_metadata())["yiqi-version"] == running.client.server_version()
