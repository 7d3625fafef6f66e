"""Rounds being solved: each in a process of its own that can be killed, a few at a time, the others in a queue.

A library that solves may keep the interpreter to itself for minutes; only from outside can a time limit be held and
solving be stopped at once.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeAlias

from models.rounds.problem.problem import People
from models.rounds.spec.requests import Plan, RoundSpec
from service.core.faults import outline

COMMAND = (sys.executable, "-m", "service.jobs.solve_child")
# Beyond what a request allows: to start, to read the request, to write the list.
GRACE_SECONDS = 10.0
# The part of the work that is done when the process begins.
PREPARED = 0.3

Key: TypeAlias = tuple[str, str]  # community, round
Report: TypeAlias = Callable[[float], None]
# Makes what is to be solved. Reports how far it is, 0..1; the report raises `Stopped` when nobody wants it any more.
Prepare: TypeAlias = Callable[[Report], tuple[RoundSpec, People]]
# Told of the list, or of what went wrong. Not called for what was cancelled.
Done: TypeAlias = Callable[[Plan | Exception], None]

log = logging.getLogger("yiqi.runtime")


class Stopped(Exception):
    """Solving was cancelled."""


class TookTooLong(Exception):
    """Solving was not done in time."""


class Unsolvable(Exception):
    """The request makes no sense; the text says why."""


class _Task:
    def __init__(self, prepare: Prepare, done: Done) -> None:
        self.prepare = prepare
        self.done = done
        self.share = 0.0
        self.stopped = threading.Event()
        self.over = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def report(self, share: float) -> None:
        if self.stopped.is_set():
            raise Stopped
        self.share = max(self.share, min(share, 1.0))

    def begin(self, child: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self.child = child
            if self.stopped.is_set():
                child.kill()

    def stop(self) -> None:
        with self._lock:
            self.stopped.set()
            if self.child is not None:
                self.child.kill()


class Solvers:
    """At most `most` rounds are solved at once. For any thread."""

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="solve")
        self._tasks: dict[Key, _Task] = {}
        self._lock = threading.Lock()

    def submit(self, key: Key, prepare: Prepare, done: Done) -> None:
        """Solve a round when its turn comes; whatever was being solved for it is stopped."""
        task = _Task(prepare, done)
        with self._lock:
            before = self._tasks.get(key)
            self._tasks[key] = task
        if before is not None:
            before.stop()
        self._pool.submit(self._run, key, task)

    def progress(self, key: Key) -> float | None:
        """How far a round is, 0..1; None when it is neither being solved nor waiting here."""
        task = self._tasks.get(key)
        return task.share if task is not None else None

    def cancel(self, key: Key) -> bool:
        """Stop solving a round; whether it was being solved or waiting. Does not wait for the end of it."""
        with self._lock:
            task = self._tasks.pop(key, None)
        if task is not None:
            task.stop()
        return task is not None

    def wait(self, key: Key, timeout: float | None = None) -> bool:
        """Wait until a round is not being solved any more; False when it still is after `timeout` seconds."""
        task = self._tasks.get(key)
        return True if task is None else task.over.wait(timeout)

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            tasks = list(self._tasks.values())
            self._tasks.clear()
        for task in tasks:
            task.stop()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, key: Key, task: _Task) -> None:
        try:
            result = _outcome(task)
            if result is not None:
                task.done(result)
        except Exception as fault:
            log.error("round not finished", extra={"community": key[0], "round": key[1], "fault": outline(fault)})
        finally:
            with self._lock:
                if self._tasks.get(key) is task:
                    del self._tasks[key]
            task.over.set()


def _outcome(task: _Task) -> Plan | Exception | None:
    """The list, what went wrong, or None when it was cancelled."""
    try:
        task.report(0.0)
        spec, people = task.prepare(lambda share: task.report(PREPARED * share))
        task.report(PREPARED)
        return _solved(task, spec, people)
    except Stopped:
        return None
    except Exception as fault:
        return None if task.stopped.is_set() else fault


def _solved(task: _Task, spec: RoundSpec, people: People) -> Plan:
    with _child(task) as child, _limited(child, spec.seconds + GRACE_SECONDS) as late:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            pickle.dump((spec, people), child.stdin)
            child.stdin.flush()
            while True:
                kind, value = pickle.load(child.stdout)
                if kind == "plan":
                    return _plan(value)
                if kind == "problem":
                    raise Unsolvable(str(value))
                task.report(PREPARED + (1 - PREPARED) * float(value))
        except (EOFError, OSError, pickle.UnpicklingError):
            if task.stopped.is_set():
                raise Stopped from None
            if late.is_set():
                raise TookTooLong from None
            raise RuntimeError("the solving process ended") from None


def _plan(value: Any) -> Plan:
    assert isinstance(value, Plan)
    return value


@contextmanager
def _child(task: _Task) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        task.begin(child)
        yield child
    finally:
        child.kill()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                log.debug("a pipe of the solving process was broken")
        child.wait()


@contextmanager
def _limited(child: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
