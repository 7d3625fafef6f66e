"""Whose turn it is: how many calls compute at once, in all and of one community, and how long the others wait.

More threads than processors only share them out more thinly, so that calls beyond a few wait rather than run. Who waits
is taken in turn between communities. Whoever would wait for too long is refused at once: to refuse costs little only as
long as nobody is woken for it. In one community the oldest comes first; once the oldest has waited longer than was
expected the newest does, whose caller is the likeliest to be still there (adaptive LIFO, as in "Fail at Scale", ACM
Queue 2015).
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

# Of the time that somebody waits at most: from then on the newest comes first.
PATIENT = 0.5
# What takes longer has half of the places of a community, and waits for as long as so many of its kind take.
HEAVY_SECONDS = 0.5
HEAVY_WAIT = 8.0
# How much of what is known of a duration the latest call is, and of how many kinds of calls of a key one is known.
LATEST = 0.1
KNOWN = 4096


@dataclass(eq=False, slots=True)
class _Turn:
    gate: Gate
    key: str
    heavy: bool
    until: float  # when its caller waits no more, by the monotonic clock
    away: float = 0.0  # seconds for which it gave its place away


@dataclass(eq=False, slots=True)
class _Waiting:
    turn: _Turn
    seconds: float  # that it is going to take
    late: float  # when it has waited longer than was expected
    called: threading.Event = field(default_factory=threading.Event)
    admitted: bool = False


class Gate:
    """`width` calls run at once, `share` of one key; `waiting` calls wait, a quarter of them of one key, for `seconds`
    at most. For something else `away` calls wait, half of them of one key. For any thread."""

    def __init__(self, width: int, *, share: int, seconds: float, waiting: int = 256, away: int = 128) -> None:
        self._width = width
        self._share = share
        self._seconds = seconds
        self._room = waiting
        self._most_away = away
        self._away: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._heavy: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[_Waiting]] = OrderedDict()
        self._durations: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, key: str, kind: str, remaining: float) -> Iterator[None]:
        """Run the block when it is the turn of `key`. `kind` is what is done, `remaining` the seconds that its caller
        still waits. Raises Overloaded when the turn does not come in time, or so late that it would be of no use."""
        turn = self._enter(key, kind, remaining)
        own = _current.set(turn)
        began = time.monotonic()
        try:
            yield
        finally:
            self._note(key, kind, time.monotonic() - began - turn.away)
            _current.reset(own)
            self.leave(turn)

    def leave(self, turn: _Turn) -> None:
        """Give a place back: whoever is next has it."""
        with self._lock:
            self._count(turn, -1)
            self._call()

    def go_away(self, turn: _Turn) -> bool:
        """Give a place back for a while; False, and nothing is given back, where as many are away as may."""
        with self._lock:
            if self._away.total() >= self._most_away or self._away[turn.key] >= self._most_away // 2:
                return False
            self._away[turn.key] += 1
            self._count(turn, -1)
            self._call()
            return True

    def come_back(self, turn: _Turn) -> None:
        """Take a place again at once, also where all are taken: what is half done is not put off."""
        with self._lock:
            self._away[turn.key] -= 1
            self._away += Counter()  # without those of whom nobody is away
            self._count(turn, 1)

    def _enter(self, key: str, kind: str, remaining: float) -> _Turn:
        with self._lock:
            seconds = self._durations.get((key, kind), 0.0)
            turn = _Turn(self, key, seconds > HEAVY_SECONDS, time.monotonic() + remaining)
            if self._free(turn):  # then nobody waits who could have the place: they would have it
                self._count(turn, 1)
                return turn
            # A caller who waited half of their time has the other half for the answer.
            patience = min(max(self._seconds, HEAVY_WAIT * seconds), (remaining - seconds) / 2)
            if self._expected(turn) > patience or patience <= 0:
                raise self._refusal()
            self._make_room(key)
            waiting = _Waiting(turn, seconds, time.monotonic() + PATIENT * patience)
            self._queues.setdefault(key, deque()).append(waiting)
        waiting.called.wait(patience)
        with self._lock:
            if waiting.admitted:
                return turn
            self._forget(waiting)
        raise self._refusal()

    def _expected(self, turn: _Turn) -> float:
        """Seconds until everybody who waits for places of the same sort has had their turn."""
        before = [one.seconds for one in self._queues.get(turn.key, ()) if one.turn.heavy == turn.heavy]
        return sum(before) / self._places(turn)

    def _places(self, turn: _Turn) -> int:
        return max(1, self._share // 2) if turn.heavy else self._share

    def _free(self, turn: _Turn) -> bool:
        own = self._running[turn.key] < self._share
        room = not turn.heavy or self._heavy[turn.key] < self._places(turn)
        return own and room and self._running.total() < self._width

    def _count(self, turn: _Turn, change: int) -> None:
        for counter in (self._running, self._heavy) if turn.heavy else (self._running,):
            counter[turn.key] += change
            if not counter[turn.key]:
                del counter[turn.key]

    def _call(self) -> None:
        """Admit who is next, if anybody may be."""
        for queue in self._queues.values():
            newest_first = time.monotonic() > queue[0].late
            order = reversed(queue) if newest_first else iter(queue)
            admitted = next((one for one in order if self._free(one.turn)), None)
            if admitted is not None:
                break
        else:
            return
        self._queues.move_to_end(admitted.turn.key)
        self._forget(admitted)
        self._count(admitted.turn, 1)
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
        queue = self._queues.get(waiting.turn.key)
        if queue is not None and waiting in queue:
            queue.remove(waiting)
            if not queue:
                del self._queues[waiting.turn.key]

    def _note(self, key: str, kind: str, seconds: float) -> None:
        with self._lock:
            before = self._durations.pop((key, kind), seconds)
            self._durations[key, kind] = before + LATEST * (seconds - before)
            if len(self._durations) > KNOWN:
                self._durations.popitem(last=False)

    def _refusal(self) -> Overloaded:
        # Who was refused together must not come back together.
        return Overloaded("The service", retry_after=self._seconds * random.uniform(1.0, 2.0))


_current: ContextVar[_Turn | None] = ContextVar("turn", default=None)


def time_left() -> float:
    """Seconds that the caller of this call still waits, never negative; 0 outside of a call."""
    turn = _current.get()
    return max(0.0, turn.until - time.monotonic()) if turn else 0.0


@contextmanager
def away() -> Iterator[bool]:
    """Around what a call only waits for: its place is free meanwhile. False where too many wait like that, each on a
    thread: then there is nothing to be waited for. Anywhere else this does nothing."""
    turn = _current.get()
    if turn is None or not turn.gate.go_away(turn):
        yield turn is None
        return
    began = time.monotonic()
    try:
        yield True
    finally:
        turn.away += time.monotonic() - began
        turn.gate.come_back(turn)
