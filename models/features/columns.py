"""Weights by the names of their columns, whichever version wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def by_name(weights: Mapping[str, Any], columns: Sequence[str]) -> list[float]:
    """A weight a column: 0 for one that was not there when they were written; what is unknown by now is left out.

    Raises ValueError where none of them is known: these are weights of something else.
    """
    if weights and not set(columns) & weights.keys():
        raise ValueError(f"none of the columns {sorted(weights)} is known")
    return [float(weights.get(column, 0.0)) for column in columns]
