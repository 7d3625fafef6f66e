"""Whose turn it is: how many calls compute at once, in all and of one community, and how long the others wait.

More threads than processors only share them out more thinly, so that calls beyond a few wait rather than run. Who waits
is taken in turn between communities. In one community the oldest comes first; once the oldest has waited for too long
the newest does, whose caller is the likeliest to be still there (adaptive LIFO, as in "Fail at Scale", ACM Queue 2015).
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from service.core.errors import Overloaded

# Of the longest wait: from then on the newest comes first.
PATIENT = 0.1
# How much of what is known of a method's duration the latest call is.
LATEST = 0.1


@dataclass(eq=False, slots=True)
class _Waiting:
    key: str
    since: float
    called: threading.Event = field(default_factory=threading.Event)
    admitted: bool = False


class Gate:
    """`width` calls run at once, `share` of one key; `waiting` calls wait, a quarter of them of one key, for `seconds`
    at most. For any thread."""

    def __init__(self, width: int, *, share: int, seconds: float, waiting: int = 256) -> None:
        self._width = width
        self._share = share
        self._seconds = seconds
        self._room = waiting
        self._running: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[_Waiting]] = OrderedDict()
        self._durations: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, key: str, kind: str, remaining: float) -> Iterator[None]:
        """Run the block when it is the turn of `key`. `kind` is what is done, `remaining` the seconds that its caller
        still waits. Raises Overloaded when the turn does not come in time, or so late that it would be of no use."""
        self._enter(key, min(self._seconds, remaining - self._durations.get(kind, 0.0)))
        own = _current.set(_Turn(self, key))
        began = time.monotonic()
        try:
            yield
        finally:
            self._note(kind, time.monotonic() - began)
            _current.reset(own)
            self.leave(key)

    def leave(self, key: str) -> None:
        """Give a place back: whoever is next has it."""
        with self._lock:
            self._running[key] -= 1
            if not self._running[key]:
                del self._running[key]
            self._call()

    def come_back(self, key: str) -> None:
        """Take a place again at once, also where all are taken: what is half done is not put off."""
        with self._lock:
            self._running[key] += 1

    def _enter(self, key: str, patience: float) -> None:
        with self._lock:
            if key not in self._queues and self._free(key):
                self._running[key] += 1
                return
            if patience <= 0:
                raise self._refusal()
            self._make_room(key)
            waiting = _Waiting(key, time.monotonic())
            self._queues.setdefault(key, deque()).append(waiting)
        waiting.called.wait(patience)
        with self._lock:
            if waiting.admitted:
                return
            self._forget(waiting)
        raise self._refusal()

    def _free(self, key: str) -> bool:
        return self._running.total() < self._width and self._running[key] < self._share

    def _call(self) -> None:
        """Admit who is next, if anybody may be."""
        for key in self._queues:
            if self._free(key):
                break
        else:
            return
        queue = self._queues[key]
        late = time.monotonic() - queue[0].since > PATIENT * self._seconds
        admitted = queue.pop() if late else queue.popleft()
        self._queues.move_to_end(key)
        if not queue:
            del self._queues[key]
        self._running[key] += 1
        admitted.admitted = True
        admitted.called.set()

    def _make_room(self, key: str) -> None:
        """Where as many wait as may, whoever waited longest goes: of the key itself, or of the key with most."""
        queue = self._queues.get(key, deque())
        if len(queue) < self._room // 4 and sum(map(len, self._queues.values())) < self._room:
            return
        longest = queue if len(queue) >= self._room // 4 else max(self._queues.values(), key=len)
        oldest = longest[0]
        self._forget(oldest)
        oldest.called.set()

    def _forget(self, waiting: _Waiting) -> None:
        queue = self._queues.get(waiting.key)
        if queue is not None and waiting in queue:
            queue.remove(waiting)
            if not queue:
                del self._queues[waiting.key]

    def _note(self, kind: str, seconds: float) -> None:
        before = self._durations.get(kind, seconds)
        self._durations[kind] = before + LATEST * (seconds - before)

    def _refusal(self) -> Overloaded:
        # Who was refused together must not come back together.
        return Overloaded("The service", retry_after=self._seconds * random.uniform(1.0, 2.0))


@dataclass(frozen=True, slots=True)
class _Turn:
    gate: Gate
    key: str


_current: ContextVar[_Turn | None] = ContextVar("turn", default=None)


@contextmanager
def away() -> Iterator[None]:
    """Around what a call only waits for: its place is free meanwhile. Anywhere else this does nothing."""
    turn = _current.get()
    if turn is None:
        yield
        return
    turn.gate.leave(turn.key)
    try:
        yield
    finally:
        turn.gate.come_back(turn.key)
