"""Pairs of people that are listed one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def levels_of_pairs(
    pairs: Sequence[tuple[int, int]] | np.ndarray, level: int | np.ndarray
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """int8 levels of rows: of listed pairs, in whichever order, a level each or one for all; 0 for all others.

    If listed twice, the higher counts.
    """
    listed = np.sort(np.array(pairs, np.int64).reshape(-1, 2), axis=1)
    raw = listed[:, 0] << 32 | listed[:, 1]
    keys, where = np.unique(raw, return_inverse=True)
    values = np.zeros(len(keys), np.int8)
    np.maximum.at(values, where, np.broadcast_to(np.asarray(level, np.int8), len(raw)))

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        wanted = np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b).astype(np.int64)
        if not len(keys):
            return np.zeros(wanted.shape, np.int8)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, values[at], np.int8(0))

    return levels
