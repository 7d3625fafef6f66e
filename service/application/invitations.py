"""Invitations: people are brought together, reply, and say what became of it.

What arranges matches (a round, an introduction, a proposal) hands them to `invite`; what a guest may see of one is
`seen_by`, `models.domain.invitations.visible` with the blocks of today.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from models.community.view import Community
from models.domain import invitations as model
from models.domain.invitations import Due, Seen
from models.domain.records import Block, FollowUp, Invitation, InvitationSource, Micros, Outcome, Record
from service.application import crud
from service.application.approaching import Door, Refused
from service.application.clock import require_past
from service.application.contact_quota import Configured, spent
from service.core.errors import Aborted, FailedPrecondition, InvitationNotFound
from service.store.contract import Store

_ATTEMPTS = 20
# One at a time reads the budget and spends it; only one process writes, see `Store`.
_TURN = threading.RLock()


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of invitations."""

    sent: tuple[Invitation, ...] = ()
    refused: tuple[Refused, ...] = ()


def invite(
    store: Store,
    runtime: Configured,
    community: str,
    invitations: Sequence[Invitation],
    now: Micros,
    *,
    together_with: Sequence[Record] = (),
    versions: Mapping[tuple[str, str], int] | None = None,
    all_or_none: bool = False,
) -> Invited:
    """Send invitations, in order, and spend a contact of everybody in them, in one transaction.

    Each is checked first: its guests exist, agreed (to members for introductions and proposals, to organizers for
    rounds), do not pause, are not kept apart by a block or dismissal either way, and have a contact left this week
    (another invitation with the same source and ref costs nothing more). One that fails is refused, the others are
    sent; with `all_or_none` none is. Their time becomes `now`; the same id again replaces what is there.
    `together_with` are records written in the same transaction, `versions` what it depends on (see
    `Store.put_together`): when these changed meanwhile nothing is written and all are refused with "conflict". Raises
    CommunityNotFound, Unavailable.
    """
    with _TURN:
        guests = {guest for invitation in invitations for guest in invitation.members}
        gone = spent(store, community, now, guests)
        door = Door(runtime.current(community), runtime.settings.contacts_per_week, gone, now)
        sent: list[Invitation] = []
        refused: list[Refused] = []
        for invitation in invitations:
            problem = door.refuses(invitation)
            if problem:
                refused.append(problem)
            else:
                sent.append(replace(invitation, time=now, state="open"))
        if refused and all_or_none:
            return Invited((), tuple(refused))
        written = [*together_with, *sent]
        if written and not store.put_together(community, written, versions or {}):
            return Invited((), (*refused, *(Refused(one, "conflict", ()) for one in sent)))
    return Invited(tuple(sent), tuple(refused))


def withdrawn(invitations: Sequence[Invitation]) -> list[Invitation]:
    """Those of them that stand, taken back: for the caller to write. What they cost is free again then."""
    return [replace(one, state="withdrawn") for one in invitations if one.state == "open"]


def of(store: Store, community: str, source: InvitationSource, ref: str) -> list[Invitation]:
    """All invitations that came of this, by id."""
    return list(_all(store, community, ref=ref, source=source))


def get(store: Store, community: str, invitation: str) -> Invitation:
    """One invitation. Raises InvitationNotFound."""
    return cast(Invitation, crud.fetch(store, community, "invitation", invitation).record)


def list_invitations(
    store: Store,
    community: str,
    after: str = "",
    size: int = 0,
    *,
    member: str = "",
    source: InvitationSource | Literal[""] = "",
    ref: str = "",
    state: str = "",
) -> crud.Page:
    """Invitations by id, as they stand; whoever asks for a member passes them through `seen_by`."""
    limit = crud.limit_of(size)
    found = store.page(community, "invitation", after, limit + 1, member=member, state=state, source=source, ref=ref)
    return crud.paged(found, limit)


def seen_by(store: Store, view: Community, invitation: Invitation, member: str) -> Seen | None:
    """What a member may see of an invitation now: nobody with a block either way, or who agrees to nobody any more.

    Dismissed and declined people stay in it: an invitation that vanished would tell of a refusal.
    """
    return model.visible(invitation, member, _blocked(store, view, member) | _nobodys(view, invitation, member))


def reply(
    store: Store, runtime: Configured, community: str, invitation: str, member: str, accept: bool, now: Micros
) -> Seen | None:
    """Accept or decline; the invitation as the member sees it then. Repeating is harmless.

    Until all accepted, one may change one's mind. Raises InvitationNotFound also when it is not for this member to see,
    and FailedPrecondition when all accepted already and one declines.
    """
    view = runtime.view(community)

    def answered(seen: Seen) -> list[Record]:
        if not accept and seen.mutual:
            raise FailedPrecondition("Everybody accepted this invitation already")
        changed = model.with_guest(seen.invitation, replace(seen.own, reply="accepted" if accept else "declined"))
        return [changed, *model.reply_outcomes(changed, member, accept, _time(view, now))]

    return _answer(store, view, invitation, member, answered)


def renew(
    store: Store, runtime: Configured, community: str, invitation: str, member: str, stay: bool, now: Micros
) -> Seen | None:
    """Stay for the present period of something that goes on, or leave it for good. Repeating is harmless.

    Raises InvitationNotFound, and FailedPrecondition when it is a meeting of one time.
    """

    def answered(seen: Seen) -> list[Record]:
        if not seen.invitation.period_days:
            raise FailedPrecondition("This invitation is for one meeting")
        own = replace(seen.own, renewed=model.period(seen.invitation, now)) if stay else replace(seen.own, left=True)
        return [model.with_guest(seen.invitation, own)]

    return _answer(store, runtime.view(community), invitation, member, answered)


def follow_up(
    store: Store,
    runtime: Configured,
    community: str,
    invitation: str,
    member: str,
    answer: FollowUp,
    now: Micros,
    time: Micros | None = None,
) -> tuple[Seen | None, int]:
    """Say what became of it; the invitation as the member sees it then, and how many outcomes are new.

    The answer and its outcomes are written in one transaction. `time` is when it was, where somebody said so: a time
    that the server sets must not move the community's clock, so without one that clock's time is noted. Repeating is
    harmless; a later answer adds to an earlier one. Raises InvitationNotFound as `reply` does, InvalidArgument for a
    time ahead of now.
    """
    require_past(time, now)
    view = runtime.view(community)
    when = _time(view, now) if time is None else time
    new = 0

    def answered(seen: Seen) -> list[Record]:
        nonlocal new
        met = [guest.member for guest in seen.others]
        made = model.follow_up_outcomes(seen.invitation, member, met, answer, when)
        there = store.get(community, "outcome", [one.id for one in made])
        fresh: list[Outcome] = [one for one in made if one.id not in there]
        new = len(fresh)
        return [model.with_guest(seen.invitation, replace(seen.own, answer=answer)), *fresh]

    return _answer(store, view, invitation, member, answered), new


def due(
    store: Store,
    runtime: Configured,
    community: str,
    now: Micros,
    *,
    member: str = "",
    source: InvitationSource | Literal[""] = "",
    ref: str = "",
) -> Iterator[Due]:
    """What should be asked now, by invitation: of everybody, or of one member, about all or what came of `ref` alone.

    Nobody is asked who pauses.
    """
    view = runtime.view(community)
    resting = {one.id for one in view.members if one is not None and (one.paused_until or 0) > now}
    for invitation in _all(store, community, member=member, source=source, ref=ref, state="open"):
        for one in model.due(invitation, now, runtime.settings.follow_up_days):
            if one.member in resting or member not in ("", one.member):
                continue
            if seen_by(store, view, invitation, one.member) is not None:
                yield one


def _answer(
    store: Store, view: Community, invitation: str, member: str, answered: Callable[[Seen], list[Record]]
) -> Seen | None:
    """Write what `answered` makes of the invitation as the member sees it, starting over when it changes meanwhile."""
    community = view.record.id
    crud.require_members(store, community, member)
    blocked = _blocked(store, view, member)
    for _ in range(_ATTEMPTS):
        stored = crud.fetch(store, community, "invitation", invitation)
        found = cast(Invitation, stored.record)
        apart = blocked | _nobodys(view, found, member)
        seen = model.visible(found, member, apart)
        if seen is None:
            raise InvitationNotFound(invitation)
        records = answered(seen)
        if store.put_together(community, records, {("invitation", invitation): stored.version}):
            return model.visible(cast(Invitation, records[0]), member, apart)
    raise Aborted(f'The invitation "{invitation}"')


def _blocked(store: Store, view: Community, member: str) -> set[str]:
    blocks = (cast(Block, one.record) for one in crud.everything(store, view.record.id, "block", member=member))
    return {id for block in blocks for id in (block.source, block.target)} - {member}


def _nobodys(view: Community, invitation: Invitation, member: str) -> set[str]:
    """The others in it who are not there (any more), or agree to be recommended to nobody."""
    people = {id: view.member(id) for id in invitation.members if id != member}
    return {id for id, one in people.items() if one is None or one.consent == "nobody"}


def _time(view: Community, now: Micros) -> Micros:
    """A time for what the server notes of itself: it never moves the community's clock."""
    return min(now, view.as_of) if view.as_of else now


def _all(store: Store, community: str, **conditions: str) -> Iterator[Invitation]:
    return (cast(Invitation, one.record) for one in crud.everything(store, community, "invitation", **conditions))
