"""Proposals over the wire: proposed, sent, accepted into a project, put aside, and cared for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from yiqi.client import YiqiClient, YiqiRpcError, id_of, invitation_name, member_name, project_name
from yiqi.v1 import invitation_pb2, member_pb2, outcome_pb2, project_pb2, proposal_pb2
from yiqi.v1 import recommendation_pb2 as pb
from yiqi.v1.common_pb2 import Need

from models.domain.kinds import INVITATION
from models.domain.outcome_ids import digest
from models.domain.records import DAY, Block, Channel, Community, Guest, Invitation, Message, Outcome, Project
from service.api.codec import timestamp
from service.api.server import build_server
from service.application import project_noes
from service.application.proposals import MOST_ASIDE
from service.core.settings import Settings
from service.core.validation import validate_record
from service.serving import Runtime
from service.serving.watched import watched
from service.store.contract import Store
from service.store.sql import SqlStore
from tests.toy.test_proposals import RECORDS
from tests.toy.world import NOW
from training.labels.outcomes import GAINS, course
from training.nightly.past import past_of

C = "club"
TEAM = ("sol0", "sol1", "sol2", "sol3")


@dataclass
class Clock:
    """The wall clock of a test."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class Club:
    """A server over a real store and runtime, with the wall clock in the test's hands."""

    clock: Clock
    store: Store
    client: YiqiClient

    def propose(self, **asked: object) -> list[proposal_pb2.Proposal]:
        return list(self.client.propose_projects(C, **asked).proposals)  # type: ignore[arg-type]

    def send(self, id: str = "p1", members: tuple[str, ...] = TEAM, **given: str) -> str:
        request = proposal_pb2.SendProposalRequest(
            parent=f"communities/{C}",
            proposal_id=id,
            title=given.get("title", "A synthesizer of our own"),
            text="Four boards, one each.",
            first_step="Sol0 brings a case on Sunday.",
            members=[member_name(C, one) for one in members],
        )
        return id_of(self.client.projects.SendProposal(request).invitation)

    def reply(self, invitation: str, member: str, *, accept: bool = True) -> invitation_pb2.Invitation:
        return self.client.reply_to_invitation(C, invitation, member, accept=accept)

    def project(self, id: str = "p1") -> Project | None:
        found = self.store.get(C, "project", [id]).get(id)
        return cast(Project, found.record) if found else None

    def due(self, member: str = "") -> list[tuple[str, list[str], str]]:
        request = project_pb2.ListProjectDueRequest(
            parent=f"communities/{C}", member=member_name(C, member) if member else ""
        )
        found = self.client.projects.ListProjectDue(request).due
        return [
            (proposal_pb2.ProjectDueKind.Name(one.kind).removeprefix("PROJECT_DUE_KIND_"),
             [id_of(name) for name in one.members], one.text)
            for one in found
        ]  # fmt: skip

    def answer(self, member: str, kind: str, *, yes: bool = True) -> project_pb2.AnswerProjectDueResponse:
        value: Any = proposal_pb2.ProjectDueKind.Value(f"PROJECT_DUE_KIND_{kind}")
        request = project_pb2.AnswerProjectDueRequest(
            name=project_name(C, "p1"), member=member_name(C, member), kind=value, yes=yes
        )
        reply = self.client.projects.AnswerProjectDue(request)
        assert isinstance(reply, project_pb2.AnswerProjectDueResponse)
        return reply

    def outcomes(self, kind: str) -> set[tuple[str, str]]:
        found = (one for one in self.store.scan(C, "outcome") if isinstance(one, Outcome))
        return {(one.source, one.target) for one in found if one.kind == kind}

    def begun(self, people: int = 2) -> None:
        """A project of sol0, sol1 and so on."""
        invitation = self.send(members=TEAM[:people])
        for member in TEAM[:people]:
            self.reply(invitation, member)

    def no_first_step(self, member: str) -> None:
        """Said by somebody once they are asked."""
        self.clock.now += 8 * DAY
        self.answer(member, "FIRST_STEP", yes=False)

    def noes(self) -> list[str]:
        """What is noted of noes in all invitations."""
        found = self.store.scan(C, INVITATION)
        return [no for one in found for no in json.loads(one.extra or "{}").get("no", [])]


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    with ExitStack() as stack:
        clock = Clock()
        store = SqlStore(tmp_path / "yiqi.db", clock=clock)
        stack.callback(store.close)
        store.put(C, [Community(id=C, name="Club"), *RECORDS])
        runtime = Runtime(store, tmp_path, Settings(data=tmp_path), following=True)
        stack.callback(runtime.close)
        written = watched(store, runtime)
        server = build_server(written, runtime, runtime.tokens.check, clock=clock)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        stack.callback(lambda: server.stop(None).wait())
        runtime.load_all(60)
        client = stack.enter_context(YiqiClient(f"127.0.0.1:{port}", timeout=60))
        yield Club(clock, written, client)


def test_a_proposal_says_who_brings_and_gets_what_and_what_to_do_first(club: Club) -> None:
    reply = club.client.propose_projects(C, limit=3, language=pb.LANGUAGE_ZH)
    assert len(reply.proposals) == 3
    assert reply.info.recommendation_token
    assert reply.info.model_version
    for one in reply.proposals:
        assert one.title
        assert one.first_step.startswith("这周请")
        assert 2 <= len(one.members) <= 6
        assert one.known_pairs + one.new_pairs == len(one.members) * (len(one.members) - 1) // 2
        for part in one.members:
            assert part.brings.text
            assert part.gets.text
            assert part.gets.giver != part.member


def test_proposing_writes_nothing(club: Club) -> None:
    before = head_at_rest(club)
    club.propose(limit=3)
    assert club.store.head(C) == before


def head_at_rest(club: Club) -> int:
    """The head of the log once what follows from the records, such as suggestions, is written."""
    seen = -1
    while seen != club.store.head(C):
        seen = club.store.head(C)
        time.sleep(1)
    return seen


def test_a_proposal_sent_as_it_came_becomes_a_project_once_half_of_the_team_accepts(club: Club) -> None:
    proposal = next(one for one in club.propose(limit=3) if len(one.members) == 4)
    invitation = id_of(club.client.send_proposal(C, proposal).invitation)
    team = [id_of(one.member) for one in proposal.members]
    club.reply(invitation, team[1])
    assert club.project(proposal.proposal_id) is None
    club.reply(invitation, team[0])
    project = club.project(proposal.proposal_id)
    assert project is not None
    assert project.members == (team[0], team[1])
    assert project.title == proposal.title
    assert proposal.first_step in project.text
    club.reply(invitation, team[3])
    assert club.project(proposal.proposal_id).members == (team[0], team[1], team[3])  # type: ignore[union-attr]
    assert (team[0], team[3]) in club.outcomes("accepted")


def test_a_refusal_looks_like_silence(club: Club) -> None:
    invitation = club.send()
    seen_before = club.reply(invitation, "sol0").guests
    club.reply(invitation, "sol1")
    club.reply(invitation, "sol2", accept=False)
    shown = club.client.list_invitations(C, member="sol0")
    (mine,) = [one for one in shown if one.name == invitation_name(C, invitation)]
    assert [one.reply for one in mine.guests] == [one.reply for one in seen_before]
    assert not mine.mutual
    assert club.project().members == ("sol0", "sol1")  # type: ignore[union-attr]


def test_a_proposal_may_be_edited_before_it_is_sent(club: Club) -> None:
    proposal = club.propose(limit=3)[0]
    proposal.title = "Something else entirely"
    del proposal.members[2:]
    invitation = id_of(club.client.send_proposal(C, proposal).invitation)
    for part in proposal.members:
        club.reply(invitation, id_of(part.member))
    assert club.project(proposal.proposal_id).title == "Something else entirely"  # type: ignore[union-attr]


def test_sending_twice_is_sending_once(club: Club) -> None:
    assert club.send() == club.send()
    assert len(list(club.client.list_invitations(C))) == 1


def test_nobody_is_invited_with_somebody_they_blocked_and_nothing_tells_who_it_was(club: Club) -> None:
    club.store.put(C, [Block(id="b", source="sol3", target="sol0")])
    club.client.propose_projects(C, min_sequence=club.store.head(C))
    with pytest.raises(YiqiRpcError, match="cannot be brought together") as failed:
        club.send()
    assert not any(one in failed.value.sentence for one in TEAM)


def test_who_pauses_is_named_as_little_as_who_blocks_and_the_remedy_says_what_to_do(club: Club) -> None:
    until = timestamp(club.clock.now + 3 * DAY)
    club.client.members.PauseMember(member_pb2.PauseMemberRequest(name=member_name(C, "sol0"), until=until))
    with pytest.raises(YiqiRpcError) as failed:
        club.send()
    assert failed.value.reason == "MATCH_REFUSED"
    assert "cannot be brought together now" in failed.value.sentence
    assert "sol0" not in failed.value.sentence
    assert "other people" in failed.value.sentence


def test_who_is_not_in_the_team_cannot_put_its_proposal_aside(club: Club) -> None:
    request = proposal_pb2.DismissProposalRequest(
        parent=f"communities/{C}",
        proposal_id="x",
        title="t",
        members=[member_name(C, "sol0"), member_name(C, "sol1")],
        member=member_name(C, "sol2"),
    )
    with pytest.raises(YiqiRpcError, match='member: "sol2", who is not in the team, is not valid'):
        club.client.projects.DismissProposal(request)


def test_what_was_dismissed_is_not_proposed_again_and_the_dismissal_is_never_seen(club: Club) -> None:
    first = club.propose(limit=3)
    club.client.dismiss_proposal(C, first[0])
    again = club.propose(limit=3)
    assert first[0].proposal_id not in {one.proposal_id for one in again}
    assert all(one.title != first[0].title for one in again)
    member = id_of(first[0].members[0].member)
    assert list(club.client.list_invitations(C, member=member)) == []


def test_what_one_member_dismissed_is_still_proposed_to_others(club: Club) -> None:
    first = club.propose(member="sol1", limit=3)
    for one in first:
        club.client.dismiss_proposal(C, one, member="sol1")
    assert all(one.title not in {old.title for old in first} for one in club.propose(member="sol1", limit=3))
    assert any(one.title in {old.title for old in first} for one in club.propose(member="sol2", limit=5))


def aside(number: int, member: str = "sol0") -> Invitation:
    """What a member put aside long ago, as `DismissProposal` stores it."""
    guests = (Guest(member=member, reply="declined"), Guest(member="sol2"))
    id = digest("aside", f"x{number}", member)
    return Invitation(
        id=id, time=NOW - DAY + number, guests=guests, source="proposal", ref=f"x{number}", state="withdrawn"
    )


def test_of_what_one_member_put_aside_the_oldest_may_come_again(club: Club) -> None:
    def titles() -> set[str]:
        return {one.title for one in club.propose(member="sol1", limit=3)}

    oldest = club.propose(member="sol1", limit=1)[0]
    club.client.dismiss_proposal(C, oldest, member="sol1")
    club.client.dismiss_proposal(C, oldest, member="sol1")
    assert oldest.title not in titles()
    club.clock.now += DAY + 1000
    club.store.put(C, [replace(aside(n, "sol1"), time=NOW + n + 1) for n in range(MOST_ASIDE - 1)])
    assert oldest.title not in titles()
    club.client.dismiss_proposal(C, club.propose(limit=1)[0])
    assert len(list(club.store.scan(C, INVITATION))) == MOST_ASIDE + 1
    club.client.projects.DismissProposal(
        proposal_pb2.DismissProposalRequest(
            parent=f"communities/{C}", proposal_id="y", title="Y", member=member_name(C, "sol1"),
            members=[member_name(C, "sol0"), member_name(C, "sol1")],
        )
    )  # fmt: skip
    assert len(list(club.store.scan(C, INVITATION))) == MOST_ASIDE + 1
    assert oldest.title in titles()


def seconds(call: Callable[[], object]) -> float:
    """Of computing, for a call and its answer."""
    before = time.process_time()
    call()
    return time.process_time() - before


def test_what_a_member_leaves_makes_outcomes_no_slower_to_record(club: Club) -> None:
    def told(member: str) -> list[outcome_pb2.Outcome]:
        return [
            outcome_pb2.Outcome(
                name=f"communities/{C}/outcomes/{digest(member, str(number))}", source=member_name(C, member),
                target=member_name(C, "sol2"), kind=outcome_pb2.OUTCOME_KIND_TALKED, time=timestamp(NOW),
            )
            for number in range(1000)
        ]  # fmt: skip

    club.store.put(C, [aside(number) for number in range(500)])
    busy, plain = told("sol0"), told("sol1")
    for outcomes in (busy, plain):
        assert club.client.record_outcomes(C, outcomes).summary.created == 1000
    head_at_rest(club)
    usual = seconds(lambda: club.client.record_outcomes(C, plain))
    assert seconds(lambda: club.client.record_outcomes(C, busy)) < 4 * usual


def test_what_others_say_of_somebody_makes_it_no_slower_to_answer_them(club: Club) -> None:
    def answered(kind: str) -> float:
        return seconds(lambda: club.answer("sol0", kind))

    club.begun()
    talked = [
        Outcome(id=f"o{number}", source="sol2", target="sol1", time=NOW + number, kind="talked")
        for number in range(10_000)
    ]
    head_at_rest(club)
    usual = min(answered("FIRST_STEP"), answered("FIRST_STEP"))
    club.store.put(C, talked)
    head_at_rest(club)
    assert min(answered("FIRST_STEP"), answered("FIRST_STEP")) < 4 * usual + 0.02


def test_a_page_of_invitations_is_as_full_as_if_what_is_hidden_were_not_there(club: Club) -> None:
    for id in ("x", "y"):
        request = proposal_pb2.DismissProposalRequest(
            parent=f"communities/{C}",
            proposal_id=id,
            title=id,
            members=[member_name(C, "sol0"), member_name(C, "sol1")],
            member=member_name(C, "sol0"),
        )
        club.client.projects.DismissProposal(request)
    asked = invitation_pb2.ListInvitationsRequest(parent=f"communities/{C}", member=member_name(C, "sol1"), page_size=1)
    page = club.client.invitations.ListInvitations(asked)
    assert (list(page.invitations), page.next_page_token) == ([], ""), "a page that goes on would tell of something"


def test_a_first_step_is_due_after_a_week_until_somebody_says_that_they_met(club: Club) -> None:
    club.begun()
    assert club.due() == []
    club.clock.now += 8 * DAY
    ((kind, members, text),) = club.due()
    assert (kind, members) == ("FIRST_STEP", ["sol0", "sol1"])
    assert "Sol0 brings a case on Sunday." in text
    assert club.answer("sol0", "FIRST_STEP").outcomes == 1
    assert club.answer("sol0", "FIRST_STEP").outcomes == 0
    assert club.outcomes("met") == {("sol0", "sol1"), ("sol1", "sol0")}
    assert club.due() == []


def test_nobody_is_asked_for_a_first_step_that_was_taken_in_the_open(club: Club) -> None:
    club.begun()
    talk = Message(id="t", author="sol0", time=NOW + DAY, channel="plaza", mentions=("sol1",), text="Sunday?")
    club.store.put(C, [talk])
    club.clock.now += 8 * DAY
    assert club.due() == []


def test_what_some_of_a_team_say_among_themselves_tells_the_others_nothing(club: Club) -> None:
    invitation = club.send(members=TEAM[:3])
    for member in TEAM[:3]:
        club.reply(invitation, member)
    talk = Message(id="t", author="sol0", time=NOW + DAY, channel="den", mentions=("sol1",), text="Sunday?")
    club.store.put(C, [Channel(id="den", visibility="private", members=TEAM[:2]), talk])
    club.clock.now += 8 * DAY
    assert [(kind, members) for kind, members, _ in club.due("sol2")] == [("FIRST_STEP", ["sol2"])]
    club.store.put(
        C, [Channel(id="hall", visibility="private", members=TEAM[:3]), replace(talk, id="u", channel="hall")]
    )
    assert club.due("sol2") == []


def test_a_project_gone_quiet_gets_a_nudge_and_its_end_is_asked_for_after_two_months(club: Club) -> None:
    club.begun()
    club.clock.now += 20 * DAY
    assert [kind for kind, _, _ in club.due()] == ["NUDGE"]
    club.clock.now += 41 * DAY
    assert "CLOSE" in [kind for kind, _, _ in club.due()]
    reply = club.answer("sol1", "CLOSE")
    assert reply.project.state == project_pb2.PROJECT_STATE_DONE
    assert club.outcomes("built_together") == {("sol0", "sol1"), ("sol1", "sol0")}
    assert "CLOSE" not in [kind for kind, _, _ in club.due()]


def test_what_a_proposal_led_to_is_there_for_the_nightly_job_and_counts_as_a_tie(club: Club) -> None:
    club.begun()
    club.clock.now += 61 * DAY
    club.answer("sol0", "FIRST_STEP")
    club.answer("sol1", "CLOSE")
    records = [one for kind in ("member", "message", "project", "outcome") for one in club.store.scan(C, kind)]
    lived = past_of(records, C).history
    run = course("collaborators", lived.messages, lived.projects, lived.outcomes, {}, NOW - 300 * DAY, NOW + 90 * DAY)
    assert {"accepted", "met", "built_together"} <= {one.kind for one in lived.outcomes}
    assert run.since[("sol0", "sol1")][0] >= GAINS["built_together"]
    assert [one.members for one in lived.projects] == [("sol0", "sol1")]
    peers = club.client.recommend_peers(C, "sol0", limit=100, min_sequence=club.store.head(C)).recommendations
    assert {id_of(one.resource) for one in peers} >= {"sol2", "sol3"}
    assert "sol1" not in {id_of(one.resource) for one in peers}  # they have dealt with each other


def test_a_member_who_declined_is_asked_less_for_what_is_like_it(club: Club) -> None:
    invitation = club.send(title="Soldering electronics")
    for member in ("sol0", "sol1"):
        club.reply(invitation, member, accept=False)
    request = pb.ProposeProjectsRequest(parent=f"communities/{C}", limit=3, least=2, most=3)
    found = club.client.recommendations.ProposeProjects(request).proposals
    teams = [{id_of(part.member) for part in one.members} for one in found]
    solder = next(team for team in teams if any(one.startswith("sol") for one in team))
    assert not {"sol0", "sol1"} & solder


def test_a_project_that_is_given_up_says_nothing_about_its_people(club: Club) -> None:
    club.begun()
    club.clock.now += 61 * DAY
    assert club.answer("sol0", "CLOSE", yes=False).project.state == project_pb2.PROJECT_STATE_DROPPED
    assert club.outcomes("built_together") == set()
    assert club.due() == []


def test_a_part_is_to_be_filled_again_when_somebody_leaves(club: Club) -> None:
    invitation = club.send()
    for member in TEAM:
        club.reply(invitation, member)
    request = project_pb2.LeaveProjectRequest(name=project_name(C, "p1"), member=member_name(C, "sol2"))
    club.client.projects.LeaveProject(request)
    ((kind, members, text),) = club.due()
    assert (kind, members) == ("REFILL", ["sol0", "sol1", "sol3"])
    assert "Sol2" in text
    club.reply(invitation, "sol3")
    assert "sol2" not in club.project().members  # type: ignore[union-attr]


def test_who_is_still_together_is_asked_after_a_month_and_after_three(club: Club) -> None:
    club.begun()
    for days, kind in ((31, "TOGETHER_30"), (91, "TOGETHER_90")):
        club.clock.now = NOW + days * DAY
        assert kind in [one for one, _, _ in club.due("sol1")]
        assert club.answer("sol1", kind).outcomes == 1
        assert kind not in [one for one, _, _ in club.due("sol1")]
    assert club.outcomes("still_together") == {("sol1", "sol0")}


@pytest.mark.parametrize(("kind", "days"), [("FIRST_STEP", 8), ("NUDGE", 20), ("TOGETHER_30", 31), ("TOGETHER_90", 91)])
def test_who_says_no_is_not_asked_again_and_may_still_say_yes(club: Club, kind: str, days: int) -> None:
    club.begun()
    join = project_pb2.JoinProjectRequest(name=project_name(C, "p1"), member=member_name(C, "sol2"))
    club.client.projects.JoinProject(join)
    club.clock.now += days * DAY

    def asked() -> list[str]:
        return next((members for one, members, _ in club.due() if one == kind), [])

    assert asked() == ["sol0", "sol1", "sol2"]
    others = [one for one, _, _ in club.due("sol2") if one != kind]
    for member, left in (("sol0", ["sol1", "sol2"]), ("sol2", ["sol1"]), ("sol0", ["sol1"])):
        assert club.answer(member, kind, yes=False).outcomes == 0
        assert asked() == left
    assert [one for one, _, _ in club.due("sol2")] == others
    said = {"FIRST_STEP": "met", "NUDGE": "talked"}.get(kind, "still_together")
    assert club.outcomes(said) == set()
    assert club.answer("sol0", kind).outcomes == 2
    assert {("sol0", "sol1"), ("sol0", "sol2")} <= club.outcomes(said)


def test_a_no_goes_with_whoever_said_it(club: Club) -> None:
    club.begun(3)
    said = project_noes.no_of("p1", "sol2", "first_step")
    club.no_first_step("sol2")
    assert said in club.noes()
    club.client.erase_member(C, "sol2")
    assert said not in club.noes()


def test_a_no_of_somebody_who_leaves_goes(club: Club) -> None:
    club.begun()
    club.no_first_step("sol0")
    club.client.projects.LeaveProject(
        project_pb2.LeaveProjectRequest(name=project_name(C, "p1"), member=member_name(C, "sol0"))
    )
    assert club.noes() == []


def test_a_no_is_theirs_whom_somebody_becomes_one_with(club: Club) -> None:
    club.begun()
    club.no_first_step("sol1")
    club.client.members.MergeMembers(
        member_pb2.MergeMembersRequest(name=member_name(C, "sol3"), merged_member=member_name(C, "sol1"))
    )
    assert club.noes() == [project_noes.no_of("p1", "sol3", "first_step")]
    assert next(members for kind, members, _ in club.due() if kind == "FIRST_STEP") == ["sol0"]


def test_a_no_to_a_project_of_many_needs_is_kept_as_an_archive_can_hold_it(club: Club) -> None:
    needs = [Need(text="n" * 2_000)] * 9 + [Need(text="n" * 1_850)]
    request = proposal_pb2.SendProposalRequest(
        parent=f"communities/{C}", proposal_id="p1", title="T", members=[member_name(C, id) for id in TEAM[:2]],
        needs=needs,
    )  # fmt: skip
    invitation = id_of(club.client.projects.SendProposal(request).invitation)
    for member in TEAM[:2]:
        club.reply(invitation, member)
    club.clock.now += 8 * DAY
    for member, left in (("sol0", [["sol1"]]), ("sol1", [[]])):
        club.answer(member, "FIRST_STEP", yes=False)
        assert [members for _, members, _ in club.due() if members] == [one for one in left if one]
    kept = club.store.get(C, INVITATION, [invitation])[invitation].record
    validate_record(kept, club.clock.now)
    assert len(cast(Project, club.project()).needs) == 10


def test_only_those_in_a_project_answer_for_it(club: Club) -> None:
    club.begun()
    with pytest.raises(YiqiRpcError, match="not in the project"):
        club.answer("sol4", "FIRST_STEP")


@pytest.mark.parametrize("size", [(1, 2), (3, 2), (7, 0)])
def test_sizes_that_make_no_team_are_refused(club: Club, size: tuple[int, int]) -> None:
    request = pb.ProposeProjectsRequest(parent=f"communities/{C}", least=size[0], most=size[1])
    with pytest.raises(YiqiRpcError) as failed:
        club.client.recommendations.ProposeProjects(request)
    assert failed.value.reason == "OUT_OF_RANGE"


@pytest.mark.parametrize(
    "given",
    [
        {"proposal_id": "p" * 128},
        {"text": "t" * 20_000, "first_step": "f" * 2_000},
        {"needs": [Need(text=f"{n}" * 2_000) for n in range(9)] * 2},
    ],
    ids=["id", "text", "needs"],
)
def test_a_proposal_that_an_archive_could_not_hold_is_refused(club: Club, given: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"proposal_id": "p", "title": "T", "members": [member_name(C, id) for id in TEAM]} | given
    with pytest.raises(YiqiRpcError) as refused:
        club.client.projects.SendProposal(proposal_pb2.SendProposalRequest(parent=f"communities/{C}", **whole))
    assert refused.value.status is grpc.StatusCode.INVALID_ARGUMENT
