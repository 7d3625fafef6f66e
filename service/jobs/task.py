"""A job that is being done: how far it is, and that it may be stopped at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from service.store.contract import Job


class Stopped(Exception):
    """Nobody wants the job done any more, or not by this process."""


class Task:
    """For any thread: one does the job, another stops it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.progress = 0.0
        self.over = False
        self._stopped = False
        self._end: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    @property
    def stopped(self) -> bool:
        """Whether it is to end."""
        return self._stopped

    def report(self, share: float) -> None:
        """So much is done, 0..1. Raises Stopped."""
        if self._stopped:
            raise Stopped
        self.progress = max(self.progress, min(share, 1.0))

    def ended_by(self, end: Callable[[], None]) -> None:
        """What ends the work from outside; done at once where it is stopped already."""
        with self._lock:
            self._end = end
            if self._stopped:
                end()

    def stop(self) -> None:
        """End it. Does not wait for the end."""
        with self._lock:
            self._stopped = True
            self._end()
