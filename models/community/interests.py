"""Several interests a member: passages clustered by meaning and weighed by recency.

The idea is PinnerSage's (Pal et al., KDD 2020): one centroid blurs a person who likes two things; a few medoid-like
cluster centres, with an importance each that decays in time, do not.
"""

from __future__ import annotations

import numpy as np

NEWEST = 256  # passages of a member that are clustered
HALF_LIFE_DAYS = 180.0
MERGE = 0.55  # two centres closer than this (cosine) are one interest


def summarise(vectors: np.ndarray, age_days: np.ndarray, weights: np.ndarray, interests: int) -> np.ndarray:
    """(1 + interests, d) float32 from (n, d) vectors: the centroid, then cluster centres, heaviest first.

    Rows are of unit length or zero. `age_days` (n,) decays with a half-life of 180 days; `weights` (n,) multiplies.
    """
    out = np.zeros((1 + interests, vectors.shape[1]), np.float32)
    if not len(vectors):
        return out
    if len(vectors) > NEWEST:
        keep = np.argsort(age_days, kind="stable")[:NEWEST]
        vectors, age_days, weights = vectors[keep], age_days[keep], weights[keep]
    vectors = vectors.astype(np.float32)
    weight = (weights * 0.5 ** (age_days / HALF_LIFE_DAYS)).astype(np.float32) + 1e-6
    out[0] = _unit(weight @ vectors)
    centres, importance = _cluster(vectors, weight, interests)
    order = np.argsort(-importance, kind="stable")
    out[1 : 1 + len(order)] = centres[order]
    return out


def _cluster(vectors: np.ndarray, weight: np.ndarray, k: int, rounds: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Spherical k-means from farthest-first seeds; (c, d) unit centres and (c,) summed weights, c ≤ k."""
    centres = [vectors[int(np.argmax(weight))]]
    nearest = vectors @ centres[0]
    while len(centres) < min(k, len(vectors)):
        far = int(np.argmax(weight**0.5 * (1 - nearest)))
        if nearest[far] > MERGE:
            break
        centres.append(vectors[far])
        nearest = np.maximum(nearest, vectors @ vectors[far])
    matrix = np.stack(centres)
    for _ in range(rounds):
        label = np.argmax(vectors @ matrix.T, 1)
        belongs = np.zeros((len(vectors), len(matrix)), np.float32)
        belongs[np.arange(len(vectors)), label] = weight
        fresh = belongs.T @ vectors
        norm = np.linalg.norm(fresh, axis=1, keepdims=True)
        fresh = np.where(norm > 0, fresh / np.maximum(norm, 1e-12), matrix)
        if np.allclose(fresh, matrix, atol=1e-4):
            break
        matrix = fresh
    importance = np.bincount(np.argmax(vectors @ matrix.T, 1), weight, len(matrix))
    keep = (importance > 0) & matrix.any(1)
    return matrix[keep], importance[keep]


def _unit(vector: np.ndarray) -> np.ndarray:
    norm = np.linalg.norm(vector)
    return (vector / norm if norm > 0 else vector).astype(np.float32)
