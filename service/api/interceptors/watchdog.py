"""Ends calls that hold a thread while their caller neither sends nor takes anything."""

from __future__ import annotations

import itertools
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from grpc import ServicerContext

LOOK_SECONDS = 0.5
MANY = 64  # waits from which on each is given only as long as it takes when many wait


class _Wait(NamedTuple):
    until: float
    crowded: float | None
    context: ServicerContext


class Watchdog:
    """Looks after waits on callers. gRPC gives no way to wait for a request, or for room to send, until a time; only
    cancelling the call ends it. One thread for all, until nobody holds the watchdog."""

    def __init__(self) -> None:
        self._open: dict[int, _Wait] = {}
        self._numbers = itertools.count()
        stop = threading.Event()
        weakref.finalize(self, stop.set)
        threading.Thread(target=_watch, args=(self._open, stop), name="watchdog", daemon=True).start()

    @contextmanager
    def within(self, seconds: float, context: ServicerContext, crowded: float | None = None) -> Iterator[None]:
        """Cancels the call when the block lasts longer, or longer than `crowded` seconds while many such wait."""
        number, now = next(self._numbers), time.monotonic()
        self._open[number] = _Wait(now + seconds, None if crowded is None else now + crowded, context)
        try:
            yield
        finally:
            self._open.pop(number, None)


def _watch(waits: dict[int, _Wait], stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        now, there = time.monotonic(), list(waits.items())
        many = sum(wait.crowded is not None for _, wait in there) > MANY
        for number, wait in there:
            if (wait.until if wait.crowded is None or not many else wait.crowded) < now:
                waits.pop(number, None)
                wait.context.cancel()
