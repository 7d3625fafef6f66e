"""Waiting in asyncio for what platforms send, until somebody stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Event

FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0  # seconds before another try


def longer(pause: float) -> float:
    """The pause after one that did not help."""
    return min(2 * pause, _LONGEST_PAUSE)


async def until_stopped(work: Coroutine[None, None, None], stopped: Event) -> None:
    """Does the work until it ends by itself, which may raise, or until `stopped` is set; then it is cancelled."""
    doing = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(asyncio.to_thread(stopped.wait))
    await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopped.set()  # the thread that waits for it ends, too
    await stopping
    if not doing.done():
        doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    if not doing.cancelled() and (fault := doing.exception()):
        raise fault
