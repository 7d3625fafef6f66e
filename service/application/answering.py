"""What guests say to invitations: that they come, that they stay, and what became of it. Each is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.community.view import Community
from models.domain import invitations as model
from models.domain.invitations import Seen
from models.domain.kinds import INVITATION
from models.domain.records import FollowUp, Micros, Outcome, Record
from service.application import crud, derived, proposals
from service.application.clock import require_past
from service.application.contact_quota import Configured
from service.application.invitations import Sight
from service.core.errors import Aborted, FailedPrecondition, InvitationNotFound
from service.store.contract import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Answered:
    """The invitation as the member sees it then (None: not any more), the revision, and how many outcomes the member
    told of for the first time, whatever others told."""

    seen: Seen | None
    revision: int
    outcomes: int = 0


def reply(
    store: Store, runtime: Configured, community: str, invitation: str, member: str, accept: bool, now: Micros
) -> Answered:
    """Accept or decline, and begin or join the project of a proposal that enough accepted. Repeating is harmless.

    Until all accepted, one may change one's mind. Raises InvitationNotFound also when it is not for this member to see,
    and FailedPrecondition when all accepted already and one declines, or one accepts who blocks another in it.
    """
    view = runtime.view(community)
    with store.write(community) as work:
        sight = Sight(work)
        seen = _seen(work, sight, invitation, member)
        if not accept and seen.mutual:
            raise FailedPrecondition("Everybody accepted this invitation already")
        if accept and seen.invitation.double_opt_in and sight.blocks(member) & set(seen.invitation.members):
            raise FailedPrecondition(f'"{member}" blocks somebody in this invitation')
        changed = model.with_guest(seen.invitation, replace(seen.own, reply="accepted" if accept else "declined"))
        told = derived.as_stored(work, model.reply_outcomes(changed, member, accept, _time(view, now)))
        _write(work, [changed, *told])
        proposals.settle(work, view, changed, now)
        return Answered(sight.of(changed, member), work.revision)


def renew(store: Store, community: str, invitation: str, member: str, stay: bool, now: Micros) -> Answered:
    """Stay for the present period of something that goes on, or leave it for good. Repeating is harmless.

    Raises InvitationNotFound, and FailedPrecondition when it is a meeting of one time.
    """
    with store.write(community) as work:
        sight = Sight(work)
        seen = _seen(work, sight, invitation, member)
        if not seen.invitation.period_days:
            raise FailedPrecondition("This invitation is for one meeting")
        own = replace(seen.own, renewed=model.period(seen.invitation, now)) if stay else replace(seen.own, left=True)
        changed = model.with_guest(seen.invitation, own)
        _write(work, [changed])
        return Answered(sight.of(changed, member), work.revision)


def follow_up(
    store: Store,
    runtime: Configured,
    community: str,
    invitation: str,
    member: str,
    answer: FollowUp,
    now: Micros,
    time: Micros | None = None,
) -> Answered:
    """Say what became of it.

    `time` is when it was, where somebody said so: a time that the server sets must not move the community's clock, so
    without one that clock's time is noted. Repeating is harmless; a later answer adds to an earlier one. Raises
    InvitationNotFound as `reply` does, FailedPrecondition for a double opt-in that not all accepted, and
    InvalidArgument for a time ahead of now.
    """
    require_past(time, now)
    when = _time(runtime.view(community), now) if time is None else time
    with store.write(community) as work:
        sight = Sight(work)
        seen = _seen(work, sight, invitation, member)
        if seen.invitation.double_opt_in and not seen.mutual:
            raise FailedPrecondition("Not everybody has accepted this invitation")
        told, before = (_told(seen, one, when) for one in (answer, seen.own.answer))
        changed = model.with_guest(seen.invitation, replace(seen.own, answer=answer))
        _write(work, [changed, *derived.missing(work, derived.spoken(work, member, told))])
        return Answered(sight.of(changed, member), work.revision, len(set(told) - set(before)))


def _told(seen: Seen, answer: FollowUp, time: Micros) -> list[Outcome]:
    met = [guest.member for guest in seen.others]
    return model.follow_up_outcomes(seen.invitation, seen.own.member, met, answer, time)


def _seen(work: UnitOfWork, sight: Sight, invitation: str, member: str) -> Seen:
    crud.require_members(work, member)
    found = crud.fetch(work, INVITATION, invitation).record
    seen = sight.of(found, member)
    if seen is None:
        raise InvitationNotFound(invitation)
    return seen


def _write(work: UnitOfWork, records: Sequence[Record]) -> None:
    if not work.put_together(records):
        raise Aborted(crud.called(records[0]))


def _time(view: Community, now: Micros) -> Micros:
    """A time for what the server notes of itself: it never moves the community's clock."""
    return min(now, view.as_of) if view.as_of else now
