"""Proposals and what projects are due for, as messages of the contract."""

from __future__ import annotations

from yiqi.v1 import proposal_pb2 as pb

from models.domain.requests import Language
from models.proposals.requests import Part, Proposal, Proposed, Value
from service.api import enums
from service.api.codec import need_message, timestamp
from service.application.project_care import Due
from service.core.names import child_name
from service.texts import say, words


def proposal_message(proposal: Proposal, community: str, language: Language) -> pb.Proposal:
    """A proposal as one of the contract, in words."""
    return pb.Proposal(
        proposal_id=proposal.id,
        title=say(proposal.title, language),
        text=say(proposal.text, language),
        first_step=say(proposal.first_step, language),
        words=proposal.words,
        members=[_member(part, community, language) for part in proposal.parts],
        needs=[need_message(need) for need in proposal.needs],
        covered=[need_message(need) for need in proposal.covered],
        score=proposal.score,
        worst=proposal.worst,
        known_pairs=proposal.known_pairs,
        new_pairs=proposal.new_pairs,
    )


def fewer_words(proposed: Proposed, language: Language) -> str:
    """Why there are fewer proposals than were asked for; "" where there are as many."""
    return words(proposed.fewer, language) if proposed.fewer else ""


def due_message(due: Due, community: str) -> pb.ProjectDue:
    """What a project is due for."""
    return pb.ProjectDue(
        project=child_name(community, "projects", due.project.id),
        kind=enums.PROJECT_DUE.number(due.kind),  # type: ignore[arg-type]
        members=[child_name(community, "members", member) for member in due.members],
        since=timestamp(due.since),
        text=due.text,
    )


def _member(part: Part, community: str, language: Language) -> pb.ProposalMember:
    return pb.ProposalMember(
        member=child_name(community, "members", part.member),
        brings=_value(part.brings, community, language),
        gets=_value(part.gets, community, language),
        why=say(part.why, language) if part.why else "",
        known=[child_name(community, "members", member) for member in part.known],
        fit=part.fit,
        score=part.score,
    )


def _value(value: Value, community: str, language: Language) -> pb.ProposedValue:
    return pb.ProposedValue(
        text=say(value.said, language),
        kind=enums.VALUE_KIND.number(value.kind),  # type: ignore[arg-type]
        giver=child_name(community, "members", value.whose),
    )
