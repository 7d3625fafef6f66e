"""Takes one consumer through the log of one community, so that no fault loses anything."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

from service.core.errors import CommunityNotFound
from service.core.faults import outline
from service.feed.dispatcher import Turn
from service.feed.letters import Failed, Letters
from service.store.contract import Change, Store

TRIES = 5  # of a whole batch, before its entries are taken one by one
NOTED_SECONDS = 1.0  # the cursor is written down at most so often: taking something in twice is harmless

log = logging.getLogger("yiqi.feed")

Take: TypeAlias = Callable[[Sequence[Change]], None]


class Reader:
    """`take` is handed entries in the order of the log and raises when it could not take them in.

    After a fault the same entries come again, for as long as it lasts. Only what fails while others get through is set
    aside, to be tried again later. Not safe for concurrent use.
    """

    def __init__(self, store: Store, community: str, consumer: str, cursor: int, take: Take, batch: int) -> None:
        self.cursor = cursor
        self._store = store
        self._community = community
        self._consumer = consumer
        self._take = take
        self._batch = batch
        self._letters = Letters(store, community, consumer)
        self._failures = 0
        self._noted = cursor
        self._noted_when = time.monotonic()

    def step(self, until: int) -> Turn:
        """Take in some of what there is up to an entry of the log, and what was set aside and is due."""
        for change in self._letters.look():
            self._settle([change], self._faults([change]))
        changes = [one for one in self._store.changes(self._community, self.cursor, self._batch) if one.seq <= until]
        if changes:
            self._take_in(changes)
            self.cursor, self._failures = changes[-1].seq, 0
        self._note()
        waits = [0.0] if changes else [wait for wait in (self._letters.wait(), self._note_due()) if wait is not None]
        return Turn(most=min(waits, default=None), dead=len(self._letters))

    def end(self) -> None:
        """Write the cursor down before the community leaves memory."""
        try:
            self._note(at_once=True)
        except Exception as fault:
            # What was taken in since the last note is taken in again.
            log.error("cursor not noted", extra={"community": self._community, "fault": outline(fault)})

    def _note(self, *, at_once: bool = False) -> None:
        due = self._note_due()
        if due is not None and (at_once or due <= 0):
            self._store.put_cursor(self._community, self._consumer, self.cursor)
            self._noted, self._noted_when = self.cursor, time.monotonic()

    def _note_due(self) -> float | None:
        if self._noted == self.cursor:
            return None
        return max(0.0, self._noted_when + NOTED_SECONDS - time.monotonic())

    def _take_in(self, changes: Sequence[Change]) -> None:
        if self._failures >= TRIES:
            faults = self._faults(changes)
            if len(faults) == len(changes):
                raise faults[0][1]  # nothing gets through: that is no fault of these entries
            self._settle(changes, faults)
            return
        try:
            self._take(changes)
        except Exception:
            self._failures += 1
            raise
        self._letters.passed(changes)

    def _faults(self, changes: Sequence[Change]) -> list[Failed]:
        """Take in entries one by one; those that failed, and why. Raises CommunityNotFound."""
        faults: list[Failed] = []
        for change in changes:
            try:
                self._take([change])
            except CommunityNotFound:
                raise
            except Exception as fault:
                # Whatever it is, it must neither stop the entries behind it nor get lost.
                faults.append((change, fault))
        return faults

    def _settle(self, changes: Sequence[Change], faults: Sequence[Failed]) -> None:
        failed = {change for change, _ in faults}
        self._letters.passed([change for change in changes if change not in failed])
        self._letters.failed(faults)
