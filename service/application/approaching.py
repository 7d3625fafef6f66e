"""Who may be approached at all: the checks that every invitation passes before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.community.view import CONSENT_LEVEL, Community
from models.domain.records import Invitation, InvitationSource, Member, Micros
from service.application.contact_quota import allowance

Refusal: TypeAlias = Literal["unknown", "consent", "paused", "apart", "budget", "conflict"]


@dataclass(frozen=True, slots=True)
class Refused:
    """An invitation that was not sent: why, and because of whom."""

    invitation: Invitation
    why: Refusal
    members: tuple[str, ...]


class Door:
    """Checks one invitation after the other against a view and the contacts that are `gone` this week."""

    def __init__(self, view: Community, usual: int, gone: dict[str, set[tuple[str, str]]], now: Micros) -> None:
        """`usual`: how often one may be approached in a week; `gone`: see `budget.spent`, taken over and added to."""
        self._view = view
        self._usual = usual
        self._gone = gone
        self._now = now

    def refuses(self, invitation: Invitation) -> Refused | None:
        """Why an invitation may not be sent; None when it may, and its contacts count as spent from here on."""
        ids = invitation.members
        known = {id: member for id in ids if (member := self._view.member(id)) is not None}
        contact = (invitation.source, invitation.ref)
        tests: list[tuple[Refusal, list[str]]] = [
            ("unknown", [id for id in ids if id not in known]),
            ("consent", [id for id, member in known.items() if not _agreed(member, invitation.source)]),
            ("paused", [id for id, member in known.items() if (member.paused_until or 0) > self._now]),
            ("apart", self._apart(list(known))),
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

    def _apart(self, ids: list[str]) -> list[str]:
        """Everybody who is kept apart from another of these."""
        hidden = self._view.rules.hidden
        rows = {self._view.row[id] for id in ids}

        def kept(row: int) -> bool:
            # Most people are kept apart from nobody: looking is cheaper than slicing the matrix.
            return not rows.isdisjoint(hidden.indices[hidden.indptr[row] : hidden.indptr[row + 1]].tolist())

        return [id for id in ids if kept(self._view.row[id])]


def _agreed(member: Member, source: InvitationSource) -> bool:
    return CONSENT_LEVEL[member.consent] >= CONSENT_LEVEL["organizers" if source == "round" else "members"]
