"""What somebody keeps to themselves does not show in its consequences either.

Worlds are made that differ in one secret of Bo's: the answer to a double opt-in or a follow-up, a block, a pause, a
consent, what is done in a closed room, an attribute. Every call that reads, taken from the descriptors of the contract,
and every one with which a member writes must give Ann the same bytes in all of them, and organizers, too, where
decision 26 says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
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
from yiqi.v1 import feed_pb2, member_pb2, outcome_pb2, project_pb2, proposal_pb2
from yiqi.v1 import invitation_pb2 as inv
from yiqi.v1 import round_pb2 as pb
from yiqi.v1.common_pb2 import Attribute
from yiqi.v1.recommendation_pb2 import AUDIENCE_MEMBERS, AUDIENCE_ORGANIZERS, RecommendationFilter, RecommendOptions

from models.domain.kinds import INVITATION, OUTCOME
from models.domain.outcome_ids import OURS, digest
from models.domain.records import Channel, Community, Member, Message, Need, Outcome, Project, Round
from models.rounds.spec.json_text import plan_text, spec_text
from models.rounds.spec.requests import Match, Plan, RoundSpec
from service.access.access import Access
from service.access.caller import Quota
from service.access.member_tokens import mint
from service.api.codec import timestamp
from service.api.interceptors.load import Load
from service.api.server import build_server
from service.application.policies import POLICIES
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

    def follow_up(self, member: str, answer: Any) -> inv.AnswerFollowUpResponse:
        request = inv.AnswerFollowUpRequest(name=self.invitation("r"), member=name(member), answer=answer)
        return self.client.invitations.AnswerFollowUp(request)  # type: ignore[no-any-return]

    def outcomes(self) -> list[tuple[str, str, str]]:
        return sorted((one.source, one.target, one.kind) for one in self.store.scan(C, OUTCOME))

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
        community = Community(id=C, name="Crafts", extra='{"matchable":["hand"]}')
        store.put(C, [community, Channel(id="square"), *people, *said, project, own, solved])
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


METHODS: list[MethodDescriptor] = [
    method
    for module in iter_modules(yiqi.v1.__path__)
    if module.name.endswith("_pb2")
    for service in import_module(f"yiqi.v1.{module.name}").DESCRIPTOR.services_by_name.values()
    for method in service.methods
]


def reading() -> list[MethodDescriptor]:
    """Every call of the contract that reads, but for what is excused."""
    return [one for one in METHODS if not one.name.startswith(WRITES) and key(one) not in EXCUSED]


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
    elif field.name == "recipients":
        request.recipients.members.append(name(reader or "ann"))
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


def guesses(world: World) -> list[str]:
    """Ids of outcomes that somebody could have written about Ann and Bo, as the service makes or made them."""
    invitation = world.invitation("r").rsplit("/", 1)[-1]
    pairs = (("ann", "bo"), ("bo", "ann"))
    made = [digest(invitation, *pair, what) for pair in pairs for what in ("reply", "talked", "met", "still_together")]
    return [*made, *(OURS + one for one in made), "said-by-bo"]


def writing(world: World) -> dict[str, list[Proto]]:
    """What Ann writes, by call, in order: all calls that a member may make."""
    ann, bo, invitation = name("ann"), name("bo"), world.invitation("r")
    project, own = f"{PARENT}/projects/p1", {"name": f"{name('ann')}/suggestions/s"}
    guessed = [
        outcome_pb2.RecordOutcomesRequest(
            parent=PARENT,
            outcomes=[
                outcome_pb2.Outcome(
                    name=f"{PARENT}/outcomes/{id}", source=ann, target=bo, kind=kind, time=timestamp(START)
                )
                for id in guesses(world)
            ],
        )
        for kind in (outcome_pb2.OUTCOME_KIND_TALKED, outcome_pb2.OUTCOME_KIND_ALREADY_KNOWN)
    ]
    due = proposal_pb2.PROJECT_DUE_KIND_FIRST_STEP
    return {
        "OutcomeService.RecordOutcomes": [*guessed],
        "ProjectService.JoinProject": [project_pb2.JoinProjectRequest(name=project, member=ann)],
        "ProjectService.AnswerProjectDue": [
            project_pb2.AnswerProjectDueRequest(name=project, member=ann, kind=due, yes=True)
        ],
        "ProjectService.LeaveProject": [project_pb2.LeaveProjectRequest(name=project, member=ann)],
        "ProjectService.DismissProposal": [
            proposal_pb2.DismissProposalRequest(
                parent=PARENT, proposal_id="d", title="T", members=[ann, bo], member=ann
            )
        ],
        "InvitationService.AnswerFollowUp": [
            inv.AnswerFollowUpRequest(name=invitation, member=ann, answer=answer)
            for answer in (inv.FOLLOW_UP_TALKED, inv.FOLLOW_UP_AGAIN, inv.FOLLOW_UP_AGAIN)
        ],
        "InvitationService.ReplyToInvitation": [inv.ReplyToInvitationRequest(name=invitation, member=ann)],
        "InvitationService.RenewInvitation": [inv.RenewInvitationRequest(name=invitation, member=ann, stay=True)],
        "MemberService.UpdateMember": [
            member_pb2.UpdateMemberRequest(member=member_pb2.Member(name=ann, place="Ulm"))
        ],
        "MemberService.PauseMember": [member_pb2.PauseMemberRequest(name=ann)],
        "MemberService.ConfirmSuggestion": [member_pb2.ConfirmSuggestionRequest(**own)],
        "MemberService.StrikeSuggestion": [member_pb2.StrikeSuggestionRequest(**own)],
        "MemberService.BlockMember": [member_pb2.BlockMemberRequest(name=ann, blocked_member=bo)],
        "MemberService.UnblockMember": [member_pb2.UnblockMemberRequest(name=ann, blocked_member=bo)],
    }  # fmt: skip


def written(world: World) -> Answers:
    """What Ann gets for all that she writes."""
    calls = {key(one): one for one in METHODS}
    return {
        f"{call} written": tuple(in_bytes(reply) for one in requests for reply in world.call(calls[call], one))
        for call, requests in writing(world).items()
    }


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


def test_every_call_with_which_a_member_writes_is_compared(tmp_path: Path) -> None:
    may = {call.replace("/", ".") for call, policy in POLICIES.items() if policy.own}
    with world(tmp_path) as made:
        assert set(writing(made)) == {call for call in may if call.split(".")[1].startswith(WRITES)}


def test_an_answer_shows_in_nothing_that_the_other_writes(tmp_path: Path) -> None:
    def look(world: World) -> Answers:
        return a_team_of_the_two(world) | written(world) | answers(world, "ann")

    same(tmp_path, look, silent, says(accept=False), says(accept=True))


def test_a_block_shows_in_nothing_that_the_blocked_writes(tmp_path: Path) -> None:
    same(tmp_path, written, lambda world: world.pause(5), lambda world: world.block("bo", "ann"))


def mutual_and(*said: Any) -> Callable[[World], None]:
    """Both accepted, and Bo said this about what became of it."""

    def made(world: World) -> None:
        for member in ("ann", "bo"):
            world.reply(member, accept=True)
        world.now += 8 * DAY
        for answer in said:
            world.follow_up("bo", answer)

    return made


def test_what_one_says_became_of_it_shows_in_nothing_that_the_other_writes(tmp_path: Path) -> None:
    said = ((), (inv.FOLLOW_UP_NO,), (inv.FOLLOW_UP_TALKED,), (inv.FOLLOW_UP_AGAIN,))
    same(tmp_path, written, *(mutual_and(*one) for one in said))


def test_that_nothing_came_of_it_or_that_one_wants_more_is_ones_own(tmp_path: Path) -> None:
    organizers = [key(one) for one in reading() if not POLICIES[key(one).replace(".", "/")].own]

    def look(world: World) -> Answers:
        return answers(world, "ann", organizers)

    same(tmp_path, look, mutual_and(), mutual_and(inv.FOLLOW_UP_NO))
    same(tmp_path, look, mutual_and(inv.FOLLOW_UP_MET), mutual_and(inv.FOLLOW_UP_AGAIN))


def test_what_somebody_records_under_an_id_shows_to_nobody_who_guesses_it(tmp_path: Path) -> None:
    def records(world: World) -> None:
        world.client.record_outcomes(C, [said_by("bo", "cy")])

    same(tmp_path, written, silent, records)


def said_by(source: str, target: str) -> outcome_pb2.Outcome:
    kind = outcome_pb2.OUTCOME_KIND_ALREADY_KNOWN
    id = f"{PARENT}/outcomes/said-by-bo"
    return outcome_pb2.Outcome(name=id, source=name(source), target=name(target), kind=kind, time=timestamp(START))


def test_an_id_taken_first_keeps_nothing_of_another_out(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        written(made)
        before = made.outcomes()
        assert made.client.record_outcomes(C, [said_by("bo", "cy")]).summary.created == 1
        assert made.client.record_outcomes(C, [said_by("bo", "cy")]).summary.unchanged == 1
        [told] = made.client.record_outcomes(C, [said_by("bo", "dee")]).summary.rejections
        assert (told.id, "said-by-bo" in told.sentence) == ("said-by-bo", True)
        made.reply("bo", accept=False)
        assert sorted([*before, ("bo", "cy", "already_known"), ("bo", "ann", "declined")]) == made.outcomes()


def test_answers_that_are_stored_under_earlier_ids_count_once(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        mutual_and()(made)
        met = outcome_pb2.Outcome(source=name("ann"), target=name("bo"), kind=outcome_pb2.OUTCOME_KIND_MET)
        assert made.follow_up("bo", inv.FOLLOW_UP_MET).outcomes == 2
        stored = list(made.store.scan(C, OUTCOME))
        assert len(stored) == 4
        made.store.delete(C, "outcome", [one.id for one in stored])
        made.store.put(C, [_earlier(one) for one in stored])
        for member in ("ann", "bo"):
            made.reply(member, accept=True)
            made.follow_up(member, inv.FOLLOW_UP_MET)
        assert [one.id for one in made.store.scan(C, OUTCOME)] == sorted(_earlier(one).id for one in stored)
        for id in (_earlier(one).id for one in stored if one.source == "ann"):
            met.name, met.time.seconds = f"{PARENT}/outcomes/{id}", START // 1_000_000
            assert made.client.record_outcomes(C, [met]).summary.created == 1, "as if nobody had it"


def _earlier(outcome: Outcome) -> Outcome:
    return replace(outcome, id=outcome.id.removeprefix(OURS))


def test_nobody_takes_back_the_refusal_of_another(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        mutual_and()(made)
        refusal = said_by("bo", "ann")
        refusal.kind, refusal.name = outcome_pb2.OUTCOME_KIND_DISMISSED, ""
        refusal.time.CopyFrom(timestamp(START + DAY))
        made.client.record_outcomes(C, [refusal])
        assert made.follow_up("ann", inv.FOLLOW_UP_AGAIN).outcomes == 3
        assert ("bo", "ann", "met") not in made.outcomes()
        assert ("ann", "bo", "met") in made.outcomes()


def together(world: World) -> None:
    """Ann and Bo do something together that was proposed to them."""
    mutual_and()(world)
    a_team_of_the_two(world)
    for member in ("ann", "bo"):
        world.reply(member, accept=True, ref="tea")


def answered(client: YiqiClient, member: str, kind: str) -> Proto:
    request = project_pb2.AnswerProjectDueRequest(name=f"{PARENT}/projects/tea", member=name(member), yes=True)
    request.kind = proposal_pb2.ProjectDueKind.Value(f"PROJECT_DUE_KIND_{kind}")
    return client.projects.AnswerProjectDue(request)  # type: ignore[no-any-return]


def asked_of_tea(world: World, client: YiqiClient) -> Answers:
    """What Ann is asked of it over time, and told when she answers."""
    asked = project_pb2.ListProjectDueRequest(parent=PARENT, member=name("ann"))
    found: Answers = {}
    for days, kind in ((8, "FIRST_STEP"), (12, "NUDGE"), (40, "CLOSE")):
        world.now += days * DAY
        told = [
            client.projects.ListProjectDue(asked),
            answered(client, "ann", kind),
            client.projects.ListProjectDue(asked),
        ]
        assert told[0].due
        found[kind] = tuple(map(in_bytes, told))
    return found


def test_what_a_project_asks_tells_nobody_who_turned_away(tmp_path: Path) -> None:
    def dismissed(world: World) -> None:
        together(world)
        refusal = said_by("bo", "ann")
        refusal.kind, refusal.name = outcome_pb2.OUTCOME_KIND_DISMISSED, ""
        refusal.time.CopyFrom(timestamp(world.now))
        assert world.client.record_outcomes(C, [refusal]).summary.created == 1

    same(tmp_path, lambda world: asked_of_tea(world, world.client), together, dismissed)


def test_a_member_is_asked_of_a_project_until_they_answered_themselves(tmp_path: Path) -> None:
    def look(world: World, bo_says: Sequence[str]) -> Answers:
        with as_members(world, tmp_path / str(next(numbers))) as clients:
            for kind in bo_says:
                answered(clients["bo"], "bo", kind)
            return asked_of_tea(world, clients["ann"])

    silence, words = (seen(tmp_path, together, partial(look, bo_says=said)) for said in ((), ("FIRST_STEP", "NUDGE")))
    assert [kind for kind in silence if silence[kind] != words[kind]] == []


@contextmanager
def as_members(world: World, folder: Path) -> Iterator[dict[str, YiqiClient]]:
    """Clients of Ann and Bo, each with a token of their own."""
    with ExitStack() as stack:
        access = Access(folder)
        stack.enter_context(closing(access.log))
        via = access.grants.create(C, "platform", 1, Quota())[0].caller()
        server = build_server(
            world.store, world.runtime, world.runtime.tokens.check, clock=lambda: world.now, access=access
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        stack.callback(lambda: server.stop(None).wait())
        tokens = {one: mint(access.grants.key(), via, C, "", one, via.expires) for one in ("ann", "bo")}
        yield {
            one: stack.enter_context(YiqiClient(f"127.0.0.1:{port}", token=token, timeout=60))
            for one, token in tokens.items()
        }


def test_a_follow_up_waits_until_all_accepted(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        made.reply("bo", accept=False)
        with pytest.raises(Exception, match="Not everybody has accepted"):
            made.follow_up("ann", inv.FOLLOW_UP_MET)
        assert made.outcomes() == [("bo", "ann", "declined")]


def test_a_yes_and_a_no_take_as_many_places_in_the_log(tmp_path: Path) -> None:
    def entries(accept: bool) -> int:
        with world(tmp_path / str(accept)) as made:
            before = made.store.head(C)
            made.reply("bo", accept=accept)
            return made.store.head(C) - before

    for accept in (False, True):
        (tmp_path / str(accept)).mkdir()
    assert entries(False) == entries(True)


def whispers(minutes: int) -> Callable[[World], None]:
    """Bo says something in a room of Bo and Cy, so long after the start."""

    def made(world: World) -> None:
        loft = Channel(id="loft", visibility="private", members=("bo", "cy"))
        said = Message(id="w", author="bo", time=START + minutes * 60_000_000, text="Psst.", channel="loft")
        world.store.put(C, [loft, said])

    return made


def active(world: World, audience: Any) -> list[bool]:
    """Whether Bo was active since some moments, as a filter tells."""
    world.settle()
    found = []
    for minutes in range(-1, 100, 20):
        since = RecommendationFilter(members=[name("bo")], active_since=timestamp(START + minutes * 60_000_000))
        options = {"include_fillers": True, "include_gone": True, "audience": audience, "filter": since}
        found.append(bool(world.client.recommend_peers(C, "ann", **options).recommendations))
    return found


def searched(world: World, asker: str, channel: str, audience: Any = AUDIENCE_MEMBERS) -> bytes:
    """How a search in a room ends."""
    world.settle()
    options = {"include_fillers": True, "with_reasons": False, "audience": audience}
    try:
        world.client.search_members(C, "who knows?", channel=channel, member=asker, **options)
    except Exception as error:
        return str(error).encode()
    return b""


def test_no_filter_tells_members_when_somebody_was_in_a_closed_room(tmp_path: Path) -> None:
    def look(world: World) -> Answers:
        return {"active": tuple(str(one).encode() for one in active(world, AUDIENCE_MEMBERS))}

    same(tmp_path, look, silent, whispers(30), whispers(90))
    with world(tmp_path) as made:
        assert active(made, AUDIENCE_MEMBERS) == [True, False, False, False, False, False]
        whispers(50)(made)
        assert active(made, AUDIENCE_ORGANIZERS) == [True, True, True, False, False, False]


def test_a_closed_room_is_to_others_as_if_it_were_not_there(tmp_path: Path) -> None:
    def look(world: World) -> Answers:
        return {asker: (searched(world, asker, "loft"),) for asker in ("ann", "")}

    same(tmp_path, look, silent, whispers(30))
    with world(tmp_path) as made:
        whispers(30)(made)
        assert b"no channel loft" in searched(made, "ann", "loft")
        assert searched(made, "cy", "loft") == searched(made, "ann", "square") == b""
        assert searched(made, "ann", "loft", AUDIENCE_ORGANIZERS) == b""


def test_an_attribute_that_is_not_shared_shows_under_no_members_filter(tmp_path: Path) -> None:
    def earns(text: str) -> Callable[[World], None]:
        def made(world: World) -> None:
            member = member_pb2.Member(name=name("bo"), attributes=[Attribute(name="salary", text=text)])
            world.client.members.UpdateMember(member_pb2.UpdateMemberRequest(member=member))

        return made

    def look(world: World) -> Answers:
        world.settle()
        options = RecommendOptions(include_fillers=True, include_connected=True, include_gone=True)
        options.filter.attributes.add(name="salary", text="90k")
        found: Answers = {}
        for method in reading():
            for request in asked(method, "ann")[:1]:
                if "options" in method.input_type.fields_by_name:
                    request.options.MergeFrom(options)  # type: ignore[attr-defined]
                    found[key(method)] = tuple(map(in_bytes, world.call(method, request)))
        assert all(b"is not one that members may filter by" in one for told in found.values() for one in told)
        return found

    same(tmp_path, look, earns("90k"), earns("80k"))
    with world(tmp_path) as made:
        made.settle()
        left = RecommendationFilter(attributes=[Attribute(name="hand", text="left")])
        found = made.client.recommend_peers(C, "ann", include_fillers=True, filter=left).recommendations
        assert {one.resource for one in found} <= {name("bo"), name("dee"), name("fay")} != set()
