"""How long something takes, told so that other work on the machine does not decide it."""

from __future__ import annotations

import time
from collections.abc import Callable


def fastest(act: Callable[[int], object], turns: int = 3) -> float:
    """Seconds of the fastest of several turns; `act` is told which turn it is."""
    took = []
    for turn in range(turns):
        began = time.monotonic()
        act(turn)
        took.append(time.monotonic() - began)
    return min(took)
