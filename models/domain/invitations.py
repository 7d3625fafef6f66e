"""What an invitation says to whom, what it makes of an answer, and when something is due. Pure: no store, no clock.

A reply or answer changes the invitation; what members see is never more than `visible` gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from models.domain.outcome_ids import outcome_id
from models.domain.records import DAY, FollowUp, Guest, Invitation, Micros, Outcome, OutcomeKind

# After so many days more, nobody is asked any more what became of a match.
ASKED_FOR_DAYS = 21
# For so many days a double opt-in that is not mutual keeps its two from being brought together anew, whatever was said.
WAITING_DAYS = 21

DueKind: TypeAlias = Literal["follow_up", "renewal"]
# Who talked or met, did so with each other: recorded both ways. "No" says nothing against anybody.
BECAME: dict[FollowUp, tuple[OutcomeKind, ...]] = {
    "": (),
    "talked": ("talked",),
    "met": ("met",),
    "again": ("met",),
    "no": (),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An invitation as one of its guests may see it.

    `others` are those whom it brings them together with; their replies show only when it is `mutual`: all accepted.
    """

    invitation: Invitation
    own: Guest
    others: tuple[Guest, ...]
    mutual: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Something to ask a guest now, and since when."""

    kind: DueKind
    invitation: Invitation
    member: str
    since: Micros


def mutual(invitation: Invitation) -> bool:
    """Whether all who are in it accepted."""
    return all(guest.reply == "accepted" for guest in invitation.guests if not guest.left)


def visible(invitation: Invitation, member: str, apart: Collection[str] = ()) -> Seen | None:
    """The invitation as `member` may see it; None when there is nothing (any more) for them to see.

    Withdrawn ones and those that the member left are gone. `apart` are people whom the member must not meet now; where
    nobody else is in it, there is nothing. Others' refusals and answers never show.
    """
    own = guest_of(invitation, member)
    if own is None or own.left or invitation.state != "open":
        return None
    others = [g for g in invitation.guests if g.member != member and not g.left and g.member not in apart]
    if not others:
        return None
    everybody = mutual(invitation)
    shown = (replace(g, answer="", renewed=0, reply=g.reply if everybody else "pending") for g in others)
    return Seen(invitation, own, tuple(shown), everybody)


def waiting(invitation: Invitation, now: Micros) -> bool:
    """Whether two were asked lately, at `now` (the wall clock), and not both accepted: no answer, a yes and a no are
    one."""
    fresh = now - WAITING_DAYS * DAY < invitation.time <= now
    asked = invitation.state == "open" and invitation.double_opt_in and len(invitation.guests) == 2
    return asked and fresh and not mutual(invitation)


def discreet(invitation: Invitation) -> Invitation:
    """The invitation as organizers may see it: with double opt-in nobody else learns of a reply until all accepted."""
    if not invitation.double_opt_in or mutual(invitation):
        return invitation
    return replace(invitation, guests=tuple(replace(guest, reply="pending") for guest in invitation.guests))


def guest_of(invitation: Invitation, member: str) -> Guest | None:
    """The member's place in it."""
    return next((guest for guest in invitation.guests if guest.member == member), None)


def with_guest(invitation: Invitation, changed: Guest) -> Invitation:
    """The invitation with this guest as they are now."""
    guests = tuple(changed if guest.member == changed.member else guest for guest in invitation.guests)
    return replace(invitation, guests=guests)


def reply_outcomes(invitation: Invitation, member: str, accept: bool, time: Micros) -> list[Outcome]:
    """What a reply says about the other: something only where the invitation is about that one person, and asks.

    Declining a place at a table says nothing about those who sit there. A later reply replaces an earlier one.
    """
    others = [guest.member for guest in invitation.guests if guest.member != member]
    if not invitation.double_opt_in or len(others) != 1:
        return []
    kind: OutcomeKind = "accepted" if accept else "declined"
    id = outcome_id(invitation.id, member, others[0], "reply")
    return [Outcome(id=id, source=member, target=others[0], time=time, kind=kind, invitation=invitation.id)]


def follow_up_outcomes(
    invitation: Invitation, member: str, others: Collection[str], answer: FollowUp, time: Micros
) -> list[Outcome]:
    """What an answer records about the member and each of `others`: the same ids for the same facts.

    That they meet again is the wish of the one who says so, and recorded of them alone, as "still_together".
    """
    facts = [
        (source, target, kind)
        for other in others
        for kind in BECAME[answer]
        for source, target in ((member, other), (other, member))
    ]
    wishes: list[tuple[str, str, OutcomeKind]] = [(member, other, "still_together") for other in others]
    return [
        Outcome(id=outcome_id(invitation.id, source, target, kind), source=source, target=target, time=time, kind=kind)
        for source, target, kind in (*facts, *(wishes if answer == "again" else ()))
    ]


def due(invitation: Invitation, now: Micros, follow_up_days: int) -> Iterator[Due]:
    """What its guests should be asked at `now` (the wall clock).

    What became of it, `follow_up_days` after it was sent and for three weeks, unless they said so or it waits for a yes
    or was declined; and, where people meet again and again, once every period whether they stay.
    """
    if invitation.state != "open":
        return
    asked = invitation.time + follow_up_days * DAY
    happened = mutual(invitation) or not invitation.double_opt_in
    for guest in invitation.guests:
        if guest.left:
            continue
        open_still = happened and not guest.answer and guest.reply != "declined"
        if open_still and asked <= now < asked + ASKED_FOR_DAYS * DAY:
            yield Due("follow_up", invitation, guest.member, asked)
        if invitation.period_days and guest.renewed < (periods := period(invitation, now)):
            yield Due("renewal", invitation, guest.member, invitation.time + periods * invitation.period_days * DAY)


def period(invitation: Invitation, now: Micros) -> int:
    """How many periods of a standing invitation are over; 0 for a meeting of one time."""
    return max(0, now - invitation.time) // (invitation.period_days * DAY) if invitation.period_days else 0
