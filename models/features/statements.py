"""How well statements fit each other, or what is asked."""

from __future__ import annotations

import numpy as np

from models.arrays.dots import dots
from models.community.view import Facets

# Cosines of the default encoder between two statements without what is common to their kind: below the first they say
# nothing, above the second they say it all. Of unrelated ones 95 in 100 lie below 0.17, however they are worded; of
# related ones 10 in 100 below 0.5, or below 0.32 where one is Chinese and the other English. So whose offer comes
# nearest counts beside the cosine ("gives^"), but for no more than it is of one that fits half.
FIT_RANGE = (0.18, 0.55)
HALF_FIT = 0.5
# A question and a statement that answers it are seldom worded alike.
STATED_RANGE = (0.20, 0.60)
STATED = ("profile", "aims", "offers")


def fit(
    facets: Facets,
    kind: str,
    wanted: np.ndarray,
    weight: np.ndarray | None,
    n: int,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """(n,) how well each member's best facet of a kind fits the best wanted vector, 0..1, times both weights; of those
    not `among` (n,) bool, 0."""
    rows = facets.of_kind(kind) if len(wanted) else np.zeros(0, np.int64)
    if among is not None:
        rows = rows[among[facets.member[rows]]]
    return _best_of(facets, rows, fits(facets, rows, wanted, weight), n)


def fits(facets: Facets, rows: np.ndarray, wanted: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """(rows, wanted) fit of facets to wanted vectors, 0..1: `telling` ones, or those of texts that nobody states."""
    out = scaled(dots(facets.telling, rows, wanted), FIT_RANGE) * facets.weight[rows][:, None]
    return np.asarray(out if weight is None else out * weight, np.float32)


def scaled(cosine: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    """Cosines stretched so that `bounds` become 0 and 1."""
    return np.asarray(np.clip((cosine - bounds[0]) / (bounds[1] - bounds[0]), 0, 1), np.float32)


def stated_fits(facets: Facets, rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """(rows,) how well statements answer what is asked, 0..1."""
    return np.asarray(scaled(dots(facets.telling, rows, queries[:1])[:, 0], STATED_RANGE) * facets.weight[rows])


def stated(facets: Facets, queries: np.ndarray, n: int) -> np.ndarray:
    """(n,) the best statement of each member about themselves for what is asked; 0 where nothing is asked."""
    if not len(queries):
        return np.zeros(n, np.float32)
    rows = np.concatenate([facets.of_kind(kind) for kind in STATED])
    return _best_of(facets, rows, stated_fits(facets, rows, queries)[:, None], n)


def _best_of(facets: Facets, rows: np.ndarray, fit: np.ndarray, n: int) -> np.ndarray:
    out = np.zeros(n, np.float32)
    if fit.size:
        np.maximum.at(out, facets.member[rows], fit.max(1))
    return out
