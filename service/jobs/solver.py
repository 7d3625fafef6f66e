"""Solves one round in a process of its own, which can be killed.

A library that solves may keep the interpreter to itself for minutes; only from outside can a time limit be held and
solving be stopped at once.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.rounds.problem.problem import People
from models.rounds.spec.requests import Plan, RoundSpec
from service.jobs.task import Stopped, Task

COMMAND = (sys.executable, "-m", "service.jobs.solve_child")
# Beyond what a request allows: to start, to read the request, to write the list.
GRACE_SECONDS = 10.0
# The part of the work that is done when the process begins.
PREPARED = 0.3

log = logging.getLogger("yiqi.jobs")


class TookTooLong(Exception):
    """Solving was not done in time."""


class Unsolvable(Exception):
    """The request makes no sense; the text says why."""


def solved(task: Task, spec: RoundSpec, people: People) -> Plan:
    """The list. Raises Stopped, TookTooLong, Unsolvable, and RuntimeError when the process ended."""
    task.report(PREPARED)
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
            if task.stopped:
                raise Stopped from None
            if late.is_set():
                raise TookTooLong from None
            raise RuntimeError("the solving process ended") from None


def _plan(value: Any) -> Plan:
    assert isinstance(value, Plan)
    return value


@contextmanager
def _child(task: Task) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        task.ended_by(child.kill)
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
