"""How much each token asks, and how often each peer guesses; in memory, since one process serves a folder."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from service.access.caller import Caller
from service.core.errors import QuotaExceeded

_KEPT = 10_000  # callers and peers that are remembered
_BURST_SECONDS = 2.0  # of calls that may come at once
_FULL_SECONDS = 1.0  # when to try again where a place must become free
_TRIES, _SECONDS_A_TRY = 10, 6.0  # a peer may fail ten times, then once in six seconds


class _Bucket:
    """Fills by `rate` a second up to `most`."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate, self._most, self.half = rate, most, most / 2
        self._left, self._at = most, now

    def missing(self, now: float, amount: float = 1.0) -> float:
        """Seconds until `amount` is there, 0 when it is. What is more than it ever holds needs it full."""
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (min(amount, self._most) - self._left) / self._rate)

    def take(self, amount: float = 1.0) -> None:
        """Take it out, also below nothing."""
        self._left -= amount


class _Use:
    def __init__(self, caller: Caller, now: float) -> None:
        quota = caller.quota
        self.calls = _Bucket(quota.calls_per_second, quota.calls_per_second * _BURST_SECONDS, now)
        self.bytes = _Bucket(quota.bytes_per_minute / 60, quota.bytes_per_minute, now)
        self.running = self.streaming = 0


class Quotas:
    """Counts what callers use. Raises QuotaExceeded with the time after which to come back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._uses: OrderedDict[str, _Use] = OrderedDict()

    @contextmanager
    def call(self, caller: Caller, *, stream: bool) -> Iterator[None]:
        """One call, from its begin to its end."""
        with self._lock:
            use = self._use(caller)
            self._admit(caller, use, stream)
            use.running += not stream
            use.streaming += stream
        try:
            yield
        finally:
            with self._lock:
                use.running -= not stream
                use.streaming -= stream

    def another(self, caller: Caller) -> float:
        """Count one more answer of a stream as a call, which does not begin before so many seconds, 0 for now: then it
        is not counted, and asks again. Half of what may come at once is left to calls, which do not wait."""
        with self._lock:
            calls = self._use(caller).calls
            wait = calls.missing(self._clock(), calls.half + 1)
            if not wait:
                calls.take()
            return wait

    def received(self, caller: Caller, size: int) -> None:
        """A request, or a piece of one, of so many bytes."""
        with self._lock:
            bytes_ = self._use(caller).bytes
            if wait := bytes_.missing(self._clock(), size):
                raise QuotaExceeded("The token sent as many bytes as it may in a minute", retry_after=wait)
            bytes_.take(size)

    def _admit(self, caller: Caller, use: _Use, stream: bool) -> None:
        quota = caller.quota
        if wait := use.calls.missing(self._clock()):
            raise QuotaExceeded(f"The token makes more than {quota.calls_per_second} calls a second", retry_after=wait)
        if stream and use.streaming >= quota.streams:
            raise _full(f"The token has {quota.streams} streams open, as many as it may")
        if not stream and use.running >= quota.concurrent:
            raise _full(f"The token makes {quota.concurrent} calls at once, as many as it may")
        use.calls.take()

    def _use(self, caller: Caller) -> _Use:
        found = self._uses.get(caller.key)
        if found is None:
            found = self._uses[caller.key] = _Use(caller, self._clock())
            while len(self._uses) > _KEPT and (oldest := _idle(self._uses)):
                del self._uses[oldest]
        return found


def _idle(uses: OrderedDict[str, _Use]) -> str:
    return next((key for key, use in uses.items() if not use.running and not use.streaming), "")


class Tries:
    """Wrong tokens a peer. A valid token is never refused for the wrong ones of a neighbour behind the same address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._peers: OrderedDict[str, _Bucket] = OrderedDict()

    def check(self, peer: str) -> None:
        """Raises QuotaExceeded when the peer has no try left."""
        with self._lock:
            bucket = self._peers.get(peer)
            if bucket and (wait := bucket.missing(self._clock())):
                raise QuotaExceeded("Too many calls from this address carried no valid token", retry_after=wait)

    def failed(self, peer: str) -> None:
        """The peer used one up."""
        with self._lock:
            if peer not in self._peers:
                self._peers[peer] = _Bucket(1 / _SECONDS_A_TRY, _TRIES, self._clock())
                while len(self._peers) > _KEPT:
                    self._peers.popitem(last=False)
            self._peers[peer].take()


def _full(subject: str) -> QuotaExceeded:
    return QuotaExceeded(subject, retry_after=_FULL_SECONDS)
