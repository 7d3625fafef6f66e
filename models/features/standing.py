"""Where each candidate stands by a value: reciprocal ranks, compiled."""

from __future__ import annotations

import numpy as np

from models.arrays.compiled import compiled

# The candidate with so many people before them stands at one half. Few, as lists are short: what tells the third from
# the tenth counts for more than what tells the hundredth from the two hundredth (as in reciprocal rank fusion, Cormack
# et al., 2009).
HALFWAY = 10.0


def standing(values: np.ndarray, weight: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """(n,) float32 H / (H + people before), where H is `HALFWAY`; 0 where the value is 0 or less.

    People before are those with a larger value, each counted with their weight (n,) and those of the same value half.
    Values within `noise` (a share of the largest) of their neighbour are the same.
    """
    out = np.zeros((1, len(values)), np.float32)
    standings(np.asarray(values, np.float32)[None], weight, np.array([noise]), out)
    return np.asarray(out[0])


def standings(values: np.ndarray, weight: np.ndarray, noise: np.ndarray, out: np.ndarray) -> None:
    """Writes the standings by each row of (k, n) float32 values to (k, n) `out`, which is 0; `noise` is (k,)."""
    _stand_all(values, _descending(values), weight, noise, out)


@compiled()
def standings_of(mine, values, weight):  # type: ignore[no-untyped-def]
    """(k,) where somebody with (k,) values who is not among the (k, n) of the candidates would stand by each."""
    out = np.zeros(len(mine), np.float32)
    for row in range(len(mine)):
        before = 0.0
        for at in range(len(weight)):
            before += weight[at] * ((values[row, at] > mine[row]) + (values[row, at] == mine[row]) / 2)
        if mine[row] > 0:
            out[row] = HALFWAY / (HALFWAY + before)
    return out


def _descending(values: np.ndarray) -> np.ndarray:
    """(k, n) uint64: in the low half of each row the places of its values, the largest first, those of 0 or less last.

    Positive numbers are in the order of their bits, and whole numbers are sorted many times faster than places.
    """
    keys = np.empty(values.shape, np.uint64)
    _keys(values, values.view(np.uint32), keys)
    keys.sort(axis=1)
    return keys


@compiled()
def _keys(values, bits, out):  # type: ignore[no-untyped-def]
    low = np.uint64(0xFFFFFFFF)
    for row in range(len(values)):
        for at in range(values.shape[1]):
            key = low - bits[row, at] if values[row, at] > 0 else low
            out[row, at] = key << np.uint64(32) | np.uint64(at)


@compiled()
def _stand_all(values, order, weight, noise, out):  # type: ignore[no-untyped-def]
    for row in range(len(values)):
        _stand(values[row], order[row], weight, noise[row], out[row])


@compiled()
def _stand(values, order, weight, noise, out):  # type: ignore[no-untyped-def]
    low = np.uint64(0xFFFFFFFF)
    there = 0
    while there < len(order) and values[order[there] & low] > 0:
        there += 1
    if there == 0:
        return
    step = values.dtype.type(noise) * values[order[0] & low]
    before, first = 0.0, 0
    while first < there:
        # Of the same value: as long as each is near to the one before it.
        value = values[order[first] & low]
        last, heavy = first + 1, float(weight[order[first] & low])
        while last < there and value - values[order[last] & low] <= step:
            value = values[order[last] & low]
            heavy += weight[order[last] & low]
            last += 1
        if last == there and value <= step:
            # So near to nothing that whoever has nothing is the same.
            for at in range(len(values)):
                heavy += weight[at] * (values[at] == 0)
        for place in order[first:last]:
            at = place & low
            out[at] = HALFWAY / (HALFWAY + before + (heavy - weight[at]) / 2)
        before += heavy
        first = last
