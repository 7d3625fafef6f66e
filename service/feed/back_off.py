"""How long to wait before another try."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T", int, float)


def back_off(failures: int, first: T, longest: T) -> T:
    """What to wait after so many failures in a row, from 1: doubled each time, in the unit of the bounds."""
    return min(longest, first * (1 << min(failures - 1, 20)))
