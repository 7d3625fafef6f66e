"""On which processors threads run.

Only one thread at a time has the interpreter. Between processors it is handed over by waking one that sleeps, which
takes longer than most of what is done in between; on one processor it is the next in its queue. Threads that hand it
over for every call therefore stay together, and whoever computes for longer may go anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache


def stay() -> None:
    """Keep this thread on the processor that all who stay share. A thread that it starts stays there, too, unless it
    says otherwise. Does nothing where the system cannot be told."""
    _move(home_of(os.getpid()))


def roam() -> None:
    """Let this thread run anywhere, as threads do."""
    _move(_all())


@contextmanager
def staying() -> Iterator[None]:
    """`stay` for as long as the block lasts."""
    with _moved(home_of(os.getpid())):
        yield


@contextmanager
def roaming() -> Iterator[None]:
    """`roam` for as long as the block lasts."""
    with _moved(_all()):
        yield


def home_of(process: int) -> frozenset[int]:
    """The processor on which threads of a process stay; it differs between the processes of a machine. Empty where the
    system cannot be told."""
    there = sorted(_all())
    return frozenset({there[process % len(there)]}) if there else frozenset()


@contextmanager
def _moved(processors: frozenset[int]) -> Iterator[None]:
    before = os.sched_getaffinity(0) if processors else processors
    if before == processors:
        yield
        return
    _move(processors)
    try:
        yield
    finally:
        _move(before)


@cache
def _all() -> frozenset[int]:
    """What the process may use; it is asked before anything is kept anywhere."""
    try:
        return frozenset(os.sched_getaffinity(os.getpid()))
    except (AttributeError, OSError):
        return frozenset()


def _move(processors: Collection[int]) -> None:
    if processors:
        with suppress(OSError):
            os.sched_setaffinity(0, processors)
