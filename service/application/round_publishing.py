"""From a list to invitations and back: publishing, taking back, and what a repaired list changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from models.community.view import Community
from models.domain import strict_json
from models.domain.kinds import ROUND
from models.domain.records import Guest, Invitation, Micros, Record, Round
from models.rounds.edits.edits import match_id
from models.rounds.spec.json_text import read_plan, read_spec
from models.rounds.spec.requests import Match
from service.application import crud, invitations
from service.application.approaching import Refusal, Refused
from service.core.errors import FailedPrecondition, MatchRefused, RoundOutdated
from service.store.contract import Snapshot, Stored, UnitOfWork

PERIOD_DAYS = 28
_NAMED = 3
_MOVED = "moved"
_WHY: dict[Refusal, str] = {
    "unknown": "{people}: no such member any more",
    "consent": "{people}: agreed to be recommended to nobody",
    "paused": "{people}: on a pause",
    "apart": "{people} may not meet",
    "budget": "{people}: approached as often as one may be in a week",
    "conflict": "{people}: changed just now",
}


def publish(
    work: UnitOfWork, view: Community, usual: int, round: str, now: Micros, version: int | None = None
) -> Stored[Round]:
    """Send the invitations of a solved round; of a published one nothing.

    All or none are sent. `usual`: how often one may be approached in a week who says nothing else. Raises
    RoundNotFound, EtagMismatch, FailedPrecondition when there is no list to publish, RoundOutdated when somebody in it
    was erased, MatchRefused when somebody in it may not be brought together any more or has no contact left this week.
    """
    stored = crud.fetch_version(work, ROUND, round, version)
    record = stored.record
    if record.state in ("published", "repairing"):
        return stored
    if record.state not in ("solved", "undone"):
        raise FailedPrecondition(f"{crud.called(record)} is {record.state} and has no list to publish")
    plan = read_plan(record.plan)
    if plan.outdated:
        raise RoundOutdated(crud.called(record))
    sent = [invitation_of(record, match, now) for match in plan.matches if len(match.members) > 1]
    if not sent:
        raise FailedPrecondition(f"{crud.called(record)} has no match to publish")
    published = replace(record, state="published", published=now, problem="")
    result = invitations.invite(work, view, usual, sent, now, together_with=[published], all_or_none=True)
    if result.refused:
        raise MatchRefused(refusal_sentence(result.refused))
    return crud.fetch(work, ROUND, round)


def undo(work: UnitOfWork, round: str, version: int | None = None) -> Stored[Round]:
    """Withdraw the invitations of a published round; of one that was taken back nothing.

    Raises RoundNotFound, EtagMismatch, FailedPrecondition when it was never published.
    """
    stored = crud.fetch_version(work, ROUND, round, version)
    record = stored.record
    if record.state == "undone":
        return stored
    if record.state not in ("published", "repairing"):
        raise FailedPrecondition(f"{crud.called(record)} is {record.state} and not published")
    back = invitations.withdrawn(invitations.of(work, "round", round))
    changed: list[Round | Invitation] = [replace(record, state="undone", published=None), *back]
    work.put(changed, "replace")
    return crud.fetch(work, ROUND, round)


def repaired(work: UnitOfWork, view: Community, usual: int, record: Round, now: Micros) -> None:
    """Write a repaired round (`record`, published, with its new list) and what changes of its invitations.

    Whoever meets the same people keeps their invitation; a match that only lost somebody keeps its replies. Those that
    are new or at another time are `sent_anew`. Raises MatchRefused.
    """
    there = {_key(one): one for one in invitations.of(work, "round", record.id) if one.state == "open"}
    wanted = [invitation_of(record, match, now) for match in read_plan(record.plan).matches if len(match.members) > 1]
    kept = {_key(one) for one in wanted} & there.keys()
    moved = [_at(there[_key(one)], one.slot) for one in wanted if _key(one) in kept]
    gone = [one for key, one in there.items() if key not in kept]
    fresh = [_keeping_replies(one, gone) for one in wanted if _key(one) not in kept]
    beside: list[Record] = [record, *moved, *invitations.withdrawn(gone)]
    result = invitations.invite(work, view, usual, fresh, now, together_with=beside, all_or_none=True)
    if result.refused:
        raise MatchRefused(refusal_sentence(result.refused))


def sent_anew(record: Round, invitation: Invitation) -> bool:
    """Whether a repair made or moved this invitation, so that what its people were told at publishing is wrong now."""
    published = record.published is not None and record.state in ("published", "repairing")
    return published and (invitation.time > cast(Micros, record.published) or _MOVED in _extra(invitation))


def told_before(at: Snapshot, record: Round) -> set[tuple[str, int]]:
    """Members and sittings for which a published round took a match back: they were told of one that is off."""
    if record.published is None:
        return set()
    off = (one for one in invitations.of(at, "round", record.id) if one.state == "withdrawn")
    return {(member, one.sitting) for one in off if one.time >= record.published for member in one.members}


def invitation_id(round: str, match: Match) -> str:
    """The id of the invitation that a match of a round becomes."""
    return hashlib.blake2b(f"{round}\0{match_id(match)}".encode(), digest_size=12).hexdigest()


def invitation_of(record: Round, match: Match, now: Micros) -> Invitation:
    """The invitation that a match becomes."""
    roles = match.roles or ("",) * len(match.members)
    team = next((team for team in read_spec(record.spec).teams if team.id == match.team), None)
    return Invitation(
        id=invitation_id(record.id, match),
        time=now,
        guests=tuple(Guest(member=member, role=role) for member, role in zip(match.members, roles, strict=True)),
        source="round",
        ref=record.id,
        double_opt_in=record.double_opt_in,
        title=(team.title if team else "") or record.title,
        sitting=match.sitting,
        slot=match.slot,
        team=match.team,
        score=match.score,
        period_days=record.period_days,
    )


def refusal_sentence(refused: Sequence[Refused]) -> str:
    """Who cannot be brought together and why, for organizers; never who blocked or dismissed whom."""
    told = dict.fromkeys(_told(refused))
    first = list(told)[:_NAMED]
    more = len(told) - len(first)
    return "The list cannot go out: " + "; ".join(first) + (f"; and {more} more" if more else "")


def _told(refused: Sequence[Refused]) -> Iterator[str]:
    for one in refused:
        people = one.members or one.invitation.members
        yield _WHY[one.why].format(people=" and ".join(people))


def _key(invitation: Invitation) -> tuple[int, str, frozenset[str]]:
    return invitation.sitting, invitation.team, frozenset(g.member for g in invitation.guests if not g.left)


def _at(invitation: Invitation, slot: str) -> Invitation:
    """The invitation at this time, marked where that is another one."""
    if invitation.slot == slot:
        return invitation
    extra = strict_json.write({**_extra(invitation), _MOVED: True})
    return replace(invitation, slot=slot, extra=extra)


def _extra(invitation: Invitation) -> dict[str, object]:
    return strict_json.kept_object(invitation.extra)


def _keeping_replies(new: Invitation, gone: Sequence[Invitation]) -> Invitation:
    """With what its guests said to an invitation that it is a part of."""
    for old in gone:
        if (old.sitting, old.team) == (new.sitting, new.team) and set(new.members) <= set(old.members):
            said = {guest.member: guest for guest in old.guests}
            return replace(new, guests=tuple(replace(said[one.member], role=one.role) for one in new.guests))
    return new
