"""The weekly contact budget: how often a member may be approached, whatever approaches them.

A contact is one time somebody is approached: all invitations with the same source and ref (the sittings of one round)
count once. What was withdrawn does not count. The attribute "contacts_per_week" of a member overrides the setting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, cast

from models.community.view import Community
from models.domain.kinds import INVITATION
from models.domain.records import Invitation, Member, Micros, all_attributes
from service.application import crud
from service.core.bounds import FUTURE_MICROS
from service.core.settings import Settings
from service.store.contract import Snapshot

WEEK: Micros = 7 * 24 * 3600 * 1_000_000
ATTRIBUTE = "contacts_per_week"
FEW = 8  # so many members are read one by one, so that what two cost does not grow with the community


class Configured(Protocol):
    """What approaching people needs of the runtime: who is there, and the settings."""

    @property
    def settings(self) -> Settings:
        """The settings of the process."""

    def view(self, community: str) -> Community:
        """The newest view. Raises CommunityNotFound, Unavailable."""

    def current(self, community: str, min_sequence: int = 0) -> Community:
        """The view that has seen all that was acknowledged before. Raises also IndexBehind."""


def spent(at: Snapshot, now: Micros, members: Collection[str] | None = None) -> dict[str, set[tuple[str, str]]]:
    """By member, the (source, ref) of the contacts of the last 7 days; who is not in it had none.

    With `members`, all contacts of these, and of others only some.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for invitation in _invitations(at, now, members):
        for guest in invitation.guests:
            found.setdefault(guest.member, set()).add((invitation.source, invitation.ref))
    return found


def _invitations(at: Snapshot, now: Micros, members: Collection[str] | None) -> Iterator[Invitation]:
    """Open invitations of the last week: at least all those of these members.

    One from the future was made while the clock was wrong; it must not count until the clock gets there.
    """
    after = now - WEEK
    if members is None or len(members) > FEW:
        records = (stored.record for stored in at.since(INVITATION, after + 1))
    else:
        records = (
            stored.record
            for member in sorted(members)
            for stored in crud.everything(at, INVITATION, member=member, state="open")
        )
    for invitation in cast(Iterator[Invitation], records):
        if invitation.state == "open" and after < invitation.time <= now + FUTURE_MICROS:
            yield invitation


def allowance(member: Member, usual: int) -> int:
    """How often this member may be approached in a week."""
    own = all_attributes(member).get(ATTRIBUTE)
    return int(own) if isinstance(own, (int, float)) and not isinstance(own, bool) and own >= 0 else usual


def left(at: Snapshot, view: Community, usual: int, members: Iterable[str], now: Micros) -> dict[str, int]:
    """How many contacts each of these members has left this week, at least 0; unknown members have none.

    `usual`: how often one may be approached in a week who says nothing else.
    """
    members = list(members)
    gone = spent(at, now, members)
    known = {id: view.member(id) for id in members}
    return {
        id: max(0, allowance(member, usual) - len(gone.get(id, ()))) if member else 0 for id, member in known.items()
    }
