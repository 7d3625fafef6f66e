"""Where each candidate stands by a value: reciprocal ranks, compiled."""

from __future__ import annotations

import numpy as np

from models.community.compiled import compiled

# The candidate with so many people before them stands at one half. Few, as lists are short: what tells the third from
# the tenth counts for more than what tells the hundredth from the two hundredth (as in reciprocal rank fusion, Cormack
# et al., 2009).
HALFWAY = 10.0


def standing(values: np.ndarray, weight: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """(n,) float32 H / (H + people before), where H is `HALFWAY`; 0 where the value is 0 or less.

    People before are those with a larger value, each counted with their weight (n,) and those of the same value half.
    Values within `noise` (a share of the largest) of their neighbour are the same.
    """
    out = np.zeros(len(values), np.float32)
    _stand(values, weight, noise, out)
    return out


def standings(values: np.ndarray, weight: np.ndarray, noise: np.ndarray, out: np.ndarray) -> None:
    """Writes the standings by each row of (k, n) values to (k, n) `out`, which is 0; `noise` is (k,)."""
    _stand_all(values, weight, noise, out)


def standing_of(value: np.ndarray, values: np.ndarray, weight: np.ndarray) -> float:
    """Where somebody with this value () who is not among the candidates would stand."""
    before = float(weight[values > value].sum() + weight[values == value].sum() / 2)
    return HALFWAY / (HALFWAY + before) if float(value) > 0 else 0.0


@compiled()
def _stand_all(values, weight, noise, out):  # type: ignore[no-untyped-def]
    for row in range(len(values)):
        _stand(values[row], weight, noise[row], out[row])


@compiled()
def _stand(values, weight, noise, out):  # type: ignore[no-untyped-def]
    there = np.flatnonzero(values > 0)
    if len(there) == 0:
        return
    order = there[np.argsort(-values[there])]
    step = values.dtype.type(noise) * values[order[0]]
    before, first = 0.0, 0
    while first < len(order):
        # Of the same value: as long as each is near to the one before it.
        last, heavy = first + 1, float(weight[order[first]])
        while last < len(order) and values[order[last - 1]] - values[order[last]] <= step:
            heavy += weight[order[last]]
            last += 1
        if last == len(order) and values[order[last - 1]] <= step:
            # So near to nothing that whoever has nothing is the same.
            for at in range(len(values)):
                heavy += weight[at] * (values[at] == 0)
        for at in order[first:last]:
            out[at] = HALFWAY / (HALFWAY + before + (heavy - weight[at]) / 2)
        before += heavy
        first = last
