"""What members are told of introductions, in the order in which it may be told, to those who watch for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from models.community.view import Community
from models.domain.invitations import Seen
from models.domain.kinds import INVITATION
from models.domain.records import Micros
from models.domain.requests import Language, Reason
from models.introductions import noted, quiet, wording
from models.introductions.noted import Event, EventKind
from models.introductions.requests import IntroductionKind
from models.rounds.texts.texts import reader_language
from service.application.introductions import reason_of
from service.application.invitations import Sight
from service.core.errors import MemberNotFound
from service.serving.announcements import Announcements
from service.serving.runtime import Runtime
from service.store.contract import Store
from service.texts import say

WAKE_SECONDS = 1.0  # how often it is seen whether somebody who watches is still there
PLACE_SECONDS = 30.0  # while there is nothing to tell, a place is given so often
MOST_OWED = 30  # that a place names; of more, the oldest are left to the invitations themselves

# An event that was passed over while one of the two paused: its invitation, the side that is told, and its kind.
Owed: TypeAlias = tuple[str, int, EventKind]


@dataclass(frozen=True, slots=True)
class Place:
    """Everything in the order until `at` was told, but for what is `owed`, oldest first."""

    at: Event
    owed: tuple[Owed, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Something told to one member: an introduction, or that both accepted one. `why` is None for the latter.

    `time` is since when it may be told. `model` is the version of the ranker that found the two.
    """

    event: EventKind
    kind: IntroductionKind
    seen: Seen
    other: str
    time: Micros
    why: Reason | None
    text: str
    model: str
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Watched:
    """What a stream gives: the place after it, from which one goes on, and something told, or nothing yet."""

    place: Place
    told: Told | None = None


def watch(
    store: Store,
    runtime: Runtime,
    announcements: Announcements,
    community: str,
    member: str,
    place: Place | None,
    language: Language | None,
    going_on: Callable[[], bool],
) -> Iterator[Watched]:
    """What members are told, as it may be told, for as long as `going_on`; with `member`, only what that one is told.

    From a `place` on everything after it is told once, and what it is owed as soon as nobody pauses; without one, what
    comes from now on. It begins with a place and nothing told. Only a place is kept, so that whoever reads slowly holds
    up nobody and misses nothing. Raises MemberNotFound.
    """
    view = runtime.view(community)
    if member and view.member(member) is None:
        raise MemberNotFound(member)
    stream = _Stream(store, runtime, announcements, community, member, language, place or Place(announcements.now()))
    yield from stream.run(going_on)


class _Stream:
    """One stream: what it goes by, and its place."""

    def __init__(
        self,
        store: Store,
        runtime: Runtime,
        announcements: Announcements,
        community: str,
        member: str,
        language: Language | None,
        place: Place,
    ) -> None:
        self._store = store
        self._runtime = runtime
        self._announcements = announcements
        self._community = community
        self._member = member
        self._language = language
        # Whoever has another's token is owed nothing of theirs.
        self._place = replace(place, owed=tuple(one for one in place.owed if self._is_told(*one[:2])))

    def run(self, going_on: Callable[[], bool]) -> Iterator[Watched]:
        yield Watched(self._place)
        given = time.monotonic()
        while going_on() and not self._announcements.closed:
            events, end = self._announcements.after(self._place.at, self._member)
            for told in chain(self._owed(end.time), self._next(events, end.time)):
                yield Watched(self._place, told)
                given = time.monotonic()
            self._place = replace(self._place, at=end)
            if time.monotonic() - given >= PLACE_SECONDS:
                yield Watched(self._place)
                given = time.monotonic()
            if not events:
                self._announcements.wait(WAKE_SECONDS)

    def _next(self, events: Sequence[Event], now: Micros) -> Iterator[Told]:
        """Events as they come; what must wait for the end of a pause is owed from here on."""
        for event in events:
            self._place = replace(self._place, at=event)
            view = self._runtime.view(self._community)
            if self._pausing(view, event, now):
                owed = (*self._place.owed, (event.invitation, event.side, event.kind))
                self._place = replace(self._place, owed=owed[-MOST_OWED:])
            elif told := self._told(view, event, now):
                yield told

    def _owed(self, now: Micros) -> Iterator[Told]:
        """What was owed and need not wait any longer."""
        for owed in self._place.owed:
            view = self._runtime.view(self._community)
            event = self._announcements.find(*owed)
            if event is not None and self._waits(view, event, now):
                continue
            self._place = replace(self._place, owed=tuple(one for one in self._place.owed if one != owed))
            if event is not None and (told := self._told(view, replace(event, time=now), now)):
                yield told

    def _is_told(self, invitation: str, side: int) -> bool:
        """Whether a side of an invitation is told over this stream."""
        return not self._member or self._announcements.people(invitation)[side:][:1] == (self._member,)

    def _waits(self, view: Community, event: Event, now: Micros) -> bool:
        """Whether one of the two pauses, or the one who is told has quiet hours."""
        reader = [view.member(id) for id in self._announcements.people(event.invitation)[event.side :][:1]]
        usual = self._runtime.settings.quiet_hours
        quiet_now = any(one is not None and quiet.due(one, usual, now) > now for one in reader)
        return quiet_now or self._pausing(view, event, now)

    def _pausing(self, view: Community, event: Event, now: Micros) -> bool:
        people = [view.member(id) for id in self._announcements.people(event.invitation)]
        return any(one is not None and (one.paused_until or 0) > now for one in people)

    def _told(self, view: Community, event: Event, now: Micros) -> Told | None:
        """An event in words for whom it is told to; None where it must not be told (any more)."""
        stored = self._store.get(self._community, INVITATION, [event.invitation]).get(event.invitation)
        if stored is None:
            return None
        invitation = stored.record
        note = noted.read(invitation)
        if note is None or not all(_agrees(view, id) for id in invitation.members):
            return None
        with self._store.read(self._community) as at:
            seen = Sight(at).of(invitation, invitation.members[event.side])
        if seen is None or (event.kind == "mutual" and not seen.mutual):
            return None
        other = seen.others[0].member
        if event.kind == "mutual":
            return Told("mutual", note.kind, seen, other, event.time, None, "", note.model)
        spoken = self._language or reader_language(view, seen.own.member, "en")
        found = reason_of(self._store, self._runtime, view, invitation, note, event.side, now)
        if found is None:
            return None
        why, two = found
        text = say(wording.greeting(view, two, why), spoken)
        return Told("introduced", note.kind, seen, other, event.time, why, text, note.model, spoken)


def _agrees(view: Community, id: str) -> bool:
    one = view.member(id)
    return one is not None and one.consent == "members"
