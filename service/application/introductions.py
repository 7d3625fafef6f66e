"""Introductions that the service makes by itself: into invitations, what follows from replies, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import cast

from models.community.view import Community
from models.domain.invitations import mutual
from models.domain.kinds import INVITATION, MESSAGE
from models.domain.records import Invitation, Member, Micros
from models.domain.requests import Options, Reason
from models.introductions import Introduction, noted, quiet, wording
from models.introductions.noted import Noted
from models.introductions.wording import Two
from service.application.crud import everything
from service.application.invitations import invite
from service.serving.runtime import Runtime
from service.store.contract import Store, Stored
from service.store.rooms import open_messages

EXCHANGED = ("offers", "seeks")


def stated(view: Community, member: str) -> frozenset[tuple[str, str]]:
    """What a member offers and seeks, stated or suggested; nothing for somebody who is not there."""
    row, facets = view.row.get(member), view.facets
    if row is None:
        return frozenset()
    rows = (at for kind in EXCHANGED for at in facets.rows(row, kind))
    return frozenset((facets.items[at].kind, facets.items[at].text) for at in rows)


def stated_by_all(view: Community) -> dict[str, frozenset[tuple[str, str]]]:
    """`stated` of everybody who states anything."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for facet in view.facets.items:
        if facet.kind in EXCHANGED:
            found[view.ids[facet.member]].add((facet.kind, facet.text))
    return {member: frozenset(those) for member, those in found.items()}


def is_open(view: Community, channel: str) -> bool:
    """Whether everybody in the community may read what is said in a channel."""
    row = view.channel_row.get(channel)
    return row is not None and view.channels[row].visibility == "community"


def introduce(store: Store, runtime: Runtime, community: str, made: Introduction, now: Micros) -> Invitation | None:
    """Send an introduction as an invitation of two; None when rules, budgets or missing words do not let it.

    Each is told at `now`, or when their quiet hours end.
    """
    view = runtime.view(community)
    people = [person for id in made.members if (person := view.member(id))]
    if len(people) < len(made.members) or _together(store, community, *made.members):
        return None
    usual = runtime.settings.quiet_hours
    due = tuple(quiet.due(member, usual, now) for member in people)
    model = runtime.ranker(community).version
    invitation = noted.invitation_of(made, cast(tuple[Micros, Micros], due), now, model)
    note = cast(Noted, noted.read(invitation))
    if any(reason_of(store, runtime, view, invitation, note, side, now) is None for side in (0, 1)):
        return None
    view, usual_contacts = runtime.current(community), runtime.settings.contacts_per_week
    with store.write(community) as work:
        # Whoever was introduced while it was thought about is not introduced again.
        if work.get(INVITATION, [invitation.id]):
            return None
        sent = invite(work, view, usual_contacts, [invitation], now).sent
    return sent[0] if sent else None


def follow(store: Store, runtime: Runtime, community: str, stored: Stored[Invitation], now: Micros) -> Invitation:
    """An invitation that changed, with what follows from it written down.

    When both accepted an introduction, each is told so, after their quiet hours. A refusal changes nothing.
    """
    invitation = stored.record
    if _followed(runtime, community, invitation, now) == invitation:
        return invitation
    with store.write(community) as work:
        there = work.get(INVITATION, [invitation.id]).get(invitation.id)
        if there is None:
            return invitation
        changed = _followed(runtime, community, there.record, now)
        work.put([changed], "replace")
        return changed


def _followed(runtime: Runtime, community: str, invitation: Invitation, now: Micros) -> Invitation:
    note = noted.read(invitation)
    if note is None or invitation.state != "open":
        return invitation
    if mutual(invitation) and note.mutual is None:
        view = runtime.view(community)
        people = (view.member(id) or Member(id=id) for id in invitation.members)
        times = tuple(quiet.due(member, runtime.settings.quiet_hours, now) for member in people)
        return replace(invitation, extra=noted.written(replace(note, mutual=cast(tuple[Micros, Micros], times))))
    return invitation


def reason_of(
    store: Store,
    runtime: Runtime,
    view: Community,
    invitation: Invitation,
    note: Noted,
    side: int,
    now: Micros,
) -> tuple[Reason, Two] | None:
    """Why, for one of the two; None once nothing speaks for it."""
    rows = [view.row.get(id) for id in invitation.members]
    with store.read(view.record.id) as at:
        found, heard = at.get(MESSAGE, [id for id in note.messages if id]), open_messages(at, note.messages)
    said = [found[id].record if id in heard else None for id in note.messages]
    mine, theirs = rows[side], rows[1 - side]
    if mine is None or theirs is None:
        return None
    two = Two(note.kind, mine, theirs, said[side], said[1 - side], reader_began=side == 0)
    options = Options(audience="members", now=now)
    ranker = runtime.ranker(view.record.id)
    why = wording.reason(view, ranker, two, options, runtime.encoder_of(view))
    return None if why is None else (why, two)


def _together(store: Store, community: str, one: str, other: str) -> bool:
    """Whether the two were ever brought together alone. The store knows it before anybody heard of it."""
    with store.read(community) as at:
        if at.get(INVITATION, [noted.invitation_id(one, other)]):
            return True
        theirs = (stored.record for stored in everything(at, INVITATION, member=one))
        return any(len(invitation.guests) == 2 and other in invitation.members for invitation in theirs)
