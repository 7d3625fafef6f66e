"""How well statements fit each other, or what is asked."""

from __future__ import annotations

from collections.abc import Sequence

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


def all_fit(
    facets: Facets,
    kind: str,
    wanted: np.ndarray,
    weight: np.ndarray,
    ends: Sequence[int] | np.ndarray,
    n: int,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """(B, n) how well each member's best facet of a kind fits the best vector that each of B wants, 0..1, times both
    weights: of `wanted` (m, d) the vectors of each end before `ends` (B,). Of those not `among` (n,) bool, 0."""
    out = np.zeros((len(ends), n), np.float32)
    if not len(wanted):
        return out
    rows = facets.of_kind(kind)
    if among is not None:
        rows = rows[among[facets.member[rows]]]
    fit, start = fits(facets, rows, wanted, weight), 0
    for i, end in enumerate(ends):
        if end > start:
            np.maximum.at(out[i], facets.member[rows], fit[:, start:end].max(1))
        start = end
    return out


def fits(facets: Facets, rows: np.ndarray, wanted: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """(rows, wanted) fit of facets to wanted vectors, 0..1: `telling` ones, or those of texts that nobody states."""
    out = scaled(dots(*facets.telling.where(rows), wanted), FIT_RANGE) * facets.weight[rows][:, None]
    return np.asarray(out if weight is None else out * weight, np.float32)


def scaled(cosine: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    """Cosines stretched so that `bounds` become 0 and 1."""
    return np.asarray(np.clip((cosine - bounds[0]) / (bounds[1] - bounds[0]), 0, 1), np.float32)


def stated_fits(facets: Facets, rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """(rows,) how well statements answer what is asked, 0..1."""
    return np.asarray(scaled(dots(*facets.telling.where(rows), queries[:1])[:, 0], STATED_RANGE) * facets.weight[rows])


def stated(facets: Facets, queries: np.ndarray, n: int, among: np.ndarray | None = None) -> np.ndarray:
    """(n,) the best statement of each member about themselves for what is asked; 0 where nothing is asked, and of
    those not `among` (n,) bool."""
    out = np.zeros(n, np.float32)
    if not len(queries):
        return out
    rows = np.concatenate([facets.of_kind(kind) for kind in STATED])
    if among is not None:
        rows = rows[among[facets.member[rows]]]
    np.maximum.at(out, facets.member[rows], stated_fits(facets, rows, queries))
    return out
