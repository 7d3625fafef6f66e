"""Implicit alternating least squares (Hu, Koren and Volinsky, 2008), as small as it gets: a baseline to be measured."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

# As good as any on several communities, at cuts of 50 and 60 %: a baseline should not be a straw man.
FACTORS = 16
CONFIDENCE = 40.0  # alpha of the paper, on log(1 + count)
REGULARISATION = 100.0
ROUNDS = 8


def factors(counts: sp.csr_matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, k) and (M, k) float64 whose dot products say who takes to what, from (N, M) counts; 0 without any."""
    confidence = counts.astype(np.float64)
    confidence.data = CONFIDENCE * np.log1p(confidence.data)
    across = confidence.T.tocsr()
    k = min(FACTORS, *counts.shape)
    items = np.random.default_rng(seed).normal(0, 0.1, (counts.shape[1], k))
    users = np.zeros((counts.shape[0], k))
    for _ in range(ROUNDS):
        users = _solve(confidence, items)
        items = _solve(across, users)
    return users, items


def _solve(confidence: sp.csr_matrix, fixed: np.ndarray) -> np.ndarray:
    """The side that fits best while the other is fixed: (YᵀCY + λI) x = YᵀC·1 for each row with its own C."""
    k = fixed.shape[1]
    common = fixed.T @ fixed + REGULARISATION * np.eye(k)
    out = np.zeros((confidence.shape[0], k))
    for row in np.flatnonzero(np.diff(confidence.indptr)):
        part = slice(confidence.indptr[row], confidence.indptr[row + 1])
        seen, extra = fixed[confidence.indices[part]], confidence.data[part]
        out[row] = np.linalg.solve(common + (seen.T * extra) @ seen, (1 + extra) @ seen)
    return out
