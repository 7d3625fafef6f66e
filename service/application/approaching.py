"""Who may be approached at all: the checks that every invitation passes before it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.community.builder import REFUSALS
from models.community.view import Community
from models.domain.invitations import WAITING_DAYS, waiting
from models.domain.kinds import INVITATION, KEEPING_APART, MEMBER
from models.domain.records import CONSENT_LEVEL, DAY, Block, Invitation, InvitationSource, Member, Micros
from service.application.contact_quota import allowance
from service.store.contract import Snapshot

Refusal: TypeAlias = Literal["unknown", "consent", "paused", "apart", "budget", "conflict"]


@dataclass(frozen=True, slots=True)
class Refused:
    """An invitation that was not sent: why, and because of whom."""

    invitation: Invitation
    why: Refusal
    members: tuple[str, ...]


class Door:
    """Checks one invitation after the other: people as they stand in a unit of work, who is kept apart by a view and by
    what was logged since, who waits for each other's yes, and the contacts that are `gone` this week."""

    def __init__(
        self,
        at: Snapshot,
        view: Community,
        usual: int,
        gone: dict[str, set[tuple[str, str]]],
        now: Micros,
        people: Collection[str],
    ) -> None:
        """`usual`: how often one may be approached in a week; `gone`: see `contact_quota.spent`, taken over and added
        to; `people`: everybody in the invitations."""
        self._members = {id: stored.record for id, stored in at.get(MEMBER, list(people)).items()}
        self._view = view
        self._since = _apart_since(at, view.sequence)
        self._waiting = list(waiting_pairs(at, now))
        self._usual = usual
        self._gone = gone
        self._now = now

    def refuses(self, invitation: Invitation) -> Refused | None:
        """Why an invitation may not be sent; None when it may, and its contacts count as spent from here on."""
        ids = invitation.members
        known = {id: self._members[id] for id in ids if id in self._members}
        contact = (invitation.source, invitation.ref)
        tests: list[tuple[Refusal, list[str]]] = [
            ("unknown", [id for id in ids if id not in known]),
            ("consent", [id for id, member in known.items() if not _agreed(member, invitation.source)]),
            ("paused", [id for id, member in known.items() if (member.paused_until or 0) > self._now]),
            ("apart", self._apart(list(known), contact)),
            ("budget", [id for id, member in known.items() if not self._has_room(member, contact)]),
        ]
        for why, members in tests:
            if members or len(ids) < 2:
                return Refused(invitation, why, tuple(members))
        for id in ids:
            self._gone.setdefault(id, set()).add(contact)
        return None

    def _has_room(self, member: Member, contact: tuple[str, str]) -> bool:
        gone = self._gone.get(member.id, set())
        return contact in gone or len(gone) < allowance(member, self._usual)

    def _apart(self, ids: list[str], contact: tuple[str, str]) -> list[str]:
        """Everybody who is kept apart from another of these; what one contact asked keeps nobody from that contact."""
        hidden = self._view.rules.hidden
        rows = {self._view.row[id] for id in ids if id in self._view.row}
        apart = [*self._since, *(pair for asked, pair in self._waiting if asked != contact)]

        def kept(id: str) -> bool:
            if any(id in pair and not pair.isdisjoint(set(ids) - {id}) for pair in apart):
                return True
            row = self._view.row.get(id)
            # Most people are kept apart from nobody: looking is cheaper than slicing the matrix.
            return row is not None and not rows.isdisjoint(
                hidden.indices[hidden.indptr[row] : hidden.indptr[row + 1]].tolist()
            )

        return [id for id in ids if kept(id)]


def kept_apart(at: Snapshot, view: Community, member: str, others: Collection[str]) -> bool:
    """Whether a block or refusal, either way, keeps a member from any of these: by a view, or logged since."""
    row, rows = view.row.get(member), [view.row[id] for id in others if id in view.row]
    if row is not None and view.rules.hidden[row, rows].nnz:
        return True
    return any(member in pair and not pair.isdisjoint(others) for pair in _apart_since(at, view.sequence))


def waiting_pairs(at: Snapshot, now: Micros) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    """Those of `models.domain.invitations.waiting`: what asked them, as (source, ref), and the two."""
    for stored in at.since(INVITATION, now - WAITING_DAYS * DAY + 1):
        if waiting(one := stored.record, now):
            yield (one.source, one.ref), frozenset(one.members)


def _apart_since(at: Snapshot, sequence: int) -> list[frozenset[str]]:
    """Pairs whom a block or refusal keeps apart that was logged after `sequence`."""
    apart: list[frozenset[str]] = []
    while sequence < at.revision and (changes := at.changes(sequence)):
        sequence = changes[-1].seq
        for kind in KEEPING_APART:
            ids = [change.id for change in changes if change.kind == kind and change.op == "put"]
            for stored in at.get(kind, ids).values() if ids else ():
                one = stored.record
                if isinstance(one, Block) or (one.kind in REFUSALS and not one.invitation):
                    apart.append(frozenset((one.source, one.target)))
    return apart


def _agreed(member: Member, source: InvitationSource) -> bool:
    return CONSENT_LEVEL[member.consent] >= CONSENT_LEVEL["organizers" if source == "round" else "members"]
