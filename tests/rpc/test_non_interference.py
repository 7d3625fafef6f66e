"""What somebody keeps to themselves does not show in its consequences either.

Worlds are made that differ in one secret of Bo's: the answer to a double opt-in, a block, a pause, a consent. Every
call that reads, taken from the descriptors of the contract, must give Ann the same bytes in all of them, and
organizers, too, where decision 26 says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TypeAlias

import grpc
import pytest
import yiqi.v1
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message as Proto
from yiqi.client import YiqiClient
from yiqi.v1 import feed_pb2, member_pb2, outcome_pb2, proposal_pb2
from yiqi.v1 import invitation_pb2 as inv
from yiqi.v1 import round_pb2 as pb
from yiqi.v1.common_pb2 import Attribute
from yiqi.v1.recommendation_pb2 import AUDIENCE_MEMBERS, AUDIENCE_ORGANIZERS, RecommendationFilter

from models.domain.kinds import INVITATION
from models.domain.records import Channel, Community, Member, Message, Need, Project, Round
from models.rounds.spec.json_text import plan_text, spec_text
from models.rounds.spec.requests import Match, Plan, RoundSpec
from service.api.codec import timestamp
from service.api.interceptors.load import Load
from service.api.server import build_server
from service.core.settings import Settings
from service.jobs.solving import solving
from service.serving import Runtime
from service.serving.watched import watched
from service.store.contract import Store
from service.store.sql import SqlStore

C = "c"
PARENT = f"communities/{C}"
DAY = 24 * 3600 * 1_000_000
START = 1_750_000_000_000_000
PEOPLE = {
    "ann": ("brewing tea", "bookkeeping"),
    "bo": ("bookkeeping", "brewing tea"),
    "cy": ("glazing pots", "brewing tea"),
    "dee": ("photography", "glazing pots"),
    "eve": ("baking bread", "bookkeeping"),
    "fay": ("fixing bicycles", "baking bread"),
}
SAID = (
    "The kiln cracked in the night.",
    "The kiln was old.",
    "The market was full.",
)

# First words of calls that write. A call that begins otherwise reads, and is compared.
WRITES = (
    "Answer", "BatchCreate", "Begin", "Block", "Cancel", "Confirm", "Create", "Delete", "Dismiss", "Edit", "Finish",
    "Import", "Ingest", "Join", "Leave", "Merge", "Mint", "Pause", "Promote", "Publish", "Record", "Renew", "Repair",
    "Replay", "Reply", "Revoke", "Rollback", "Send", "Solve", "Strike", "Unblock", "Undo", "Update",
)  # fmt: skip
# Calls that are not compared, and why.
EXCUSED = {
    "AccessService.ListTokens": "who may call, for whoever administers it",
    "AccessService.ListAuditEntries": "who called, for whoever administers it",
    "CommunityService.ExportCommunity": "all data, for whoever administers it",
    "FeedService.GetFeed": "positions in the change log, for operators",
    "FeedService.ListDeadLetters": "entries of the change log, for operators",
    "RecommendationService.WatchIntroductions": "a stream; compared in test_introductions",
    "ModelService.GetModel": "there is none to get; models hold nothing of one member",
}
# Where a member's settings are read themselves, by who keeps them for the member.
SETTINGS = ("MemberService.GetMember", "MemberService.ListMembers", "MemberService.FindMembers")
# Match lists are organizers', who may know that two may not meet, and who pauses.
ROUNDS = (
    "RoundService.GetRound",
    "RoundService.ListRounds",
    "RoundService.ListRoundMatches",
    "RoundService.ExportRound",
)
# Different in each world by nature: positions in the change log, signatures over them, how long solving took.
CLEARED = {"recommendation_token", "index_version", "indexed_through", "sequence", "etag", "seconds"}
# What the filler below cannot guess.
NAMES = {
    "MemberService.GetMember": f"{PARENT}/members/bo",
    "MessageService.GetMessage": f"{PARENT}/messages/m1",
    "ChannelService.GetChannel": f"{PARENT}/channels/square",
    "ProjectService.GetProject": f"{PARENT}/projects/p1",
    "RoundService.GetRound": f"{PARENT}/rounds/r",
    "RoundService.ExportRound": f"{PARENT}/rounds/r",
    "RoundService.ListRoundMatches": f"{PARENT}/rounds/r",
    "MemberService.ListSuggestions": f"{PARENT}/members/bo",
}
TEXTS = {"query": "who knows about bookkeeping?", "text": "bo"}

Answers: TypeAlias = dict[str, tuple[bytes, ...]]
numbers = count()


def name(member: str) -> str:
    return f"{PARENT}/members/{member}"


@dataclass
class World:
    """A server and the clock on its wall."""

    client: YiqiClient
    channel: grpc.Channel
    store: Store
    runtime: Runtime
    now: int = START + DAY

    def invitation(self, ref: str) -> str:
        sent = (stored for stored in self.store.scan(C, INVITATION) if stored.ref == ref)
        return next(f"{PARENT}/invitations/{one.id}" for one in sent if set(one.members) == {"ann", "bo"})

    def reply(self, member: str, *, accept: bool, ref: str = "r") -> None:
        request = inv.ReplyToInvitationRequest(name=self.invitation(ref), member=name(member), accept=accept)
        self.client.invitations.ReplyToInvitation(request)

    def block(self, source: str, target: str) -> None:
        self.client.members.BlockMember(member_pb2.BlockMemberRequest(name=name(source), blocked_member=name(target)))

    def pause(self, days: int) -> None:
        until = timestamp(self.now + days * DAY)
        self.client.members.PauseMember(member_pb2.PauseMemberRequest(name=name("bo"), until=until))

    def consent(self, consent: Any) -> None:
        member = member_pb2.Member(name=name("bo"), consent=consent)
        self.client.members.UpdateMember(member_pb2.UpdateMemberRequest(member=member))

    def settle(self) -> None:
        """Until every consumer of the change log has seen everything, and what they wrote, too."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            feed = self.client.feed.GetFeed(feed_pb2.GetFeedRequest(parent=PARENT))
            if all(one.position == feed.sequence for one in feed.consumers):
                return
            time.sleep(0.02)
        raise AssertionError("the consumers did not catch up")

    def call(self, method: MethodDescriptor, request: Proto) -> tuple[Proto | str, ...]:
        """The replies; or how it was refused."""
        path = f"/{method.containing_service.full_name}/{method.name}"
        read = message_factory.GetMessageClass(method.output_type).FromString
        shape = self.channel.unary_stream if method.server_streaming else self.channel.unary_unary
        call = shape(path, request_serializer=type(request).SerializeToString, response_deserializer=read)
        try:
            found = call(request, timeout=60)
            return tuple(found) if method.server_streaming else (found,)
        except grpc.RpcError as error:
            return (f"{error.code()} {error.details()}",)  # type: ignore[attr-defined]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Six people, three remarks, projects of Cy's and Bo's; a published double opt-in round that brings Ann and Bo
    together."""
    settings = Settings(data=folder, introductions=False)
    with closing(SqlStore(settings.database)) as store:
        people = [
            Member(
                id=id, name=id.title(), offers=(Need(offers),), seeks=(Need(seeks),), languages=("en",),
                consent="members", attributes={"hand": "left" if at % 2 else "right"},
            )
            for at, (id, (offers, seeks)) in enumerate(PEOPLE.items())
        ]  # fmt: skip
        said = [
            Message(id=f"m{at}", author=author, time=START + at, text=text, channel="square")
            for at, (author, text) in enumerate(zip(("bo", "ann", "cy"), SAID, strict=True), 1)
        ]
        ids = tuple(PEOPLE)
        plan = Plan(
            matches=tuple(Match(members=ids[at : at + 2], score=0.5, worst=0.5) for at in range(0, len(ids), 2))
        )
        spec = RoundSpec(kind="pairs", members=ids, seconds=5)
        solved = Round(
            id="r", time=START, state="solved", members=ids, spec=spec_text(spec), plan=plan_text(plan),
            double_opt_in=True,
        )  # fmt: skip
        project = Project(id="p1", time=START, title="Tea house", text="A tea house.", members=("cy",), state="open")
        own = replace(project, id="p2", title="Tea books", text="Keeping the books of a tea house.", members=("bo",))
        store.put(C, [Community(id=C, name="Crafts"), Channel(id="square"), *people, *said, project, own, solved])
        with closing(Runtime(store, folder, settings, following=True)) as runtime:
            made = World(None, None, watched(store, runtime), runtime)  # type: ignore[arg-type]
            server = build_server(
                made.store, runtime, runtime.tokens.check, clock=lambda: made.now, load=Load(workers=8)
            )
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            runtime.load_all(60)
            target = f"127.0.0.1:{port}"
            with solving(made.store, runtime), YiqiClient(target) as client, grpc.insecure_channel(target) as channel:
                made.client, made.channel = client, channel
                client.publish_round(C, "r")
                yield made
            server.stop(None).wait()


def reading() -> list[MethodDescriptor]:
    """Every call of the contract that reads, but for what is excused."""
    methods = [
        method
        for module in iter_modules(yiqi.v1.__path__)
        if module.name.endswith("_pb2")
        for service in import_module(f"yiqi.v1.{module.name}").DESCRIPTOR.services_by_name.values()
        for method in service.methods
    ]
    return [one for one in methods if not one.name.startswith(WRITES) and key(one) not in EXCUSED]


def key(method: MethodDescriptor) -> str:
    return f"{method.containing_service.name}.{method.name}"


def asked(method: MethodDescriptor, reader: str) -> list[Proto]:
    """Requests of a reader, "" for an organizer: as plain as can be, and for all that there is."""
    kinds = [message_factory.GetMessageClass(method.input_type)() for _ in range(2)]
    for wide, request in enumerate(kinds):
        for field in method.input_type.fields:
            _fill(request, field, method, reader, bool(wide))
    return kinds


def _fill(request: Any, field: FieldDescriptor, method: MethodDescriptor, reader: str, wide: bool) -> None:
    if field.name in ("name", "parent"):
        setattr(request, field.name, NAMES.get(key(method), PARENT))
    elif field.name == "member":
        required = method.name in ("RecommendPeers", "RecommendProjects", "ExplainMatch", "RecommendCollaborators")
        request.member = name(reader or "ann") if reader or required else ""
    elif field.name == "other":
        request.other = name("bo")
    elif field.name in TEXTS:
        setattr(request, field.name, TEXTS[field.name])
    elif field.name == "audience":
        request.audience = AUDIENCE_MEMBERS if reader else AUDIENCE_ORGANIZERS
    elif field.name == "options":
        options = request.options
        options.audience = AUDIENCE_MEMBERS if reader else AUDIENCE_ORGANIZERS
        if wide:
            options.limit, options.include_connected, options.include_fillers, options.include_gone = (
                100,
                True,
                True,
                True,
            )
    elif field.name == "format":
        request.format = next(value.number for value in field.enum_type.values if value.name.endswith("_JSON"))


def in_bytes(reply: Proto | str) -> bytes:
    """A reply, or how it was refused, without what differs in each world by nature."""
    if isinstance(reply, str):
        return reply.encode()
    _clear(reply)
    return reply.SerializeToString(deterministic=True)


def _clear(message: Any) -> None:
    for field, value in list(message.ListFields()):
        if field.name in CLEARED:
            message.ClearField(field.name)
        elif field.message_type is not None:
            for one in [value] if isinstance(value, Proto) else value:
                _clear(one)


def answers(world: World, reader: str, but: Sequence[str] = ()) -> Answers:
    """All that a reader can read now, by call."""
    world.settle()
    found: Answers = {}
    for method in reading():
        if key(method) not in but:
            replies = [reply for request in asked(method, reader) for reply in world.call(method, request)]
            found[key(method)] = tuple(map(in_bytes, replies))
    return found


def a_round_of_the_two(world: World) -> Answers:
    """What an organizer reads of a new round for the two and two more."""
    spec = pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, seconds=5, members=[name(one) for one in ("ann", "bo", "cy", "dee")])
    world.client.create_round(C, "n", pb.Round(spec=spec), dry_run=True)
    found = world.client.wait_for_round(C, "n")
    matches = list(world.client.list_round_matches(C, "n"))
    return {"round": tuple(map(in_bytes, (found, *matches)))}


def a_team_of_the_two(world: World) -> Answers:
    """What is said to who wants to do something with Bo."""
    parts = [name("ann"), name("bo")]
    request = proposal_pb2.SendProposalRequest(parent=PARENT, proposal_id="tea", title="Tea", text="Tea", members=parts)
    try:
        reply = world.client.projects.SendProposal(request)
    except Exception as error:
        return {"proposal": (str(error).encode(),)}
    return {"proposal": (in_bytes(reply),)}


def seen(folder: Path, secret: Callable[[World], None], look: Callable[[World], Answers]) -> Answers:
    """What `look` gives in a world with a secret."""
    own = folder / str(next(numbers))
    own.mkdir()
    with world(own) as made:
        secret(made)
        return look(made)


def same(folder: Path, look: Callable[[World], Answers], *secrets: Callable[[World], None]) -> None:
    """In worlds with these secrets the same is seen."""
    first, *others = [seen(folder, secret, look) for secret in secrets]
    for other in others:
        assert [call for call in first if first[call] != other[call]] == []


def silent(world: World) -> None:
    """Bo has said nothing."""


def says(*, accept: bool) -> Callable[[World], None]:
    return lambda world: world.reply("bo", accept=accept)


def over_time(reader: str) -> Callable[[World], Answers]:
    """All that a reader reads at once, when follow-ups are due, and when all is over."""

    def look(world: World) -> Answers:
        found: Answers = {}
        for days in (0, 8, 30):
            world.now = START + DAY + days * DAY
            found |= {f"{call} after {days} days": told for call, told in answers(world, reader).items()}
        return found

    return look


def test_every_call_that_reads_is_compared_and_answers(tmp_path: Path) -> None:
    """So that the comparisons below compare something."""
    found = seen(tmp_path, silent, lambda world: answers(world, "ann"))
    assert len(found) > 20
    refused = {call: told for call, told in found.items() if any(one.startswith(b"StatusCode") for one in told)}
    assert refused == {}


def test_an_answer_shows_to_nobody_until_all_accepted(tmp_path: Path) -> None:
    same(tmp_path, over_time("ann"), silent, says(accept=False), says(accept=True))


def test_an_answer_shows_to_no_organizer_until_all_accepted(tmp_path: Path) -> None:
    same(tmp_path, over_time(""), silent, says(accept=False), says(accept=True))


def test_an_answer_shows_in_no_new_round_or_proposal(tmp_path: Path) -> None:
    def look(world: World) -> Answers:
        return a_team_of_the_two(world) | a_round_of_the_two(world)

    same(tmp_path, look, silent, says(accept=False), says(accept=True))


def test_an_answer_to_what_is_taken_back_shows_to_nobody(tmp_path: Path) -> None:
    def taken_back(secret: Callable[[World], None]) -> Callable[[World], None]:
        def made(world: World) -> None:
            secret(world)
            world.client.rounds.UndoRound(pb.UndoRoundRequest(name=f"{PARENT}/rounds/r"))

        return made

    secrets = [taken_back(secret) for secret in (silent, says(accept=False), says(accept=True))]
    same(tmp_path, lambda world: answers(world, "ann"), *secrets)


def test_who_declines_does_not_see_the_other_again_and_the_other_notices_nothing(tmp_path: Path) -> None:
    def listed(world: World, member: str) -> set[str]:
        found = world.client.recommend_peers(C, member, limit=10, include_fillers=True).recommendations
        return {one.resource for one in found}

    with world(tmp_path) as made:
        made.reply("bo", accept=False)
        made.settle()
        assert name("ann") not in listed(made, "bo")
        assert name("bo") in listed(made, "ann")


def test_a_block_looks_to_the_blocked_like_a_pause(tmp_path: Path) -> None:
    same(
        tmp_path,
        lambda world: answers(world, "ann", (*SETTINGS, *ROUNDS)) | a_team_of_the_two(world),
        lambda world: world.block("bo", "ann"),
        lambda world: world.pause(5),
        lambda world: world.pause(90),
    )


def test_a_block_after_a_secret_yes_cannot_become_mutual_and_looks_like_no_answer(tmp_path: Path) -> None:
    def yes_then_block(world: World) -> None:
        world.reply("bo", accept=True)
        world.block("bo", "ann")

    def look(world: World) -> Answers:
        world.reply("ann", accept=True)
        return answers(world, "ann", (*SETTINGS, *ROUNDS))

    same(tmp_path, look, lambda world: world.pause(90), yes_then_block)


def test_who_blocked_whom_shows_to_no_organizer(tmp_path: Path) -> None:
    def look(world: World) -> Answers:
        return answers(world, "") | a_round_of_the_two(world)

    same(tmp_path, look, lambda world: world.block("bo", "ann"), lambda world: world.block("ann", "bo"))


def test_outcomes_of_a_double_opt_in_are_listed_for_their_source_alone(tmp_path: Path) -> None:
    def listed(world: World, member: str) -> list[Any]:
        request = outcome_pb2.ListOutcomesRequest(parent=PARENT, member=name(member) if member else "")
        return [one.kind for one in world.client.outcomes.ListOutcomes(request).outcomes]

    with world(tmp_path) as made:
        made.reply("bo", accept=True)
        yes = outcome_pb2.OUTCOME_KIND_ACCEPTED
        assert [listed(made, one) for one in ("bo", "ann", "")] == [[yes], [], []]
        made.reply("ann", accept=True)
        assert [len(listed(made, one)) for one in ("bo", "ann", "")] == [2, 2, 2]


def test_no_filter_of_a_round_reads_who_agreed_to_nothing(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        made.consent(member_pb2.CONSENT_NOBODY)
        made.settle()
        for hand in ("left", "right"):
            wanted = RecommendationFilter(attributes=[Attribute(name="hand", text=hand)])
            spec = pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, seconds=5)
            made.client.create_round(C, hand, pb.Round(spec=spec), dry_run=True, filter=wanted)
            assert "members/bo" not in str(made.client.wait_for_round(C, hand))


@pytest.mark.parametrize("reader", ["", "ann"])
def test_no_count_tells_of_consent_under_a_filter(tmp_path: Path, reader: str) -> None:
    """Whose consent is nobody has attributes that nobody may ask for."""
    with world(tmp_path) as made:
        made.consent(member_pb2.CONSENT_NOBODY)
        made.settle()
        audience = AUDIENCE_MEMBERS if reader else AUDIENCE_ORGANIZERS
        for hand in ("left", "right"):
            wanted = RecommendationFilter(attributes=[Attribute(name="hand", text=hand)])
            found = made.client.recommend_peers(C, "cy", audience=audience, filter=wanted)
            assert found.info.hidden_by_consent == 0
