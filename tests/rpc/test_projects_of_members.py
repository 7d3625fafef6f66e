"""Projects as members see and change them with tokens of their own: what is theirs, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from yiqi.client import YiqiClient, YiqiRpcError, id_of, member_name, project_name
from yiqi.v1 import invitation_pb2, member_pb2, outcome_pb2, proposal_pb2, recommendation_pb2
from yiqi.v1 import project_pb2 as pb
from yiqi.v1.common_pb2 import Need

from service.api.codec import timestamp
from service.application.policies import POLICIES
from service.core.clock import wall_clock
from tests.rpc.callers import NOW, OURS, Served, serving
from tests.rpc.test_non_interference import Answers, C, World, answers, name, same

DAY = 24 * 3600 * 1_000_000
PARENT = f"communities/{OURS}"
PEOPLE = ("ann", "bo", "cy", "dee")
OFFERS = recommendation_pb2.DESCRIPTOR.services_by_name["RecommendationService"].methods_by_name["RecommendProjects"]


@dataclass
class Town:
    """Four people with tokens of their own, and a platform."""

    served: Served
    platform: YiqiClient
    own: dict[str, YiqiClient] = field(default_factory=dict)

    def project(self, id: str, *members: str, state: Any = pb.PROJECT_STATE_OPEN) -> str:
        people = [member_name(OURS, one) for one in members]
        project = pb.Project(title="Secret tea", text="hush", time=timestamp(NOW), members=people, state=state)
        return str(self.platform.create_project(OURS, id, project).project.name)

    def people(self, id: str) -> list[str]:
        return [id_of(one) for one in self.stored(id).members]

    def stored(self, id: str) -> pb.Project:
        found = self.platform.projects.GetProject(pb.GetProjectRequest(name=project_name(OURS, id)))
        return found.project

    def join(self, member: str, id: str, client: YiqiClient | None = None) -> pb.Project:
        request = pb.JoinProjectRequest(name=project_name(OURS, id), member=member_name(OURS, member))
        return (client or self.own[member]).projects.JoinProject(request).project

    def leave(self, member: str, id: str) -> pb.Project:
        request = pb.LeaveProjectRequest(name=project_name(OURS, id), member=member_name(OURS, member))
        return self.own[member].projects.LeaveProject(request).project

    def answer(self, member: str, id: str, kind: str, *, yes: bool = True) -> pb.AnswerProjectDueResponse:
        request = pb.AnswerProjectDueRequest(
            name=project_name(OURS, id),
            member=member_name(OURS, member),
            kind=proposal_pb2.ProjectDueKind.Value(f"PROJECT_DUE_KIND_{kind}"),
            yes=yes,
        )
        return self.own[member].projects.AnswerProjectDue(request)

    def block(self, source: str, target: str) -> None:
        names = {"name": member_name(OURS, source), "blocked_member": member_name(OURS, target)}
        self.own[source].members.BlockMember(member_pb2.BlockMemberRequest(**names))

    def pause(self, member: str) -> None:
        until = timestamp(wall_clock() + 9 * DAY)
        request = member_pb2.PauseMemberRequest(name=member_name(OURS, member), until=until)
        self.own[member].members.PauseMember(request)

    def outcomes(self) -> set[tuple[str, str, int]]:
        token = self.served.token("organizer")
        with YiqiClient(self.served.target, token=token, timeout=60) as organizer:
            found = organizer.outcomes.ListOutcomes(outcome_pb2.ListOutcomesRequest(parent=PARENT)).outcomes
        return {(id_of(one.source), id_of(one.target), one.kind) for one in found}

    def send(self, id: str, *members: str) -> str:
        team = [member_name(OURS, one) for one in members]
        request = proposal_pb2.SendProposalRequest(
            parent=PARENT, proposal_id=id, title="Tea", text="Tea", members=team, needs=[Need(text="a pot")]
        )
        return str(self.platform.projects.SendProposal(request).invitation)

    def reply(self, member: str, invitation: str, *, accept: bool = True) -> invitation_pb2.Invitation:
        request = invitation_pb2.ReplyToInvitationRequest(
            name=invitation, member=member_name(OURS, member), accept=accept
        )
        return self.own[member].invitations.ReplyToInvitation(request).invitation

    def mine(self, member: str) -> list[str]:
        request = pb.ListProjectsRequest(parent=PARENT, member=member_name(OURS, member))
        return [id_of(one.name) for one in self.own[member].projects.ListProjects(request).projects]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with serving(tmp_path) as served, YiqiClient(served.target, token=served.token("platform"), timeout=60) as platform:
        found = Town(served, platform)
        for one in PEOPLE:
            if one not in ("ann", "bo"):
                platform.create_member(OURS, one, member_pb2.Member(consent=member_pb2.CONSENT_MEMBERS))
            token = platform.mint_member_token(OURS, one)
            found.own[one] = YiqiClient(served.target, token=token, timeout=60)
        yield found
        for client in found.own.values():
            client.close()


def refused(call: Any, *arguments: Any) -> tuple[grpc.StatusCode, str, str]:
    """The status, reason and sentence of a refusal, but for the ids in it."""
    with pytest.raises(YiqiRpcError) as caught:
        call(*arguments)
    sentence = str(caught.value)
    for id in ("closed", "none", "paused", "blocked", "over"):
        sentence = sentence.replace(f" {id} ", " ID ").replace(f'"{id}"', "ID")
    return caught.value.status, caught.value.reason, sentence


def test_a_member_finds_no_project_that_is_neither_theirs_nor_open(town: Town) -> None:
    town.project("closed", "cy", state=pb.PROJECT_STATE_ACTIVE)
    town.project("over", "cy", state=pb.PROJECT_STATE_DONE)
    for call in (town.join, town.leave):
        told = {refused(call, "ann", id) for id in ("closed", "over", "none")}
        assert {reason for _, reason, _ in told} == {"PROJECT_NOT_FOUND"}
        assert len(told) == 1
    assert len({refused(town.answer, "ann", id, "CLOSE") for id in ("closed", "none")}) == 1
    assert town.people("closed") == ["cy"]


def test_a_member_joins_what_is_open_and_leaves_it(town: Town) -> None:
    town.project("open", "cy")
    assert [id_of(one) for one in town.join("ann", "open").members] == ["cy", "ann"]
    assert [id_of(one) for one in town.join("ann", "open").members] == ["cy", "ann"]
    assert [id_of(one) for one in town.leave("ann", "open").members] == ["cy"]
    assert refused(town.leave, "ann", "open")[1] == "PROJECT_NOT_FOUND"


def test_a_project_with_who_blocks_is_as_closed_as_one_with_who_pauses(town: Town) -> None:
    town.project("blocked", "bo")
    town.project("paused", "cy")
    town.block("bo", "ann")
    town.pause("cy")
    for client, reason in ((None, "PROJECT_NOT_FOUND"), (town.platform, "STATE_CONFLICT")):
        told = {refused(town.join, "ann", id, client) for id in ("blocked", "paused")}
        assert [found for _, found, _ in told] == [reason]
    assert town.people("blocked") == ["bo"]
    assert "dee" in [id_of(one) for one in town.join("dee", "blocked").members]


def test_whoever_was_blocked_after_leaving_does_not_come_back(town: Town) -> None:
    town.project("p", "bo", "ann")
    town.leave("ann", "p")
    town.block("bo", "ann")
    assert refused(town.join, "ann", "p")[1] == "PROJECT_NOT_FOUND"


def test_the_lead_closes_a_project_and_nobody_speaks_for_two_others(town: Town) -> None:
    town.project("p", "ann", "bo", "cy")
    assert refused(town.answer, "bo", "p", "CLOSE")[1] == "ACCESS_DENIED"
    assert town.answer("bo", "p", "FIRST_STEP").outcomes == 2
    assert town.answer("ann", "p", "CLOSE").project.state == pb.PROJECT_STATE_DONE
    assert {source for source, _, kind in town.outcomes() if kind == outcome_pb2.OUTCOME_KIND_MET} == {"bo"}
    built = {pair[:2] for pair in town.outcomes() if pair[2] == outcome_pb2.OUTCOME_KIND_BUILT_TOGETHER}
    assert built == {("ann", "bo"), ("ann", "cy")}


def test_who_leads_is_the_first_who_does_not_pause(town: Town) -> None:
    town.project("p", "ann", "bo")
    town.pause("ann")
    assert town.answer("bo", "p", "CLOSE", yes=False).project.state == pb.PROJECT_STATE_DROPPED


def test_a_team_takes_nobody_in_whom_one_of_it_blocks(town: Town) -> None:
    invitation = town.send("tea", "bo", "cy", "ann")
    town.reply("bo", invitation)
    town.reply("cy", invitation)
    assert town.people("tea") == ["bo", "cy"]
    town.block("bo", "ann")
    assert not town.reply("ann", invitation).mutual
    assert town.people("tea") == ["bo", "cy"]
    assert town.mine("ann") == ["boat"]
    assert refused(town.reply, "bo", invitation)[1] == "STATE_CONFLICT"
    request = pb.ListProjectDueRequest(parent=PARENT, member=member_name(OURS, "cy"))
    assert list(town.own["cy"].projects.ListProjectDue(request).due) == []


def test_what_all_accepted_but_who_blocks_another_is_not_revealed(town: Town) -> None:
    invitation = town.send("tea", "bo", "cy", "ann")
    town.reply("bo", invitation)
    town.block("bo", "ann")
    for member in ("cy", "ann"):
        assert not town.reply(member, invitation).mutual
    assert town.people("tea") == ["cy", "ann"]
    assert town.mine("bo") == []


def test_what_began_of_a_proposal_is_offered_to_others_once_all_accepted(town: Town) -> None:
    invitation = town.send("tea", "bo", "cy", "ann")
    town.reply("bo", invitation)
    town.reply("cy", invitation)
    assert town.stored("tea").state == pb.PROJECT_STATE_ACTIVE
    assert len({refused(call, "ann", "tea") for call in (town.join, town.leave)}) == 1
    town.reply("ann", invitation)
    assert town.stored("tea").state == pb.PROJECT_STATE_OPEN
    assert town.mine("ann") == ["boat", "tea"]


def begun_by(*members: str) -> Any:
    """A secret: these three were asked to do something together, and some of them said yes."""

    def made(world: World) -> None:
        team = [name(one) for one in ("ann", "cy", "eve")]
        request = proposal_pb2.SendProposalRequest(
            parent=f"communities/{C}", proposal_id="tea", title="Tea", text="Tea", members=team,
            needs=[Need(text="baking bread")],
        )  # fmt: skip
        invitation = world.client.projects.SendProposal(request).invitation
        for one in members:
            world.client.reply_to_invitation(C, id_of(invitation), one, accept=True)

    return made


def test_whoever_did_not_answer_does_not_learn_that_the_others_began(tmp_path: Path) -> None:
    # What two do together makes them close, which weighs in lists as anything else that others do.
    weighed = {call.replace("/", ".") for call in POLICIES if call.startswith("RecommendationService/")}
    others = {call.replace("/", ".") for call, policy in POLICIES.items() if not policy.own}

    def look(world: World) -> Answers:
        (reply,) = world.call(OFFERS, recommendation_pb2.RecommendProjectsRequest(member=name("eve")))
        assert isinstance(reply, recommendation_pb2.RecommendProjectsResponse)
        offered = tuple(sorted(one.resource.encode() for one in reply.recommendations))
        return answers(world, "eve", [*weighed, *others]) | {"offered": offered}

    same(tmp_path, look, begun_by("ann"), begun_by("ann", "cy"))
