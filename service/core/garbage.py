"""The garbage collector, out of the way of what makes much that stays."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_blocks = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Around the making of millions of objects that stay: the collector would look through all of them again and again,
    for half of the time that a community takes to load. It goes on when the last such block of any thread ends."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _blocks
    with _lock:
        _blocks += change
        (gc.disable if _blocks else gc.enable)()
