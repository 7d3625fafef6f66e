"""Threads for calls, of which as few as can be wait for the interpreter at any time."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from service.core.faults import outline
from service.core.processors import roam, stay

_Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]
# Whether a call of a method, whose caller waits for so many seconds, is to be refused before it is looked at.
Late: TypeAlias = Callable[[str, float], bool]
# By which a function says of which method it is, and what refuses calls of it.
METHOD, REFUSING = "yiqi_method", "yiqi_refusing"

log = logging.getLogger("yiqi.rpc")


class CallThreads(ThreadPoolExecutor):
    """Up to `most` threads for what gRPC submits, which takes no other kind of pool.

    That of the standard library wakes two threads for each call, one of them in vain, and makes a `Future`, at the end
    of which each call waits for a lock that gRPC holds while it takes in the next. Here one thread wakes, the one that
    ran last, and there is no `Future`: gRPC only counts them, for a limit that this service does not set.
    """

    def __init__(self, most: int, prefix: str, *, stay: bool, late: Late | None = None) -> None:
        """Threads that `stay` are for calls that are over soon (`service.core.processors`). A call that is `late` is
        refused where it arrives: to hand it to a thread costs twice as much."""
        super().__init__(most, prefix)
        self._prefix = prefix
        self._late = late
        self._state = _State(most, stay)
        weakref.finalize(self, self._state.close)

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Any:  # type: ignore[override]
        """Run it on a thread, as soon as there is one. Returns nothing that could be waited for."""
        if self._late is not None and (refused := _refused(args, self._late)) is not None:
            fn(*refused)
            return
        state, call = self._state, (fn, args)
        with state.lock:
            worker = state.idle.pop() if state.idle else None
            if worker is None and state.count == state.most:
                state.waiting.append(call)
                return
            state.count += worker is None
        if worker is None:
            _Worker(state, call, f"{self._prefix}_{state.count}").start()
        else:
            worker.call = call
            worker.called.release()


def _refused(submitted: tuple[Any, ...], late: Late) -> tuple[Any, ...] | None:
    """What gRPC submits is the function that runs a call, what came of it, its state, and our function: the same with
    the one that refuses in its place, for a call that is late; None for others, and where a later version of gRPC
    submits something else."""
    try:
        runs, event, state, function, *rest = submitted
        method, refusing = getattr(function, METHOD), getattr(function, REFUSING)
        seconds = event.call_details.deadline - time.time()
    except (ValueError, AttributeError, TypeError):
        return None
    return (runs, event, state, refusing, *rest) if late(method, seconds) else None


@dataclass(slots=True)
class _State:
    """What the threads of a pool share; they do not hold the pool, so that they end with it."""

    most: int
    stay: bool
    count: int = 0
    idle: list[_Worker] = field(default_factory=list)  # who ran last at the end
    waiting: deque[_Call] = field(default_factory=deque)  # for which there was no thread yet
    closed: bool = False
    # Of the garbage collector, which may come while this thread holds it, `close` is called.
    lock: threading.RLock = field(default_factory=threading.RLock)

    def close(self) -> None:
        """Let idle threads end, and the others when they are done."""
        with self.lock:
            self.closed, idle, self.idle = True, self.idle, []
        for worker in idle:
            worker.called.release()


class _Worker(threading.Thread):
    """Runs calls one after the other."""

    def __init__(self, state: _State, call: _Call, name: str) -> None:
        # At the end of the process nobody waits for those that are idle.
        super().__init__(name=name, daemon=True)
        self.called = threading.Lock()
        self.called.acquire()
        self.call: _Call | None = call
        self._state = state

    def run(self) -> None:
        """Until the pool is gone."""
        (stay if self._state.stay else roam)()
        while self.call is not None:
            function, args = self.call
            self.call = None
            try:
                function(*args)
            except BaseException as fault:  # of gRPC itself; whatever a call raises is turned into its status
                log.error("fault", extra={"fault": outline(fault)})
            del function, args  # which hold a request
            self._next()

    def _next(self) -> None:
        """Take what waits, or wait to be called."""
        state = self._state
        with state.lock:
            if state.waiting:
                self.call = state.waiting.popleft()
                return
            if state.closed:
                return
            state.idle.append(self)
        self.called.acquire()
