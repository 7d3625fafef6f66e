"""Sets of people's things, such as languages or times, as bits: whether two have one in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.rounds.facts.facts import Barred


def masks_of(rows: Sequence[np.ndarray]) -> np.ndarray:
    """(n, words) uint64: bool rows of any length, 64 bits a word."""
    width = max((len(row) for row in rows), default=0)
    out = np.zeros((len(rows), max(1, -(-width // 64))), np.uint64)
    for i, row in enumerate(rows):
        for bit in np.flatnonzero(row):
            out[i, bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
    return out


def nothing_shared(masks: np.ndarray, unknown_fits: bool = False) -> Barred:
    """Two without a bit in common; who has none fits anybody with `unknown_fits`."""
    none = np.asarray(~masks.any(1))

    def barred(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        shared = np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b)), bool)
        for word in masks.T:
            shared |= (word[a] & word[b]) != 0
        return np.asarray(~(shared | none[a] | none[b]) if unknown_fits else ~shared)

    return barred
