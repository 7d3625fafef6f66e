"""How measurements are printed."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np


def times(name: str, seconds: Sequence[float]) -> str:
    """One line: how many, p50, p90, p99 and the largest, in milliseconds."""
    if not seconds:
        return f"{name:<34} none"
    p50, p90, p99, largest = 1000 * np.percentile(seconds, [50, 90, 99, 100])
    return f"{name:<34} n {len(seconds):>5}   p50 {p50:8.1f}   p90 {p90:8.1f}   p99 {p99:8.1f}   max {largest:8.1f} ms"


def machine() -> str:
    """How busy the machine is with all that runs on it: figures of a loaded machine are worse than they need be."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
