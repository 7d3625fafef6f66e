"""What cannot be taken in is set aside, shown and replayed, and the rest goes on; what is cold comes back."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from typer.testing import CliRunner
from yiqi.client import (
    YiqiClient,
    YiqiRpcError,
    channel_name,
    id_of,
    member_name,
    message_name,
    pages,
    project_name,
    timestamp,
)
from yiqi.v1 import feed_pb2 as pb
from yiqi.v1.community_pb2 import DeleteCommunityRequest
from yiqi.v1.member_pb2 import CONSENT_MEMBERS, CONSENT_ORGANIZERS, Member
from yiqi.v1.message_pb2 import Message as MessageProto
from yiqi.v1.project_pb2 import CreateProjectRequest, DeleteProjectRequest, Project

from models.community.builder import Builder
from models.domain.records import Channel, Community, Message
from models.domain.records import Project as ProjectRecord
from service.api.server import build_server, new_health, set_well
from service.cli.app import app
from service.core.settings import Settings
from service.feed import dispatcher, letters, reader
from service.serving import Runtime, suggesting
from service.serving.watched import watched
from service.store.contract import Change, DeadLetter, Store
from service.store.sql import SqlStore

C = "harbour"
WAIT = 20.0


@dataclass
class Harbour:
    """A server over a folder."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    store: SqlStore = None  # type: ignore[assignment]
    runtime: Runtime = None  # type: ignore[assignment]
    client: YiqiClient = None  # type: ignore[assignment]
    target: str = ""

    def start(self) -> None:
        self.stack = ExitStack()
        settings = Settings(data=self.folder, **self.settings)
        self.store = SqlStore(settings.database)
        self.stack.callback(self.store.close)
        if not self.store.communities():
            self.store.put(C, [Community(id=C), Channel(id="quay")])
        health = new_health()
        well = partial(set_well, health, "feed")
        self.runtime = Runtime(self.store, self.folder, settings, following=True, on_well=well)
        self.stack.callback(self.runtime.close)
        written = watched(self.store, self.runtime)
        server = build_server(written, self.runtime, self.runtime.tokens.check, health=health)
        self.target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        self.stack.callback(lambda: server.stop(None).wait())
        self.runtime.load_all(60)
        self.client = self.stack.enter_context(YiqiClient(self.target, timeout=30))

    def restart(self) -> None:
        self.stack.close()
        self.start()

    def is_cold(self) -> bool:
        """Whether the community is not in memory."""
        return self.runtime.newest(C) is None

    def say(self, id: str, text: str) -> None:
        said = MessageProto(
            name=message_name(C, id),
            author=member_name(C, "ann"),
            time=timestamp(datetime(2025, 1, 1, tzinfo=UTC)),
            text=text,
            channel=channel_name(C, "quay"),
        )
        assert self.client.ingest_messages(C, [said]).summary.created == 1

    def well(self) -> bool:
        """What the health service says of the feed."""
        with grpc.insecure_channel(self.target) as channel:
            asked = health_pb2.HealthCheckRequest(service=f"feed/{C}")
            reply = health_pb2_grpc.HealthStub(channel).Check(asked, timeout=10)
        return bool(reply.status == health_pb2.HealthCheckResponse.SERVING)

    def project(self, id: str) -> int:
        request = CreateProjectRequest(parent=f"communities/{C}", project_id=id, project=Project(title=id))
        return self.client.projects.CreateProject(request).sequence  # type: ignore[no-any-return]

    def feed(self) -> dict[str, pb.FeedConsumer]:
        reply = self.client.feed.GetFeed(pb.GetFeedRequest(parent=f"communities/{C}"))
        return {one.consumer: one for one in reply.consumers}

    def letters(self, consumer: str = "") -> list[pb.DeadLetter]:
        request = pb.ListDeadLettersRequest(parent=f"communities/{C}", consumer=consumer)
        return list(self.client.feed.ListDeadLetters(request).dead_letters)

    def replay(self, consumer: str = "") -> int:
        request = pb.ReplayDeadLettersRequest(parent=f"communities/{C}", consumer=consumer)
        return int(self.client.feed.ReplayDeadLetters(request).count)

    def shown(self) -> set[str]:
        """The projects that the view knows."""
        return set(self.runtime.view(C).projects.ids)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harbour]:
    """What was set aside is not tried again by itself while a test lasts."""
    monkeypatch.setattr(letters, "FIRST_RETRY", letters.LONGEST_RETRY)
    found = Harbour(tmp_path)
    found.start()
    yield found
    found.stack.close()


@dataclass
class Poison:
    """While it is `on`, a project called "poison" cannot be taken in."""

    on: bool = True
    put: Callable[[Builder, ProjectRecord], None] = Builder._put_project

    def __call__(self, builder: Builder, project: ProjectRecord) -> None:
        if self.on and project.id == "poison":
            raise RuntimeError("the text of the poison")
        self.put(builder, project)


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Poison:
    made = Poison()
    monkeypatch.setattr(Builder, "_put_project", lambda builder, project: made(builder, project))
    return made


def test_a_record_that_the_index_cannot_take_is_set_aside_and_shown_and_the_rest_goes_on(
    harbour: Harbour, poison: Poison
) -> None:
    harbour.project("poison")
    sequence = harbour.project("p9")
    assert harbour.runtime.wait_indexed(C, sequence, WAIT)
    assert harbour.shown() == {"p9"}
    [letter] = harbour.letters()
    assert (letter.consumer, letter.kind, letter.id, letter.sequence) == ("index", "project", "poison", sequence - 1)
    assert "RuntimeError" in letter.fault
    assert "text of the poison" not in letter.fault
    assert (letter.tries, letter.since.seconds > 0) == (1, True)
    assert harbour.feed()["index"].dead_letters == 1
    wait_for(lambda: not harbour.well())


def test_what_was_set_aside_is_taken_in_when_it_is_replayed(harbour: Harbour, poison: Poison) -> None:
    harbour.runtime.wait_indexed(C, harbour.project("poison"), WAIT)
    poison.on = False
    assert (harbour.replay("suggestions"), harbour.replay("index")) == (0, 1)
    wait_for(lambda: harbour.shown() == {"poison"})
    assert harbour.letters() == []
    wait_for(harbour.well)


def test_what_was_set_aside_is_tried_again_when_the_record_changes(harbour: Harbour, poison: Poison) -> None:
    harbour.runtime.wait_indexed(C, harbour.project("poison"), WAIT)
    assert len(harbour.letters("index")) == 1
    harbour.client.projects.DeleteProject(DeleteProjectRequest(name=project_name(C, "poison")))
    wait_for(lambda: not harbour.letters())
    wait_for(harbour.well)


def test_what_was_set_aside_outlives_a_restart_and_is_then_tried_again(harbour: Harbour, poison: Poison) -> None:
    harbour.runtime.wait_indexed(C, harbour.project("poison"), WAIT)
    for tries in (2, 3):
        harbour.restart()
        assert [letter.tries for letter in harbour.letters()] == [tries]
        wait_for(lambda: not harbour.well())
    poison.on = False
    harbour.restart()
    assert harbour.shown() == {"poison"}
    assert harbour.letters() == []
    wait_for(harbour.well)


def test_a_consumer_that_fails_is_shown_with_its_lag_and_goes_on_where_it_was(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.client.create_member(C, "ann")
    wait_for(lambda: len(harbour.feed()) == 2 and harbour.feed()["suggestions"].lag == 0)
    draw = suggesting.draw
    monkeypatch.setattr(dispatcher, "LONGEST_BACK_OFF", 0.2)
    monkeypatch.setattr(suggesting, "draw", lambda *_: 1 / 0)
    harbour.say("m1", "I can help with grant writing.")
    wait_for(lambda: harbour.feed()["suggestions"].failures > reader.TRIES)
    shown = harbour.feed()["suggestions"]
    assert shown.lag > 0
    assert shown.failing_since.seconds > 0
    assert "ZeroDivisionError" in shown.fault
    assert not harbour.well()
    monkeypatch.setattr(suggesting, "draw", draw)
    wait_for(lambda: harbour.store.count(C, "suggestion") == 1)
    wait_for(lambda: harbour.feed()["suggestions"].lag == 0)
    wait_for(harbour.well)


def test_a_community_that_is_deleted_while_a_consumer_is_at_work_is_no_failure(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    harbour.client.create_member(C, "ann")
    at_work, draw = threading.Event(), suggesting.draw

    def slow(store: Store, *rest: Any) -> int:
        at_work.set()
        wait_for(lambda: not store.communities())
        return draw(store, *rest)

    monkeypatch.setattr(suggesting, "draw", slow)
    harbour.say("m1", "I can help with grant writing.")
    assert at_work.wait(WAIT)
    harbour.client.communities.DeleteCommunity(DeleteCommunityRequest(name=f"communities/{C}"))
    assert not harbour.runtime.served()  # no turn is under way any more
    assert "following failed" not in caplog.messages


def test_an_entry_that_a_consumer_fails_on_alone_is_set_aside_and_replayed(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = suggesting.draw

    def failing(store: Store, community: str, messages: list[Message], known: Any) -> int:
        if any(message.id == "m1" for message in messages):
            raise ValueError("grant writing")
        return draw(store, community, messages, known)

    # Else the entry of the room, in which all that was said is looked at, fails as well.
    begun = {"suggestions": harbour.store.head(C)}
    wait_for(lambda: begun.items() <= {name: one.position for name, one in harbour.feed().items()}.items())
    monkeypatch.setattr(dispatcher, "LONGEST_BACK_OFF", 0.2)
    monkeypatch.setattr(suggesting, "draw", failing)
    harbour.say("m1", "I can help with grant writing.")
    harbour.say("m2", "I can help with bookkeeping.")
    wait_for(lambda: harbour.store.count(C, "suggestion") == 1)
    wait_for(lambda: [(one.consumer, one.id) for one in harbour.letters()] == [("suggestions", "m1")])
    monkeypatch.setattr(suggesting, "draw", draw)
    assert harbour.replay() == 1
    wait_for(lambda: harbour.store.count(C, "suggestion") == 2)
    wait_for(lambda: not harbour.letters())


def test_dead_letters_come_page_by_page(harbour: Harbour) -> None:
    fault = {"fault": "ValueError", "tries": 1, "since": 1, "due": 1}
    ids = [f"p{number}" for number in range(5)]
    harbour.store.put_dead_letters(
        C, [DeadLetter("introductions", Change(1, "project", id, "put"), **fault) for id in ids]
    )
    request = pb.ListDeadLettersRequest(parent=f"communities/{C}", page_size=2)
    assert [one.id for one in pages(harbour.client.feed.ListDeadLetters, request, "dead_letters")] == ids
    request = pb.ListDeadLettersRequest(parent="communities/nowhere")
    with pytest.raises(YiqiRpcError, match="COMMUNITY_NOT_FOUND"):
        harbour.client.feed.ListDeadLetters(request)


def test_an_operator_sees_and_replays_in_the_terminal(harbour: Harbour, poison: Poison) -> None:
    def yiqi(*args: str) -> str:
        done = CliRunner().invoke(app, ["feed", *args, "--community", C, "--server", harbour.target])
        assert done.exit_code == 0, done.output
        return done.output

    harbour.runtime.wait_indexed(C, harbour.project("poison"), WAIT)
    assert "project poison" in yiqi("list")
    assert '"id":"poison"' in yiqi("list", "--format", "jsonl")
    poison.on = False
    assert "to be tried again: 1" in yiqi("replay")
    wait_for(lambda: "poison" not in yiqi("list"))


def test_jobs_are_shown_until_they_are_done(harbour: Harbour) -> None:
    def yiqi() -> str:
        done = CliRunner().invoke(app, ["feed", "list", "--community", C, "--server", harbour.target])
        assert done.exit_code == 0, done.output
        return done.output

    with harbour.store.write(C) as work:
        work.enqueue("solve", "tea")
    assert re.search(r"solve tea +queued +0% +0", yiqi())
    job = harbour.store.claim("solve", "process 7", 10.0)
    assert job is not None
    harbour.store.renew(job, 10.0, 0.25)
    [shown] = harbour.client.feed.GetFeed(pb.GetFeedRequest(parent=f"communities/{C}")).jobs
    assert (shown.kind, shown.key, shown.state, shown.owner, shown.tries, shown.progress) == (
        "solve", "tea", pb.JOB_STATE_RUNNING, "process 7", 1, 0.25,
    )  # fmt: skip
    assert shown.since.seconds > 0
    assert re.search(r"solve tea +running +25% +1", yiqi())
    with harbour.store.write(C) as work:
        work.finish(job)
    assert "solve" not in yiqi()


# -- cold communities ------------------------------------------------------------------------------------------------


@pytest.fixture
def cold(tmp_path: Path) -> Iterator[Harbour]:
    """A server whose communities leave memory as soon as nobody needs them."""
    found = Harbour(tmp_path, {"idle_seconds": 0.05})
    found.start()
    wait_for(found.is_cold)
    yield found
    found.stack.close()


def test_a_cold_community_comes_back_when_it_is_asked(cold: Harbour) -> None:
    cold.client.create_member(C, "ann", Member(profile="carves spoons", consent=CONSENT_MEMBERS))
    wait_for(cold.is_cold)
    found = cold.client.search_members(C, "somebody who carves spoons")
    assert [id_of(one.resource) for one in found.recommendations] == ["ann"]
    wait_for(cold.is_cold)
    assert [id_of(one.resource) for one in cold.client.search_members(C, "spoons").recommendations] == ["ann"]


def test_what_is_written_to_a_cold_community_is_followed(cold: Harbour) -> None:
    cold.say("m1", "I can help with grant writing.")
    wait_for(lambda: cold.store.count(C, "suggestion") == 1)
    wait_for(lambda: {name: one.lag for name, one in cold.feed().items()} == {"index": 0, "suggestions": 0})
    wait_for(cold.is_cold)
    head = cold.store.head(C)
    cold.store.put(C, [ProjectRecord(id="p1", time=1, title="A boat")])  # past this process's notice
    wait_for(lambda: cold.feed()["index"].position > head)


def test_consent_withdrawn_in_a_cold_community_holds_when_the_call_returns(cold: Harbour) -> None:
    cold.client.create_member(C, "ann", Member(profile="carves spoons", consent=CONSENT_MEMBERS))
    wait_for(cold.is_cold)
    cold.client.update_member(C, "ann", Member(consent=CONSENT_ORGANIZERS), ["consent"])
    assert not cold.client.search_members(C, "somebody who carves spoons").recommendations


def test_a_community_with_something_set_aside_stays_in_memory(cold: Harbour, poison: Poison) -> None:
    cold.project("poison")
    wait_for(lambda: bool(cold.letters()))
    time.sleep(0.5)
    assert not cold.is_cold()
    poison.on = False
    wait_for(lambda: not cold.letters())
    wait_for(cold.is_cold)
