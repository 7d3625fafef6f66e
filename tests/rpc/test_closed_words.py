"""Whatever the order of messages, of what is stated of their room, and of restarts: what was said in a room that is
closed now is read by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yiqi.client import YiqiClient, channel_name, member_name, message_name
from yiqi.v1 import channel_pb2, member_pb2, message_pb2, recommendation_pb2

from models.domain.records import Channel, Community, Member, Message, Need
from service.api.codec import timestamp
from service.api.server import build_server
from service.core.settings import Settings
from service.serving import Runtime
from service.serving.suggesting import catch_up
from service.serving.watched import watched
from service.store.sql import SqlStore

C = "c"
ROOM = "attic"
SECRET = "zeppelin"
START = 1_750_000_000_000_000
MINUTE = 60_000_000
WORDS = (
    f"I can offer {SECRET} repair lessons to anybody here, I have been doing it for years.",
    f"Does anybody know how the {SECRET} engine is cleaned?",
)

Step: TypeAlias = Literal["say", "private", "members", "community", "delete", "restart"]
numbers = count()


class House:
    """A server over a folder, which may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._said = 0
        self.start()

    def start(self) -> None:
        self._stack = ExitStack()
        own = Settings(data=self._folder, introductions=False)
        self.store = self._stack.enter_context(closing(SqlStore(own.database)))
        if not self.store.communities():
            people = [
                Member(id=id, name=id.title(), seeks=(Need("repair lessons"),), languages=("en",), consent="members")
                for id in ("ann", "bo", "cy")
            ]
            hello = Message(id="hello", author="cy", time=START, text="Good morning to all.", channel="square")
            self.store.put(C, [Community(id=C), Channel(id="square"), *people, hello])
        self.runtime = self._stack.enter_context(closing(Runtime(self.store, self._folder, own, following=True)))
        server = build_server(watched(self.store, self.runtime), self.runtime, self.runtime.tokens.check)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self._stack.callback(lambda: server.stop(None).wait())
        self.client = self._stack.enter_context(YiqiClient(f"127.0.0.1:{port}", timeout=60))

    def stop(self) -> None:
        self._stack.close()

    def do(self, step: Step) -> None:
        match step:
            case "restart":
                self.stop()
                self.start()
            case "say":
                self._say()
            case "delete":
                if self.visibility() == "community":
                    self.client.channels.DeleteChannel(channel_pb2.DeleteChannelRequest(name=channel_name(C, ROOM)))
            case _:
                self._state(channel_pb2.Visibility.Value(f"VISIBILITY_{step.upper()}"))

    def _say(self) -> None:
        self._said += 1
        message = message_pb2.Message(
            name=message_name(C, f"m{self._said}"),
            author=member_name(C, "bo"),
            time=timestamp(START + self._said * MINUTE),
            text=WORDS[self._said % len(WORDS)],
            channel=channel_name(C, ROOM),
        )
        assert self.client.ingest_messages(C, [message]).summary.created == 1

    def _state(self, visibility: Any) -> None:
        channel = channel_pb2.Channel(name=channel_name(C, ROOM), visibility=visibility)
        if self.visibility():
            self.client.channels.UpdateChannel(channel_pb2.UpdateChannelRequest(channel=channel))
        else:
            parent = f"communities/{C}"
            request = channel_pb2.CreateChannelRequest(parent=parent, channel_id=ROOM, channel=channel)
            self.client.channels.CreateChannel(request)

    def visibility(self) -> str:
        """What is stated of the room; "" for nothing."""
        stated = self.store.get(C, "channel", [ROOM]).get(ROOM)
        return stated.record.visibility if stated else ""

    def read(self) -> str:
        """All that Ann reads, but for messages themselves and her own question."""
        catch_up(self.store, C)
        self.runtime.view(C, self.store.head(C), timeout=60)
        seen = {"min_sequence": self.store.head(C), "limit": 10, "include_fillers": True}
        every = recommendation_pb2.ProposeProjectsRequest(parent=f"communities/{C}", min_sequence=self.store.head(C))
        listed = member_pb2.ListSuggestionsRequest(parent=f"communities/{C}/members/bo")
        return "".join(
            str(reply)
            for reply in (
                self.client.recommend_peers(C, "ann", **seen),
                self.client.recommend_collaborators(C, member="ann", **seen),
                self.client.recommend_collaborators(C, goal="somebody for repair lessons", **seen),
                self.client.search_members(C, "who gives repair lessons?", member="ann", **seen),
                self.client.explain_match(C, "ann", "bo"),
                self.client.recommendations.ProposeProjects(every),
                self.client.members.ListSuggestions(listed),
            )
        )


@contextmanager
def house(folder: Path) -> Iterator[House]:
    own = folder / str(next(numbers))
    own.mkdir()
    made = House(own)
    try:
        yield made
    finally:
        made.stop()


STEPS = st.lists(st.sampled_from(["say", "private", "members", "community", "delete", "restart"]), max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_order_nobody_reads_a_word_of_a_room_that_is_closed_now(tmp_path: Path, steps: list[Step]) -> None:
    with house(tmp_path) as made:
        made.do("say")
        for step in steps:
            made.do(step)
            if made.visibility() != "community":
                assert SECRET not in made.read()


def test_words_are_read_once_their_room_is_stated_to_be_open(tmp_path: Path) -> None:
    """So that the test above would see a word if there were one."""
    with house(tmp_path) as made:
        made.do("say")
        made.do("say")
        assert SECRET not in made.read()
        made.do("community")
        assert SECRET in made.read()


@pytest.mark.parametrize("closed", ["private", "members"])
def test_a_room_that_closes_takes_its_words_along_when_the_call_returns(tmp_path: Path, closed: Step) -> None:
    with house(tmp_path) as made:
        for step in ("community", "say", "say"):
            made.do(step)
        assert SECRET in made.read()
        made.do(closed)
        assert SECRET not in made.read()
        made.do("restart")
        assert SECRET not in made.read()
