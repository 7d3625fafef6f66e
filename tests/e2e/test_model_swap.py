"""Models swapped under a running server: by itself, by another process, back and forth, and into damage."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.client import YiqiClient, community_name, id_of, member_name, message_name
from yiqi.v1.common_pb2 import Need
from yiqi.v1.community_pb2 import DeleteCommunityRequest
from yiqi.v1.message_pb2 import Message
from yiqi.v1.model_pb2 import MODEL_STATE_DAMAGED
from yiqi.v1.outcome_pb2 import OUTCOME_KIND_SHOWN, Outcome

from models.ranking.ranker import shipped
from service.serving.model_folder import ModelFolder
from tests.e2e.serving import ROOT, START, Server, member, serving
from tests.learnt import learnt

SHIPPED = shipped().version
SWAPS = 50
CLIENTS = 8
PEOPLE = {
    "ann": "Potter, fires a wood kiln, teaches glazing",
    "bo": "Bakes sourdough in a wood-fired oven",
    "cy": "Marine biologist who counts limpets",
    "dee": "Runs a small ceramics studio",
    "林": "做陶瓷的，喜欢烧窑",
}


@dataclass(frozen=True)
class Served:
    """A community on a running server, and the models of its data folder as another process sees them."""

    data: Path
    server: Server
    client: YiqiClient
    community: str

    @property
    def models(self) -> ModelFolder:
        return ModelFolder(self.data / "models")

    def add(self, night: int = 0, *, passed: bool = True) -> str:
        return self.models.add(*learnt(night, community=self.community, passed=passed))[1].version

    def promote(self, version: str) -> None:
        self.client.promote_model(self.community, version)

    def serving(self) -> str:
        return self.client.recommend_peers(self.community, "ann").info.model_version


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server, YiqiClient]]:
    data = tmp_path_factory.mktemp("swapped") / "data"
    with serving(data) as (server, client):
        yield data, server, client


@pytest.fixture
def served(running: tuple[Path, Server, YiqiClient], request: pytest.FixtureRequest) -> Served:
    """A community of its own for each test, on a server that all share."""
    data, server, client = running
    fill(client, request.node.name)
    return Served(data, server, client, request.node.name)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Served]:
    """A community on a server of its own, which the test may stop."""
    with serving(tmp_path / "data") as (server, client):
        fill(client, "c")
        yield Served(tmp_path / "data", server, client, "c")


def fill(client: YiqiClient, community: str) -> None:
    client.create_community(community)
    for id, profile in PEOPLE.items():
        client.create_member(community, id, member(profile, offers=[Need(text=profile)], seeks=[Need(text="a kiln")]))
    sent = client.ingest_messages(community, [said(community, n) for n in range(40)])
    client.search_members(community, "warm up", min_sequence=sent.sequence)


def said(community: str, n: int) -> Message:
    return Message(
        name=message_name(community, f"x{n}"),
        author=member_name(community, list(PEOPLE)[n * 7 % 5]),
        time=Timestamp(seconds=START + 60 * n),
        text=f"line {n} about the kiln",
    )


def eventually(reached: Callable[[], bool]) -> bool:
    """Within the second that a server may take to follow a pointer, and the time of a request."""
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        if reached():
            return True
        time.sleep(0.02)
    return False


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *map(str, words)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def yiqi(*words: object) -> str:
    done = run(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


CALLS: dict[str, Callable[[YiqiClient, str], Any]] = {
    "peers": lambda client, c: client.recommend_peers(c, "ann", include_connected=True),
    "collaborators": lambda client, c: client.recommend_collaborators(c, member="bo", include_connected=True),
    "goal": lambda client, c: client.recommend_collaborators(c, goal="build a kiln together"),
    "search": lambda client, c: client.search_members(c, "who fires ceramics"),
    "explain": lambda client, c: client.explain_match(c, "ann", "dee"),
}


def scores(call: str, reply: Any) -> list[tuple[str, float]]:
    found = [reply.recommendation] if call == "explain" else reply.recommendations
    return [(match.resource, match.score) for match in found]


def test_under_load_no_request_fails_and_each_answer_is_of_the_model_that_it_names(served: Served) -> None:
    versions = [served.add(night) for night in (0, 9)]
    expected = {}
    for version in versions:
        served.promote(version)
        for call, ask in CALLS.items():
            reply = ask(served.client, served.community)
            assert reply.info.model_version == version
            expected[version, call] = scores(call, reply)
    for call in CALLS:
        assert expected[versions[0], call] != expected[versions[1], call], "the two models can be told apart"
    done = threading.Event()

    def load() -> Counter[str]:
        seen: Counter[str] = Counter()
        with YiqiClient(served.server.address, timeout=20, attempts=1) as client:
            while not done.is_set():
                for call, ask in CALLS.items():
                    reply = ask(client, served.community)
                    assert scores(call, reply) == expected[reply.info.model_version, call]
                    seen[reply.info.model_version] += 1
        return seen

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(load) for _ in range(CLIENTS)]
        try:
            for swap in range(SWAPS):
                served.promote(versions[swap % 2])
                assert served.serving() == versions[swap % 2], "from the reply on, the new model answers"
        finally:
            done.set()
        seen = sum((client.result(timeout=60) for client in clients), Counter())
    assert all(seen[version] > SWAPS for version in versions)


def test_a_running_server_follows_what_another_process_promotes_and_rolls_back(served: Served) -> None:
    version = served.add(3)
    assert served.serving() == SHIPPED
    here = ("--community", served.community, "--data", served.data)
    there = ("--community", served.community, "--server", served.server.address)
    assert yiqi("models", "promote", version, *here) == f"serving {version}\n"
    assert eventually(lambda: served.serving() == version)
    states = [(version, "serving"), (SHIPPED, "available")]
    listed = map(json.loads, yiqi("models", "list", *there, "--format", "jsonl").splitlines())
    assert [(one["model"], one["state"]) for one in listed] == states
    table = yiqi("models", "list", *here)
    assert all(re.search(rf"{version} +{state}\b", table) for version, state in states), table
    assert yiqi("models", "rollback", *here) == f"serving {SHIPPED}\n"
    assert eventually(lambda: served.serving() == SHIPPED)


def test_both_doors_of_the_command_line_say_why_a_model_is_refused(served: Served) -> None:
    version = served.add(passed=False)
    command = ("models", "promote", version, "--community", served.community)
    for door in (("--data", served.data), ("--server", served.server.address)):
        done = run(*command, *door)
        assert (done.returncode, done.stdout) == (1, "")
        assert "did not pass its gates (quality)" in done.stderr
        assert "Traceback" not in done.stderr
    assert yiqi(*command, "--force", "--server", served.server.address) == f"serving {version}\n"
    assert served.serving() == version


def test_a_damaged_model_is_refused_and_the_old_one_stays_also_after_a_restart(alone: Served) -> None:
    good, bad = alone.add(1), alone.add(2)
    alone.promote(good)
    (alone.models.home("c") / bad / "ranker.json").write_text("{}")
    alone.models.promote("c", bad, "another process")
    assert not eventually(lambda: alone.serving() != good)
    assert alone.client.get_model("c", bad).state == MODEL_STATE_DAMAGED
    alone.server.process.terminate()
    _, log = alone.server.process.communicate(timeout=60)
    refused = [line for line in map(json.loads, log.splitlines()) if line["event"] == "model refused"]
    assert [(line["model"], line["why"]) for line in refused] == [(bad, "The file ranker.json was changed or damaged.")]
    with serving(alone.data) as (_, client):
        assert client.recommend_peers("c", "ann").info.model_version == good


def test_a_server_and_a_reader_begin_with_the_model_that_was_promoted(alone: Served) -> None:
    version = alone.add(4)
    alone.promote(version)
    assert alone.server.stop() == 0
    with serving(alone.data) as (_, client):
        assert client.recommend_peers("c", "ann").info.model_version == version
        to_lines = ("--community", "c", "--format", "jsonl", "--data", alone.data)
        lines = yiqi("recommend", "peers", "--all", *to_lines).splitlines()
        assert [json.loads(line)["model"] for line in lines] == [version] * len(PEOPLE)
        assert json.loads(yiqi("search", "who fires kilns", *to_lines))["model"] == version


def test_a_token_of_the_model_before_is_honoured_after_the_swap(served: Served) -> None:
    reply = served.client.recommend_peers(served.community, "ann", include_connected=True)
    served.promote(served.add(1))
    shown = Outcome(
        source=member_name(served.community, "ann"),
        target=reply.recommendations[0].resource,
        time=Timestamp(seconds=START + 100_000),
        kind=OUTCOME_KIND_SHOWN,
    )
    recorded = served.client.record_outcomes(served.community, [shown], token=reply.info.recommendation_token)
    assert recorded.summary.created == 1


def test_another_community_keeps_its_own_model(served: Served) -> None:
    fill(served.client, "neighbours")
    version = served.add(5)
    served.promote(version)
    assert served.serving() == version
    assert served.client.recommend_peers("neighbours", "ann").info.model_version == SHIPPED
    assert [id_of(model.name) for model in served.client.list_models("neighbours")] == [SHIPPED]


def test_a_deleted_community_takes_its_models_along(served: Served) -> None:
    served.promote(served.add(6))
    served.client.communities.DeleteCommunity(DeleteCommunityRequest(name=community_name(served.community)))
    assert not served.models.home(served.community).exists()
    fill(served.client, served.community)
    assert served.serving() == SHIPPED


def test_erasing_somebody_reaches_what_a_nightly_job_kept_and_the_model_goes_on_serving(served: Served) -> None:
    version = served.add(7)
    served.promote(version)
    work = served.models.work(served.community)
    work.mkdir()
    (work / "records").write_text("bo bakes")
    served.client.erase_member(served.community, "bo")
    assert not work.exists()
    assert served.serving() == version
    assert served.models.read(served.community, version)[1].version == version
