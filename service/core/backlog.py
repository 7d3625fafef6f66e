"""A queue in front of a service that it cannot see: how long it is, and when to get rid of it.

gRPC keeps calls until Python takes them. Once more come than can be taken in, those that are taken have waited for so
long that little of their time is left, and to work for these keeps the queue as long as it is. How long that is shows
in how much less time is left to callers than usual. Then all are refused until the queue is gone, which is quick
(after controlled delay: Nichols and Jacobson, "Controlling Queue Delay", ACM Queue 2012).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LATEST = 31  # calls of a kind, by the one of them with most time that is judged: deadlines differ
LONG_SECONDS = 0.4  # of a queue that is to go
GRACE_SECONDS = 0.1
GONE = 0.25  # of what there was of it
# Within which what is left to callers must rise again; else they ask for less time than others did, or the queue cannot
# be outrun: then none is drained for a while.
MOST_SECONDS, REST_SECONDS = 1.5, 10.0
LONGEST = 3600.0  # seconds: who waits for ever is in no queue


@dataclass(slots=True)
class _Kind:
    usual: float  # seconds that were left to callers while nothing was refused, or the most since
    latest: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    short: float = 0.0  # when the queue was short, by the clock
    until: float = 0.0  # when draining ends at the latest
    length: float = 0.0  # seconds, when draining began
    rests: float = 0.0  # until when none begins


class Backlog:
    """Judged for each kind of call apart. For the one thread that takes calls in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kinds: dict[str, _Kind] = {}

    def drains(self, name: str, remaining: float, pressed: bool) -> bool:
        """Whether a call of a kind, whose caller still waits for so many seconds, is to be refused, so that the queue
        becomes shorter. It never is unless the service is `pressed`: refuses many already."""
        remaining, kind = min(remaining, LONGEST), self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = _Kind(remaining)
        kind.latest.append(remaining)
        most, now = max(kind.latest), self._clock()
        if not pressed:
            kind.usual, kind.until, kind.short = most, 0.0, now
            return False
        kind.usual = max(kind.usual, most)
        return self._drained(kind, kind.usual - most, now) and remaining < kind.usual

    def _drained(self, kind: _Kind, length: float, now: float) -> bool:
        if kind.until:
            if length < GONE * kind.length:
                kind.until = 0.0
            elif now > kind.until:
                kind.usual, kind.until, kind.rests = kind.usual - length, 0.0, now + REST_SECONDS
            return bool(kind.until)
        if length < LONG_SECONDS:
            kind.short = now
        # A queue grows no faster than time goes by; else others ask, who have less time from the start.
        elif now > kind.rests and length < LONG_SECONDS + GRACE_SECONDS + now - kind.short:
            kind.until, kind.length = now + MOST_SECONDS, length
        return bool(kind.until)
