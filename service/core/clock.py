"""The wall clock."""

from __future__ import annotations

import time

from models.domain.records import Micros


def wall_clock() -> Micros:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
