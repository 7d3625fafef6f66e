"""Ends calls that hold a thread while their caller neither sends nor takes anything."""

from __future__ import annotations

import itertools
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from grpc import ServicerContext

LOOK_SECONDS = 0.5


class Watchdog:
    """Looks after waits on callers. gRPC gives no way to wait for a request, or for room to send, until a time; only
    cancelling the call ends it. One thread for all, until nobody holds the watchdog."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[float, ServicerContext]] = {}
        self._numbers = itertools.count()
        stop = threading.Event()
        weakref.finalize(self, stop.set)
        threading.Thread(target=_watch, args=(self._open, stop), name="watchdog", daemon=True).start()

    @contextmanager
    def within(self, seconds: float, context: ServicerContext) -> Iterator[None]:
        """Cancels the call when the block lasts longer."""
        number = next(self._numbers)
        self._open[number] = time.monotonic() + seconds, context
        try:
            yield
        finally:
            self._open.pop(number, None)


def _watch(waits: dict[int, tuple[float, ServicerContext]], stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        now = time.monotonic()
        for number, (until, context) in list(waits.items()):
            if until < now:
                waits.pop(number, None)
                context.cancel()
