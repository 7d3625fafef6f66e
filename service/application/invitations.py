"""Invitations: people are brought together. What they say to it is in `answering`.

What arranges matches (a round, an introduction, a proposal) hands them to `invite`; what a guest may see of one is
`Sight`, `models.domain.invitations.visible` with the blocks of today.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from models.community.view import Community
from models.domain import invitations as model
from models.domain.invitations import Due, Seen
from models.domain.kinds import BLOCK, INVITATION, MEMBER
from models.domain.records import Invitation, InvitationSource, Micros, Record
from service.application import crud
from service.application.approaching import Door, Refused
from service.application.contact_quota import Configured, spent
from service.store.contract import Snapshot, Store, Stored, UnitOfWork


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of invitations."""

    sent: tuple[Invitation, ...] = ()
    refused: tuple[Refused, ...] = ()


def invite(
    work: UnitOfWork,
    view: Community,
    usual: int,
    invitations: Sequence[Invitation],
    now: Micros,
    *,
    together_with: Sequence[Record] = (),
    all_or_none: bool = False,
) -> Invited:
    """Send invitations, in order, and spend a contact of everybody in them; `usual`: how often one may be approached in
    a week who says nothing else.

    Each is checked first: its guests exist, agreed (to members for introductions and proposals, to organizers for
    rounds), do not pause, are not kept apart by a block or dismissal either way, and have a contact left this week
    (another invitation with the same source and ref costs nothing more). One that fails is refused, the others are
    sent; with `all_or_none` none is. Their time becomes `now`; the same id again replaces what is there.
    `together_with` are records written with them; where one of all these cannot be stored (see
    `UnitOfWork.put_together`), nothing is written and all are refused with "conflict".
    """
    guests = {guest for invitation in invitations for guest in invitation.members}
    door = Door(work, view, usual, spent(work, now, guests), now, guests)
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
    if written and not work.put_together(written):
        return Invited((), (*refused, *(Refused(one, "conflict", ()) for one in sent)))
    return Invited(tuple(sent), tuple(refused))


def withdrawn(invitations: Sequence[Invitation]) -> list[Invitation]:
    """Those of them that stand, taken back: for the caller to write. What they cost is free again then."""
    return [replace(one, state="withdrawn") for one in invitations if one.state == "open"]


def of(at: Snapshot, source: InvitationSource, ref: str) -> list[Invitation]:
    """All invitations that came of this, by id."""
    return list(_all(at, source=source, ref=ref))


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
) -> crud.Page[Invitation]:
    """Invitations by id, as they stand; for a member those that they may see, to be told as `Sight` sees them."""
    with store.read(community) as at:
        sight = Sight(at)

        def known(found: Sequence[Stored[Invitation]]) -> list[Stored[Invitation]]:
            return [one for one in found if not member or sight.of(one.record, member)]

        conditions = {"member": member, "state": state, "source": source, "ref": ref}
        return crud.page_of_known(at, INVITATION, after, size, known, **conditions)


class Sight:
    """What members may see of invitations, as things stand in a snapshot: nobody whom they block, or who agrees to
    nobody any more.

    Who blocks, dismisses or declines them stays in it: an invitation that vanished would tell of a refusal.
    """

    def __init__(self, at: Snapshot) -> None:
        self._at = at
        self._blocked: dict[str, set[str]] = {}

    def of(self, invitation: Invitation, member: str) -> Seen | None:
        """The invitation as a member sees it; None when there is nothing for them to see."""
        return model.visible(invitation, member, self.blocks(member) | self._nobodys(invitation, member))

    def blocks(self, member: str) -> set[str]:
        """Whom a member blocks."""
        if member not in self._blocked:
            blocks = (one.record for one in crud.everything(self._at, BLOCK, member=member))
            self._blocked[member] = {block.target for block in blocks if block.source == member}
        return self._blocked[member]

    def _nobodys(self, invitation: Invitation, member: str) -> set[str]:
        """The others in it who are not there (any more), or agree to be recommended to nobody."""
        others = [id for id in invitation.members if id != member]
        found = {id: one.record for id, one in self._at.get(MEMBER, others).items()}
        return {id for id in others if id not in found or found[id].consent == "nobody"}


def due(
    store: Store,
    runtime: Configured,
    community: str,
    now: Micros,
    *,
    member: str = "",
    source: InvitationSource | Literal[""] = "",
    ref: str = "",
) -> Generator[Due, None, None]:
    """What should be asked now, by invitation: of everybody, or of one member, about all or what came of `ref` alone.

    Each invitation has the guests alone whom the one who is asked may see. Nobody is asked who pauses.
    """
    view = runtime.view(community)
    resting = {one.id for one in view.members if one is not None and (one.paused_until or 0) > now}
    with store.read(community) as at:
        sight = Sight(at)
        for invitation in _all(at, member=member, source=source, ref=ref, state="open"):
            for one in model.due(invitation, now, runtime.settings.follow_up_days):
                if one.member in resting or member not in ("", one.member):
                    continue
                if seen := sight.of(invitation, one.member):
                    known = {one.member, *(guest.member for guest in seen.others)}
                    yield replace(one, invitation=_among(invitation, known))


def _among(invitation: Invitation, members: Collection[str]) -> Invitation:
    """An invitation as if only these had been in it."""
    return replace(invitation, guests=tuple(guest for guest in invitation.guests if guest.member in members))


def _all(at: Snapshot, **conditions: str) -> Iterator[Invitation]:
    return (one.record for one in crud.everything(at, INVITATION, **conditions))
