"""What one consumer set aside in one community: kept, and tried again with longer and longer pauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from models.domain.records import Micros
from service.core.clock import wall_clock
from service.core.faults import outline
from service.feed.back_off import back_off
from service.store.contract import Change, DeadLetter, Store

SECOND: Micros = 1_000_000
# Twice as long each time: what was set aside in a fault waits about as long again once it is over.
FIRST_RETRY = SECOND
LONGEST_RETRY = 3600 * SECOND

# An entry of the log, and why it could not be taken in.
Failed: TypeAlias = tuple[Change, Exception]


class Letters:
    """The dead letters of a consumer in a community. Not safe for concurrent use."""

    def __init__(self, store: Store, community: str, consumer: str, clock: Callable[[], Micros] = wall_clock) -> None:
        self._store = store
        self._community = community
        self._consumer = consumer
        self._clock = clock
        self._open: dict[tuple[str, str], DeadLetter] = {}

    def __len__(self) -> int:
        """How many there were at the last look."""
        return len(self._open)

    def look(self) -> list[Change]:
        """Read what is set aside, which an operator may have asked to replay; the entries that are due."""
        found = self._store.dead_letters(self._community, self._consumer)
        self._open = {(one.change.kind, one.change.id): one for one in found}
        now = self._clock()
        return [one.change for one in found if _wait(one, now) == 0]

    def entries(self) -> list[Change]:
        """All of them, due or not."""
        return [one.change for one in self._open.values()]

    def wait(self) -> float | None:
        """Seconds until one is due, None when there is none."""
        now = self._clock()
        return min((_wait(one, now) / SECOND for one in self._open.values()), default=None)

    def failed(self, failed: Sequence[Failed]) -> None:
        """Set entries aside, or once more."""
        if failed:
            letters = [self._letter(change, fault) for change, fault in failed]
            self._store.put_dead_letters(self._community, letters)
            self._open |= {(one.change.kind, one.change.id): one for one in letters}

    def passed(self, changes: Iterable[Change]) -> None:
        """These went through, and with them what was set aside of the same records."""
        done = {(change.kind, change.id) for change in changes} & self._open.keys()
        if done:
            self._store.drop_dead_letters(self._community, [self._open.pop(key) for key in sorted(done)])

    def only(self, failed: Sequence[Failed]) -> None:
        """Everything was taken in anew: these failed, and nothing else is set aside any more."""
        kept = {(change.kind, change.id) for change, _ in failed}
        self.passed([one.change for key, one in self._open.items() if key not in kept])
        self.failed(failed)

    def _letter(self, change: Change, fault: Exception) -> DeadLetter:
        before, now = self._open.get((change.kind, change.id)), self._clock()
        tries = before.tries + 1 if before else 1
        due = now + back_off(tries, FIRST_RETRY, LONGEST_RETRY)
        return DeadLetter(self._consumer, change, outline(fault), tries, before.since if before else now, due)


def _wait(letter: DeadLetter, now: Micros) -> Micros:
    """How long until one is due. What is due further ahead than any pause is void: the clock was set back meanwhile."""
    wait = letter.due - now
    return wait if 0 < wait <= LONGEST_RETRY else 0
