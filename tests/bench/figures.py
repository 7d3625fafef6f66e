"""How measurements are printed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

Figures: TypeAlias = dict[str, float]


def times(name: str, seconds: Sequence[float]) -> str:
    """One line: how many, p50, p90, p99 and the largest, in milliseconds."""
    if not seconds:
        return f"{name:<34} none"
    p50, p90, p99, largest = 1000 * np.percentile(seconds, [50, 90, 99, 100])
    return f"{name:<34} n {len(seconds):>5}   p50 {p50:8.1f}   p90 {p90:8.1f}   p99 {p99:8.1f}   max {largest:8.1f} ms"


def machine() -> str:
    """How busy the machine is with all that runs on it: figures of a loaded machine are worse than they need be."""
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"


def table(found: Mapping[int, Figures]) -> str:
    """Lines with a figure each, and a column for each number of members."""
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    head = f"{'members':<34}" + "".join(f"{members:>12,}" for members in found)
    return "\n".join([head, *(f"{name:<34}" + "".join(_cell(of.get(name)) for of in found.values()) for name in names)])


def _cell(value: float | None) -> str:
    return f"{'–' if value is None else f'{value:,.3g}' if value < 1000 else f'{value:,.0f}':>12}"
