"""Counts over what people keep to themselves."""

from __future__ import annotations

COARSE = 5  # a finer count, asked for twice, tells of one person


def coarse(count: int) -> int:
    """A count of people, up to the next multiple of `COARSE`."""
    return -(-count // COARSE) * COARSE
