"""Gives turns to the consumers of all communities on a fixed pool of threads; one that fails backs off without end."""

from __future__ import annotations

import heapq
import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from service.core.faults import outline
from service.feed.back_off import back_off

SOON_SECONDS = 0.01  # changes that come together make one turn
FIRST_BACK_OFF = 0.2
LONGEST_BACK_OFF = 30.0

log = logging.getLogger("yiqi.feed")


class Key(NamedTuple):
    """Which consumer, in which community; "" for what belongs to none."""

    consumer: str
    community: str


class Turn(NamedTuple):
    """What came of a turn, and when the next is due: not before `least` seconds, however often the consumer is woken,
    and after `most` at the latest; None where there is nothing to do until then. `dead` letters are set aside. For what
    is `unhurried` nobody waits."""

    least: float = 0.0
    most: float | None = None
    dead: int = 0
    unhurried: bool = False


Work: TypeAlias = Callable[[], Turn]


@dataclass(frozen=True, slots=True)
class State:
    """How a consumer fares: how often in a row it failed, since when (monotonic) and where, and its dead letters."""

    failures: int = 0
    since: float = 0.0
    fault: str = ""
    dead: int = 0

    @property
    def well(self) -> bool:
        """Whether all goes through."""
        return not self.failures and not self.dead


@dataclass(slots=True, eq=False)
class _Task:
    key: Key
    work: Work
    due: float
    earliest: float = 0.0
    running: int = 0  # the thread, 0 for none
    woken: bool = False
    removed: bool = False
    state: State | None = None


class Dispatcher:
    """Runs each task on one thread at a time, at once when it is woken, and else when it asked to be. For any thread.

    `tell` hears after the first turn, and whenever a consumer begins or ceases to be well. `around` is entered around
    every turn.
    """

    def __init__(
        self,
        threads: int,
        tell: Callable[[Key, State], None] = lambda key, state: None,
        around: Callable[[Key], AbstractContextManager[object]] = lambda key: nullcontext(),
    ) -> None:
        """No thread is started before there is a task."""
        self._threads = [threading.Thread(target=self._run, name=f"feed-{n}", daemon=True) for n in range(threads)]
        self._tell = tell
        self._around = around
        self._tasks: dict[Key, _Task] = {}
        self._queue: list[tuple[float, int, _Task]] = []
        self._queued = 0
        self._changed = threading.Condition()
        self._begun = False
        self._stopping = False

    def add(self, key: Key, work: Work) -> None:
        """Begin to give turns, the first once it is woken; in place of what has the key."""
        with self._changed:
            if not self._begun:
                self._begun = True
                for thread in self._threads:
                    thread.start()
            if (old := self._tasks.get(key)) is not None:
                old.removed = True
            self._tasks[key] = _Task(key, work, math.inf)

    def wake(self, key: Key) -> None:
        """There is something to do."""
        with self._changed:
            if (task := self._tasks.get(key)) is not None:
                task.woken = True
                self._schedule(task, max(time.monotonic() + SOON_SECONDS, task.earliest))

    def remove(self, key: Key) -> None:
        """Give no more turns; returns when the last one is over, unless that is the one that asks."""
        with self._changed:
            if (task := self._tasks.pop(key, None)) is not None:
                task.removed = True
                self._changed.wait_for(lambda: task.running in (0, threading.get_ident()))

    def state(self, key: Key) -> State:
        """How a consumer fares; well, where there is none."""
        with self._changed:
            task = self._tasks.get(key)
            return task.state if task and task.state else State()

    def close(self) -> None:
        """Give no more turns; returns when all are over."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._begun:
            for thread in self._threads:
                thread.join()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            turn, state = self._turn(task)
            with self._changed:
                task.running = 0
                told = task.state is None or task.state.well != state.well
                task.state = state
                if not task.removed:
                    now = time.monotonic()
                    task.earliest = now + turn.least
                    most = SOON_SECONDS if task.woken else turn.most
                    if most is not None:
                        self._schedule(task, now + max(turn.least, most))
                self._changed.notify_all()
            if told:
                self._tell(task.key, state)

    def _next(self) -> _Task | None:
        """The task whose turn it is, waited for; None when there are no more turns."""
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                while self._queue and (self._queue[0][2].removed or self._queue[0][0] != self._queue[0][2].due):
                    heapq.heappop(self._queue)
                if not self._queue or self._queue[0][0] > now:
                    self._changed.wait(self._queue[0][0] - now if self._queue else None)
                    continue
                task = heapq.heappop(self._queue)[2]
                task.due, task.running, task.woken = math.inf, threading.get_ident(), False
                return task
            return None

    def _turn(self, task: _Task) -> tuple[Turn, State]:
        try:
            with self._around(task.key):
                turn = task.work()
        except Exception as fault:
            # Whatever it is, the next try may do better; nothing is left out meanwhile.
            before, where = task.state or State(), outline(fault)
            failures = before.failures + 1
            log.error("following failed", extra={**task.key._asdict(), "failures": failures, "fault": where})
            since = before.since or time.monotonic()
            pause = back_off(failures, FIRST_BACK_OFF, LONGEST_BACK_OFF)
            return Turn(FIRST_BACK_OFF, pause), State(failures, since, where, before.dead)
        return turn, State(dead=turn.dead)

    def _schedule(self, task: _Task, due: float) -> None:
        """Bring the next turn forward to `due`; a task that runs is looked at when its turn is over."""
        if not task.running and due < task.due:
            task.due = due
            self._queued += 1
            heapq.heappush(self._queue, (due, self._queued, task))
            self._changed.notify()
