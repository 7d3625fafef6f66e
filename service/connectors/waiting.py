"""Waiting in asyncio for what platforms send, until somebody stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Event

from service.connectors.listening import LOOK_SECONDS

FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0  # seconds before another try


def longer(pause: float) -> float:
    """The pause after one that did not help."""
    return min(2 * pause, _LONGEST_PAUSE)


async def until_stopped(work: Coroutine[None, None, None], stopped: Event) -> None:
    """Does the work until it ends by itself, which may raise, or until `stopped` is set; then it is cancelled."""
    doing = asyncio.ensure_future(work)
    while not (doing.done() or stopped.is_set()):
        await asyncio.wait((doing,), timeout=LOOK_SECONDS)
    stopped.set()  # what the work waits for in threads ends, too
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    if not doing.cancelled() and (fault := doing.exception()):
        raise fault
