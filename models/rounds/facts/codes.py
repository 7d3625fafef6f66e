"""Values of attributes as text and as numbers that can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.domain.records import Scalar


def code_of(value: Scalar) -> str:
    """A value as text that is the same for what organizers hold to be the same: 2, 2.0 and "2", True and "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def coded(values: Sequence[str]) -> np.ndarray:
    """(n,) int32, the same number for the same text; -1 for ""."""
    numbers = {value: i for i, value in enumerate(sorted({v.casefold() for v in values} - {""}))}
    return np.array([numbers.get(value.casefold(), -1) for value in values], np.int32)
