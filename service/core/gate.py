"""Whose turn it is: how many calls compute at once, in all and of one community, and how long the others wait.

More threads than processors only share them out more thinly, so that calls beyond a few wait rather than run. Who waits
is taken in turn between communities. Whoever would wait for too long is refused at once: to refuse costs little only as
long as nobody is woken for it. In one community the oldest comes first; once the oldest has waited longer than was
expected the newest does, whose caller is the likeliest to be still there. A line that does not end is no burst that
passes: then few may wait in it (adaptive LIFO and controlled delay, as in "Fail at Scale", ACM Queue 2015).

Threads that wait for a lock whose holder waits for the interpreter form a convoy. That is why those who are refused
take no lock, why those who leave take it once, and why a place is not kept for a thread that is still to wake up.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

from service.core.errors import Overloaded
from service.core.processors import roaming

# Of the time that somebody waits at most: from then on the newest comes first.
PATIENT = 0.5
# What takes longer has half of the places of a community, and waits for as long as so many of its kind take.
HEAVY_SECONDS = 0.5
HEAVY_WAIT = 8.0
# How much of their time callers wait in a line that has not ended for so much of the time that they usually may: no
# burst lasts. Callers who are in no hurry can sit out a pause, in a line of their own, where they are in nobody's way.
BURST = 0.25
STANDING = 0.1
PATIENTLY = " patiently"
# While others of their key run, callers who wait for less than an answer takes and so many times that are refused. They
# have waited in queues before this one: to compute for them what comes too late keeps those queues long.
SPARE = 3
# The same before a call is looked at, where so many were refused in so many seconds that not all can be.
LATE = 32
MANY, MANY_SECONDS = 64, 1.0
SPARE_SECONDS = 0.3  # of either at most: nobody waits in those queues for as long as some answers take
# Of a processor. What takes less stays where its thread is, and what computes no longer than that is done one at a
# time: numpy gives the interpreter up hundreds of times a call, and threads that take turns at that get less done.
SHORT_SECONDS = 0.008
# How much of what is known of a duration the latest call is, and of how many kinds of calls of a key one is known.
LATEST = 0.1
KNOWN = 4096
PAUSES = 256  # different ones that are told


@dataclass(frozen=True, slots=True)
class _Duration:
    """Of calls of a kind: `seconds` from their turn to their end, and those of them in which a `processor` was used."""

    seconds: float
    processor: float

    def moved(self, latest: _Duration) -> _Duration:
        """The moving average."""
        seconds = self.seconds + LATEST * (latest.seconds - self.seconds)
        return _Duration(seconds, self.processor + LATEST * (latest.processor - self.processor))


_UNKNOWN = _Duration(0.0, 0.0)


@dataclass(eq=False, slots=True)
class _Turn:
    gate: Gate
    key: str  # of its line
    heavy: bool
    short: bool
    quick: bool  # short, and waits for nothing but a processor
    until: float  # when its caller waits no more, by the monotonic clock
    away: float = 0.0  # seconds for which it gave its place away


@dataclass(eq=False, slots=True)
class _Waiting:
    turn: _Turn
    seconds: float  # that it is going to take
    late: float  # when it has waited longer than was expected
    called: threading.Event = field(default_factory=threading.Event)
    dropped: bool = False  # to make room


@dataclass(eq=False, slots=True)
class _Line:
    """Those of one key who run, and those who wait, oldest first."""

    running: int = 0
    heavy: int = 0  # of those who run
    waiting: deque[_Waiting] = field(default_factory=deque)
    seconds: dict[bool, float] = field(default_factory=lambda: {False: 0.0, True: 0.0})  # of those who wait, by heavy
    since: float = 0.0  # when somebody began to wait in it


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
        self._running = 0
        self._quick = 0  # of those who run
        self._waiting = 0
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._durations: OrderedDict[tuple[str, str], _Duration] = OrderedDict()
        self._of_kind: dict[str, _Duration] = {}  # of all keys together
        self._refused: deque[float] = deque(maxlen=MANY)  # when the latest were
        self._lock = threading.Lock()

    def pressed(self) -> bool:
        """Whether there is more to do than can be done: many were refused just now."""
        return len(self._refused) == MANY and time.monotonic() - self._refused[0] <= MANY_SECONDS

    def late(self, kind: str, remaining: float) -> bool:
        """Whether a call can be refused before it is known of which key it is, while the gate is pressed: that of a
        caller whose time went by before the call came here."""
        return remaining < min(LATE * self._of_kind.get(kind, _UNKNOWN).seconds, SPARE_SECONDS)

    @contextmanager
    def turn(self, key: str, kind: str, remaining: float, *, computes: bool = False) -> Iterator[None]:
        """Run the block when it is the turn of `key`. `kind` is what is done, `remaining` the seconds that its caller
        still waits; what `computes` waits for nothing else. Raises Overloaded when the turn does not come in time, or
        so late that it would be of no use."""
        turn = self._enter(key, kind, remaining, computes)
        own = _current.set(turn)
        where = nullcontext() if turn.short else roaming()
        began, computed = time.monotonic(), time.thread_time()
        try:
            with where:
                yield
        finally:
            took = _Duration(time.monotonic() - began - turn.away, time.thread_time() - computed)
            _current.reset(own)
            with self._lock:
                self._note(key, kind, took)
                self._leave(turn)

    def go_away(self, turn: _Turn) -> bool:
        """Give a place back for a while; False, and nothing is given back, where as many are away as may."""
        with self._lock:
            if self._away.total() >= self._most_away or self._away[turn.key] >= self._most_away // 2:
                return False
            self._away[turn.key] += 1
            self._leave(turn)
            return True

    def come_back(self, turn: _Turn) -> None:
        """Take a place again at once, also where all are taken: what is half done is not put off."""
        with self._lock:
            self._away[turn.key] -= 1
            self._away += Counter()  # without those of whom nobody is away
            self._take(turn)

    def _enter(self, key: str, kind: str, remaining: float, computes: bool) -> _Turn:
        now, known = time.monotonic(), self._durations.get((key, kind), _UNKNOWN)
        seconds, short = known.seconds, 0.0 < known.processor < SHORT_SECONDS
        line = key + PATIENTLY if STANDING * remaining > self._seconds else key
        turn = _Turn(self, line, seconds > HEAVY_SECONDS, short, short and computes, now + remaining)
        # A caller who waited half of their time has the other half for the answer.
        patience = min(max(self._seconds, HEAVY_WAIT * seconds), (remaining - seconds) / 2)
        if self._in_vain(turn, seconds, patience, now):
            raise self.refusal()
        with self._lock:
            if self._free(turn) and not self._others_wait(line):
                self._take(turn)
                return turn
            if patience <= 0 or self._in_vain(turn, seconds, patience, now):
                raise self.refusal()
            self._make_room(line)
            waiting = _Waiting(turn, seconds, now + PATIENT * patience)
            self._join(waiting, now)
        return self._wait(waiting, now + patience)

    def _in_vain(self, turn: _Turn, seconds: float, patience: float, now: float) -> bool:
        """Whether the answer would come too late. Without the lock it is as good as true. Where nobody else runs
        everybody is admitted: it may be done sooner than others were."""
        line = self._lines.get(turn.key)
        if line is None:
            return False
        if turn.until - now < seconds + min(SPARE * seconds, SPARE_SECONDS):
            return True
        if not line.waiting:
            return False
        if now - line.since > BURST * self._seconds:
            patience = min(patience, STANDING * (turn.until - now))
        return line.seconds[turn.heavy] / self._places(turn) > patience

    def _wait(self, waiting: _Waiting, until: float) -> _Turn:
        """Whoever is called takes a place, unless somebody took it on the way: then they wait on."""
        while True:
            waiting.called.wait(until - time.monotonic())
            with self._lock:
                if waiting.dropped:
                    self._call()  # this one may have been called, too
                    raise self.refusal()
                if self._free(waiting.turn):
                    self._take(waiting.turn)
                    self._part(waiting)
                    self._call()  # who left may have made room for more than one
                    return waiting.turn
                if time.monotonic() >= until:
                    self._part(waiting)
                    raise self.refusal()
                waiting.called.clear()

    def _places(self, turn: _Turn) -> int:
        if turn.quick:
            return 1
        return max(1, self._share // 2) if turn.heavy else self._share

    def _free(self, turn: _Turn) -> bool:
        if turn.quick and self._quick:
            return False
        line = self._lines.get(turn.key)
        if line is None:
            return self._running < self._width
        room = not turn.heavy or line.heavy < self._places(turn)
        return room and line.running < self._share and self._running < self._width

    def _take(self, turn: _Turn) -> None:
        line = self._line(turn.key)
        line.running += 1
        line.heavy += turn.heavy
        self._running += 1
        self._quick += turn.quick

    def _leave(self, turn: _Turn) -> None:
        """Give a place back, and wake who is next."""
        line = self._lines[turn.key]
        line.running -= 1
        line.heavy -= turn.heavy
        self._running -= 1
        self._quick -= turn.quick
        self._forget_empty(turn.key)
        self._call()

    def _others_wait(self, key: str) -> bool:
        """Whether somebody of another key could have the place that is free."""
        if not self._waiting:
            return False
        lines = ((other, line) for other, line in self._lines.items() if line.waiting)
        return any(self._free(line.waiting[0].turn) for other, line in lines if other != key)

    def _call(self) -> None:
        """Wake who is next, if anybody may be. The place is theirs when they take it, and not before: while a thread
        wakes up, one that runs already gets more done."""
        if not self._waiting:
            return
        now = time.monotonic()
        for key, line in self._lines.items():
            newest_first = bool(line.waiting) and now > line.waiting[0].late
            order = reversed(line.waiting) if newest_first else iter(line.waiting)
            called = next((one for one in order if not one.called.is_set() and self._free(one.turn)), None)
            if called is not None:
                self._lines.move_to_end(key)
                called.called.set()
                return

    def _make_room(self, key: str) -> None:
        """Where as many wait as may, whoever waited longest goes: of the key itself, or of the key with most."""
        own = self._line(key).waiting
        if len(own) < self._room // 4 and self._waiting < self._room:
            return
        all_ = (line.waiting for line in self._lines.values())
        oldest = (own if len(own) >= self._room // 4 else max(all_, key=len))[0]
        self._part(oldest)
        oldest.dropped = True
        oldest.called.set()

    def _join(self, waiting: _Waiting, now: float) -> None:
        line = self._line(waiting.turn.key)
        if not line.waiting:
            line.since = now
        line.waiting.append(waiting)
        line.seconds[waiting.turn.heavy] += waiting.seconds
        self._waiting += 1

    def _part(self, waiting: _Waiting) -> None:
        line = self._lines[waiting.turn.key]
        line.waiting.remove(waiting)
        line.seconds[waiting.turn.heavy] -= waiting.seconds
        if not line.waiting:
            line.seconds = {False: 0.0, True: 0.0}  # what rounding left
        self._waiting -= 1
        self._forget_empty(waiting.turn.key)

    def _line(self, key: str) -> _Line:
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line()
        return line

    def _forget_empty(self, key: str) -> None:
        line = self._lines[key]
        if not line.running and not line.waiting:
            del self._lines[key]

    def _note(self, key: str, kind: str, took: _Duration) -> None:
        before = self._durations.pop((key, kind), took)
        self._durations[key, kind] = before.moved(took)
        self._of_kind[kind] = self._of_kind.get(kind, took).moved(took)
        if len(self._durations) > KNOWN:
            self._durations.popitem(last=False)

    def refusal(self) -> Overloaded:
        """What is raised. Who was refused together must not come back together; a few pauses are told again and again,
        since what is sent is remembered."""
        self._refused.append(time.monotonic())
        return Overloaded("The service", retry_after=self._seconds * (1 + random.randrange(PAUSES) / PAUSES))


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
