"""Proposals and what projects are due for, as messages of the contract."""

from __future__ import annotations

from yiqi.v1 import proposal_pb2 as pb

from models.proposals.requests import Part, Proposal, Value
from service.api import enums
from service.api.codec import need_message, timestamp
from service.application.project_care import Due
from service.core.names import child_name


def proposal_message(proposal: Proposal, community: str) -> pb.Proposal:
    """A proposal as one of the contract."""
    return pb.Proposal(
        proposal_id=proposal.id,
        title=proposal.title,
        text=proposal.text,
        first_step=proposal.first_step,
        words=proposal.words,
        members=[_member(part, community) for part in proposal.parts],
        needs=[need_message(need) for need in proposal.needs],
        covered=[need_message(need) for need in proposal.covered],
        score=proposal.score,
        worst=proposal.worst,
        known_pairs=proposal.known_pairs,
        new_pairs=proposal.new_pairs,
    )


def due_message(due: Due, community: str) -> pb.ProjectDue:
    """What a project is due for."""
    return pb.ProjectDue(
        project=child_name(community, "projects", due.project.id),
        kind=enums.PROJECT_DUE.number(due.kind),  # type: ignore[arg-type]
        members=[child_name(community, "members", member) for member in due.members],
        since=timestamp(due.since),
        text=due.text,
    )


def _member(part: Part, community: str) -> pb.ProposalMember:
    return pb.ProposalMember(
        member=child_name(community, "members", part.member),
        brings=_value(part.brings, community),
        gets=_value(part.gets, community),
        why=part.why,
        known=[child_name(community, "members", member) for member in part.known],
        fit=part.fit,
        score=part.score,
    )


def _value(value: Value, community: str) -> pb.ProposedValue:
    return pb.ProposedValue(
        text=value.sentence,
        kind=enums.VALUE_KIND.number(value.kind),  # type: ignore[arg-type]
        giver=child_name(community, "members", value.whose),
    )
