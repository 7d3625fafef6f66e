"""`yiqi serve` as its callers meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from yiqi.client import YiqiClient
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import BlockMemberRequest
from yiqi.v1.message_pb2 import IngestMessagesRequest
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from tests.clock import fastest
from tests.e2e.serving import ROOT, Server, member, message, serving, start

PEOPLE = {
    "ann": "Potter, fires a wood kiln, teaches glazing",
    "bo": "Bakes sourdough in a wood-fired oven",
    "cy": "Marine biologist who counts limpets",
    "dee": "Runs a small ceramics studio",
    "林": "做陶瓷的，喜欢烧窑",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server, YiqiClient]]:
    """A server with a small community."""
    data = tmp_path_factory.mktemp("served") / "data"
    with serving(data) as (server, client):
        client.create_community("c")
        for id, profile in PEOPLE.items():
            client.create_member("c", id, member(profile))
        names = list(PEOPLE)
        client.ingest_messages("c", [message(n, names[n % 5], f"{PEOPLE[names[n % 5]]}, part {n}") for n in range(40)])
        yield data, server, client


def ids(reply: object) -> list[str]:
    return [found.resource.rsplit("/", 1)[1] for found in reply.recommendations]  # type: ignore[attr-defined]


def test_what_is_written_is_found_within_a_second(served: tuple[Path, Server, YiqiClient]) -> None:
    _, _, client = served
    client.search_members("c", "warm up")

    def profile(turn: int) -> None:
        told = member("Restores barometers and other weather instruments")
        reply = client.create_member("c", f"zoe-{turn}", told)
        found = client.search_members("c", "weather instruments", min_sequence=reply.sequence)
        assert f"zoe-{turn}" in ids(found)

    def remark(turn: int) -> None:
        told = message(900 + turn, f"yan-{turn}", "I have been translating Norwegian crime novels lately")
        sent = client.ingest_messages("c", [told])
        found = client.search_members(
            "c", "translating Norwegian novels", min_sequence=sent.sequence, audience=AUDIENCE_ORGANIZERS
        )
        assert f"yan-{turn}" in ids(found)

    assert fastest(profile) < 1.0
    assert fastest(remark) < 1.0


def test_a_chinese_question_finds_the_one_who_fits(served: tuple[Path, Server, YiqiClient]) -> None:
    _, _, client = served
    assert {"ann", "dee", "林"} & set(ids(client.search_members("c", "谁会烧陶？", limit=2)))


def test_a_blocked_member_never_appears_once_the_block_is_acknowledged(
    served: tuple[Path, Server, YiqiClient],
) -> None:
    _, _, client = served
    client.create_member("c", "pat", member("Potter who fires a wood kiln and glazes", seeks=[Need(text="a kiln")]))
    reply = client.create_member("c", "quin", member("Potter who fires a wood kiln and glazes"))
    peers = client.recommend_peers("c", "pat", min_sequence=reply.sequence, limit=50, include_fillers=True)
    assert "quin" in ids(peers)
    name = "communities/c/members/"
    client.members.BlockMember(BlockMemberRequest(name=f"{name}pat", blocked_member=f"{name}quin"))
    assert "quin" not in ids(client.recommend_peers("c", "pat", limit=50, include_fillers=True))
    assert "pat" not in ids(client.recommend_peers("c", "quin", limit=50, include_fillers=True))


def test_the_command_line_and_grpc_give_the_same_lists(served: tuple[Path, Server, YiqiClient]) -> None:
    data, server, client = served
    # What is written last is a member, so that both doors see everything.
    last = client.create_member("c", "rae", member("Writes about the sea"))
    client.recommend_peers("c", "ann", min_sequence=last.sequence)
    for what in ("peers", "collaborators"):
        for door in (["--data", str(data)], ["--server", server.address]):
            lines = _cli("recommend", what, "--community", "c", "--all", "--format", "jsonl", "--limit", "50", *door)
            for line in lines:
                reply = (
                    client.recommend_peers(
                        "c", line["member"], limit=50, audience=AUDIENCE_ORGANIZERS, include_fillers=True
                    )
                    if what == "peers"
                    else client.recommend_collaborators(
                        "c", member=line["member"], limit=50, audience=AUDIENCE_ORGANIZERS, include_fillers=True
                    )
                )
                assert [one["id"] for one in line["results"]] == ids(reply), (what, door[0], line["member"])
            assert len(lines) >= len(PEOPLE)


def test_a_second_server_on_the_same_data_says_what_is_wrong(served: tuple[Path, Server, YiqiClient]) -> None:
    data, _, _ = served
    out, error, code = _outcome(start(data))
    assert (out, code) == ("", 1)
    assert "in use by another process" in error
    assert "--server" in error
    assert "Traceback" not in error


def test_a_taken_port_is_one_clear_sentence(served: tuple[Path, Server, YiqiClient], tmp_path: Path) -> None:
    _, server, _ = served
    out, error, code = _outcome(start(tmp_path / "other", server.address))
    assert (out, code) == ("", 1)
    assert f"The address {server.address} is taken" in error
    assert "Traceback" not in error


def test_a_request_in_flight_finishes_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (server, client):
        client.create_community("c")
        sent, stopping = threading.Event(), threading.Event()

        def pieces() -> Iterator[IngestMessagesRequest]:
            yield IngestMessagesRequest(parent="communities/c", messages=[message(1, "ann")])
            sent.set()
            stopping.wait(20)
            time.sleep(0.5)
            yield IngestMessagesRequest(messages=[message(2, "ann")])

        replies: list[int] = []
        caller = threading.Thread(
            target=lambda: replies.append(client.messages.IngestMessages(pieces(), timeout=30).summary.created)
        )
        caller.start()
        assert sent.wait(20)
        time.sleep(1)  # sent is not yet taken up: a busy server may still have it before it
        server.process.send_signal(signal.SIGTERM)
        stopping.set()
        caller.join(30)
        assert replies == [2]
        server.process.communicate(timeout=30)
        assert server.process.returncode == 0


def test_a_stopped_server_starts_from_its_snapshot(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as (server, client):
        client.create_community("c")
        reply = client.create_member("c", "ann", member("Potter, teaches pottery"))
        client.recommend_peers("c", "ann", min_sequence=reply.sequence)
        assert server.stop() == 0
    assert list((data / "snapshots").glob("c-*.snapshot"))
    with serving(data) as (_, client):
        assert ids(client.search_members("c", "pottery")) == ["ann"]


def _cli(*arguments: str) -> list[dict[str, list[dict[str, str]]]]:
    run = subprocess.run(
        [sys.executable, "-m", "service", *arguments], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def _outcome(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    out, error = process.communicate(timeout=60)
    return out, error, process.returncode
