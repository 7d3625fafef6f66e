"""Which match meets when: every match gets a slot that suits all its people, and no slot more than its places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import maximum_bipartite_matching

from models.rounds.problem.problem import Problem


def seats(problem: Problem, matches: Sequence[Sequence[int]], taken: np.ndarray) -> np.ndarray:
    """(matches,) a slot each, -1 where none is left; as many as can be get one. `taken` (slots,) places in use."""
    if not problem.spec.slots or not matches:
        return np.full(len(matches), -1, np.int64)
    fits = np.array([problem.common_slots(rows) for rows in matches])
    if problem.spec.places == 0:
        return _spread(fits, taken)
    left = np.maximum(problem.spec.places - taken, 0)
    slot_of = np.repeat(np.arange(len(left)), np.minimum(left, len(matches)))
    if not len(slot_of):
        return np.full(len(matches), -1, np.int64)
    found = maximum_bipartite_matching(sp.csr_matrix(fits[:, slot_of]), perm_type="column")
    return np.where(found >= 0, slot_of[np.maximum(found, 0)], -1)


def _spread(fits: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """The least used slot of each match, those with the least choice first."""
    used, out = taken.copy(), np.full(len(fits), -1, np.int64)
    for match in np.argsort(fits.sum(1), kind="stable"):
        if fits[match].any():
            out[match] = np.where(fits[match], used, np.iinfo(np.int64).max).argmin()
            used[out[match]] += 1
    return out
