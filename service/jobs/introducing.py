"""The consumer "introductions": makes introductions from what is new, and keeps what there is to tell of them.

A pair is introduced once, so that after a crash nothing is missed and nothing repeated.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from weakref import WeakValueDictionary

from models.domain.kinds import INVITATION
from models.domain.records import Micros
from service.feed.dispatcher import Turn
from service.jobs.introducer import Introducer
from service.serving.announcements import Announcements
from service.serving.runtime import Runtime
from service.store.contract import Store

NAME = "introductions"


class Introducing:
    """Follows every community that a runtime has in memory. `clock` is the wall clock, in microseconds."""

    name = NAME

    def __init__(self, store: Store, runtime: Runtime, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock
        self._followed: dict[str, Introducer] = {}
        # Kept by who follows or watches: a community that leaves memory takes along what nobody watches.
        self._told: WeakValueDictionary[str, Announcements] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._ended = False

    def start(self) -> None:
        """Begin to follow."""
        self._runtime.follow(self)

    def end_streams(self) -> None:
        """Let everybody go who watches; nobody can watch any more."""
        with self._lock:
            self._ended = True
            told = list(self._told.values())
        for announcements in told:
            announcements.close()

    def close(self) -> None:
        """Stop; how far it came is noted."""
        self.end_streams()
        self._runtime.unfollow(self)

    def announcements(self, community: str) -> Announcements:
        """What there is to tell in a community. Raises CommunityNotFound."""
        with self._lock:
            found = self._told.get(community)
            if found is None:
                self._begin(community)
                found = Announcements(self._clock)
                found.replace_all(one for one in self._store.scan(community, INVITATION))
                self._told[community] = found
            if self._ended:
                found.close()
            return found

    def step(self, community: str) -> Turn:
        """Take in some of what is new and the view has seen."""
        view = self._runtime.newest(community)
        if view is None:
            return Turn()
        followed = self._followed.get(community)
        if followed is None or followed.encoder != view.encoder:
            cursor = followed.cursor if followed else self._begin(community)
            announcements = self.announcements(community)
            followed = Introducer(self._store, self._runtime, self._clock, view, announcements, NAME, cursor)
            self._followed[community] = followed
        return followed.step(view)

    def cursor(self, community: str) -> int | None:
        """Up to which entry of the log it is done; None where it does not follow."""
        followed = self._followed.get(community)
        return followed.cursor if followed else None

    def forget(self, community: str, *, deleted: bool) -> None:
        """The community leaves memory; what was said in a deleted one, too: another may get its name."""
        followed = self._followed.pop(community, None)
        if followed is not None and not deleted:
            followed.end()
        if deleted:
            with self._lock:
                told = self._told.pop(community, None)
            if told is not None:
                told.close()

    def _begin(self, community: str) -> int:
        """How far it came; at the end of the log, from now on, when nobody ever looked before."""
        cursor = self._store.cursor(community, NAME)
        if cursor is None:
            cursor = self._store.head(community)
            self._store.put_cursor(community, NAME, cursor)
        return cursor
