"""Something to do together: proposed from what people share, sent to a team, or put aside.

Proposing writes nothing. A proposal that is sent is an invitation (source "proposal", and the proposal's id as `ref`);
its project begins when half of the team, and at least two, said yes, and has the proposal's id. One that is put aside
is an invitation that was taken back: nobody sees it, it costs no contact, and nothing like it is proposed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from time import time_ns
from typing import Protocol

from models.community.view import Community
from models.domain import strict_json
from models.domain.invitations import guest_of, mutual
from models.domain.kinds import INVITATION, MESSAGE, PROJECT
from models.domain.outcome_ids import digest, outcome_id
from models.domain.records import Guest, Invitation, Message, Micros, Need, Outcome, Project, ProjectState
from models.proposals.propose import propose
from models.proposals.requests import Earlier, Proposed, Wish
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from service.application import blocks, crud, derived, invitations
from service.application.contact_quota import Configured, left
from service.core.errors import InvalidArgument, MatchRefused, MemberNotFound
from service.core.tokens import Tokens
from service.core.validation import validate_record
from service.store.contract import Snapshot, Store, UnitOfWork
from service.texts.subjects import subject_of

SIZE = (2, 6)
MOST_ASIDE = 200
# Nobody is named, and no cause: a block must not be told from a pause.
_APART = "These people cannot be brought together now"


class Proposing(Configured, Protocol):
    """What proposing needs of the runtime."""

    tokens: Tokens

    def view(self, community: str, min_sequence: int = 0) -> Community:
        """The newest view that has seen this entry of the log."""

    def ranker(self, community: str) -> Ranker:
        """What turns features into scores."""

    def encoder_of(self, view: Community) -> TextEncoder:
        """Encodes texts with the encoder of the view."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is proposed, and in which state; as in `recommendations.Answer`."""

    proposed: Proposed
    index_version: str
    indexed_through: int
    token: str


def propose_projects(store: Store, runtime: Proposing, community: str, wish: Wish, min_sequence: int = 0) -> Answer:
    """Things to do together for a member or the whole community. Raises MemberNotFound, CommunityNotFound, Unavailable.

    Without a time in the wish it is now. People without a contact left this week, and what was sent or put aside
    before, are left out.
    """
    view = runtime.view(community, min_sequence)
    if wish.member and view.member(wish.member) is None:
        raise MemberNotFound(wish.member)
    now = wish.now or time_ns() // 1000
    with store.read(community) as at:
        rooms = left(at, view, runtime.settings.contacts_per_week, [one.id for one in view.members if one], now)
        before = tuple(earlier(at, wish.member))
    busy = frozenset(id for id, room in rooms.items() if not room)
    asked = replace(wish, now=now, busy=busy, earlier=before)

    def said(ids: Sequence[str]) -> Mapping[str, Message]:
        found = store.get(community, MESSAGE, ids)
        return {id: found[id].record for id in ids if id in found}

    found = propose(view, runtime.ranker(community), asked, runtime.encoder_of(view), said)
    team = list(dict.fromkeys(id for one in found.proposals for id in one.members))
    token = runtime.tokens.sign(community, "proposals", wish.member, found.model_version, view.index_version, team)
    return Answer(found, view.index_version, view.sequence, token)


def earlier(at: Snapshot, member: str = "") -> list[Earlier]:
    """What was sent or put aside before, the oldest first, and what the team said to it: all of it where nobody in
    particular asks, else what this member may know."""
    found = crud.everything(at, INVITATION, source="proposal")
    known = (one.record for one in found if not _put_aside_by_another(one.record, member))
    records = sorted(known, key=lambda one: (one.time or 0, one.id))
    projects = at.get(PROJECT, [one.ref for one in records])
    begun = {id: stored.record.members for id, stored in projects.items()}
    team = {id: members if member in members else () for id, members in begun.items()}
    return [_earlier(one, member, (member, *team.get(one.ref, ()))) for one in records]


def send(
    store: Store,
    runtime: Configured,
    community: str,
    proposal: str,
    title: str,
    text: str,
    members: Sequence[str],
    needs: Sequence[Need],
    now: Micros,
) -> tuple[Invitation, int]:
    """Invite a team, the lead first, to a proposal as it was made or edited; the invitation and the revision.

    Sending it again changes nothing.

    Raises MemberNotFound, InvalidArgument where it is too long as a whole, and MatchRefused when somebody in it may not
    be approached now.
    """
    _require_team(members)
    guests = tuple(Guest(member=member) for member in members)
    extra = strict_json.write({"needs": [[need.text, need.kind] for need in needs]}) if needs else ""
    invitation = Invitation(
        id=f"proposal-{proposal}", time=now, guests=guests, source="proposal", ref=proposal, double_opt_in=True,
        title=title, text=text, extra=extra,
    )  # fmt: skip
    validate_record(invitation, now)  # what is kept together may be longer than its parts may
    view, usual = runtime.current(community), runtime.settings.contacts_per_week
    with store.write(community) as work:
        crud.require_members(work, *members)
        if standing := [one for one in invitations.of(work, "proposal", proposal) if one.state == "open"]:
            return standing[0], work.revision
        done = invitations.invite(work, view, usual, [invitation], now)
        if done.refused:
            raise MatchRefused(_APART)
        return done.sent[0], work.revision


def dismiss(
    store: Store, community: str, proposal: str, title: str, members: Sequence[str], member: str, now: Micros
) -> int:
    """Put a proposal aside, for one of its team or ("") for all; the revision. Repeating is harmless.

    Of what one member puts aside the newest `MOST_ASIDE` are kept: nobody makes others wait by what they do not want.
    Raises MemberNotFound.
    """
    _require_team(members)
    if member and member not in members:
        raise InvalidArgument(f'member: "{member}", who is not in the team,')
    guests = tuple(Guest(member=one, reply="declined" if one == member else "pending") for one in members)
    aside = Invitation(
        id=_aside_id(proposal, member), time=now, guests=guests, source="proposal", ref=proposal,
        state="withdrawn", title=title,
    )  # fmt: skip
    with store.write(community) as work:
        crud.require_members(work, *members)
        work.put([aside])
        if member:
            work.delete(INVITATION, _aside_by(work, member)[:-MOST_ASIDE])
        return work.revision


def _aside_by(at: Snapshot, member: str) -> list[str]:
    """The ids of what a member put aside, the oldest first."""
    found = crud.everything(at, INVITATION, member=member, source="proposal", state="withdrawn")
    own = [one.record for one in found if one.record.id == _aside_id(one.record.ref, member)]
    return [one.id for one in sorted(own, key=lambda one: (one.time, one.id))]


def _aside_id(proposal: str, member: str) -> str:
    return digest("aside", proposal, member)


def settle(work: UnitOfWork, view: Community, record: Invitation, now: Micros) -> None:
    """Begin the project of an invitation that enough accepted, or let who accepted later join it.

    Those in it have accepted each other. A refusal changes nothing that anybody sees, and neither does a block: whoever
    may not meet those before them stays outside, as if nobody else had said yes.
    """
    if record.source != "proposal" or record.state != "open":
        return
    there = work.get(PROJECT, [record.ref]).get(record.ref)
    accepted = _may_meet(work, record, there.record.members if there else ())
    if there is None and len(accepted) < max(2, -(-len(record.guests) // 2)):
        return
    if there is None:
        project = Project(
            id=record.ref, time=_quiet(view, now), title=record.title, text=record.text, members=tuple(accepted),
            needs=_needs(record), state=_looking(record, _needs(record)),
        )  # fmt: skip
    else:
        old = there.record
        others = [member for member in accepted if member not in old.members]
        fresh = [member for member in others if not was_in(work, record, member)]
        if not fresh or old.state in ("done", "dropped"):
            return
        opened = old.state == "active" and mutual(record)
        project = replace(
            old, members=(*old.members, *fresh), state=_looking(record, old.needs) if opened else old.state
        )
    work.put_together([project, *_accepted(work, record, project.members, _quiet(view, now))])


def _may_meet(at: Snapshot, record: Invitation, inside: Sequence[str]) -> list[str]:
    """Those inside and the guests who accepted, in order, but for whom a block keeps from one before them."""
    found = list(inside)
    for guest in record.guests:
        yes = guest.reply == "accepted" and not guest.left and guest.member not in found
        if yes and not blocks.any_between(at, guest.member, found):
            found.append(guest.member)
    return found


def _looking(record: Invitation, needs: Sequence[Need]) -> ProjectState:
    """Whether it is offered to others: not before all accepted, or the rest would learn there that some did."""
    return "open" if needs and mutual(record) else "active"


def _accepted(at: Snapshot, record: Invitation, members: Sequence[str], time: Micros) -> list[Outcome]:
    """That those in a project accepted each other; what is on record already stays."""
    guests = [one for one in members if guest_of(record, one)]
    return derived.missing(at, [said for one in guests for said in _yes(record, one, guests, time)])


def was_in(at: Snapshot, record: Invitation, member: str) -> bool:
    """Whether a guest is or was in what began of it: who left does not come back by another's yes."""
    said = _yes(record, member, [guest.member for guest in record.guests], record.time)
    return len(derived.missing(at, said)) < len(said)


def _yes(record: Invitation, member: str, members: Collection[str], time: Micros) -> list[Outcome]:
    """That a member accepted the others."""
    return [
        Outcome(
            id=outcome_id(record.ref, member, one, "accepted"), source=member, target=one, time=time, kind="accepted"
        )
        for one in members
        if one != member
    ]


def _quiet(view: Community, now: Micros) -> Micros:
    """A time that never moves the community's clock."""
    return min(now, view.as_of) if view.as_of else now


def _needs(record: Invitation) -> tuple[Need, ...]:
    found = strict_json.kept_object(record.extra).get("needs")
    pairs = found if isinstance(found, list) else []
    return tuple(Need(*pair) for pair in pairs if isinstance(pair, list) and len(pair) == 2)


def _put_aside_by_another(record: Invitation, member: str) -> bool:
    by = {guest.member for guest in record.guests if guest.reply == "declined"}
    return record.state == "withdrawn" and bool(by) and member not in ("", *by)


def _earlier(record: Invitation, member: str, together: Collection[str]) -> Earlier:
    """`together`: whose yes a member knows of, being in the project. A no is known to who gave it alone."""
    known = {"accepted": together, "declined": (member,)}
    said = {
        reply: tuple(g.member for g in record.guests if g.reply == reply and (not member or g.member in whose))
        for reply, whose in known.items()
    }
    subject = subject_of(record.title)
    if record.state == "withdrawn":
        return Earlier(
            title=record.title, subject=subject, members=record.members, dismissed_by=said["declined"] or ("",)
        )
    return Earlier(
        title=record.title, subject=subject, members=record.members, accepted_by=said["accepted"],
        declined_by=said["declined"],
    )  # fmt: skip


def _require_team(members: Sequence[str]) -> None:
    if not SIZE[0] <= len(set(members)) <= SIZE[1] or len(set(members)) < len(members):
        raise InvalidArgument(f"members must name {SIZE[0]} to {SIZE[1]} different people", reason="OUT_OF_RANGE")
