"""The order in which the best are shown: diversity among the first, ties by id."""

from __future__ import annotations

import numpy as np

WINDOW = 3  # the first `limit` are chosen among this many times as many ...
DEEPEST = 50  # ... and never further down than this


def order(scores: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Places by score, best first; equal scores by id rank (n,) int."""
    return np.lexsort((ids, -scores))


def diversify(ranked: np.ndarray, scores: np.ndarray, vectors: np.ndarray, limit: int, diversity: float) -> np.ndarray:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998) among the first of `ranked`; the rest keeps its order.

    `scores` (n,) and `vectors` (n, d) unit rows, of the first at least, are in candidate order; `ranked` (n,) are
    places, best first.
    """
    depth = min(len(ranked), DEEPEST, WINDOW * limit)
    head = ranked[:depth]
    if diversity <= 0 or depth < 3:
        return ranked
    value = scores[head]
    spread = float(value.max() - value.min()) or 1.0
    relevance = (1 - diversity) * (value - value.min()) / spread
    likeness = diversity * np.maximum(vectors[head] @ vectors[head].T, 0)
    chosen = [0]
    nearest = likeness[0].copy()
    open_ = np.ones(depth, bool)
    open_[0] = False
    for _ in range(1, min(limit, depth)):
        gain = np.where(open_, relevance - nearest, -np.inf)
        best = int(np.argmax(gain))
        chosen.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, likeness[best])
    rest = np.flatnonzero(open_)
    return np.concatenate([head[chosen], head[rest], ranked[depth:]])
