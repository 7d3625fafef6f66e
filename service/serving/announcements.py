"""What there is to tell members of introductions: numbered by time, told in order, each once, across restarts.

Nothing is kept here but an index of what invitations note: each event has the time from which it may be told, fixed
when it is written. As events are told in the order of these times and nothing is ever written with a time that was
passed before, a place in that order says exactly what was told and what was not.
"""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from models.domain.records import Invitation, Micros
from models.introductions.noted import Event, EventKind, events

LAST_ID = "\U0010ffff"  # after every id


class Announcements:
    """The events of one community. For any thread."""

    def __init__(self, clock: Callable[[], Micros]) -> None:
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._events: list[Event] = []
        self._of: dict[str, tuple[tuple[str, ...], list[Event]]] = {}  # by invitation: who is in it, and its events
        self._with: dict[str, dict[str, None]] = {}  # by member: invitations of two
        self._newest: Micros = 0
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing will ever be told from here any more."""
        return self._closed

    def put(self, invitation: Invitation) -> None:
        """Note an invitation as it stands now, in place of what it was."""
        if len(invitation.guests) != 2:
            return
        with self._changed:
            self.remove(invitation.id)
            fresh = events(invitation)
            self._of[invitation.id] = invitation.members, fresh
            for event in fresh:
                insort(self._events, event)
            for member in invitation.members:
                self._with.setdefault(member, {})[invitation.id] = None
            self._newest = max(self._newest, invitation.time)
            self._changed.notify_all()

    def remove(self, invitation: str) -> None:
        """Forget an invitation; unknown ids are nothing."""
        with self._changed:
            people, old = self._of.pop(invitation, ((), []))
            for event in old:
                self._events.remove(event)
            for member in people:
                del self._with[member][invitation]

    def replace_all(self, invitations: Iterable[Invitation]) -> None:
        """Note these and no others."""
        with self._changed:
            self._of.clear()
            self._with.clear()
            self._events.clear()
            for invitation in invitations:
                self.put(invitation)

    def partners(self, member: str) -> set[str]:
        """Everybody whom a member was ever brought together with alone, by an introduction, round or proposal."""
        with self._changed:
            return {other for id in self._with.get(member, ()) for other in self._of[id][0]} - {member}

    @contextmanager
    def writing(self) -> Iterator[Micros]:
        """The time to write new events with, later than all that was told; nothing is told until the block ends."""
        with self._changed:
            self._newest = max(self._clock(), self._newest + 1)
            yield self._newest

    def now(self) -> Event:
        """The place after everything that may be told by now."""
        with self._changed:
            self._newest = max(self._clock(), self._newest)
            return Event(self._newest, LAST_ID, 0)

    def after(self, place: Event, member: str = "") -> tuple[list[Event], Event]:
        """What may be told by now and lies after a place, in order, and the place after it.

        With `member`, only what that member is told.
        """
        with self._changed:
            until = self.now()
            low, high = bisect_right(self._events, place), bisect_right(self._events, until)
            found = [e for e in self._events[low:high] if member in ("", self._of[e.invitation][0][e.side])]
            return found, max(place, until)

    def people(self, invitation: str) -> tuple[str, ...]:
        """Who is in an invitation, by id; nobody once it is gone."""
        with self._changed:
            return self._of.get(invitation, ((), []))[0]

    def find(self, invitation: str, side: int, kind: EventKind) -> Event | None:
        """An event by what it is, whatever its time; None once it is gone."""
        with self._changed:
            found = self._of.get(invitation, ((), []))[1]
            return next((event for event in found if (event.side, event.kind) == (side, kind)), None)

    def wait(self, seconds: float) -> None:
        """Until something changed, or for so long."""
        with self._changed:
            if not self._closed:
                self._changed.wait(seconds)

    def close(self) -> None:
        """Nothing will be told any more; who waits wakes up."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
