"""Introductions that the service makes by itself: into invitations, and to those who watch for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from models.community import Community
from models.introductions import Introduction, noted, quiet, wording
from models.introductions.noted import Event, EventKind, Noted
from models.introductions.requests import IntroductionKind
from models.introductions.wording import Two
from models.invitations import Seen, mutual
from models.records import Invitation, Member, Message, Micros
from models.requests import Language, Options, Reason
from models.rounds.texts import reader_language
from service.errors import MemberNotFound
from service.runtime.announcements import Announcements
from service.runtime.runtime import Runtime
from service.store.contract import Store, Stored
from service.usecases.invitations import invite, seen_by, withdrawn

WAKE_SECONDS = 1.0  # how often it is seen whether somebody who watches is still there
PLACE_SECONDS = 30.0  # while there is nothing to tell, a place is given so often
EXCHANGED = ("offers", "seeks")


@dataclass(frozen=True, slots=True)
class Told:
    """Something told to one member: an introduction, or that both accepted one. `why` is None for the latter.

    `model` is the version of the ranker that found the two.
    """

    event: EventKind
    kind: IntroductionKind
    seen: Seen
    other: str
    time: Micros
    why: Reason | None
    text: str
    model: str


@dataclass(frozen=True, slots=True)
class Watched:
    """What a stream gives: the place after it, from which one goes on, and something told, or nothing yet."""

    place: Event
    told: Told | None = None


def stated(view: Community, member: str) -> frozenset[tuple[str, str]]:
    """What a member offers and seeks, stated or suggested; nothing for somebody who is not there."""
    row, facets = view.row.get(member), view.facets
    if row is None:
        return frozenset()
    rows = (at for kind in EXCHANGED for at in facets.rows(row, kind))
    return frozenset((facets.items[at].kind, facets.items[at].text) for at in rows)


def is_open(view: Community, channel: str) -> bool:
    """Whether everybody in the community may read what is said in a channel."""
    row = view.channel_row.get(channel)
    return row is not None and view.channels[row].visibility == "community"


def introduce(store: Store, runtime: Runtime, community: str, made: Introduction, now: Micros) -> Invitation | None:
    """Send an introduction as an invitation of two; None when rules, budgets or missing words do not let it.

    Each is told at `now`, or when their quiet hours end.
    """
    view = runtime.view(community)
    people = [view.members[row] if (row := view.row.get(id)) is not None else None for id in made.members]
    if None in people or noted.invitation_id(*made.members) in _there(store, community, made):
        return None
    usual = runtime.settings.quiet_hours
    due = tuple(quiet.due(cast(Member, member), usual, now) for member in people)
    model = runtime.ranker(community).version
    invitation = noted.invitation_of(made, cast(tuple[Micros, Micros], due), now, model)
    note = cast(Noted, noted.read(invitation))
    if any(_reason(store, runtime, view, invitation, note, side, "en", now) is None for side in (0, 1)):
        return None
    sent = invite(store, runtime, community, [invitation], now).sent
    return sent[0] if sent else None


def follow(store: Store, runtime: Runtime, community: str, stored: Stored, now: Micros) -> Invitation:
    """An invitation that changed, with what follows from it written down.

    When both accepted an introduction, each is told so, after their quiet hours. One that was declined before the other
    was told of it is taken back: nobody need ever know.
    """
    invitation = cast(Invitation, stored.record)
    note = noted.read(invitation)
    if note is None or invitation.state != "open":
        return invitation
    changed = invitation
    if mutual(invitation) and note.mutual is None:
        view = runtime.view(community)
        times = tuple(quiet.due(_member(view, id), runtime.settings.quiet_hours, now) for id in invitation.members)
        changed = replace(invitation, extra=noted.written(replace(note, mutual=cast(tuple[Micros, Micros], times))))
    elif any(guest.reply == "declined" for guest in invitation.guests) and max(note.due) > now:
        changed = withdrawn([invitation])[0]
    if changed == invitation:
        return invitation
    written = store.put_together(community, [changed], {("invitation", invitation.id): stored.version})
    # Where it changed meanwhile, the log says so further on.
    return changed if written else invitation


def watch(
    store: Store,
    runtime: Runtime,
    announcements: Announcements,
    community: str,
    member: str,
    place: Event | None,
    language: Language | None,
    going_on: Callable[[], bool],
) -> Iterator[Watched]:
    """What members are told, as it may be told, for as long as `going_on`; with `member`, only what that one is told.

    From a `place` on everything after it is told once; without one, what comes from now on. It begins with a place and
    nothing told. Only a place in the order is kept, so that whoever reads slowly holds up nobody and misses nothing.
    Raises MemberNotFound.
    """
    view = runtime.view(community)
    row = view.row.get(member)
    if member and (row is None or view.members[row] is None):
        raise MemberNotFound(member)
    at = announcements.now() if place is None else place
    yield Watched(at)
    given = time.monotonic()
    while going_on() and not announcements.closed:
        events, end = announcements.after(at, member)
        for event in events:
            told = _told(store, runtime, community, event, language, end.time)
            at = event
            if told is not None:
                yield Watched(at, told)
                given = time.monotonic()
        at = end
        if time.monotonic() - given >= PLACE_SECONDS:
            yield Watched(at)
            given = time.monotonic()
        if not events:
            announcements.wait(WAKE_SECONDS)


def _told(
    store: Store, runtime: Runtime, community: str, event: Event, language: Language | None, now: Micros
) -> Told | None:
    """An event in words for whom it is told to; None where it must not be told (any more).

    Who pauses is told nothing, and nobody is told of them; the invitation waits for both.
    """
    stored = store.get(community, "invitation", [event.invitation]).get(event.invitation)
    if stored is None:
        return None
    invitation = cast(Invitation, stored.record)
    note, view = noted.read(invitation), runtime.view(community)
    if note is None or not all(_agrees(view, id, now) for id in invitation.members):
        return None
    seen = seen_by(store, view, invitation, invitation.members[event.side])
    if seen is None or (event.kind == "mutual" and not seen.mutual):
        return None
    other = seen.others[0].member
    if event.kind == "mutual":
        return Told("mutual", note.kind, seen, other, event.time, None, "", note.model)
    spoken = language or reader_language(view, seen.own.member, "en")
    found = _reason(store, runtime, view, invitation, note, event.side, spoken, now)
    if found is None:
        return None
    why, two = found
    text = wording.greeting(view, two, why, spoken)
    return Told("introduced", note.kind, seen, other, event.time, why, text, note.model)


def _reason(
    store: Store,
    runtime: Runtime,
    view: Community,
    invitation: Invitation,
    note: Noted,
    side: int,
    language: Language,
    now: Micros,
) -> tuple[Reason, Two] | None:
    """Why, for one of the two; None once nothing speaks for it."""
    rows = [view.row.get(id) for id in invitation.members]
    found = store.get(view.record.id, "message", [id for id in note.messages if id])
    said = [cast(Message, found[id].record) if id in found else None for id in note.messages]
    mine, theirs = rows[side], rows[1 - side]
    if mine is None or theirs is None:
        return None
    two = Two(note.kind, mine, theirs, said[side], said[1 - side], reader_began=side == 0)
    options = Options(audience="members", now=now)
    ranker = runtime.ranker(view.record.id)
    why = wording.reason(view, ranker, two, language, options, runtime.encoder_of(view))
    return None if why is None else (why, two)


def _agrees(view: Community, member: str, now: Micros) -> bool:
    row = view.row.get(member)
    one = view.members[row] if row is not None else None
    return one is not None and one.consent == "members" and (one.paused_until or 0) <= now


def _member(view: Community, id: str) -> Member:
    row = view.row.get(id)
    return (view.members[row] if row is not None else None) or Member(id=id)


def _there(store: Store, community: str, made: Introduction) -> dict[str, Stored]:
    return store.get(community, "invitation", [noted.invitation_id(*made.members)])
