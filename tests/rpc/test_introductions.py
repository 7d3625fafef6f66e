"""Introductions as they are told: at once, once, to those who may know, and again after a restart."""

from __future__ import annotations

import base64
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from yiqi.client import YiqiClient, YiqiRpcError, channel_name, id_of, member_name, message_name
from yiqi.v1 import community_pb2, member_pb2, message_pb2
from yiqi.v1 import recommendation_pb2 as pb
from yiqi.v1.common_pb2 import Attribute, Need

from models.domain.records import Channel, Community, Guest, Invitation, Member, Message
from models.domain.records import Need as NeedRecord
from models.introductions import chance
from models.introductions.noted import Event, invitation_id
from service.api.codec import timestamp
from service.api.interceptors.load import load_of
from service.api.introductions import place_of, token_of
from service.api.server import build_server
from service.application import answering, contact_quota, introductions, watching
from service.application.watching import MOST_OWED, Place
from service.core.settings import Settings
from service.feed import dispatcher
from service.jobs.introducing import Introducing
from service.serving import Runtime
from service.serving.watched import watched
from service.store.contract import Store
from service.store.sql import SqlStore

NOON = 1_750_075_200_000_000  # 12:00 UTC
MINUTE, HOUR = 60_000_000, 3_600_000_000
C = "town"
WAIT = 20.0  # seconds for what must come
NOTHING = 1.5  # seconds in which what must not come would have come
KILN = "The raku kiln cracked again during the reduction firing, glaze all over the shelf."
KILN_TOO = "Does anybody here know how to stop glaze from sticking after a reduction firing in a raku kiln?"


def member(id: str, *, offers: str = "", seeks: str = "", **rest: Any) -> Member:
    """Somebody who agreed to be shown to members."""
    needs = {name: (NeedRecord(text),) for name, text in (("offers", offers), ("seeks", seeks)) if text}
    return Member(**{"id": id, "name": id.title(), "consent": "members", "profile": f"{id} lives here"} | needs | rest)


def said(id: str, author: str, text: str, minutes: int, channel: str = "square", **rest: Any) -> Message:
    """Something said so many minutes before noon."""
    return Message(id=id, author=author, time=NOON - minutes * MINUTE, text=text, channel=channel, **rest)


WORLD = (
    Community(id=C, name="Town"),
    Channel(id="square", name="Square"),
    Channel(id="yard", name="Yard"),
    Channel(id="attic", name="Attic", visibility="private", members=("ann", "bo")),
    member("ann"),
    member("bo", offers="bookkeeping and tax advice for small firms"),
    member("cy"),
    member("dee", seeks="somebody who teaches me the cello"),
    member("eve", time_zone="Asia/Shanghai"),
    said("m1", "bo", "Invoices and receipts all day, quarter end.", 3000),
    said("m2", "cy", "The ferry was late again this morning.", 2900),
    said("m3", "dee", "Practised scales until the neighbours knocked.", 2800),
    said("m4", "ann", "Rain on the market, nobody bought a thing.", 2700),
    said("m5", "eve", "Planted beans behind the school.", 2600),
    said("m6", "bo", KILN, 600, "yard"),
)


@dataclass
class Clock:
    """The wall clock of a test."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now


@dataclass
class Town:
    """A server over a folder, which may be stopped and started again."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    settings: dict[str, Any] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    store: SqlStore = None  # type: ignore[assignment]
    written: Store = None  # type: ignore[assignment]
    runtime: Runtime = None  # type: ignore[assignment]
    client: YiqiClient = None  # type: ignore[assignment]

    def start(self) -> None:
        self.stack = ExitStack()
        settings = Settings(data=self.folder, **self.settings)
        self.store = SqlStore(self.folder / "yiqi.db", clock=self.clock)
        if not self.store.communities():
            self.store.put(C, WORLD)
        self.runtime = runtime = Runtime(self.store, self.folder, settings, following=True)
        self.written = written = watched(self.store, runtime)
        introducing = Introducing(written, runtime, self.clock)
        server = build_server(
            written,
            runtime,
            runtime.tokens.check,
            clock=self.clock,
            introducing=introducing,
            load=load_of(settings),
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        runtime.load_all(60)
        introducing.start()
        self.client = YiqiClient(f"127.0.0.1:{port}", timeout=30)
        self.stack.callback(self.store.close)
        self.stack.callback(runtime.close)
        self.stack.callback(introducing.close)
        self.stack.callback(lambda: server.stop(None).wait())
        self.stack.callback(introducing.end_streams)
        self.stack.callback(self.client.close)
        self.settle()

    def restart(self) -> None:
        self.stack.close()
        self.start()

    def settle(self) -> None:
        """Until everything so far was looked at."""
        wait_for(lambda: self.store.cursor(C, "introductions") == self.store.head(C))

    def say(self, id: str, author: str, text: str, channel: str = "square") -> None:
        message = message_pb2.Message(
            name=message_name(C, id),
            author=member_name(C, author),
            time=timestamp(self.clock.now),
            text=text,
            channel=channel_name(C, channel),
        )
        assert self.client.ingest_messages(C, [message]).summary.created == 1

    def reply(self, invitation: str, member: str, *, accept: bool) -> None:
        answering.reply(self.written, self.runtime, C, invitation, member, accept, self.clock.now)

    def introductions(self) -> list[Invitation]:
        return [i for i in self.store.scan(C, "invitation") if isinstance(i, Invitation)]


class Watcher:
    """Reads a stream beside the test."""

    def __init__(self, town: Town, member: str = "", token: str = "", **options: Any) -> None:
        self.replies: queue.Queue[pb.WatchIntroductionsResponse | Exception] = queue.Queue()
        self.token = token
        self._stream = town.client.watch_introductions(C, member=member, resume_token=token, timeout=60, **options)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        opened = self.replies.get(timeout=WAIT)
        assert not isinstance(opened, Exception), opened
        assert not opened.HasField("introduction")
        self.token = opened.resume_token

    def _read(self) -> None:
        try:
            for reply in self._stream:
                self.replies.put(reply)
        except YiqiRpcError as error:
            self.replies.put(error)

    def next(self, timeout: float = WAIT) -> pb.Introduction:
        """The next introduction told."""
        until = time.monotonic() + timeout
        while True:
            reply = self.replies.get(timeout=max(0.01, until - time.monotonic()))
            assert not isinstance(reply, Exception), reply
            self.token = reply.resume_token
            if reply.HasField("introduction"):
                return reply.introduction

    def silent(self) -> bool:
        """Whether nothing is told for a while."""
        try:
            self.next(NOTHING)
        except queue.Empty:
            return True
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def low_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """How likely is likely enough is tested elsewhere; here whatever has evidence is told."""
    for kind in chance.BAR:
        monkeypatch.setitem(chance.BAR, kind, 0.0)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    found = Town(tmp_path)
    found.start()
    yield found
    found.stack.close()


def told(introduction: pb.Introduction) -> tuple[str, str]:
    return id_of(introduction.member), id_of(introduction.other)


def test_who_asks_and_who_can_answer_are_told_of_each_other(town: Town) -> None:
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    first, second = watcher.next(), watcher.next()
    assert {told(first), told(second)} == {("ann", "bo"), ("bo", "ann")}
    assert first.invitation == second.invitation
    assert first.event == pb.INTRODUCTION_EVENT_INTRODUCED
    assert first.reason.sentence in first.text
    assert watcher.silent()


def test_an_offer_that_meets_a_seek_is_told_when_it_is_stated(town: Town) -> None:
    watcher = Watcher(town, "dee")
    offers = member_pb2.Member(offers=[Need(text="cello lessons for adults")])
    town.client.update_member(C, "cy", offers, ["offers"])
    one = watcher.next()
    assert told(one) == ("dee", "cy")
    assert one.kind == pb.INTRODUCTION_KIND_OFFER_MEETS_SEEK
    assert one.reason.type == pb.REASON_TYPE_OFFER_MEETS_SEEK
    assert "cello lessons for adults" in one.reason.sentence


def test_reasons_come_in_the_language_that_is_asked_for(town: Town) -> None:
    watcher = Watcher(town, "dee", language=pb.LANGUAGE_ZH)
    town.client.update_member(C, "cy", member_pb2.Member(offers=[Need(text="cello lessons for adults")]), ["offers"])
    assert "对方能提供" in watcher.next().text


@pytest.mark.parametrize(("languages", "begins"), [((), "Mei，来认识一下 Cy。"), (("en",), "Mei, meet Cy. ")])
def test_who_states_no_language_is_told_in_the_one_they_write(
    town: Town, languages: tuple[str, ...], begins: str
) -> None:
    mei = member("mei", seeks="想学修自行车", profile="退休教师，住在湖边", languages=languages)
    town.written.put(C, [mei])
    town.settle()
    watcher = Watcher(town, "mei")
    town.client.update_member(C, "cy", member_pb2.Member(offers=[Need(text="教人修自行车")]), ["offers"])
    assert watcher.next().text.startswith(begins)


def test_a_member_is_told_only_what_is_for_them(town: Town) -> None:
    everybody, ann = Watcher(town), Watcher(town, "ann")
    town.client.update_member(C, "cy", member_pb2.Member(offers=[Need(text="cello lessons for adults")]), ["offers"])
    everybody.next()
    assert ann.silent()


def test_words_of_a_private_room_bring_nobody_together(town: Town) -> None:
    watcher = Watcher(town)
    town.say("p1", "ann", KILN_TOO, "attic")
    assert watcher.silent()


def test_a_pair_is_introduced_once(town: Town) -> None:
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    watcher.next(), watcher.next()
    town.say("q2", "ann", "Is there anybody with a raku kiln who knows why the glaze crawls in reduction?")
    town.settle()
    assert watcher.silent()


def test_a_blocked_member_is_never_introduced(town: Town) -> None:
    town.client.members.BlockMember(
        member_pb2.BlockMemberRequest(name=member_name(C, "bo"), blocked_member=member_name(C, "ann"))
    )
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    assert watcher.silent()


@pytest.mark.parametrize("consent", [member_pb2.CONSENT_ORGANIZERS, member_pb2.CONSENT_NOBODY])
def test_nobody_is_introduced_who_did_not_agree_to_be_shown_to_members(town: Town, consent: member_pb2.Consent) -> None:
    town.client.update_member(C, "bo", member_pb2.Member(consent=consent), ["consent"])
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    assert watcher.silent()


def test_a_spent_budget_keeps_introductions_away(town: Town) -> None:
    none = member_pb2.Member(attributes=[Attribute(name="contacts_per_week", integer=0)])
    town.client.update_member(C, "bo", none, ["attributes"])
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    assert watcher.silent()


def test_what_two_have_spent_is_the_same_read_alone_or_with_everybody(town: Town) -> None:
    pairs, people = [("ann", "bo"), ("bo", "cy"), ("cy", "dee"), ("bo", "eve")], ("ann", "bo", "cy", "dee", "eve")
    for number, (one, other) in enumerate(pairs):
        sent = Invitation(
            id=f"i{number}",
            time=NOON - (8 * 24 * HOUR if number == 3 else HOUR),
            guests=(Guest(member=one), Guest(member=other)),
            ref=f"r{number}",
            state="withdrawn" if number == 1 else "open",
        )
        town.written.put(C, [sent])
    with town.store.read(C) as at:
        everybody = contact_quota.spent(at, NOON)
        alone = {member: contact_quota.spent(at, NOON, {member}) for member in people}
    assert everybody == {"ann": {("round", "r0")}, "bo": {("round", "r0")}, "cy": {("round", "r2")}} | {
        "dee": {("round", "r2")}
    }
    for member in people:
        assert alone[member].get(member, set()) == everybody.get(member, set())


def test_nobody_is_told_in_their_quiet_hours_and_everybody_afterwards(town: Town) -> None:
    quiet = member_pb2.Member(attributes=[Attribute(name="quiet_hours", text="11:00-13:30")])
    town.client.update_member(C, "bo", quiet, ["attributes"])
    ann, bo = Watcher(town, "ann"), Watcher(town, "bo")
    town.say("q1", "ann", KILN_TOO)
    assert told(ann.next()) == ("ann", "bo")
    assert bo.silent()
    town.clock.now = NOON + 90 * MINUTE
    assert told(bo.next()) == ("bo", "ann")


def test_a_refusal_changes_nothing_for_who_was_not_told_yet(town: Town) -> None:
    """An introduction that was taken back would tell of it by its absence."""
    quiet = member_pb2.Member(attributes=[Attribute(name="quiet_hours", text="11:00-13:30")])
    town.client.update_member(C, "bo", quiet, ["attributes"])
    ann, bo = Watcher(town, "ann"), Watcher(town, "bo")
    town.say("q1", "ann", KILN_TOO)
    invitation = id_of(ann.next().invitation)
    before = list(town.client.list_invitations(C, member="bo"))
    town.reply(invitation, "ann", accept=False)
    town.settle()
    assert list(town.client.list_invitations(C, member="bo")) == before
    town.clock.now = NOON + 90 * MINUTE
    assert told(bo.next()) == ("bo", "ann")


def test_usual_quiet_hours_go_by_the_time_zone_of_each(town: Town) -> None:
    town.clock.now = NOON + 3 * HOUR  # 23:00 in Shanghai, where Eve lives; nobody knows where Bo does
    eve, bo = Watcher(town, "eve"), Watcher(town, "bo")
    seeks = member_pb2.Member(seeks=[Need(text="advice on bookkeeping and tax")])
    town.client.update_member(C, "eve", seeks, ["seeks"])
    assert told(bo.next()) == ("bo", "eve")
    assert eve.silent()
    town.clock.now = NOON + 12 * HOUR  # 8:00 in Shanghai
    assert told(eve.next()) == ("eve", "bo")


def pause(town: Town, member: str, until: int | None) -> None:
    request = member_pb2.PauseMemberRequest(name=member_name(C, member))
    if until is not None:
        request.until.CopyFrom(timestamp(until))
    town.client.members.PauseMember(request)


def test_what_comes_due_while_one_of_the_two_pauses_is_told_when_the_pause_ends_and_once(town: Town) -> None:
    quiet = member_pb2.Member(attributes=[Attribute(name="quiet_hours", text="11:00-12:30")])
    town.client.update_member(C, "bo", quiet, ["attributes"])
    everybody = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    assert told(everybody.next()) == ("ann", "bo")
    pause(town, "ann", NOON + 2 * HOUR)
    town.clock.now = NOON + HOUR
    assert everybody.silent()
    town.clock.now = NOON + 2 * HOUR
    late = everybody.next()
    assert told(late) == ("bo", "ann")
    assert late.time.ToMicroseconds() == NOON + 2 * HOUR
    assert Watcher(town, token=everybody.token).silent()


def test_a_token_given_during_a_pause_remembers_what_is_owed_through_a_restart(town: Town) -> None:
    token = Watcher(town).token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    pause(town, "bo", NOON + 10 * HOUR)
    paused = Watcher(town, token=token)
    assert paused.silent()
    town.client.update_member(C, "cy", member_pb2.Member(offers=[Need(text="cello lessons for adults")]), ["offers"])
    assert {told(paused.next()), told(paused.next())} == {("dee", "cy"), ("cy", "dee")}
    town.restart()
    again = Watcher(town, token=paused.token)
    assert again.silent()
    pause(town, "bo", None)
    assert {told(again.next()), told(again.next())} == {("ann", "bo"), ("bo", "ann")}
    assert Watcher(town, token=again.token).silent()


def test_the_token_of_another_tells_nothing_of_what_they_are_owed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PLACE_SECONDS", 0.1)
    token = Watcher(town, "bo").token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    pause(town, "ann", NOON + HOUR)
    bo = Watcher(town, "bo", token)
    assert bo.silent()
    cy = Watcher(town, "cy", bo.token)
    pause(town, "ann", None)
    assert told(bo.next()) == ("bo", "ann")
    assert cy.silent()


def test_what_is_owed_waits_for_the_end_of_quiet_hours_too(town: Town) -> None:
    token = Watcher(town, "bo").token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    pause(town, "ann", NOON + HOUR)
    bo = Watcher(town, "bo", token)
    assert bo.silent()
    quiet = member_pb2.Member(attributes=[Attribute(name="quiet_hours", text="13:00-15:00")])
    town.client.update_member(C, "bo", quiet, ["attributes"])
    town.clock.now = NOON + 2 * HOUR
    assert bo.silent()
    town.clock.now = NOON + 3 * HOUR
    assert told(bo.next()) == ("bo", "ann")


def test_after_a_restart_a_token_goes_on_without_loss_or_repetition(town: Town) -> None:
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    first = watcher.next()
    token = watcher.token
    second = watcher.next()
    town.settle()
    town.restart()
    again = Watcher(town, token=token)
    assert told(again.next()) == told(second) != told(first)
    assert again.silent()


def test_what_happens_while_nobody_watches_is_told_afterwards(town: Town) -> None:
    token = Watcher(town).token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    again = Watcher(town, token=token)
    assert {told(again.next()), told(again.next())} == {("ann", "bo"), ("bo", "ann")}


def test_without_a_token_a_stream_begins_now(town: Town) -> None:
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    assert Watcher(town).silent()


def test_both_are_told_when_both_accept_and_nobody_of_a_refusal(town: Town) -> None:
    ann, bo = Watcher(town, "ann"), Watcher(town, "bo")
    town.say("q1", "ann", KILN_TOO)
    invitation = id_of(ann.next().invitation)
    bo.next()
    town.reply(invitation, "bo", accept=False)
    assert ann.silent()
    town.reply(invitation, "bo", accept=True)
    town.reply(invitation, "ann", accept=True)
    for watcher, other in ((ann, "bo"), (bo, "ann")):
        one = watcher.next()
        assert one.event == pb.INTRODUCTION_EVENT_MUTUAL
        assert id_of(one.other) == other


@dataclass
class Fault:
    """While it is `on`, nothing can be made of invitations that changed; `times` counts how often that was tried."""

    on: bool = True
    times: int = 0
    follow: Callable[..., Invitation] = introductions.follow

    def __call__(self, *args: Any) -> Invitation:
        if self.on:
            self.times += 1
            raise OSError("no disk")
        return self.follow(*args)


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """A fault that lasts, told by how often something was tried and not by a clock."""
    monkeypatch.setattr(dispatcher, "LONGEST_BACK_OFF", 0.2)
    made = Fault(on=False)
    monkeypatch.setattr(introductions, "follow", made)
    return made


def test_an_acceptance_during_a_long_fault_is_told_when_it_is_over(town: Town, fault: Fault) -> None:
    ann, bo = Watcher(town, "ann"), Watcher(town, "bo")
    town.say("q1", "ann", KILN_TOO)
    invitation = id_of(ann.next().invitation)
    bo.next()
    town.reply(invitation, "bo", accept=True)
    town.settle()
    fault.on = True
    town.reply(invitation, "ann", accept=True)
    wait_for(lambda: fault.times >= 8)
    fault.on = False
    assert {ann.next().event, bo.next().event} == {pb.INTRODUCTION_EVENT_MUTUAL}


def test_a_pair_that_a_round_brought_together_during_a_long_fault_is_not_introduced(town: Town, fault: Fault) -> None:
    fault.on = True
    pair = Invitation(id="i1", time=NOON, guests=(Guest(member="ann"), Guest(member="bo")), source="round", ref="r1")
    town.written.put(C, [pair])
    town.say("m7", "cy", "The ferry was on time for once.")
    wait_for(lambda: fault.times >= 8)
    fault.on = False
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    town.settle()
    assert watcher.silent()


def test_a_message_said_during_a_fault_that_stops_everything_is_heard_when_it_is_over(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "LONGEST_BACK_OFF", 0.2)
    tried: list[int] = []
    changes = SqlStore.changes

    def failing(self: SqlStore, community: str, after: int, limit: int = 10000) -> Any:
        if len(tried) < 12:
            tried.append(after)
            raise OSError("no disk")
        return changes(self, community, after, limit)

    watcher = Watcher(town)
    monkeypatch.setattr(SqlStore, "changes", failing)
    town.say("q1", "ann", KILN_TOO)
    assert {told(watcher.next()), told(watcher.next())} == {("ann", "bo"), ("bo", "ann")}
    assert len(tried) == 12


def test_an_erased_member_is_gone_from_what_is_told(town: Town) -> None:
    token = Watcher(town).token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    town.client.members.DeleteMember(member_pb2.DeleteMemberRequest(name=member_name(C, "bo")))
    assert Watcher(town, token=token).silent()
    assert not town.introductions()


def test_a_deleted_message_is_no_reason_any_more(town: Town) -> None:
    token = Watcher(town).token
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    town.client.messages.DeleteMessage(message_pb2.DeleteMessageRequest(name=message_name(C, "q1")))
    assert Watcher(town, token=token).silent()


def test_a_slow_reader_holds_up_nobody(town: Town) -> None:
    stalled: Any = town.client.watch_introductions(C, timeout=60)
    next(stalled)  # and then it reads no more
    brisk = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    brisk.next(), brisk.next()
    assert {told(next(stalled).introduction), told(next(stalled).introduction)} == {("ann", "bo"), ("bo", "ann")}
    stalled.close()


def test_more_streams_than_there_is_room_for_are_refused(tmp_path: Path) -> None:
    town = Town(tmp_path, settings={"watchers": 1})
    town.start()
    try:
        Watcher(town)
        with pytest.raises(YiqiRpcError) as refused:
            next(town.client.watch_introductions(C, timeout=10))
        assert refused.value.status is grpc.StatusCode.RESOURCE_EXHAUSTED
    finally:
        town.stack.close()


def test_one_community_leaves_half_of_the_places_to_those_who_watch_others(tmp_path: Path) -> None:
    town = Town(tmp_path, settings={"watchers": 2})
    town.start()
    try:
        town.client.communities.CreateCommunity(community_pb2.CreateCommunityRequest(community_id="hamlet"))
        Watcher(town)
        with pytest.raises(YiqiRpcError, match="The community has as many streams open as it may") as refused:
            next(town.client.watch_introductions(C, timeout=10))
        assert refused.value.reason == "TOO_MANY_STREAMS"
        assert next(town.client.watch_introductions("hamlet", timeout=10)).resume_token
    finally:
        town.stack.close()


def test_a_stream_that_was_open_for_long_enough_goes_on_over_another_and_nothing_is_missed(tmp_path: Path) -> None:
    town = Town(tmp_path, settings={"stream_seconds": 1.0})
    town.start()
    try:
        watched = town.client.watch_introductions(C, timeout=60)
        tokens = [next(watched).resume_token]
        threading.Event().wait(1.5)
        town.say("q1", "ann", KILN_TOO)
        found = []
        while len(found) < 2:
            reply = next(watched)
            tokens.append(reply.resume_token)
            if reply.HasField("introduction"):
                found.append(told(reply.introduction))
        assert set(found) == {("ann", "bo"), ("bo", "ann")}
        assert len(tokens) > 3  # each stream begins with a token alone
    finally:
        town.stack.close()


@pytest.mark.parametrize("token", ["%%%", "bm90IGpzb24", "WzEsMl0", "eJyLjgUAARUAuQ"])
def test_a_token_that_was_never_given_is_refused(town: Town, token: str) -> None:
    with pytest.raises(YiqiRpcError) as refused:
        next(town.client.watch_introductions(C, resume_token=token, timeout=10))
    assert refused.value.reason == "RESUME_TOKEN_INVALID"


def test_a_token_that_owes_as_much_as_it_can_is_no_longer_than_one_may_be() -> None:
    def id(number: int) -> str:
        return invitation_id(f"a{number}", f"b{number}")

    owed = tuple((id(number), number % 2, "introduced") for number in range(MOST_OWED))
    place = Place(Event(NOON, id(99), 1), owed)  # type: ignore[arg-type]
    token = token_of(place)
    assert len(token) <= 2000
    assert place_of(token) == place


def test_a_token_from_before_anything_could_be_owed_goes_on(town: Town) -> None:
    old = json.dumps([NOON - 1, "", 0, "introduced"]).encode()
    town.say("q1", "ann", KILN_TOO)
    wait_for(lambda: len(town.introductions()) == 1)
    again = Watcher(town, token=base64.urlsafe_b64encode(old).decode().rstrip("="))
    assert {told(again.next()), told(again.next())} == {("ann", "bo"), ("bo", "ann")}


def test_unknown_members_and_communities_are_named(town: Town) -> None:
    for community, member, reason in ((C, "nobody", "MEMBER_NOT_FOUND"), ("nowhere", "", "COMMUNITY_NOT_FOUND")):
        with pytest.raises(YiqiRpcError) as refused:
            list(town.client.watch_introductions(community, member=member, timeout=10))
        assert refused.value.reason == reason


def test_who_watches_is_let_go_when_the_server_stops(town: Town) -> None:
    watcher = Watcher(town)
    began = time.monotonic()
    town.stack.close()
    assert time.monotonic() - began < 10
    assert isinstance(watcher.replies.get(timeout=5), YiqiRpcError)
    town.start()


def test_a_deleted_community_is_let_go_and_another_of_its_name_begins_anew(town: Town) -> None:
    watcher = Watcher(town)
    town.say("q1", "ann", KILN_TOO)
    watcher.next(), watcher.next()
    town.client.communities.DeleteCommunity(community_pb2.DeleteCommunityRequest(name=f"communities/{C}"))
    assert isinstance(watcher.replies.get(timeout=WAIT), YiqiRpcError)
    town.store.put(C, WORLD)
    town.runtime.load_all(60)
    town.settle()
    again = Watcher(town)
    town.say("q2", "ann", KILN_TOO)
    assert {told(again.next()), told(again.next())} == {("ann", "bo"), ("bo", "ann")}


def test_a_stop_notes_how_far_the_others_came_after_one_was_deleted(town: Town) -> None:
    other = "aside"  # deleted in the store alone, as by a server that is killed in the middle
    town.store.put(other, (Community(id=other), member("zoe")))
    town.runtime.load_all(60)
    wait_for(lambda: town.store.cursor(other, "introductions") == town.store.head(other))
    thread_faults: list[object] = []
    usual, threading.excepthook = threading.excepthook, thread_faults.append
    try:
        town.store.delete_community(other)
        town.stack.close()
    finally:
        threading.excepthook = usual
    assert not thread_faults
    town.start()
